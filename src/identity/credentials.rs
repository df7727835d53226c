//! Where a request carries its credentials, and which sub-protocol it offers. Never in the URL.

use axum::http::{HeaderMap, header};

use super::cookie::{SessionCookie, cookies};

/// The sub-protocol of the socket.
const SUB_PROTOCOL: &str = "presence.v1.json";
/// The one in which the frames of watches come deflated.
const DEFLATED_SUB_PROTOCOL: &str = "presence.v1.json.deflate";
/// What the token follows in the list of sub-protocols.
const TOKEN_PROTOCOL: &str = "bearer.";

/// How credentials came. Writes by cookie need a believed `Origin`, because browsers send cookies
/// by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// `Authorization: Bearer`
    Header,
    /// `bearer.<token>` among the sub-protocols.
    SubProtocol,
    /// The session cookie.
    Cookie,
}

/// A token, not verified yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The token.
    pub token: String,
    /// How it came.
    pub carrier: Carrier,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("carrier", &self.carrier).finish_non_exhaustive()
    }
}

/// The request carries none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no credentials: send `Authorization: Bearer <token>`, the sub-protocols `presence.v1.json, bearer.<token>`, or sign in"
)]
pub struct MissingCredentials;

/// The credentials of a request: the first that are present decide.
///
/// # Errors
/// There are none.
pub fn credentials(headers: &HeaderMap, cookie: &SessionCookie) -> Result<Credentials, MissingCredentials> {
    let found = |token: &str, carrier| Ok(Credentials { token: token.to_owned(), carrier });
    if let Some(token) = bearer(headers) {
        return found(token, Carrier::Header);
    }
    if let Some(token) = offered(headers).find_map(|protocol| protocol.strip_prefix(TOKEN_PROTOCOL)) {
        return found(token, Carrier::SubProtocol);
    }
    match session_cookie(headers, cookie.name()) {
        Some(token) => found(token, Carrier::Cookie),
        None => Err(MissingCredentials),
    }
}

/// The sub-protocol that the hub answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubProtocol {
    /// `presence.v1.json`
    V1,
    /// `presence.v1.json.deflate`: the same, and the frames of watches come deflated.
    V1Deflated,
    /// The client offered none: it gets v1, and none is echoed.
    Unspoken,
}

/// The client offers sub-protocols, and none that the hub speaks is among them: HTTP 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("none of the offered sub-protocols is spoken here; offer `{SUB_PROTOCOL}` or `{DEFLATED_SUB_PROTOCOL}`")]
pub struct UnsupportedSubProtocol;

impl SubProtocol {
    const SPOKEN: [Self; 2] = [Self::V1, Self::V1Deflated];

    /// What is echoed.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::V1 => Some(SUB_PROTOCOL),
            Self::V1Deflated => Some(DEFLATED_SUB_PROTOCOL),
            Self::Unspoken => None,
        }
    }
}

/// Chooses the sub-protocol: the first that the client offers and the hub speaks.
///
/// # Errors
/// [`UnsupportedSubProtocol`]
pub fn sub_protocol(headers: &HeaderMap) -> Result<SubProtocol, UnsupportedSubProtocol> {
    let mut protocols = offered(headers).peekable();
    if protocols.peek().is_none() {
        return Ok(SubProtocol::Unspoken);
    }
    let spoken = |offered| SubProtocol::SPOKEN.into_iter().find(|spoken| spoken.name() == Some(offered));
    protocols.find_map(spoken).ok_or(UnsupportedSubProtocol)
}

/// Other schemes than `Bearer` belong to proxies before the hub.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::AUTHORIZATION).iter().find_map(|value| {
        let value = value.to_str().ok()?.trim();
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    })
}

/// The list may be spread over several headers.
fn offered(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|protocol| !protocol.is_empty())
}

fn session_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookies(headers).find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
}
