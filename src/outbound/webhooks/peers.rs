//! Webhooks of a cluster: each node knows all of them, and one delivers.

use std::sync::Arc;

use tracing::error;

use super::Webhooks;
use super::progress::Progress;
use super::record::Record;
use crate::engine::{KeptWebhook, WebhookChange};

impl Webhooks {
    /// Another node has changed webhooks, or has come further with them.
    pub async fn follow(&self, changes: Vec<WebhookChange>) {
        let _turn = self.shared.turn.lock().await;
        for change in changes {
            match change {
                WebhookChange::Put(KeptWebhook { id, record, position }) => {
                    match serde_json::from_str::<Record>(&record) {
                        Ok(record) => self.set(id, record, Progress::from(position, Arc::default())).await,
                        Err(error) => error!(id, %error, "a webhook cannot be read, and is not told of anything"),
                    }
                }
                WebhookChange::Moved { id, position } => {
                    if let Some(endpoint) = self.state().endpoints.get(&id).filter(|endpoint| endpoint.task.is_none()) {
                        endpoint.progress.reaches(position);
                        endpoint.progress.is_kept(position);
                    }
                }
                WebhookChange::Removed { id } => {
                    let mut state = self.state();
                    state.endpoints.remove(&id);
                    state.count(&self.shared);
                }
            }
        }
    }

    /// Of the nodes of a cluster one delivers; when that is another one, it goes on from where the last one was kept.
    pub(super) async fn look_whose_turn_it_is(&self) {
        let is_ours = self.is_ours();
        if std::mem::replace(&mut self.state().is_ours, is_ours) == is_ours {
            return;
        }
        let _turn = self.shared.turn.lock().await;
        let all: Vec<_> = self
            .state()
            .endpoints
            .iter()
            .map(|(id, endpoint)| (id.clone(), endpoint.record.clone(), endpoint.progress.clone()))
            .collect();
        for (id, record, progress) in all {
            let progress = Progress::from(progress.position(), progress.deliveries().clone());
            self.set(id, record, progress).await;
        }
    }

    pub(super) fn is_ours(&self) -> bool {
        let members = self.shared.engine.members();
        members.is_first() && members.is_current()
    }
}
