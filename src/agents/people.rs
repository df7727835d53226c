//! Whether people are about, for whose sake work that may wait keeps out of the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// How long somebody is about after having waited for the engine: where somebody does something twice a
/// second, people are always about.
const A_MOMENT: Duration = Duration::from_millis(500);

/// Whether somebody waited for the engine in the last moment: an agent or a supervisor, not a work system
/// or an administrator, who send much at once. Clones share it.
#[derive(Clone, Debug)]
pub struct PeopleAbout {
    clock: Clock,
    /// Milliseconds that the clock will have run.
    until: Arc<AtomicU64>,
}

impl PeopleAbout {
    /// Nobody has waited yet.
    #[must_use]
    pub fn nobody(clock: Clock) -> Self {
        Self { clock, until: Arc::default() }
    }

    /// Somebody waits for the engine.
    pub fn come(&self) {
        self.until.store(millis(self.clock.running() + A_MOMENT), Ordering::Relaxed);
    }

    /// Whether somebody waited in the last moment.
    #[must_use]
    pub fn are_about(&self) -> bool {
        millis(self.clock.running()) < self.until.load(Ordering::Relaxed)
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[tokio::test(start_paused = true)]
    async fn people_are_about_for_a_moment_after_they_waited() {
        let people = PeopleAbout::nobody(Clock::starting_at(Timestamp(0)));
        assert!(!people.are_about());
        people.come();
        tokio::time::advance(A_MOMENT - Duration::from_millis(1)).await;
        assert!(people.are_about());
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(!people.are_about());
    }
}
