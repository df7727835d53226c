//! The address that people type.

use std::fmt;

/// What the first part of the hub's own addresses is called. No path of a public address begins so, because
/// a request for `/api/api/v1` might then mean either.
pub const OWN_ADDRESSES: [&str; 14] = [
    "admin", "api", "assets", "board", "desk", "embed", "healthz", "metrics", "readyz", "reports", "session",
    "sign-in", "test", "ws",
];

/// The address that people type: an origin, and the path below which a proxy serves the hub there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// As browsers write it.
    origin: String,
    /// `/presence`; empty if the hub has the origin to itself.
    path: String,
}

impl PublicUrl {
    /// Of an origin as browsers write it, and a path that begins with a slash and does not end with one.
    #[must_use]
    pub fn new(origin: String, path: String) -> Self {
        debug_assert!(path.is_empty() || path.starts_with('/') && !path.ends_with('/'), "{path}");
        Self { origin, path }
    }

    /// `https://example.com`
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `example.com`, with its port if that does not go without saying.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// `/presence`; empty if the hub has the origin to itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether nobody on the way can read along.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}
