//! How far a webhook has come, and how its last tries went.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
    /// The operator was told.
    was_told: bool,
}

/// How long every try fails before the operator is told: what is shorter mends itself.
const TOLD_AFTER: Duration = Duration::from_secs(60);

impl Progress {
    /// It goes on from a position that is kept.
    pub fn from(position: Seq, deliveries: Deliveries) -> Self {
        let (kept, failing) = (AtomicU64::new(position), Mutex::default());
        Self { position: AtomicU64::new(position), kept, failing, deliveries }
    }

    /// It goes on where it is, for whoever delivers from now on.
    pub fn goes_on(&self) -> Self {
        let (position, kept) = (self.position(), self.kept.load(Ordering::Relaxed));
        let (position, kept) = (AtomicU64::new(position), AtomicU64::new(kept));
        Self { position, kept, failing: Mutex::default(), deliveries: self.deliveries.clone() }
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
                let (since, was_told) = failing.as_ref().map_or((now, false), |was| (was.since, was.was_told));
                Failing { since, error, was_told }
            });
        }
        let mut deliveries = self.deliveries.lock();
        deliveries.truncate(MOST_DELIVERIES - 1);
        deliveries.push_front(delivery);
    }

    /// What every try has run into for a while, if the operator was not told yet. It is meant to be told then.
    pub fn to_be_told(&self, now: Timestamp) -> Option<String> {
        let mut failing = self.failing.lock();
        let failing = failing.as_mut().filter(|it| !it.was_told && now.since(it.since) >= TOLD_AFTER)?;
        failing.was_told = true;
        Some(failing.error.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(error: Option<&str>) -> WebhookDelivery {
        let error = error.map(str::to_owned);
        WebhookDelivery { id: String::new(), at: String::new(), attempt: 1, status: None, error, duration_ms: 0 }
    }

    #[test]
    fn an_endpoint_that_fails_for_a_minute_is_told_of_once_and_again_after_it_had_recovered() {
        let (progress, at) = (Progress::from(7, Deliveries::default()), |seconds: i64| Timestamp(seconds * 1_000));
        let fails = |seconds| {
            progress.tried(delivery(Some("no answer")), at(seconds));
            progress.to_be_told(at(seconds))
        };
        assert_eq!((fails(0), fails(59)), (None, None));
        assert_eq!((fails(60), fails(3_600)), (Some("no answer".to_owned()), None));
        progress.tried(delivery(None), at(3_601));
        assert_eq!(progress.failing(), None);
        assert_eq!((fails(3_602), fails(3_662)), (None, Some("no answer".to_owned())));
        assert_eq!(progress.failing().unwrap().since, at(3_602));
        (0..2 * MOST_DELIVERIES).for_each(|_| progress.tried(delivery(None), at(9_000)));
        assert_eq!(progress.deliveries().lock().len(), MOST_DELIVERIES);
    }
}
