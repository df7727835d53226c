//! From a request to a socket. Credentials and origin that are refused are told over the socket,
//! because a browser cannot read the status of a failed upgrade.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tracing::debug;

use super::Door;
use super::caller::is_origin_allowed;
use super::conversation::{self, CloseCode, Refused};
use super::problem::Problem;
use crate::identity::{self, Caller, SUB_PROTOCOL, SubProtocol};

/// The query of `GET /ws`.
#[derive(Deserialize)]
pub struct Asked {
    /// The roles of the token that the socket is opened with, parted by commas; all if left out.
    roles: Option<String>,
}

/// `GET /ws`
pub async fn open(State(door): State<Arc<Door>>, Query(asked): Query<Asked>, mut request: Request) -> Response {
    // A return counts from here (contract, *Sessions, refreshes, restarts*).
    let accepted = door.agents.clock().now();
    let headers = request.headers();
    let key = match accept_key(headers) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let protocol = match identity::sub_protocol(headers) {
        Ok(protocol) => protocol,
        Err(unsupported) => return Problem::malformed(unsupported.to_string()).into_response(),
    };
    let caller = admit(&door, headers, asked.roles.as_deref());
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let upgraded = match upgrade.await {
            Ok(upgraded) => upgraded,
            Err(error) => return debug!(%error, "the client left during the upgrade"),
        };
        let Ok(parts) = hyper_util::server::conn::auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) else {
            unreachable!("the hub serves plain TCP only");
        };
        // hyper's read buffer is copied out and dropped: it would live as long as the connection.
        let leftover = parts.read_buf.to_vec();
        let stream = parts.io.into_inner();
        conversation::hold(door, stream, leftover, caller, accepted).await;
    });
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    if protocol == SubProtocol::V1 {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUB_PROTOCOL));
    }
    response
}

/// Who opens the socket, or why it is closed again.
fn admit(door: &Door, headers: &HeaderMap, roles: Option<&str>) -> Result<Caller, Refused> {
    if !is_origin_allowed(door, headers) {
        let message = "this Origin may not use the hub; see [server] allowed_origins";
        return Err(Refused::new(CloseCode::Forbidden, "forbidden", message));
    }
    let unauthenticated = |message: String| Refused::new(CloseCode::Unauthenticated, "unauthenticated", message);
    let credentials =
        identity::credentials(headers, door.cookie).map_err(|missing| unauthenticated(missing.to_string()))?;
    let now = door.agents.clock().now();
    let caller = door.identity.verify(&credentials.token, now).map_err(|error| unauthenticated(error.to_string()))?;
    let caller = match roles {
        Some(roles) => caller
            .narrowed(roles)
            .map_err(|error| Refused::new(CloseCode::Forbidden, "forbidden", error.to_string()))?,
        None => caller,
    };
    Ok(caller)
}

/// The answer to the client's key, if this is a WebSocket upgrade.
fn accept_key(headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let has = |name, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
        let message = "this address speaks WebSocket: connect with a WebSocket client";
        return Err(Problem::new(StatusCode::UPGRADE_REQUIRED, "malformed", message));
    }
    if !has(header::SEC_WEBSOCKET_VERSION, "13") {
        return Err(Problem::malformed("Sec-WebSocket-Version 13 is spoken here"));
    }
    let key =
        headers.get(header::SEC_WEBSOCKET_KEY).ok_or_else(|| Problem::malformed("Sec-WebSocket-Key is missing"))?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| Problem::malformed("Sec-WebSocket-Key"))
}
