//! The hub's own cookies: of a session, and of sign-ins under way.
//!
//! It holds the token itself, so that no session has to be kept. `HttpOnly` keeps it from scripts.
//! `SameSite=Strict` keeps it out of every request that another site starts; the hub's pages are
//! plain files that ask for data once they are loaded, so following a link to `/board` still works.
//! Over https its name begins with `__Host-`, by which browsers refuse one that is not `Secure`, or
//! that another host of the domain set.

use std::time::Duration;

use axum::http::header::{self, InvalidHeaderValue};
use axum::http::{HeaderMap, HeaderValue};

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
        let Reach { prefix, path, secure } = Reach::of(public_url);
        let name = match prefix {
            Prefix::None => "presence-hub",
            Prefix::Host => "__Host-presence-hub",
            Prefix::Secure => "__Secure-presence-hub",
        };
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

/// The cookies of sign-ins that are under way: one of each, so that two tabs sign in at once.
///
/// The provider sends the browser back, which is a request that another site starts: `SameSite=Lax` lets such a cookie come
/// along where the browser goes to a page, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInCookies {
    prefix: &'static str,
    attributes: String,
}

impl SignInCookies {
    /// For a hub that people reach at `public_url`, or else on loopback.
    #[must_use]
    pub fn of(public_url: Option<&PublicUrl>) -> Self {
        let Reach { prefix, path, secure } = Reach::of(public_url);
        let prefix = match prefix {
            Prefix::None => "presence-hub-sign-in-",
            Prefix::Host => "__Host-presence-hub-sign-in-",
            Prefix::Secure => "__Secure-presence-hub-sign-in-",
        };
        Self { prefix, attributes: format!("Path={path}; HttpOnly; SameSite=Lax{secure}") }
    }

    /// `Set-Cookie` of the sign-in of this name, which is done with after `life`.
    ///
    /// # Errors
    /// The name or the value has characters that no header has.
    pub fn set(&self, name: &str, value: &str, life: Duration) -> Result<HeaderValue, InvalidHeaderValue> {
        let Self { prefix, attributes } = self;
        HeaderValue::from_str(&format!("{prefix}{name}={value}; Max-Age={}; {attributes}", life.as_secs()))
    }

    /// `Set-Cookie` that ends the one of this name.
    ///
    /// # Errors
    /// The name has characters that no header has.
    pub fn clear(&self, name: &str) -> Result<HeaderValue, InvalidHeaderValue> {
        self.set(name, "", Duration::ZERO)
    }

    /// Those that a request carries: name and value.
    pub fn all<'a>(&self, headers: &'a HeaderMap) -> impl Iterator<Item = (&'a str, &'a str)> {
        let prefix = self.prefix;
        cookies(headers).filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value)))
    }
}

/// The cookies of a request, name and value.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// What the address at which people reach the hub means for its cookies.
struct Reach<'a> {
    prefix: Prefix,
    path: &'a str,
    secure: &'static str,
}

/// What a name begins with.
enum Prefix {
    None,
    Host,
    Secure,
}

impl<'a> Reach<'a> {
    fn of(public_url: Option<&'a PublicUrl>) -> Self {
        let path = public_url.map(PublicUrl::path).filter(|path| !path.is_empty());
        let (prefix, secure) = match (public_url.is_some_and(PublicUrl::is_https), path) {
            (false, _) => (Prefix::None, ""),
            (true, None) => (Prefix::Host, "; Secure"),
            (true, Some(_)) => (Prefix::Secure, "; Secure"),
        };
        Self { prefix, path: path.unwrap_or("/"), secure }
    }
}
