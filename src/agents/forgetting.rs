//! Deleted agents leave memory once boards are told of them no more. Their newest entry stays in the
//! log: should one be created again, its version goes on from there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

use super::cell::{AgentCell, Known};
use super::{Agents, Refusal};
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::{DELETIONS_TOLD, Seq};

/// How often deleted agents are looked at. They stay for a week; an hour more is nothing.
const LOOK_EVERY: Duration = Duration::from_secs(3_600);
/// Agents that are removed before other tasks are served: each is looked for in all filters of the feed.
const AT_ONCE: usize = 16;

/// The deleted agents in memory, by when they were deleted.
#[derive(Debug, Default)]
pub(super) struct Deleted {
    since: Mutex<BTreeSet<(Timestamp, AgentId)>>,
}

impl Deleted {
    /// An agent's state took the place of the one before.
    pub fn changed(&self, before: Option<&Known>, after: &Known) {
        let deleted = |known: &Known| Some((known.agent.deleted?, known.agent.record.agent.clone()));
        let (before, after) = (before.and_then(deleted), deleted(after));
        if before.is_none() && after.is_none() {
            return;
        }
        let mut since = self.since();
        if let Some(before) = before {
            since.remove(&before);
        }
        since.extend(after);
    }

    /// Takes out some of those who were deleted before `then`.
    fn take_before(&self, then: Timestamp) -> Vec<(Timestamp, AgentId)> {
        let mut since = self.since();
        let mut taken = Vec::new();
        while taken.len() < AT_ONCE && since.first().is_some_and(|(at, _)| *at < then) {
            taken.extend(since.pop_first());
        }
        taken
    }

    fn since(&self) -> MutexGuard<'_, BTreeSet<(Timestamp, AgentId)>> {
        self.since.lock()
    }
}

impl Agents {
    /// Removes deleted agents from memory when their time has come, for ever; `gone` is told of each, with the
    /// position of its newest entry.
    pub async fn keep_forgetting(self, gone: impl Fn(&AgentId, Seq) + Send) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let mut kept = Vec::new();
            loop {
                let taken = self.shared.deleted.take_before(self.clock().now().minus(DELETIONS_TOLD));
                if taken.is_empty() {
                    break;
                }
                for (at, agent) in taken {
                    match self.forget(&agent) {
                        Ok(Some(seq)) => gone(&agent, seq),
                        Ok(None) => {}
                        Err(InUse) => kept.push((at, agent)),
                    }
                }
                tokio::task::yield_now().await;
            }
            self.shared.deleted.since().extend(kept);
        }
    }

    /// Removes a deleted agent from memory. Returns the position of its newest entry, none if it is no longer
    /// deleted.
    fn forget(&self, agent: &AgentId) -> Result<Option<Seq>, InUse> {
        let mut cells = self.shared.cells.write();
        let Some(cell) = cells.get(agent) else { return Ok(None) };
        let Some(known) = cell.known().filter(|known| known.agent.deleted.is_some()) else { return Ok(None) };
        // Whoever takes a turn holds the cell, and finds its change in it.
        if Arc::strong_count(cell) > 1 {
            return Err(InUse);
        }
        cells.remove(agent);
        Ok(Some(known.seq))
    }

    /// Reads an agent's newest state from the log, for one that had left memory.
    pub(super) async fn remember(&self, cell: &AgentCell, agent: &AgentId) -> Result<(), Refusal> {
        match self.shared.engine.find(agent.clone()).await {
            Ok(Ok(Some(loaded))) => {
                let known = Known { seq: loaded.seq, directory_seq: loaded.directory_seq, agent: loaded.agent };
                if cell.newest().seq < known.seq {
                    self.shared.deleted.changed(None, &known);
                    cell.replace(known);
                }
                Ok(())
            }
            Ok(Ok(None) | Err(_)) | Err(_) => Err(Refusal::Unavailable),
        }
    }
}

/// Somebody takes a turn of the agent.
struct InUse;
