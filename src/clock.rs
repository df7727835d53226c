//! The one place that reads the clock.
//!
//! The hub's time follows the wall clock and never goes back: not within a run, and not across
//! restarts (the engine remembers the last time it knew). A step of the wall clock is logged and
//! slewed: the hub's time drifts towards it by at most a tenth of a second each second.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tracing::warn;

use crate::domain::time::Timestamp;

/// How often the hub's time is compared with the wall clock.
const COMPARE_EVERY: Duration = Duration::from_secs(1);
/// The most by which one comparison moves the hub's time.
const SLEW_MILLIS: i64 = 100;
/// A difference that is a step of the wall clock, and not the drift of an oscillator.
const STEP_MILLIS: i64 = 500;

/// The hub's time. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    started: Instant,
    /// What to add to the milliseconds since `started`.
    offset: AtomicI64,
    /// The newest time told; nothing older is told again.
    newest: AtomicI64,
    /// Wakes sleepers when the time was moved.
    moved: watch::Sender<u64>,
}

impl Clock {
    /// A clock that starts at the wall clock, or at `not_before` if that is later.
    #[must_use]
    pub fn system(not_before: Option<Timestamp>) -> Self {
        let wall = wall();
        if let Some(known) = not_before.filter(|known| known.0 > wall.0 + STEP_MILLIS) {
            warn!(
                behind_ms = known.0 - wall.0,
                "the wall clock is behind the time this hub last knew; waiting for it to catch up"
            );
        }
        Self::starting_at(not_before.map_or(wall, |known| known.max(wall)))
    }

    /// A clock that starts at `start` and follows only the runtime's time: for tests.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        let shared = Shared {
            started: Instant::now(),
            offset: AtomicI64::new(start.0),
            newest: AtomicI64::new(start.0),
            moved: watch::Sender::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The hub's time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.reading();
        Timestamp(self.shared.newest.fetch_max(now, Ordering::Relaxed).max(now))
    }

    /// Time since the clock was made, for measuring how long things take; nothing moves it.
    #[must_use]
    pub fn running(&self) -> Duration {
        self.shared.started.elapsed()
    }

    /// Moves the hub's time forward: the test clock.
    pub fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self.shared.offset.fetch_add(millis, Ordering::Relaxed);
        self.wake();
    }

    /// Returns at `instant`, or at once if that has passed.
    pub async fn sleep_until(&self, instant: Timestamp) {
        let mut moved = self.shared.moved.subscribe();
        loop {
            let now = self.now();
            if now >= instant {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(instant.since(now)) => {}
                // The sender lives in this clock, so the wait cannot fail while we borrow it.
                _ = moved.changed() => {}
            }
        }
    }

    /// Follows the wall clock for ever.
    pub async fn follow_wall_clock(self) {
        let mut ticks = tokio::time::interval(COMPARE_EVERY);
        let mut stepped = false;
        loop {
            ticks.tick().await;
            stepped = self.slew(wall().0 - self.reading(), stepped);
        }
    }

    /// Moves towards the wall clock, `error` milliseconds ahead. Returns whether a step is being slewed.
    fn slew(&self, error: i64, stepped: bool) -> bool {
        if error.abs() > STEP_MILLIS && !stepped {
            warn!(step_ms = error, "the wall clock was stepped; following slowly");
        }
        self.shared.offset.fetch_add(error.clamp(-SLEW_MILLIS, SLEW_MILLIS), Ordering::Relaxed);
        if error.abs() > SLEW_MILLIS {
            self.wake();
        }
        error.abs() > STEP_MILLIS
    }

    fn reading(&self) -> i64 {
        let elapsed = i64::try_from(self.running().as_millis()).unwrap_or(i64::MAX);
        elapsed.saturating_add(self.shared.offset.load(Ordering::Relaxed))
    }

    fn wake(&self) {
        self.shared.moved.send_modify(|times| *times = times.wrapping_add(1));
    }
}

/// The wall clock.
#[allow(clippy::disallowed_methods, reason = "this is the one place that reads it")]
fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_never_goes_back_when_the_wall_clock_does() {
        let clock = Clock::starting_at(Timestamp(10_000));
        assert!(clock.slew(-3_600_000, false));
        assert_eq!(clock.now(), Timestamp(10_000));
        tokio::time::advance(Duration::from_millis(150)).await;
        assert_eq!(clock.now(), Timestamp(10_050));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleeper_wakes_when_the_test_clock_moves() {
        let clock = Clock::starting_at(Timestamp(0));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(Timestamp(60_000)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(60));
        sleeper.await.unwrap();
        assert_eq!(clock.now(), Timestamp(60_000));
        assert_eq!(clock.running(), Duration::ZERO);
    }
}
