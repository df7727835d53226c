//! What concerns all agents is done in bites: some hundred agents at a time, and between one bite and
//! the next other tasks are served.

use std::ops::Bound;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::Agents;
use super::cell::Known;
use crate::domain::agent::Agent;
use crate::domain::command::Command;
use crate::domain::ids::AgentId;

/// The agents of one bite: a tenth of a millisecond where a look is cheap.
pub const BITE: usize = 512;
/// How many turns are under way at once when a change concerns many agents: about what one commit takes.
const TURNS_AT_ONCE: usize = 128;

/// Some agents, in the order of their ids.
#[derive(Debug)]
pub struct Bite {
    /// Those of them that were not deleted.
    pub agents: Vec<Known>,
    /// The next bite begins behind this agent; none at the end.
    pub last: Option<AgentId>,
}

impl Agents {
    /// The agents behind `after`, as many as are looked at in one bite.
    #[must_use]
    pub fn bite(&self, after: Option<&str>) -> Bite {
        let cells = self.shared.cells.read();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut agents = Vec::with_capacity(BITE);
        let mut last = None;
        for (looked_at, (id, cell)) in (1..).zip(cells.range::<str, _>((start, Bound::Unbounded))) {
            agents.extend(cell.known().filter(|known| known.agent.deleted.is_none()));
            if looked_at == BITE {
                last = Some(id.clone());
                break;
            }
        }
        Bite { agents, last }
    }

    /// All agents that match, in the order of their ids. Each is looked at as it is when its bite is taken.
    pub async fn matching(&self, matches: impl Fn(&Agent) -> bool) -> Vec<Known> {
        let mut found = Vec::new();
        let mut bite = self.bite(None);
        loop {
            found.extend(bite.agents.into_iter().filter(|known| matches(&known.agent)));
            let Some(last) = bite.last else { return found };
            tokio::task::yield_now().await;
            bite = self.bite(Some(last.as_str()));
        }
    }

    /// The first agent that matches, in the order of their ids.
    pub async fn first_matching(&self, matches: impl Fn(&Agent) -> bool) -> Option<Known> {
        let mut bite = self.bite(None);
        loop {
            if let Some(found) = bite.agents.into_iter().find(|known| matches(&known.agent)) {
                return Some(found);
            }
            let last = bite.last?;
            tokio::task::yield_now().await;
            bite = self.bite(Some(last.as_str()));
        }
    }

    /// Decides `command` for each of these agents, some at a time, each until it is kept or has no effect any more.
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
