//! Erasing: a deleted agent leaves memory for good, and whoever comes under its id is somebody else.

use std::sync::Arc;

use super::Agents;
use super::cell::{AgentCell, Known};
use super::turn::Refusal;
use crate::domain::ids::AgentId;
use crate::engine::{Erase, Erasure, NotErased, Seq};

impl Agents {
    /// Erases a person, in the turn of the agent if it was one. Returns the audit of it, and the position of the newest
    /// entry of the agent if that was in memory.
    ///
    /// # Errors
    /// [`NotErased`]; unless it is unreachable, nothing has changed.
    pub async fn erase(&self, erase: Erase) -> Result<(Erasure, Option<Seq>), NotErased> {
        let unreachable = |refusal: Refusal| NotErased::Unreachable(refusal.to_string());
        let Ok(agent) = AgentId::new(&erase.id) else { return self.ask(erase).await.map(|audit| (audit, None)) };
        let cell = self.cell_or_unborn(&agent);
        let erased = self.in_turn(&cell, &agent, erase, unreachable).await;
        self.forget_unborn(&agent, cell);
        erased
    }

    /// Another node has erased somebody who was deleted there, unless they are still there. Returns as [`Agents::erase`].
    pub async fn erased_elsewhere(&self, agent: &AgentId, deleted: Option<Seq>) -> Option<Seq> {
        let cell = self.cell(agent)?;
        let _turn = cell.turn.lock().await;
        // Whoever is there was not erased, or has come after that under the same id. This node may have missed that the
        // agent was deleted.
        let is_gone = |known: &Known| known.agent.deleted.is_some() || deleted.is_some_and(|seq| known.seq < seq);
        cell.known().filter(is_gone)?;
        self.was_erased(&cell, agent)
    }

    async fn in_turn(
        &self,
        cell: &Arc<AgentCell>,
        agent: &AgentId,
        erase: Erase,
        unreachable: impl Fn(Refusal) -> NotErased,
    ) -> Result<(Erasure, Option<Seq>), NotErased> {
        let mut turn = cell.turn.lock().await;
        if let Some(unsettled) = turn.unsettled {
            self.settle(cell, unsettled.lane).await.map_err(unreachable)?;
            turn.unsettled = None;
        }
        let deleted = cell.known().filter(|known| known.agent.deleted.is_some()).map(|known| known.seq);
        let audit = self.ask(Erase { deleted, ..erase }).await?;
        Ok((audit, self.was_erased(cell, agent)))
    }

    async fn ask(&self, erase: Erase) -> Result<Erasure, NotErased> {
        let ended = |_| NotErased::Unreachable("it has ended".to_owned());
        self.shared.engine.erase(erase).await.map_err(ended)?
    }

    /// Returns the position of the agent's newest entry, if it had one.
    pub(super) fn was_erased(&self, cell: &AgentCell, agent: &AgentId) -> Option<Seq> {
        let before = cell.erased(agent, self.clock().now());
        let Known { seq, .. } = before;
        self.shared.deleted.changed(Some(&before), &cell.newest());
        Some(seq).filter(|seq| *seq > 0)
    }
}
