//! What a session is told of what it is shown.

/// How what is shown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is what is so.
    Current,
    /// It may be older than what is so.
    Stale,
}
