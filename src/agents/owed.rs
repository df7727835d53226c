//! The ledger of what must be kept and cannot be refused: ends of sessions, passed deadlines, and
//! whatever else the hub itself brings about.
//!
//! The end of a session is owed from the moment the session is over until the end is kept. Meanwhile an
//! agent without another live session is not eligible. A change that the engine could not keep at the
//! first try is late: it is tried again until it is kept, and heartbeats say that what boards show is
//! stale.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::Notify;
use tracing::{error, warn};

use super::turn::{Applied, Refusal};
use super::{Agents, BITE};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command, Ended};
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::rejection::Rejection;

/// How soon something late is tried again. The engine itself is probed once a second.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(250);

/// What is owed.
#[derive(Debug, Default)]
pub struct Owed {
    ends: Mutex<Ends>,
    /// Wakes the keeper of ends.
    end_owed: Notify,
    /// How many changes are late.
    late: Gauge,
}

#[derive(Debug, Default)]
struct Ends {
    /// Those that nobody has begun to keep, in the order in which the sessions ended.
    waiting: Vec<OwedEnd>,
    /// All sessions whose end is not kept, by agent; those that wait included. An end whose keeping
    /// panicked stays here: trying it again would only panic again, and the agent must not get work.
    ended: HashMap<AgentId, Vec<SessionId>>,
}

/// The end of a session that is not kept yet.
#[derive(Debug)]
struct OwedEnd {
    agent: AgentId,
    session: SessionId,
    ended: Ended,
}

impl Owed {
    /// Nothing is. `late` is how many changes are.
    #[must_use]
    pub fn counted_by(late: Gauge) -> Self {
        Self { late, ..Self::default() }
    }

    /// Whether a change is late: then what is shown is stale. An end that is just being kept is not.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.late.get() > 0
    }

    /// The sessions of this agent whose end is not kept yet.
    #[must_use]
    pub fn ended_sessions(&self, agent: &AgentId) -> Vec<SessionId> {
        self.ends().ended.get(agent).cloned().unwrap_or_default()
    }

    fn owe(&self, end: OwedEnd) {
        let mut ends = self.ends();
        ends.ended.entry(end.agent.clone()).or_default().push(end.session);
        ends.waiting.push(end);
        drop(ends);
        self.end_owed.notify_one();
    }

    /// Takes all ends that wait, once there are any.
    async fn take(&self) -> Vec<OwedEnd> {
        loop {
            let taken = std::mem::take(&mut self.ends().waiting);
            if !taken.is_empty() {
                return taken;
            }
            self.end_owed.notified().await;
        }
    }

    fn settle(&self, agent: &AgentId, session: SessionId) {
        let mut ends = self.ends();
        if let Some(sessions) = ends.ended.get_mut(agent) {
            sessions.retain(|one| *one != session);
            if sessions.is_empty() {
                ends.ended.remove(agent);
            }
        }
    }

    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock()
    }
}

impl Agents {
    /// A session of the agent is over: its end is owed from now on, until [`Agents::keep_ends`] has kept
    /// it. Never waits for the engine.
    pub fn owe_end(&self, agent: AgentId, session: SessionId, ended: Ended) {
        self.shared.owed.owe(OwedEnd { agent: agent.clone(), session, ended });
        self.eligibility_changed(&agent);
    }

    /// Keeps the ends of sessions, for ever. Each in a task of its own, so that those that came together
    /// share a commit. Once the hub `is_closing` they are left: the hub goes, not the agents, and the
    /// restart grace of the next start holds them.
    pub async fn keep_ends(self, is_closing: impl Fn() -> bool + Send) {
        loop {
            let ends = self.shared.owed.take().await;
            if is_closing() {
                return std::future::pending().await;
            }
            for (begun, end) in (1..).zip(ends) {
                tokio::spawn(self.clone().keep_end(end));
                if begun % BITE == 0 {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    async fn keep_end(self, OwedEnd { agent, session, ended }: OwedEnd) {
        self.keep_at_it(&agent, Command::new(Ask::EndSession(session, ended), Actor::System)).await;
        self.end_is_kept(&agent, session);
    }

    pub(super) fn end_is_kept(&self, agent: &AgentId, session: SessionId) {
        self.shared.owed.settle(agent, session);
        self.eligibility_changed(agent);
    }

    /// What is owed decides with the agent's state who is eligible.
    fn eligibility_changed(&self, agent: &AgentId) {
        if let Some(known) = self.find(agent) {
            self.shared.eligible.changed(Some(&known.agent), &known.agent);
        }
    }

    /// Decides `command` until it is kept, or the rules have nothing to say to it any more.
    pub(super) async fn keep_at_it(&self, agent: &AgentId, command: Command) -> Option<Applied> {
        let late = &self.shared.owed.late;
        let mut is_late = false;
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
                    if !is_late {
                        warn!(%agent, "a change could not be kept; it is tried again until it is");
                        late.inc();
                        is_late = true;
                    }
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        };
        if is_late {
            late.dec();
        }
        applied
    }
}

#[cfg(test)]
#[path = "owed_tests.rs"]
mod tests;
