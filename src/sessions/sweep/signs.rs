//! The signs of life of one session, as the sweep has seen them.

use std::time::Duration;

use tokio::time::Instant;

use super::settings::{LAP, Settings};
use super::shown::Shown;
use crate::sessions::outlet::Outlet;

/// A moment of the sweep's own time, which its laps count. Half as large as a [`Duration`], because there are several
/// for each session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sessions) struct Counted(u64);

impl Counted {
    /// So much later.
    pub(super) fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }

    fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }

    /// How long it is after `earlier`; nothing if it is not.
    pub(super) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

/// A socket that takes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stall {
    /// Since when, by the runtime's clock: tells one stall from the next.
    since: Instant,
    /// When the sweep first saw it.
    seen_at: Counted,
}

/// What the sweep remembers of a session. Its times are those that the sweep counts, not what the clock says.
#[derive(Debug)]
pub(in crate::sessions) struct Signs {
    pub(super) started: bool,
    pub(super) looked_at: Counted,
    pub(super) heard: Counted,
    /// Whether it showed life since it was welcomed.
    pub(super) showed_life: bool,
    /// Whether a sign of life was asked for.
    pub(super) was_asked: bool,
    /// When the next sign of life is asked for.
    pub(super) ask_at: Counted,
    /// When the next heartbeat is sent.
    pub(super) beat_at: Counted,
    /// When the first heartbeat that its page did not answer was sent.
    pub(super) unanswered: Option<Counted>,
    pub(super) stalled: Option<Stall>,
    /// How it was last told that what it is shown is.
    pub(super) told: Shown,
}

impl Signs {
    pub(in crate::sessions) fn new() -> Self {
        let (started, showed_life, was_asked, unanswered, stalled) = Default::default();
        let (looked_at, heard, ask_at, beat_at) = Default::default();
        let told = Shown::Current;
        Self { started, looked_at, heard, showed_life, was_asked, ask_at, beat_at, unanswered, stalled, told }
    }

    pub(super) fn start(&mut self, now: Counted, number: u64, page_answers: bool, settings: &Settings) {
        if !self.started {
            self.started = true;
            self.heard = now;
            self.ask_at = now.plus(share_of(number, settings.ping_interval));
            self.beat_at = now.plus(settings.heartbeat);
            if page_answers {
                self.beat_at = self.beat_at.minus(share_of(number, settings.heartbeat));
            }
        }
    }

    /// For how long it has taken nothing, if it takes nothing, as of the newest lap.
    pub(super) fn stall(&mut self, outlet: &Outlet) -> Option<Duration> {
        let before = self.stalled;
        self.stalled = outlet.stalled_since().map(|since| {
            let known = before.filter(|stall| stall.since == since);
            known.unwrap_or(Stall { since, seen_at: self.looked_at })
        });
        self.stalled.map(|stall| self.looked_at.since(stall.seen_at))
    }

    /// How long it has shown no life, as of the newest lap.
    pub(super) fn silence(&mut self, outlet: &Outlet) -> Duration {
        if outlet.take_heard() {
            self.heard = self.looked_at;
            self.showed_life = true;
        }
        self.looked_at.since(self.heard)
    }
}

/// Spread over the interval by the session's number, so that sessions that came together are not asked together.
fn share_of(number: u64, interval: Duration) -> Duration {
    let laps = (interval.as_millis() / LAP.as_millis()).max(1) as u64;
    LAP * u32::try_from(number % laps).unwrap_or(0)
}
