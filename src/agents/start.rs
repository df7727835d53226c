//! What happens between opening the engine and serving.

use std::time::Duration;

use super::Agents;
use crate::domain::agent::Connection;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::time::Timestamp;

impl Agents {
    /// The hub is back after it was last `alive`: sessions of earlier boots go into the restart
    /// grace, offers and restore deadlines move; and agents decided under an older directory are
    /// decided again. Returns once all of that is kept. To be called before the hub listens.
    pub async fn return_of_the_hub(&self, node: u16, boot: u32, alive: Option<Timestamp>) {
        let down = alive.map_or(Duration::ZERO, |alive| self.clock().now().since(alive));
        let directory_seq = self.directory().seq;
        let turns = self.all().into_iter().map(|known| async move {
            let agent = &known.agent.record.agent;
            let away = matches!(known.agent.connection, Connection::SignedOut) && known.agent.items.is_empty();
            if !away {
                let returned = Command::new(Ask::HubReturned { node, boot, down }, Actor::System);
                self.keep_at_it(agent, returned).await;
            }
            if known.directory_seq < directory_seq {
                self.keep_at_it(agent, Command::new(Ask::FollowDirectory, Actor::System)).await;
            }
        });
        futures::future::join_all(turns).await;
        if let Some(alive) = alive {
            self.make_up_for_missed_end_of_day(alive).await;
        }
    }
}
