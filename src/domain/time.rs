//! Instants and spans, in milliseconds.

use std::fmt;
use std::time::Duration;

/// An instant: milliseconds since 1970-01-01T00:00:00Z on the hub's own clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The instant this long after.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    /// The instant this long before.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis(span)))
    }

    /// How long ago `earlier` was; zero if it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The first instant after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A time in which the hub stood still: nobody could return or answer, and nothing was decided.
/// Deadlines that wait for others wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standstill {
    /// The last instant before it.
    pub began: Timestamp,
    /// By how much deadlines move.
    pub lasted: Duration,
}

impl Standstill {
    /// What of it came after `instant`, if anything did.
    #[must_use]
    pub fn beyond(self, instant: Timestamp) -> Option<Self> {
        let began = self.began.max(instant);
        let lasted = self.began.plus(self.lasted).since(began);
        (!lasted.is_zero()).then_some(Self { began, lasted })
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
