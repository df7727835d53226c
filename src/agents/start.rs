//! The return of the hub: what its absence has brought is decided before it serves.

use std::time::Duration;

use futures::StreamExt;

use super::Agents;
use crate::domain::agent::{Agent, Connection};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::time::Timestamp;
use crate::engine::LostNode;

/// How many agents are decided at once: enough to fill some commits of the engine.
const AT_ONCE: usize = 1_024;

impl Agents {
    /// The hub is back after it was last `alive`: sessions of earlier boots go into the restart
    /// grace, offers and restore deadlines move. Returns once all of that is kept. To be called before
    /// the hub listens.
    pub async fn return_of_the_hub(&self, boot: u32, alive: Option<Timestamp>) {
        let node = self.members().node();
        let now = self.clock().now();
        let down = alive.map_or(Duration::ZERO, |alive| now.since(alive));
        let is_away = |agent: &Agent| matches!(agent.connection, Connection::SignedOut) && agent.items.is_empty();
        // A state that was decided by a clock that was ahead is brought back to now.
        let is_ahead = |agent: &Agent| agent.changed_at > now;
        let there = self.all().into_iter().filter(|known| !is_away(&known.agent) || is_ahead(&known.agent));
        futures::stream::iter(there)
            .for_each_concurrent(AT_ONCE, |known| async move {
                let returned = Command::new(Ask::HubReturned { node, boot, down }, Actor::System);
                self.keep_at_it(&known.agent.record.agent, returned).await;
            })
            .await;
        self.give_back_what_ended().await;
    }

    /// This node is back, and others were there meanwhile: sessions of its earlier boots are gone since it was last
    /// heard `at`. Returns once that is kept. To be called before the hub listens.
    pub async fn return_of_the_node(&self, boot: u32, at: Timestamp) {
        let lost = LostNode { node: self.members().node(), boot: boot.saturating_sub(1), at };
        self.decide_at_once(lost).await;
    }
}
