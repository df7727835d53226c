//! The one timer of all sessions: signs of life, heartbeats, stalls, closes without an answer.
//!
//! Time is counted in the sweep's own laps. If the hub itself was stopped, or had no processor, for
//! longer than a lap, that time does not count as anyone's silence: their bytes are waiting to be
//! read.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior};
use tracing::debug;

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
    /// A heartbeat is sent if nothing else was for so long.
    pub heartbeat: Duration,
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
    heard: Duration,
    spoke: Duration,
    /// When the next sign of life is asked for.
    ask_at: Duration,
}

impl Pulse {
    pub(super) fn of(number: u64) -> Self {
        Self { started: false, number, heard: Duration::ZERO, spoke: Duration::ZERO, ask_at: Duration::ZERO }
    }

    fn start(&mut self, now: Duration, settings: &Settings) {
        if !self.started {
            self.started = true;
            self.heard = now;
            self.spoke = now;
            // Spread over the interval, so that sessions that came together are not asked together.
            let laps = (settings.ping_interval.as_millis() / LAP.as_millis()).max(1) as u64;
            let offset = LAP * u32::try_from(self.number % laps).unwrap_or(0);
            self.ask_at = now + offset;
        }
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
    pulse.start(counted, settings);
    if outlet.take_heard() {
        pulse.heard = counted;
    }
    if outlet.take_spoke() {
        pulse.spoke = counted;
    }
    let silence = counted - pulse.heard;
    let stalled_since = outlet.stalled_since();
    // An agent who is gone has to be found in time, even with a board that stopped reading.
    if let Some(since) = stalled_since
        && (session.who().agent.is_none() || silence < settings.ping_timeout)
    {
        // Pings stand behind what it does not take, so only the stall can tell.
        if now.saturating_duration_since(since) >= settings.stall_limit {
            debug!(session = %session.id(), ?silence, "stopped reading");
            outlet.close_too_slow();
        }
        return;
    }
    if silence >= settings.ping_timeout {
        debug!(session = %session.id(), ?silence, "no sign of life");
        session.ends_as(SubEventName::NetworkLost);
        // The frame is on its way; nobody is waited for who has been silent this long.
        outlet.close(LOST, "no sign of life");
        outlet.abort();
        return;
    }
    if counted >= pulse.ask_at {
        pulse.ask_at = counted + settings.ping_interval;
        outlet.ping();
    }
    if counted - pulse.spoke >= settings.heartbeat {
        pulse.spoke = counted;
        if let Some(frame) = heartbeats.heartbeat(session.id()) {
            outlet.send(frame);
            // Its own heartbeat is no reason to hold the next one back.
            let _ = outlet.take_spoke();
        }
    }
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
