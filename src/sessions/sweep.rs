//! The one timer of all sessions: asks for signs of life, sends heartbeats, and ends sessions that are
//! silent, stalled, asleep, or do not answer a close.
//!
//! Time is counted in the sweep's own laps. If the hub itself was stopped, or had no processor, for
//! longer than a lap, that time does not count as anyone's silence or stall: their bytes are waiting
//! to be read, and nobody wrote to them.

mod settings;
mod shown;
pub(super) mod signs;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior};
use tracing::debug;

use super::ending::EndCause;
use super::registry::{Registry, Session};
use crate::domain::ids::SessionId;
use crate::wire::close::CloseCode;

pub use settings::{CLOSE_TIMEOUT, LAP, Settings, TOO_SLOW_TIMEOUT};
pub use shown::Shown;
use signs::Counted;

/// So many are looked at before other tasks are served, as each of them may have to be told that what it sees is stale:
/// some microseconds each, where a lap has a heartbeat for few.
const AT_ONCE: usize = 64;

/// Makes heartbeats.
pub trait Heartbeats: Send + Sync {
    /// How what is shown is now. Each session is told within a lap when that changes.
    fn shown(&self) -> Shown;

    /// The heartbeat of a session that says so, with a position that holds for all it watches, if one does.
    fn heartbeat(&self, session: SessionId, shown: Shown) -> Bytes;
}

/// Sweeps for ever.
pub async fn run(registry: Registry, settings: Settings, heartbeats: Arc<dyn Heartbeats>) {
    let lap = LAP.min(settings.ping_timeout / 8).max(Duration::from_millis(1));
    let mut ticks = tokio::time::interval(lap);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut counted = Counted::default();
    let mut last = Instant::now();
    loop {
        ticks.tick().await;
        let now = Instant::now();
        counted = counted.plus((now - last).min(lap * 2));
        last = now;
        let mut behind = 0;
        loop {
            let bite = registry.bite(behind);
            let Some(last) = bite.last() else { break };
            behind = last.id().number;
            for piece in bite.chunks(AT_ONCE) {
                for session in piece {
                    look_at(session, counted, now, &settings, &*heartbeats);
                }
                tokio::task::yield_now().await;
            }
        }
    }
}

fn look_at(session: &Session, counted: Counted, now: Instant, settings: &Settings, heartbeats: &dyn Heartbeats) {
    let outlet = session.outlet();
    if let Some(since) = outlet.closing_since() {
        let patience = if outlet.was_too_slow() { settings.too_slow_timeout } else { settings.close_timeout };
        if now.saturating_duration_since(since) >= patience {
            outlet.abort();
        }
        return;
    }
    if !session.is_welcomed() {
        // The hub does not read from it yet, so its silence says nothing.
        return;
    }
    let mut signs = session.signs.lock();
    let page_answers = session.page_answers();
    signs.start(counted, session.id().number, page_answers, settings);
    signs.looked_at = counted;
    let silence = signs.silence(outlet);
    if session.take_page_answered() {
        signs.unanswered = None;
    }
    if outlet.take_spoke() && !page_answers {
        signs.beat_at = counted.plus(settings.heartbeat);
    }
    let stall = signs.stall(outlet);
    // A session of an agent that is silent for too long is lost, also if its socket is stalled: an agent who
    // is gone has to be found in time. Any other stalled session is judged by the stall alone.
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
    if let Some(since) = signs.unanswered
        && !settings.page_timeout.is_zero()
        && counted.since(since) >= settings.page_timeout
    {
        debug!(session = %session.id(), "its page is asleep");
        session.ends_as(EndCause::PageAsleep);
        // Its browser may be there: then the page finds out why once it is awake.
        outlet.close(CloseCode::Silent, "the page does not answer");
        return;
    }
    if counted >= signs.ask_at {
        signs.ask_at = counted.plus(settings.ping_interval);
        signs.was_asked = true;
        outlet.ping();
    }
    let (shown, is_due) = (heartbeats.shown(), counted >= signs.beat_at);
    if is_due {
        signs.beat_at = counted.plus(settings.heartbeat);
    }
    // What all are told at once does not move anybody's turn: their heartbeats stay spread over the interval.
    if is_due || shown != signs.told {
        outlet.send(heartbeats.heartbeat(session.id(), shown));
        signs.told = shown;
        if page_answers {
            signs.unanswered.get_or_insert(counted);
        }
        // Its own heartbeat is no reason to hold the next one back.
        let _ = outlet.take_spoke();
    }
}

/// The session is lost: nobody is there any more.
fn lose(session: &Session, silence: Duration) {
    debug!(session = %session.id(), ?silence, "no sign of life");
    session.ends_as(EndCause::NetworkLost);
    // The close frame is sent in case the peer lives after all; its answer is not waited for.
    session.outlet().close(CloseCode::Silent, "no sign of life");
    session.outlet().abort();
}

/// A session that may give way to another.
struct Silent {
    /// Whether it showed no life for longer than a ping interval.
    is_overdue: bool,
    silence: Duration,
    session: Arc<Session>,
}

impl Silent {
    /// Of two that are equally silent, the older one is more so.
    fn how_much(&self) -> impl Ord + use<> {
        (self.is_overdue, self.silence, std::cmp::Reverse(self.session.id().number))
    }
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
    let silent = |session: Arc<Session>| {
        let mut signs = session.signs.lock();
        let silence = signs.silence(session.outlet());
        let never_answered = signs.was_asked && !signs.showed_life;
        // A sign of life is noticed within a lap of its coming.
        let is_overdue = silence > ping_interval + LAP;
        drop(signs);
        (is_overdue || never_answered).then_some(Silent { is_overdue, silence, session })
    };
    let most_silent = sessions.into_iter().filter_map(silent).max_by_key(Silent::how_much);
    let Some(Silent { silence, session, .. }) = most_silent else { return false };
    lose(&session, silence);
    true
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
