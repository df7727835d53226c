//! How far a webhook has come, and how its last tries went.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::domain::time::Timestamp;
use crate::engine::Seq;
use crate::wire::shapes::WebhookDelivery;

/// Tries that are remembered.
const MOST_DELIVERIES: usize = 100;

/// What the one who delivers notes.
#[derive(Debug)]
pub(super) struct Progress {
    position: AtomicU64,
    /// The position that is kept.
    kept: AtomicU64,
    failing: Mutex<Option<Failing>>,
    deliveries: Deliveries,
}

/// The last tries, newest first. Clones share them.
pub(super) type Deliveries = Arc<Mutex<VecDeque<WebhookDelivery>>>;

/// Every try has failed since then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failing {
    pub since: Timestamp,
    pub error: String,
}

impl Progress {
    /// It goes on from a position that is kept.
    pub fn from(position: Seq, deliveries: Deliveries) -> Self {
        let (kept, failing) = (AtomicU64::new(position), Mutex::default());
        Self { position: AtomicU64::new(position), kept, failing, deliveries }
    }

    /// The position up to which everything was delivered.
    pub fn position(&self) -> Seq {
        self.position.load(Ordering::Relaxed)
    }

    /// Everything was delivered up to there.
    pub fn reaches(&self, position: Seq) {
        self.position.store(position, Ordering::Relaxed);
    }

    /// The position, if it has moved since it was kept.
    pub fn moved(&self) -> Option<Seq> {
        Some(self.position()).filter(|position| *position != self.kept.load(Ordering::Relaxed))
    }

    /// That position is kept.
    pub fn is_kept(&self, position: Seq) {
        self.kept.store(position, Ordering::Relaxed);
    }

    /// A try succeeded, or failed with this error.
    pub fn tried(&self, delivery: WebhookDelivery, now: Timestamp) {
        {
            let mut failing = self.failing.lock();
            *failing = delivery.error.clone().map(|error| {
                let since = failing.as_ref().map_or(now, |failing| failing.since);
                Failing { since, error }
            });
        }
        let mut deliveries = self.deliveries.lock();
        deliveries.truncate(MOST_DELIVERIES - 1);
        deliveries.push_front(delivery);
    }

    /// Whether the last try failed, since when, and why.
    pub fn failing(&self) -> Option<Failing> {
        self.failing.lock().clone()
    }

    /// The last tries.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }
}
