//! The keys as they are now. Whoever looks after them changes them while tokens are verified.

use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::{Notify, watch};

use super::keys::Keys;
use crate::telemetry::metrics::KeyMetrics;

/// What is wrong with the keys, as of the last try to have newer ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There never were any: nobody can come in.
    NoKeys(String),
    /// Those of before are kept.
    Older(String),
}

/// The keys as they are now, and the wish for newer ones.
#[derive(Debug, Default)]
pub struct Ring {
    now: RwLock<Arc<Keys>>,
    error: RwLock<Option<String>>,
    wanted: Notify,
    /// How often it was tried to have newer ones.
    tries: watch::Sender<u64>,
    metrics: KeyMetrics,
}

impl Ring {
    /// Of these, to begin with.
    #[must_use]
    pub fn of(keys: Keys) -> Self {
        let ring = Self::default();
        ring.metrics.keys.set(i64::try_from(keys.len()).unwrap_or(i64::MAX));
        *ring.now.write() = Arc::new(keys);
        ring
    }

    /// The keys as they are.
    #[must_use]
    pub fn now(&self) -> Arc<Keys> {
        self.now.read().clone()
    }

    /// They are these from now on.
    pub fn replace(&self, keys: Keys) {
        self.metrics.keys.set(i64::try_from(keys.len()).unwrap_or(i64::MAX));
        *self.now.write() = Arc::new(keys);
        self.are_as_they_should();
    }

    /// They were looked for, and are the same.
    pub fn are_as_they_should(&self) {
        self.metrics.failing.set(0);
        *self.error.write() = None;
        self.tries.send_modify(|tries| *tries += 1);
    }

    /// There might be newer ones, and they cannot be had. Returns whether that is news.
    pub fn fails(&self, error: &str) -> bool {
        self.metrics.failing.set(1);
        self.metrics.failed.inc();
        let before = self.error.write().replace(error.to_owned());
        self.tries.send_modify(|tries| *tries += 1);
        before.as_deref() != Some(error)
    }

    /// What is wrong, if something is.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        let error = self.error.read().clone();
        if self.now().is_empty() {
            return Some(Trouble::NoKeys(error.unwrap_or_else(|| "the keys were not fetched yet".to_owned())));
        }
        error.map(Trouble::Older)
    }

    /// A token names a key that is not among them.
    pub fn want_newer(&self) {
        self.wanted.notify_one();
    }

    /// Wants newer ones, and returns once it was tried to have them.
    pub async fn newer(&self) {
        let mut tries = self.tries.subscribe();
        self.want_newer();
        // The sender is here.
        drop(tries.changed().await);
    }

    /// Returns once newer ones are wanted.
    pub async fn newer_are_wanted(&self) {
        self.wanted.notified().await;
    }

    /// What is counted of them.
    #[must_use]
    pub fn metrics(&self) -> &KeyMetrics {
        &self.metrics
    }
}
