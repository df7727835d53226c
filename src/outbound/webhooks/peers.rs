//! Webhooks of a cluster: each node knows all of them, and one delivers.

use std::collections::BTreeMap;

use tokio::sync::watch;
use tokio::time::Instant;
use tracing::error;

use super::record::Record;
use super::setting::GoesOn;
use super::{KEPT_EVERY, Webhooks};
use crate::engine::{KeptWebhook, Members, Seq, WebhookChange};

/// Whether this node is the one that delivers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Delivers {
    #[default]
    No,
    /// It will: its turn has come, and the one before may still be about to hear of it and to say how far it came.
    SoonSince(Instant),
    Yes,
}

impl Delivers {
    /// One machine delivers at once.
    pub fn at_first(members: &Members) -> Self {
        if members.are_several() { Self::No } else { Self::Yes }
    }

    pub fn is_now(self) -> bool {
        matches!(self, Self::Yes)
    }

    /// When it is to be looked again, if it will soon deliver.
    pub fn due(self) -> Option<Instant> {
        match self {
            Self::SoonSince(since) => Some(since + KEPT_EVERY),
            Self::No | Self::Yes => None,
        }
    }

    /// The same once it was looked whether it is this node's turn.
    fn looked(self, is_ours: bool) -> Self {
        match self {
            _ if !is_ours => Self::No,
            Self::No => Self::SoonSince(Instant::now()),
            Self::SoonSince(since) if since.elapsed() >= KEPT_EVERY => Self::Yes,
            Self::SoonSince(_) | Self::Yes => self,
        }
    }
}

/// Returns when another node has become silent, or is heard again; never on one machine.
pub(super) async fn differ(nodes: &mut Option<watch::Receiver<u64>>) {
    let differs = match nodes {
        Some(nodes) => nodes.changed().await.is_ok(),
        None => false,
    };
    if !differs {
        std::future::pending().await
    }
}

impl Webhooks {
    /// Another node has changed webhooks, or has come further with them; [`follow`](Self::follow) takes that in. Called in
    /// the order of the log.
    pub fn hear(&self, changes: Vec<WebhookChange>) {
        self.state().heard.push_back(changes);
    }

    /// Takes in what was heard of other nodes.
    pub async fn follow(&self) {
        let _turn = self.shared.turn.lock().await;
        loop {
            let Some(changes) = self.state().heard.pop_front() else { return };
            self.follow_some(changes).await;
        }
    }

    async fn follow_some(&self, changes: Vec<WebhookChange>) {
        let mut moved: BTreeMap<String, Seq> = BTreeMap::new();
        for change in &changes {
            if let WebhookChange::Moved { id, position } = change {
                moved.insert(id.clone(), *position);
            }
        }
        for change in changes {
            match change {
                WebhookChange::Put(KeptWebhook { id, record, position }) => {
                    // Both together are a new beginning.
                    let goes_on = moved.remove(&id).map_or(GoesOn::WhereItIs(position), GoesOn::From);
                    match serde_json::from_str::<Record>(&record) {
                        Ok(record) => self.set(id, record, goes_on).await,
                        Err(error) => error!(id, %error, "a webhook cannot be read, and is not told of anything"),
                    }
                }
                WebhookChange::Moved { id, .. } => {
                    let state = self.state();
                    let (position, endpoint) = (moved.remove(&id), state.endpoints.get(&id));
                    let (Some(position), Some(endpoint)) = (position, endpoint) else { continue };
                    // Whoever delivers knows better, and says so.
                    if !state.delivers.is_now() {
                        endpoint.progress.reaches(position);
                    }
                    endpoint.progress.is_kept(position);
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
        let (before, now) = {
            let (is_ours, mut state) = (self.is_ours(), self.state());
            let before = state.delivers;
            state.delivers = before.looked(is_ours);
            (before.is_now(), state.delivers.is_now())
        };
        if before == now {
            return;
        }
        let _turn = self.shared.turn.lock().await;
        let all: Vec<_> = self
            .state()
            .endpoints
            .iter()
            .map(|(id, endpoint)| (id.clone(), endpoint.record.clone(), endpoint.progress.position()))
            .collect();
        for (id, record, position) in all {
            self.set(id, record, GoesOn::WhereItIs(position)).await;
        }
    }

    fn is_ours(&self) -> bool {
        let members = self.shared.engine.members();
        members.is_first() && members.is_current()
    }
}
