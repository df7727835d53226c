//! The hub's own session cookie.
//!
//! It holds the token itself, so that no session has to be kept. `HttpOnly` keeps it from scripts.
//! `SameSite=Strict` keeps it out of every request that another site starts; the hub's pages are
//! plain files that ask for data once they are loaded, so following a link to `/board` still works.
//! Over https its name begins with `__Host-`, by which browsers refuse one that is not `Secure`, or
//! that another host of the domain set.

use axum::http::HeaderValue;

use crate::domain::time::Timestamp;

/// How the cookie is written; it depends on whether people reach the hub over https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionCookie {
    /// Loopback.
    Plain,
    /// `Secure`.
    Secure,
}

impl SessionCookie {
    /// For a hub whose own origin is `public_url`.
    #[must_use]
    pub fn for_origin(public_url: Option<&str>) -> Self {
        if public_url.is_some_and(|url| url.starts_with("https://")) { Self::Secure } else { Self::Plain }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "presence-hub",
            Self::Secure => "__Host-presence-hub",
        }
    }

    /// `Set-Cookie` that begins a session, until the token ends.
    ///
    /// # Errors
    /// The token is none: it has characters that no token has.
    pub fn set(
        self,
        token: &str,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<HeaderValue, axum::http::header::InvalidHeaderValue> {
        let age = expires.since(now).as_secs();
        // A semicolon would end the value and begin an attribute.
        let token = if token.contains([';', ',', ' ', '"']) { "\n" } else { token };
        HeaderValue::from_str(&format!("{}={token}; Max-Age={age}; {}", self.name(), self.attributes()))
    }

    /// `Set-Cookie` that ends it.
    #[must_use]
    pub fn clear(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Plain => "presence-hub=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict",
            Self::Secure => "__Host-presence-hub=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure",
        })
    }

    fn attributes(self) -> &'static str {
        match self {
            Self::Plain => "Path=/; HttpOnly; SameSite=Strict",
            Self::Secure => "Path=/; HttpOnly; SameSite=Strict; Secure",
        }
    }
}
