//! The one timer of all sessions: signs of life, heartbeats, stalls, closes without an answer.
//!
//! Time is counted in the sweep's own laps. If the hub itself was stopped, or had no processor, for
//! longer than a lap, that time does not count as anyone's silence or stall: their bytes are waiting
//! to be read, and nobody wrote to them.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior};
use tracing::debug;

use super::outlet::Outlet;
use super::registry::{Registry, Session};
use crate::domain::cause::SubEventName;
use crate::domain::ids::SessionId;

/// No sign of life in time.
pub const LOST: u16 = 4411;
/// How often all sessions are looked at.
pub const LAP: Duration = Duration::from_millis(500);

/// When what is asked of a session.
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
    /// How long the peer may take to answer a close.
    pub close_timeout: Duration,
    /// How long one that was closed because it stopped reading may take to read that: the reason
    /// stands behind what it has not read yet.
    pub too_slow_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(4),
            ping_timeout: Duration::from_secs(8),
            heartbeat: Duration::from_secs(15),
            page_timeout: Duration::from_secs(30),
            stall_limit: Duration::from_secs(8),
            close_timeout: Duration::from_secs(2),
            too_slow_timeout: Duration::from_secs(60),
        }
    }
}

/// Makes heartbeats.
pub trait Heartbeats: Send + Sync {
    /// The heartbeat of a session, with a position that holds for all it watches; none while it is
    /// being sent something anyway.
    fn heartbeat(&self, session: SessionId) -> Option<Bytes>;
}

/// What the sweep remembers of a session, in laps' time.
#[derive(Debug)]
pub(super) struct Pulse {
    started: bool,
    number: u64,
    looked_at: Duration,
    heard: Duration,
    /// Whether it showed life since it was welcomed.
    showed_life: bool,
    /// Whether a sign of life was asked for.
    was_asked: bool,
    /// When the next sign of life is asked for.
    ask_at: Duration,
    /// When the next heartbeat is sent.
    beat_at: Duration,
    /// When the first heartbeat that its page did not answer was sent.
    unanswered: Option<Duration>,
    /// Since when its socket takes nothing, by the runtime's clock, and when that was first seen.
    stalled: Option<(Instant, Duration)>,
}

impl Pulse {
    pub(super) fn of(number: u64) -> Self {
        let (started, showed_life, was_asked, unanswered, stalled) = Default::default();
        let (looked_at, heard, ask_at, beat_at) = Default::default();
        Self { started, number, looked_at, heard, showed_life, was_asked, ask_at, beat_at, unanswered, stalled }
    }

    fn start(&mut self, now: Duration, page_answers: bool, settings: &Settings) {
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
    fn stall(&mut self, outlet: &Outlet) -> Option<Duration> {
        let seen = self.stalled;
        self.stalled = outlet
            .stalled_since()
            .map(|since| seen.filter(|(known, _)| *known == since).unwrap_or((since, self.looked_at)));
        self.stalled.map(|(_, seen)| self.looked_at.saturating_sub(seen))
    }

    /// How long it has shown no life, as of the newest lap.
    fn silence(&mut self, outlet: &Outlet) -> Duration {
        if outlet.take_heard() {
            self.heard = self.looked_at;
            self.showed_life = true;
        }
        self.looked_at.saturating_sub(self.heard)
    }
}

/// Sweeps for ever.
pub async fn run(registry: Registry, settings: Settings, heartbeats: Arc<dyn Heartbeats>) {
    let lap = LAP.min(settings.ping_timeout / 8).max(Duration::from_millis(1));
    let mut ticks = tokio::time::interval(lap);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut counted = Duration::ZERO;
    let mut last = Instant::now();
    loop {
        ticks.tick().await;
        let now = Instant::now();
        counted += (now - last).min(lap * 2);
        last = now;
        let mut behind = 0;
        loop {
            let bite = registry.bite(behind);
            let Some(last) = bite.last() else { break };
            behind = last.id().number;
            for session in bite {
                look_at(&session, counted, now, &settings, &*heartbeats);
            }
            tokio::task::yield_now().await;
        }
    }
}

fn look_at(session: &Session, counted: Duration, now: Instant, settings: &Settings, heartbeats: &dyn Heartbeats) {
    let outlet = session.outlet();
    if let Some(since) = outlet.closing_since() {
        let patience = if outlet.was_too_slow() { settings.too_slow_timeout } else { settings.close_timeout };
        if now.saturating_duration_since(since) >= patience {
            outlet.abort();
        }
        return;
    }
    if !session.is_welcomed() {
        // Nobody reads from it yet: its silence is the hub's own.
        return;
    }
    let mut pulse = session.pulse.lock().unwrap_or_else(PoisonError::into_inner);
    let page_answers = session.page_answers();
    pulse.start(counted, page_answers, settings);
    pulse.looked_at = counted;
    let silence = pulse.silence(outlet);
    if session.take_page_answered() {
        pulse.unanswered = None;
    }
    if outlet.take_spoke() && !page_answers {
        pulse.beat_at = counted + settings.heartbeat;
    }
    let stall = pulse.stall(outlet);
    // An agent who is gone has to be found in time, even with a board that stopped reading.
    if let Some(stall) = stall
        && (session.who().agent.is_none() || silence < settings.ping_timeout)
    {
        // Pings stand behind what it does not take, so only the stall can tell.
        if stall >= settings.stall_limit {
            debug!(session = %session.id(), ?silence, "stopped reading");
            outlet.close_too_slow();
        }
        return;
    }
    if silence >= settings.ping_timeout {
        lose(session, silence);
        return;
    }
    if let Some(since) = pulse.unanswered
        && !settings.page_timeout.is_zero()
        && counted - since >= settings.page_timeout
    {
        debug!(session = %session.id(), "its page is asleep");
        session.ends_as(SubEventName::PageAsleep);
        // Its browser may be there: then the page finds out why once it is awake.
        outlet.close(LOST, "the page does not answer");
        return;
    }
    if counted >= pulse.ask_at {
        pulse.ask_at = counted + settings.ping_interval;
        pulse.was_asked = true;
        outlet.ping();
    }
    if counted >= pulse.beat_at {
        pulse.beat_at = counted + settings.heartbeat;
        if let Some(frame) = heartbeats.heartbeat(session.id()) {
            outlet.send(frame);
            if page_answers {
                pulse.unanswered.get_or_insert(counted);
            }
            // Its own heartbeat is no reason to hold the next one back.
            let _ = outlet.take_spoke();
        }
    }
}

/// The session is lost: nobody is there any more.
fn lose(session: &Session, silence: Duration) {
    debug!(session = %session.id(), ?silence, "no sign of life");
    session.ends_as(SubEventName::NetworkLost);
    // The frame is on its way; nobody is waited for who has been silent this long.
    session.outlet().close(LOST, "no sign of life");
    session.outlet().abort();
}

/// Whether one more session of the subject has room among `most`. Connections that died without a word
/// count until their silence is noticed, so the most silent gives way: who has shown no life for longer
/// than a ping interval, else the oldest that was asked for a sign of life and never gave one.
pub fn make_room(registry: &Registry, subject: &str, most: usize, ping_interval: Duration) -> bool {
    let mut sessions = registry.of_subject(subject);
    sessions.retain(|session| !session.outlet().is_dead());
    if sessions.len() < most {
        return true;
    }
    let silent = |session: &Arc<Session>| {
        let mut pulse = session.pulse.lock().unwrap_or_else(PoisonError::into_inner);
        let silence = pulse.silence(session.outlet());
        let never_answered = pulse.was_asked && !pulse.showed_life;
        // A sign of life is noticed within a lap of its coming.
        let is_overdue = silence > ping_interval + LAP;
        (is_overdue || never_answered).then_some((is_overdue, silence, std::cmp::Reverse(session.id().number)))
    };
    let most_silent = sessions.iter().filter_map(|session| Some((silent(session)?, session))).max_by_key(|(by, _)| *by);
    let Some(((_, silence, _), session)) = most_silent else { return false };
    lose(session, silence);
    true
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
