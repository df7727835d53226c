//! Where the wall clock is read: the machine, or the runtime's time, which tests pause.

use std::sync::atomic::{AtomicI64, Ordering};

use tokio::time::Instant;

use crate::domain::time::Timestamp;

/// A wall clock, which may be stepped besides.
#[derive(Debug)]
pub(super) struct Source {
    from: From,
    stepped: AtomicI64,
}

#[derive(Debug)]
enum From {
    Machine,
    Runtime { start: Timestamp, started: Instant },
}

impl Source {
    pub fn system() -> Self {
        Self { from: From::Machine, stepped: AtomicI64::new(0) }
    }

    pub fn runtime(start: Timestamp) -> Self {
        Self { from: From::Runtime { start, started: Instant::now() }, stepped: AtomicI64::new(0) }
    }

    /// Milliseconds since 1970.
    pub fn millis(&self) -> i64 {
        let reading = match &self.from {
            From::Machine => machine(),
            From::Runtime { start, started } => start.plus(started.elapsed()).0,
        };
        reading.saturating_add(self.stepped.load(Ordering::Relaxed))
    }

    pub fn step(&self, millis: i64) {
        self.stepped.fetch_add(millis, Ordering::Relaxed);
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the one place that reads it")]
fn machine() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
