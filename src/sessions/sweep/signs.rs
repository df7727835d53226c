//! The signs of life of one session, as the sweep has seen them.

use std::time::Duration;

use tokio::time::Instant;

use super::settings::{LAP, Settings};
use super::shown::Shown;
use crate::sessions::outlet::Outlet;

/// A socket that takes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stall {
    /// Since when, by the runtime's clock: tells one stall from the next.
    since: Instant,
    /// When the sweep first saw it, in laps.
    seen_at: Duration,
}

/// What the sweep remembers of a session. Times count the sweep's own laps, not what the clock says.
#[derive(Debug)]
pub(in crate::sessions) struct Signs {
    pub(super) started: bool,
    pub(super) number: u64,
    pub(super) looked_at: Duration,
    pub(super) heard: Duration,
    /// Whether it showed life since it was welcomed.
    pub(super) showed_life: bool,
    /// Whether a sign of life was asked for.
    pub(super) was_asked: bool,
    /// When the next sign of life is asked for.
    pub(super) ask_at: Duration,
    /// When the next heartbeat is sent.
    pub(super) beat_at: Duration,
    /// When the first heartbeat that its page did not answer was sent.
    pub(super) unanswered: Option<Duration>,
    pub(super) stalled: Option<Stall>,
    /// How it was last told that what it is shown is.
    pub(super) told: Shown,
}

impl Signs {
    pub(in crate::sessions) fn of(number: u64) -> Self {
        let (started, showed_life, was_asked, unanswered, stalled) = Default::default();
        let (looked_at, heard, ask_at, beat_at) = Default::default();
        let told = Shown::Current;
        Self { started, number, looked_at, heard, showed_life, was_asked, ask_at, beat_at, unanswered, stalled, told }
    }

    pub(super) fn start(&mut self, now: Duration, page_answers: bool, settings: &Settings) {
        if !self.started {
            self.started = true;
            self.heard = now;
            self.ask_at = now + self.share_of(settings.ping_interval);
            self.beat_at = now + settings.heartbeat;
            if page_answers {
                self.beat_at -= self.share_of(settings.heartbeat);
            }
        }
    }

    /// Spread over the interval, so that sessions that came together are not asked together.
    fn share_of(&self, interval: Duration) -> Duration {
        let laps = (interval.as_millis() / LAP.as_millis()).max(1) as u64;
        LAP * u32::try_from(self.number % laps).unwrap_or(0)
    }

    /// For how long it has taken nothing, if it takes nothing, as of the newest lap.
    pub(super) fn stall(&mut self, outlet: &Outlet) -> Option<Duration> {
        let before = self.stalled;
        self.stalled = outlet.stalled_since().map(|since| {
            let known = before.filter(|stall| stall.since == since);
            known.unwrap_or(Stall { since, seen_at: self.looked_at })
        });
        self.stalled.map(|stall| self.looked_at.saturating_sub(stall.seen_at))
    }

    /// How long it has shown no life, as of the newest lap.
    pub(super) fn silence(&mut self, outlet: &Outlet) -> Duration {
        if outlet.take_heard() {
            self.heard = self.looked_at;
            self.showed_life = true;
        }
        self.looked_at.saturating_sub(self.heard)
    }
}
