//! One agent in memory: the newest kept state, and the lock that gives turns.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::clock::Seen;
use crate::domain::agent::Agent;
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::{Judged, Lane, LoadedAgent, Seq};

/// An agent's newest kept state and where it stands in the log.
#[derive(Clone, Debug)]
pub struct Known {
    /// The position of the agent's newest entry; 0 before its first.
    pub seq: Seq,
    /// The position of the directory that it was decided under, or looked at again.
    pub directory_seq: Seq,
    /// The state.
    pub agent: Arc<Agent>,
}

impl Known {
    /// The record, if there is such an agent: one that was kept and not deleted.
    #[must_use]
    pub fn record(&self) -> Option<&AgentRecord> {
        Some(&*self.agent.record).filter(|_| self.seq > 0 && self.agent.deleted.is_none())
    }
}

/// One agent in memory.
pub(super) struct AgentCell {
    /// First in, first out: tokio's mutex is fair.
    pub turn: tokio::sync::Mutex<Handover>,
    newest: Mutex<Known>,
}

/// What a turn leaves for the next one.
#[derive(Default)]
pub(super) struct Handover {
    /// Which standstills of the hub the newest state has waited for.
    pub seen: Seen,
    /// An append that is under way, or came to an end that nobody knows: the newest state may be older
    /// than what the engine has kept.
    pub unsettled: Option<Unsettled>,
}

/// An append of which nobody knows yet whether it was kept.
#[derive(Clone, Copy)]
pub(super) struct Unsettled {
    /// The lane in which it waited.
    pub lane: Lane,
    /// The position of the state that it was decided on.
    pub after: Seq,
    /// The standstills that the state has waited for if it was kept.
    pub seen: Seen,
}

impl AgentCell {
    pub fn loaded(loaded: LoadedAgent, judged: Judged) -> Self {
        let LoadedAgent { seq, directory_seq, agent } = loaded;
        let directory_seq = if seq <= judged.log { directory_seq.max(judged.directory) } else { directory_seq };
        Self::holding(Known { seq, directory_seq, agent })
    }

    pub fn unborn(agent: &AgentId, now: Timestamp) -> Self {
        let record = AgentRecord::new(agent.clone(), agent.as_str());
        Self::holding(Known { seq: 0, directory_seq: 0, agent: Arc::new(Agent::unborn(record, now)) })
    }

    fn holding(known: Known) -> Self {
        Self { turn: tokio::sync::Mutex::default(), newest: Mutex::new(known) }
    }

    /// The newest state, the unborn one included.
    pub fn newest(&self) -> Known {
        self.newest.lock().clone()
    }

    /// The newest kept state.
    pub fn known(&self) -> Option<Known> {
        Some(self.newest()).filter(|known| known.seq > 0)
    }

    /// The state at `seq` was looked at under the directory at `directory_seq`, and is in order.
    pub fn is_judged(&self, seq: Seq, directory_seq: Seq) {
        let mut newest = self.newest.lock();
        if newest.seq == seq {
            newest.directory_seq = newest.directory_seq.max(directory_seq);
        }
    }

    /// The agent was erased: there never was one.
    pub fn erased(&self, agent: &AgentId, now: Timestamp) -> Known {
        let unborn = Self::unborn(agent, now).newest();
        std::mem::replace(&mut *self.newest.lock(), unborn)
    }

    /// Evolving: the state after a kept change takes the place of the one before, which is returned.
    pub fn replace(&self, known: Known) -> Known {
        let mut newest = self.newest.lock();
        debug_assert!(newest.seq < known.seq, "positions rise");
        std::mem::replace(&mut *newest, known)
    }
}
