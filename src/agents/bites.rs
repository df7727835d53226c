//! What concerns all agents is done in bites: others are served between one and the next.

use std::ops::Bound;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::Agents;
use super::slot::Known;
use crate::domain::agent::Agent;
use crate::domain::command::Command;
use crate::domain::ids::AgentId;

/// Agents that are looked at before others are served: a tenth of a millisecond where a look is cheap.
pub const BITE: usize = 512;
/// Turns of a change that concerns many that are under way at once: about what one commit takes.
const TURNS_AT_ONCE: usize = 128;

/// Some agents, in the order of their ids.
#[derive(Debug)]
pub struct Bite {
    /// Those of them that were not deleted.
    pub agents: Vec<Known>,
    /// Behind whom to go on; none at the end.
    pub last: Option<AgentId>,
}

impl Agents {
    /// The agents behind `after`, as many as are looked at in one bite.
    #[must_use]
    pub fn bite(&self, after: Option<&str>) -> Bite {
        let slots = self.shared.slots.read();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut agents = Vec::with_capacity(BITE);
        let mut last = None;
        for (looked_at, (id, slot)) in (1..).zip(slots.range::<str, _>((start, Bound::Unbounded))) {
            agents.extend(slot.known().filter(|known| known.agent.deleted.is_none()));
            if looked_at == BITE {
                last = Some(id.clone());
                break;
            }
        }
        Bite { agents, last }
    }

    /// All agents that are wanted, by id. Each is seen as it is when its bite is taken.
    pub async fn those(&self, wanted: impl Fn(&Agent) -> bool) -> Vec<Known> {
        let mut found = Vec::new();
        let mut bite = self.bite(None);
        loop {
            found.extend(bite.agents.into_iter().filter(|known| wanted(&known.agent)));
            let Some(last) = bite.last else { return found };
            tokio::task::yield_now().await;
            bite = self.bite(Some(last.as_str()));
        }
    }

    /// The first agent that is wanted, by id.
    pub async fn first(&self, wanted: impl Fn(&Agent) -> bool) -> Option<Known> {
        let mut bite = self.bite(None);
        loop {
            if let Some(found) = bite.agents.into_iter().find(|known| wanted(&known.agent)) {
                return Some(found);
            }
            let last = bite.last?;
            tokio::task::yield_now().await;
            bite = self.bite(Some(last.as_str()));
        }
    }

    /// Decides `command` for each of these agents, some at a time, until it is kept or moot.
    pub(super) async fn keep_at_each(&self, agents: &[Known], command: &Command) {
        let mut turns = FuturesUnordered::new();
        for known in agents {
            if turns.len() == TURNS_AT_ONCE {
                turns.next().await;
            }
            turns.push(self.keep_at_it(&known.agent.record.agent, command.clone()));
        }
        while turns.next().await.is_some() {}
    }
}

#[cfg(test)]
#[path = "bites_tests.rs"]
mod tests;
