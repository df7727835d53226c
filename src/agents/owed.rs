//! What must be kept and cannot be refused: ends of sessions and passed deadlines.
//!
//! While the engine does not keep anything they stay owed and are tried again. Meanwhile the agent
//! is not eligible, and heartbeats say that what is shown is stale.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tracing::{error, warn};

use super::Agents;
use super::turn::{Applied, Refusal};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command, Ended};
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::rejection::Rejection;

/// How soon something owed is tried again. The engine itself is probed once a second.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(250);

/// The agents to whom something is owed.
#[derive(Default)]
pub struct Owed {
    /// For each agent the sessions whose end is on its way, and none for each command that the engine
    /// could not keep.
    by_agent: Mutex<HashMap<AgentId, Vec<Option<SessionId>>>>,
}

impl Owed {
    /// Whether anything could not be kept and is tried again: then what is shown is stale. An end that
    /// is just being kept is none of that.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let owed = self.by_agent.lock().unwrap_or_else(PoisonError::into_inner);
        owed.values().flatten().any(Option::is_none)
    }

    /// The sessions of this agent whose end is owed.
    #[must_use]
    pub fn ended_sessions(&self, agent: &AgentId) -> Vec<SessionId> {
        let owed = self.by_agent.lock().unwrap_or_else(PoisonError::into_inner);
        owed.get(agent).into_iter().flatten().copied().flatten().collect()
    }

    fn note(&self, agent: &AgentId, session: Option<SessionId>) {
        let mut owed = self.by_agent.lock().unwrap_or_else(PoisonError::into_inner);
        owed.entry(agent.clone()).or_default().push(session);
    }

    fn paid(&self, agent: &AgentId, session: Option<SessionId>) {
        let mut owed = self.by_agent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sessions) = owed.get_mut(agent) {
            if let Some(place) = sessions.iter().position(|one| *one == session) {
                sessions.swap_remove(place);
            }
            if sessions.is_empty() {
                owed.remove(agent);
            }
        }
    }
}

impl Agents {
    /// Keeps the end of a session, however long that takes. Until then the agent is not eligible.
    pub async fn end_session(&self, agent: &AgentId, session: SessionId, ended: Ended) {
        self.owe_end(agent, session);
        self.keep_at_it(agent, Command::new(Ask::EndSession(session, ended), Actor::System)).await;
        self.end_is_kept(agent, session);
    }

    pub(super) fn owe_end(&self, agent: &AgentId, session: SessionId) {
        self.shared.owed.note(agent, Some(session));
        self.eligibility_changed(agent);
    }

    pub(super) fn end_is_kept(&self, agent: &AgentId, session: SessionId) {
        self.shared.owed.paid(agent, Some(session));
        self.eligibility_changed(agent);
    }

    /// What is owed decides with the agent's state who is eligible.
    fn eligibility_changed(&self, agent: &AgentId) {
        if let Some(known) = self.find(agent) {
            self.shared.eligible.changed(Some(&known.agent), &known.agent);
        }
    }

    /// Decides `command` until it is kept or the rules have nothing to say to it any more.
    pub(super) async fn keep_at_it(&self, agent: &AgentId, command: Command) -> Option<Applied> {
        let mut owes = false;
        let applied = loop {
            match self.decide(agent, command.clone()).await {
                Ok(applied) => break Some(applied),
                // The agent is gone, which makes it moot.
                Err(Refusal::Rejected(Rejection::UnknownAgent)) => break None,
                Err(refusal @ (Refusal::Rejected(_) | Refusal::TooLarge)) => {
                    error!(%agent, %refusal, "a change that was owed was refused");
                    break None;
                }
                Err(Refusal::Unavailable | Refusal::OutcomeUnknown) => {
                    if !owes {
                        warn!(%agent, "a change could not be kept and is owed");
                        self.shared.owed.note(agent, None);
                        owes = true;
                    }
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        };
        if owes {
            self.shared.owed.paid(agent, None);
        }
        applied
    }
}
