//! Agents follow the directory: who has, holds or works for a record that changed is decided again.
//!
//! An entry says under which directory it was decided, and the directory says where each of its
//! records stands in the log. Whom a change concerns is found wherever the two meet: by each turn,
//! before its command is decided; by the applier, when an entry arrives that was decided before a
//! change that is applied already; and by a walk over all agents after each change.

use std::collections::BTreeSet;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{Agents, Known};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::engine::{Judged, Seq};

/// Agents that still have to follow a change of the directory.
#[derive(Default)]
pub(super) struct Following {
    /// Agents whose entry arrived after a change that concerns it.
    late: Mutex<BTreeSet<AgentId>>,
    /// Wakes the keeper: the directory changed, or an agent is late.
    wake: Notify,
}

impl Following {
    /// The directory changed.
    pub fn directory_changed(&self) {
        self.wake.notify_one();
    }

    /// An entry of this agent was decided before a change that concerns it.
    pub fn arrived_late(&self, agent: &AgentId) {
        self.late.lock().insert(agent.clone());
        self.wake.notify_one();
    }

    fn take_late(&self) -> BTreeSet<AgentId> {
        std::mem::take(&mut *self.late.lock())
    }
}

impl Agents {
    /// Lets agents follow the directory, for ever. Begins with whatever the lives before left undone.
    pub async fn keep_following(self) {
        let following = &self.shared.following;
        let mut walked: Option<Seq> = None;
        let mut marked = None;
        loop {
            let wake = following.wake.notified();
            let directory = self.directory().seq;
            if walked != Some(directory) {
                self.walk_after_a_change().await;
                walked = Some(directory);
                continue;
            }
            let late = self.late();
            if !late.is_empty() {
                self.follow(&late).await;
                continue;
            }
            // Nobody is left who must follow: whatever is applied was judged under this directory.
            if marked.replace(directory) != Some(directory) {
                self.shared.engine.mark_judged(Judged { log: self.applied(), directory });
            }
            wake.await;
        }
    }

    async fn walk_after_a_change(&self) {
        for turn in self.turns() {
            turn.begins().await;
            let mut bite = self.bite(None);
            loop {
                let view = self.directory();
                bite.agents.retain(|known| view.concerns(known) && self.is_turn_of(turn, known));
                bite.agents.extend(self.late());
                self.follow(&bite.agents).await;
                let Some(last) = bite.last else { break };
                tokio::task::yield_now().await;
                bite = self.bite(Some(last.as_str()));
            }
        }
    }

    fn late(&self) -> Vec<Known> {
        self.shared.following.take_late().iter().filter_map(|agent| self.find(agent)).collect()
    }

    async fn follow(&self, agents: &[Known]) {
        self.keep_at_each(agents, &Command::new(Ask::FollowDirectory, Actor::System)).await;
    }
}
