//! What other nodes of a cluster keep beside the log counts on this one too.

use std::sync::Arc;

use tokio::sync::mpsc;
use tracing::error;

use super::Door;
use crate::domain::ids::AgentId;
use crate::engine::{Beside, Erase, Ledger};

/// Lets it count, one after the other in the order in which it was kept, for ever.
pub async fn keep_up(door: Arc<Door>, mut kept: mpsc::Receiver<Beside>) {
    while let Some(beside) = kept.recv().await {
        counts_here(&door, beside).await;
    }
    std::future::pending().await
}

async fn counts_here(door: &Arc<Door>, beside: Beside) {
    match beside {
        // It is in the database, where whoever asks for it finds it.
        Beside::Note(_) => {}
        Beside::Ledger(Ledger::Revocations, changes, _) => door.revocations.follow(&changes),
        Beside::Ledger(Ledger::ApiTokens, changes, _) => door.api_tokens.follow(&changes),
        Beside::Ledger(Ledger::Sessions, changes, _) => door.page_sessions.follow(&changes),
        Beside::Ledger(Ledger::People, changes, _) => door.people.follow(&changes),
        Beside::Webhooks(changes, _) => {
            door.webhooks.hear(changes);
            door.webhooks.follow().await;
        }
        Beside::Told(_) => door.plans.reread().await,
        Beside::Erase(erase) => {
            // It waits for its turn at the agent, and nothing else waits for it.
            let door = door.clone();
            tokio::spawn(async move { erased_elsewhere(&door, erase).await });
        }
    }
}

/// A person is nowhere in memory any more.
async fn erased_elsewhere(door: &Door, Erase { id, pseudonym, deleted, .. }: Erase) {
    let (Ok(agent), Some(pseudonym)) = (AgentId::new(&id), pseudonym) else {
        return error!("an erasure by another node makes no sense");
    };
    let newest = door.agents.erased_elsewhere(&agent, deleted).await;
    forget(door, &agent, &pseudonym, newest).await;
}

/// What is in memory of somebody who was erased goes.
pub async fn forget(door: &Door, agent: &AgentId, pseudonym: &str, newest: Option<crate::engine::Seq>) {
    door.revocations.erase(agent.as_str(), pseudonym);
    door.api_tokens.erase(agent.as_str(), pseudonym).await;
    door.page_sessions.erase(agent.as_str()).await;
    door.people.erase(agent.as_str()).await;
    door.changes.reread();
    if let Some(seq) = newest {
        door.feed.forget(agent, seq);
    }
}
