//! Lets a webhook be as it is kept, and deliver if this node is the one that does.

use std::sync::Arc;

use futures::future::BoxFuture;
use tracing::{error, warn};

use super::Webhooks;
use super::delivering::Delivering;
use super::endpoint::Endpoint;
use super::progress::Progress;
use super::record::{Off, Record};
use super::workshop::Workshop;
use crate::engine::{KeptWebhook, Seq, WebhookChange};
use crate::wire;

/// Where a webhook goes on.
#[derive(Clone, Copy, Debug)]
pub(super) enum GoesOn {
    /// Where it is; there if it is new.
    WhereItIs(Seq),
    /// From there, wherever it is.
    From(Seq),
}

impl GoesOn {
    /// As it is kept. A record alone moves nothing: the node that delivers may have come further than this one knows.
    pub fn changes(self, id: &str, record: &Record) -> Vec<WebhookChange> {
        let record = String::from_utf8_lossy(&wire::text(record)).into_owned();
        let (Self::WhereItIs(position) | Self::From(position)) = self;
        let put = WebhookChange::Put(KeptWebhook { id: id.to_owned(), record, position });
        match self {
            Self::WhereItIs(_) => vec![put],
            Self::From(_) => vec![put, WebhookChange::Moved { id: id.to_owned(), position }],
        }
    }

    fn progress(self, before: Option<&Endpoint>) -> Progress {
        match (self, before) {
            (Self::WhereItIs(_), Some(before)) => before.progress.goes_on(),
            (Self::From(position), Some(before)) => Progress::from(position, before.progress.deliveries().clone()),
            (Self::WhereItIs(position) | Self::From(position), None) => Progress::from(position, Arc::default()),
        }
    }
}

impl Webhooks {
    /// Lets it be so, and deliver if it is to.
    pub(super) async fn set(&self, id: String, record: Record, goes_on: GoesOn) {
        let delivers = record.delivers() && self.state().delivers.is_now();
        if delivers {
            self.open_workshop().await;
        }
        let mut state = self.state();
        let before = state.endpoints.remove(&id);
        let progress = Arc::new(goes_on.progress(before.as_ref()));
        // What delivered before ends here.
        drop(before);
        let task = state.workshop.as_ref().filter(|_| delivers).map(|workshop| {
            let delivering = Delivering {
                id: id.clone(),
                record: record.clone(),
                progress: progress.clone(),
                changes: self.shared.changes.clone(),
                poster: workshop.poster.clone(),
                clock: self.shared.clock.clone(),
                tries: self.shared.metrics.deliveries.clone(),
                limits: self.shared.limits.clone(),
            };
            let (webhooks, id, progress) = (self.clone(), id.clone(), progress.clone());
            workshop.does(async move {
                let why = delivering.run().await;
                webhooks.switch_off(id, progress, why).await;
            })
        });
        state.endpoints.insert(id, Endpoint { record, progress, _task: task });
        state.count(&self.shared);
    }

    async fn open_workshop(&self) {
        if self.state().workshop.is_some() {
            return;
        }
        if let Some(workshop) = Workshop::open(&self.shared.post).await {
            self.state().workshop.get_or_insert(workshop);
        }
    }

    /// The endpoint of this progress is to be told no more. Boxed, because it is part of a task that it begins.
    fn switch_off(self, id: String, progress: Arc<Progress>, why: String) -> BoxFuture<'static, ()> {
        Box::pin(async move { self.switched_off(id, &progress, why).await })
    }

    async fn switched_off(self, id: String, progress: &Arc<Progress>, why: String) {
        let _turn = self.shared.turn.lock().await;
        let record = {
            let state = self.state();
            let current = state.endpoints.get(&id).filter(|endpoint| Arc::ptr_eq(&endpoint.progress, progress));
            current.map(|endpoint| endpoint.record.clone())
        };
        let Some(mut record) = record else { return };
        let url = &record.settings.url;
        warn!(id, url, why, "a webhook was switched off; resume it once its endpoint answers again");
        record.off = Some(Off { why, at: self.shared.clock.wall().0 });
        let stopped = GoesOn::From(progress.position());
        if let Err(error) = self.keep(stopped.changes(&id, &record), None).await {
            error!(id, %error, "a restart of the hub switches it on again");
        }
        // This ends the task that this is part of.
        self.set(id, record, stopped).await;
    }
}
