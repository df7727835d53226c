//! The hub's own session cookie.
//!
//! It holds the token itself, so that no session has to be kept. `HttpOnly` keeps it from scripts.
//! `SameSite=Strict` keeps it out of every request that another site starts; the hub's pages are
//! plain files that ask for data once they are loaded, so following a link to `/board` still works.
//! Over https its name begins with `__Host-`, by which browsers refuse one that is not `Secure`, or
//! that another host of the domain set.

use axum::http::HeaderValue;
use axum::http::header::InvalidHeaderValue;

use super::public_url::PublicUrl;
use crate::domain::time::Timestamp;

/// How the cookie is written; it depends on the address at which people reach the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    name: &'static str,
    /// `Path` and what follows it.
    attributes: String,
}

impl SessionCookie {
    /// For a hub that people reach at `public_url`, or else on loopback.
    ///
    /// Below a path it goes to nobody else on that host. Its name then begins with `__Secure-`, because
    /// `__Host-` is for cookies of a whole host.
    #[must_use]
    pub fn of(public_url: Option<&PublicUrl>) -> Self {
        let path = public_url.map(PublicUrl::path).filter(|path| !path.is_empty());
        let (name, secure) = match (public_url.is_some_and(PublicUrl::is_https), path) {
            (false, _) => ("presence-hub", ""),
            (true, None) => ("__Host-presence-hub", "; Secure"),
            (true, Some(_)) => ("__Secure-presence-hub", "; Secure"),
        };
        let path = path.unwrap_or("/");
        Self { name, attributes: format!("Path={path}; HttpOnly; SameSite=Strict{secure}") }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// `Set-Cookie` that begins a session, until the token ends.
    ///
    /// # Errors
    /// The token is none: it has characters that no token has.
    pub fn set(&self, token: &str, expires: Timestamp, now: Timestamp) -> Result<HeaderValue, InvalidHeaderValue> {
        let age = expires.since(now).as_secs();
        // A semicolon would end the value and begin an attribute.
        let token = if token.contains([';', ',', ' ', '"']) { "\n" } else { token };
        HeaderValue::from_str(&format!("{}={token}; Max-Age={age}; {}", self.name, self.attributes))
    }

    /// `Set-Cookie` that ends it.
    #[must_use]
    pub fn clear(&self) -> HeaderValue {
        let cookie = HeaderValue::from_str(&format!("{}=; Max-Age=0; {}", self.name, self.attributes));
        cookie.unwrap_or_else(|_| unreachable!("the path of a public address has nothing that no header may have"))
    }
}
