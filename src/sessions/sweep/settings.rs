//! How often a session is asked for signs of life, and how long it may take.

use std::time::Duration;

/// How often all sessions are looked at.
pub const LAP: Duration = Duration::from_millis(500);
/// How long the peer may take to answer a close.
pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one that was closed because it stopped reading may take to read that: the reason stands
/// behind what it has not read yet.
pub const TOO_SLOW_TIMEOUT: Duration = Duration::from_secs(60);

/// How often a session is asked for signs of life, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often a sign of life is asked for.
    pub ping_interval: Duration,
    /// No sign of life for so long: the session is lost.
    pub ping_timeout: Duration,
    /// A heartbeat is sent if nothing else was for so long; to a page that answers them, always.
    pub heartbeat: Duration,
    /// A page that lets a heartbeat go unanswered for so long is asleep, and lost; never if zero.
    pub page_timeout: Duration,
    /// A socket that takes nothing for so long is closed as too slow.
    pub stall_limit: Duration,
    /// [`CLOSE_TIMEOUT`], but for tests.
    pub close_timeout: Duration,
    /// [`TOO_SLOW_TIMEOUT`], but for tests.
    pub too_slow_timeout: Duration,
}
