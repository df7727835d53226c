//! The one place that reads the clock.
//!
//! Two times are told. [`Clock::wall`] is the wall clock as it stands, by which tokens are judged.
//! [`Clock::now`] is the hub's own time, which dates what happens and which deadlines are compared
//! with. It is the wall clock too, as long as that does not go back:
//!
//! - A step forward is taken at once.
//! - After a step back the hub's time goes on from where it was, a tenth slower, until the wall clock
//!   has caught up. Within a life of the hub it never goes back.
//! - A restart ends that: what the engine last knew may be ahead of the wall clock by [`MOST_AHEAD`].
//!   Beyond it the hub says so and goes on with the wall clock. Positions rise all the same, and
//!   agents' times are brought back with it ([`Agent::brought_back_to`]).
//!
//! The hub's heart reads the clock every quarter of a second. If nobody read it for longer than
//! [`STANDSTILL`], the hub stood still (it was stopped, the machine slept) or the wall clock was put
//! forward. Nobody could return or answer in that time, and whoever reads the clock first after it
//! finds that out, before anything that waited is decided: see [`Standstill`].
//!
//! [`Agent::brought_back_to`]: crate::domain::agent::Agent::brought_back_to

mod source;
mod standstills;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};
use tracing::warn;

use crate::domain::time::{Standstill, Timestamp};
use crate::telemetry::metrics::ClockMetrics;
use source::Source;
pub use standstills::Seen;
use standstills::Standstills;

/// How often the heart beats.
const BEAT: Duration = Duration::from_millis(250);
/// A time in which nobody read the clock is a standstill from here on: four beats of the heart.
pub const STANDSTILL: Duration = Duration::from_secs(1);
/// What is added to a standstill, so that what waits in sockets is read before a deadline passes.
pub const PAUSE: Duration = Duration::from_secs(1);
/// How far the time that the engine last knew may be ahead of the wall clock.
pub const MOST_AHEAD: Duration = Duration::from_secs(60);
/// How far the clocks of the nodes of a cluster may be apart.
pub const MOST_APART: Duration = Duration::from_millis(500);
/// A difference that is a step of the wall clock back, and not two threads that read it in turn.
const STEP_BACK_MILLIS: i64 = 500;
/// By how much the hub's time falls back in one beat while it is ahead: a tenth of the beat.
const FALLS_BACK_MILLIS: i64 = 25;

/// The hub's time. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    source: Source,
    started: Instant,
    /// How far the hub's time is ahead of the wall clock. Never negative.
    ahead: AtomicI64,
    /// The newest time told; nothing older is told again.
    newest: AtomicI64,
    /// What may pass between two readings without being a standstill: anything until the heart beats.
    tolerated: AtomicI64,
    /// How long the clock had run when its heart last beat.
    last_beat: Mutex<Duration>,
    standstills: Standstills,
    metrics: ClockMetrics,
    /// Wakes sleepers when the time was moved.
    moved: watch::Sender<u64>,
}

impl Clock {
    /// A clock of the machine, for a hub whose engine was last `alive` then.
    #[must_use]
    pub fn system(alive: Option<Timestamp>) -> Self {
        Self::after(Source::system(), alive)
    }

    /// The same for a hub that is simulated: its wall clock stands at `wall` and follows the runtime's
    /// time.
    #[must_use]
    pub fn simulated(wall: Timestamp, alive: Option<Timestamp>) -> Self {
        Self::after(Source::runtime(wall), alive)
    }

    fn after(source: Source, alive: Option<Timestamp>) -> Self {
        let clock = Self::of(source);
        let ahead = alive.map_or(Duration::ZERO, |alive| alive.since(clock.now()));
        if ahead > MOST_AHEAD {
            warn!(
                ahead_ms = ahead.as_millis(),
                "the time this hub last knew is far ahead of the wall clock; going on with the wall clock"
            );
        } else if !ahead.is_zero() {
            warn!(
                ahead_ms = ahead.as_millis(),
                "the wall clock is behind the time this hub last knew; following slowly"
            );
            let ahead = millis(ahead);
            clock.shared.newest.fetch_add(ahead, Ordering::Relaxed);
            clock.shared.ahead.store(ahead, Ordering::Relaxed);
        }
        clock
    }

    /// A clock that starts at `start` and follows only the runtime's time: for tests.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        Self::of(Source::runtime(start))
    }

    fn of(source: Source) -> Self {
        let shared = Shared {
            started: Instant::now(),
            ahead: AtomicI64::new(0),
            newest: AtomicI64::new(source.millis()),
            tolerated: AtomicI64::new(i64::MAX),
            last_beat: Mutex::default(),
            standstills: Standstills::default(),
            metrics: ClockMetrics::default(),
            moved: watch::Sender::new(0),
            source,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The hub's time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let shared = &self.shared;
        let reading = self.reading();
        let newest = shared.newest.load(Ordering::Relaxed);
        if reading.saturating_sub(newest) > shared.tolerated.load(Ordering::Relaxed) {
            return self.catch_up();
        }
        Timestamp(shared.newest.fetch_max(reading, Ordering::Relaxed).max(reading))
    }

    /// Another node of the cluster dates something so. The hub's time does not stand before what it knows, as long as the
    /// nodes' clocks differ by no more than [`MOST_APART`].
    pub fn observe(&self, at: Timestamp) {
        if at.since(Timestamp(self.shared.source.millis())) <= MOST_APART {
            self.shared.newest.fetch_max(at.0, Ordering::Relaxed);
        }
    }

    /// The wall clock, which may go back.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        Timestamp(self.shared.source.millis())
    }

    /// What is counted of it.
    #[must_use]
    pub fn metrics(&self) -> &ClockMetrics {
        &self.shared.metrics
    }

    /// Time since the clock was made, for measuring how long things take; nothing moves it.
    #[must_use]
    pub fn running(&self) -> Duration {
        self.shared.started.elapsed()
    }

    /// Moves the hub's time and its wall clock forward, as if the hub had lived through it: the test
    /// clock.
    pub fn advance(&self, span: Duration) {
        let span = millis(span);
        // In this order, so that nobody takes it for a standstill.
        self.shared.newest.fetch_add(span, Ordering::Relaxed);
        self.shared.source.step(span);
        self.wake();
    }

    /// Steps the wall clock, forward or back: how tests and the simulation do what a machine may.
    pub fn wall_clock_steps(&self, millis: i64) {
        self.shared.source.step(millis);
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
                biased;
                // The sender lives in this clock, so the wait cannot fail while we borrow it.
                _ = moved.changed() => {}
                () = tokio::time::sleep(instant.since(now)) => {}
            }
        }
    }

    /// The heart: follows the wall clock, and finds standstills even if nobody else reads the time.
    /// For ever. From this call on, not only from the first beat, a time in which nobody read the clock
    /// is a standstill.
    pub fn beat(self) -> impl Future<Output = ()> + Send {
        // Whatever came before the heart is no standstill.
        let _ = self.now();
        self.shared.tolerated.store(millis(STANDSTILL), Ordering::Relaxed);
        async move {
            let mut beats = tokio::time::interval(BEAT);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beats.tick().await;
                self.follow_wall_clock();
                *self.shared.last_beat.lock() = self.running();
            }
        }
    }

    /// The standstills of this life that were not seen yet, oldest first; `seen` then knows them.
    pub fn standstills_since(&self, seen: &mut Seen) -> Vec<Standstill> {
        self.shared.standstills.since(seen)
    }

    /// From `began` up to now the hub could not be reached: it was opening.
    pub fn stood_still_since(&self, began: Timestamp) {
        let lasted = self.now().since(began);
        if !lasted.is_zero() {
            self.shared.standstills.add(Standstill { began, lasted });
        }
    }

    /// The instant that is as far from now as `instant` was in the time that the hub lived through:
    /// later by every standstill that began after it.
    #[must_use]
    pub fn less_standstills(&self, instant: Timestamp) -> Timestamp {
        self.shared.standstills.after(instant)
    }

    fn follow_wall_clock(&self) {
        let shared = &self.shared;
        let behind = self.now().0.saturating_sub(self.reading());
        if behind > STEP_BACK_MILLIS {
            warn!(step_ms = -behind, "the wall clock was put back; the hub's time goes on, a tenth slower");
            shared.ahead.fetch_add(behind, Ordering::Relaxed);
        }
        let ahead = shared.ahead.load(Ordering::Relaxed);
        if ahead > 0 {
            shared.ahead.fetch_sub(ahead.min(FALLS_BACK_MILLIS), Ordering::Relaxed);
        }
    }

    /// Nobody has read the clock for longer than is tolerated. What the hub's time is ahead of the
    /// wall clock is used up first; what remains was missed.
    #[cold]
    fn catch_up(&self) -> Timestamp {
        let shared = &self.shared;
        let mut last_beat = shared.last_beat.lock();
        let newest = shared.newest.load(Ordering::Relaxed);
        let gap = self.reading().saturating_sub(newest);
        if gap <= shared.tolerated.load(Ordering::Relaxed) {
            return Timestamp(newest.max(self.reading()));
        }
        let running = self.running();
        let stood = running.saturating_sub(*last_beat);
        *last_beat = running;
        let used_up = gap.min(shared.ahead.load(Ordering::Relaxed));
        shared.ahead.fetch_sub(used_up, Ordering::Relaxed);
        let missed = gap - used_up;
        if missed > 0 {
            let lasted = Duration::from_millis(missed.unsigned_abs()) + PAUSE;
            shared.standstills.add(Standstill { began: Timestamp(newest), lasted });
            shared.metrics.standstills.inc();
            shared.metrics.lasted.inc_by(Duration::from_millis(missed.unsigned_abs()).as_secs_f64());
        }
        shared.newest.store(newest + missed, Ordering::Relaxed);
        self.wake();
        if millis(stood).saturating_mul(2) > gap {
            warn!(gap_ms = gap, "the hub stood still; windows and offers wait for it");
        } else {
            warn!(gap_ms = gap, "the wall clock was put forward, or the machine slept; windows and offers wait for it");
        }
        Timestamp(newest + missed)
    }

    fn reading(&self) -> i64 {
        self.shared.source.millis().saturating_add(self.shared.ahead.load(Ordering::Relaxed))
    }

    fn wake(&self) {
        self.shared.moved.send_modify(|times| *times = times.wrapping_add(1));
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
