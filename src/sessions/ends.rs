//! Ends of agents' sessions that are not kept yet.
//!
//! An end is owed, never refused: it stays here until whoever appends it settles it. There are at
//! most as many as there were sessions. Meanwhile the agent is not eligible.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::command::Ended;
use crate::domain::ids::{AgentId, SessionId};

/// The list of owed ends. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<(SessionId, AgentId, Ended)>,
    /// Ends not settled, taken ones included.
    owed: HashMap<AgentId, u32>,
}

impl Ends {
    pub(super) fn owe(&self, session: SessionId, agent: AgentId, ended: Ended) {
        let mut state = self.shared.state();
        *state.owed.entry(agent.clone()).or_default() += 1;
        state.waiting.push((session, agent, ended));
        drop(state);
        self.shared.wake.notify_one();
    }

    /// Takes all that wait, once there are any, in the order they ended. One task does this.
    pub async fn take(&self) -> Vec<OwedEnd> {
        loop {
            let taken = std::mem::take(&mut self.shared.state().waiting);
            if !taken.is_empty() {
                let owed = |(session, agent, ended)| OwedEnd {
                    session,
                    agent,
                    ended,
                    unsettled: Some(Arc::clone(&self.shared)),
                };
                return taken.into_iter().map(owed).collect();
            }
            self.shared.wake.notified().await;
        }
    }

    /// Whether an end of this agent's sessions is not kept yet.
    #[must_use]
    pub fn owes(&self, agent: &AgentId) -> bool {
        self.shared.state().owed.contains_key(agent)
    }

    /// How many ends are not kept yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.state().owed.values().map(|count| *count as usize).sum()
    }

    /// Whether every end is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.state().owed.is_empty()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a session, to be kept. Dropped without being settled, it waits to be taken again; unless
/// by a panic, which would only come again: then it stays owed, and the agent not eligible.
#[derive(Debug)]
pub struct OwedEnd {
    session: SessionId,
    agent: AgentId,
    ended: Ended,
    unsettled: Option<Arc<Shared>>,
}

impl OwedEnd {
    /// Which session.
    #[must_use]
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Whose.
    #[must_use]
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// How, and when.
    #[must_use]
    pub fn ended(&self) -> Ended {
        self.ended
    }

    /// It is kept, or there is nothing to keep.
    pub fn settle(mut self) {
        let Some(shared) = self.unsettled.take() else { return };
        let mut state = shared.state();
        if let Some(count) = state.owed.get_mut(&self.agent) {
            *count -= 1;
            if *count == 0 {
                state.owed.remove(&self.agent);
            }
        }
    }
}

impl Drop for OwedEnd {
    fn drop(&mut self) {
        if let Some(shared) = self.unsettled.take()
            && !std::thread::panicking()
        {
            shared.state().waiting.push((self.session, self.agent.clone(), self.ended));
            shared.wake.notify_one();
        }
    }
}
