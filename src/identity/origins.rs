//! Which web pages may use the hub from a browser, and to which host names it answers.
//!
//! A page of another site can make a browser send requests here, and through a name of its own that
//! it points at this machine ("DNS rebinding") it can even read the answers. So the `Origin` must be
//! the hub's own or an allowed one, and the `Host` must be a name of the hub.

use std::net::SocketAddr;

use super::public_url::PublicUrl;

/// The hub's own origins and those that are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    public_url: Option<PublicUrl>,
    allowed: Vec<String>,
    is_loopback: bool,
    /// The name and port at which other nodes of a cluster reach the hub.
    advertised: Option<String>,
}

impl Origins {
    /// For a hub that listens on `bound`. Those that are `allowed` are as browsers write them.
    #[must_use]
    pub fn new(bound: SocketAddr, public_url: Option<PublicUrl>, allowed: Vec<String>) -> Self {
        Self { public_url, allowed, is_loopback: bound.ip().is_loopback(), advertised: None }
    }

    /// The same of a node of a cluster, which is also asked by its own address: `public_url` may be that of all nodes.
    #[must_use]
    pub fn of_a_node(self, advertise: Option<&str>) -> Self {
        let uri = advertise.and_then(|address| address.parse::<axum::http::Uri>().ok());
        let advertised = uri.and_then(|uri| uri.authority().map(|authority| authority.as_str().to_ascii_lowercase()));
        Self { advertised, ..self }
    }

    /// Whether a page of `origin` may use the hub, in a request for `host`.
    ///
    /// On loopback a page is the hub's own if it was loaded from the very name and port that it now
    /// asks: `localhost:7350`, or the local end of a tunnel. Another program on this machine has
    /// another port.
    #[must_use]
    pub fn allows(&self, origin: &str, host: Option<&str>) -> bool {
        let origin = origin.to_ascii_lowercase();
        if self.public_url.as_ref().is_some_and(|url| url.origin() == origin) || self.allowed.contains(&origin) {
            return true;
        }
        let (Some(authority), Some(host)) = (origin.strip_prefix("http://"), host) else { return false };
        self.is_loopback && is_loopback_name(authority) && authority == host.to_ascii_lowercase()
    }

    /// Whether the hub answers to `host`. `/healthz`, `/readyz`, `/metrics` and what nodes of a cluster ask each other are
    /// asked by address and need no such check.
    ///
    /// Without `public_url` a hub on the network cannot know its names, and answers to any.
    #[must_use]
    pub fn is_own_host(&self, host: Option<&str>) -> bool {
        let Some(host) = host.map(str::to_ascii_lowercase) else { return false };
        match (&self.public_url, self.is_loopback) {
            (Some(url), is_loopback) => {
                host == url.authority()
                    || self.advertised.as_ref() == Some(&host)
                    || host.strip_suffix(if url.is_https() { ":443" } else { ":80" }) == Some(url.authority())
                    || (is_loopback && is_loopback_name(&host))
            }
            (None, true) => is_loopback_name(&host),
            (None, false) => true,
        }
    }
}

/// Whether `authority` is a name of this machine, with or without a port.
#[must_use]
pub fn is_loopback_name(authority: &str) -> bool {
    let (name, behind) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or_default(),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_port = |port: &str| port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if !behind.is_empty() && !behind.strip_prefix(':').is_some_and(is_port) {
        return false;
    }
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether what is read at an address is what was written there: nobody on the way can change it, because it comes over
/// https or does not leave this machine. An address with a name and a password is none, because it would stand in logs.
#[must_use]
pub fn is_safe_address(address: &str) -> bool {
    let Ok(uri) = address.parse::<axum::http::Uri>() else { return false };
    let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
    let is_plain = !authority.is_empty() && !authority.contains('@') && !address.contains('#');
    is_plain
        && match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback_name(authority),
            Some(_) | None => false,
        }
}
