//! From a request to a socket. Credentials and origin that are refused are told over the socket,
//! because a browser cannot read the status of a failed upgrade.

use core::net::IpAddr;

use axum::body::HttpBody;
use axum::http::request::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::Door;
use super::address::Whereabouts;
use super::audit::asker;
use super::caller::{check_host, is_origin_allowed};
use super::doubts::{self, NotBelieved};
use super::entrance::Place;
use super::turned_away::TurnedAway;
use crate::agents::Arrival;
use crate::domain::command::Opens;
use crate::domain::network::Network;
use crate::domain::time::Timestamp;
use crate::identity::{self, Action, Caller, SubProtocol};
use crate::sessions::Peer;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::json;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// The length of a key before it is written in base 64.
const KEY_BYTES: usize = 16;

/// The query of `GET /ws`.
#[derive(Deserialize)]
struct Asked {
    /// The roles of the token that the socket is opened with, parted by commas; all if left out.
    roles: Option<String>,
    /// Announced by pages that answer them.
    heartbeats: Option<Heartbeats>,
    /// Said by pages whose person asks for it.
    #[serde(rename = "signIn")]
    sign_in: Option<SignIn>,
}

/// Who wants an agent to be signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum SignIn {
    /// The person.
    ByHand,
}

/// What a client does about heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Heartbeats {
    /// It answers them, for as long as it is awake.
    Answered,
}

/// A socket that was asked for and will be open once the answer is sent.
pub struct Opening {
    /// Who opens it, or why it is closed again.
    pub admitted: Result<Admitted, TurnedAway>,
    /// A return counts from here (contract, *Sessions, refreshes, restarts*).
    pub accepted: Timestamp,
    /// What is spoken.
    pub protocol: SubProtocol,
    /// What it announced to do about heartbeats.
    pub heartbeats: Option<Heartbeats>,
    /// Whether the person asks to be signed in.
    pub opens: Opens,
    /// The roles that it asks for, parted by commas; none if it asks for all that the token gives.
    pub roles: Option<String>,
    /// From which address, if it is known.
    pub address: Option<IpAddr>,
    /// From which network, as far as is known.
    pub network: Option<Network>,
}

/// Someone who may open a socket.
pub struct Admitted {
    /// Who.
    pub caller: Caller,
    /// Held until the welcome.
    pub place: Place,
    /// Held as long: deadlines let it go first.
    pub arrival: Option<Arrival>,
}

/// `GET /ws`: the answer, and the socket that it opens. `accepted` is when the connection came, if this
/// is its first request, and `arrival` that it has.
///
/// # Errors
/// The request opens none.
pub fn open<B: HttpBody>(
    door: &Door,
    request: &Request<B>,
    peer: Peer,
    accepted: Option<Timestamp>,
    arrival: Option<Arrival>,
) -> Result<(Response, Opening), Problem> {
    let accepted = accepted.unwrap_or_else(|| door.agents.clock().now());
    let headers = request.headers();
    check_host(door, headers)?;
    if request.method() != Method::GET {
        let detail = "this address speaks WebSocket, which begins with GET";
        return Err(Problem::new(ErrorCode::MethodNotAllowed, detail));
    }
    if request.version() < Version::HTTP_11 {
        return Err(Problem::malformed("a WebSocket begins with HTTP/1.1"));
    }
    if !request.body().is_end_stream() {
        return Err(Problem::malformed("a request that opens a WebSocket has no body"));
    }
    let asked: Asked = json::read_query(request.uri().query().unwrap_or_default())?;
    let key = accept_key(headers)?;
    let protocol =
        identity::sub_protocol(headers).map_err(|unsupported| Problem::malformed(unsupported.to_string()))?;
    let Whereabouts { address, network } = Whereabouts::of(Some(peer), headers, &door.server.trusted_proxies);
    let admitted = admit(door, headers, address, asked.roles.as_deref());
    let admitted = admitted.map(|(caller, place)| Admitted { caller, place, arrival });
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    if let Some(name) = protocol.name() {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
    }
    let Asked { roles, heartbeats, sign_in } = asked;
    let opens = match sign_in {
        Some(SignIn::ByHand) => Opens::ByHand,
        None => Opens::ByItself,
    };
    Ok((response, Opening { admitted, accepted, protocol, heartbeats, opens, roles, address, network }))
}

/// Who opens the socket, or why it is closed again.
fn admit(
    door: &Door,
    headers: &HeaderMap,
    address: Option<IpAddr>,
    roles: Option<&str>,
) -> Result<(Caller, Place), TurnedAway> {
    // First of all, because whoever is one too many should cost the least.
    let Some(place) = door.entrance.open() else {
        let message = format!("{} sockets are opening now; come back in a moment", door.server.max_opening);
        return Err(TurnedAway::limited(CloseCode::TryAgainLater, Limit::Opening, message));
    };
    if !is_origin_allowed(door, headers) {
        let message = "this Origin may not use the hub; see [server] allowed_origins";
        return Err(TurnedAway::new(CloseCode::Forbidden, ErrorCode::Forbidden, message));
    }
    let credentials = identity::credentials(headers, &door.cookie).map_err(|missing| {
        TurnedAway::new(CloseCode::Unauthenticated, ErrorCode::Unauthenticated, missing.to_string())
    })?;
    let now = door.agents.clock().wall();
    let caller = match door.tickets.redeem(&door.identity, &credentials.token, now) {
        Some(redeemed) => redeemed.map_err(NotBelieved::from)?,
        None => doubts::verify(door, &credentials.token, address)?,
    };
    door.page_sessions.is_used(&caller, now);
    door.people.meet(&caller, now);
    let asker = asker(&caller, address);
    let narrowed = match roles {
        Some(roles) => caller
            .narrowed(roles)
            .map_err(|error| TurnedAway::new(CloseCode::Forbidden, ErrorCode::Forbidden, error.to_string())),
        None => Ok(caller),
    };
    let may = narrowed.and_then(|caller| {
        identity::may(&caller, Action::OpenSocket)?;
        Ok(caller)
    });
    let caller = may.inspect_err(|_| door.audit.refused(&asker, "GET /ws", None))?;
    Ok((caller, place))
}

/// The answer to the client's key, if this is a WebSocket upgrade (RFC 6455, section 4.2.1).
fn accept_key(headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let has = |name, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
        let message = "this address speaks WebSocket: connect with a WebSocket client";
        return Err(Problem::new(ErrorCode::UpgradeRequired, message));
    }
    if only(headers, header::SEC_WEBSOCKET_VERSION) != Some(b"13") {
        let message = "Sec-WebSocket-Version: version 13 is spoken here, and no other";
        return Err(Problem::new(ErrorCode::UpgradeRequired, message));
    }
    let wrong = || Problem::malformed(format!("Sec-WebSocket-Key: {KEY_BYTES} bytes in base 64, once, are right"));
    let key = only(headers, header::SEC_WEBSOCKET_KEY).ok_or_else(wrong)?;
    if !BASE64.decode(key).is_ok_and(|bytes| bytes.len() == KEY_BYTES) {
        return Err(wrong());
    }
    HeaderValue::from_str(&derive_accept_key(key)).map_err(|_| wrong())
}

/// The header of this name, unless there are several.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes()),
        (Some(_), Some(_)) | (None, _) => None,
    }
}
