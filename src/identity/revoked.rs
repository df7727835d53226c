//! Tokens that ended before their time.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

use crate::domain::time::Timestamp;

/// What was to be forgotten is kept for a day more: the wall clock may have been ahead.
const KEPT_LONGER: Duration = Duration::from_secs(24 * 3_600);

/// Ids of tokens that are no longer believed, each until it would have expired. It holds at most the
/// valid tokens that were issued and revoked, and only those who issue tokens can make it grow.
#[derive(Debug, Default)]
pub struct Revoked {
    until: Mutex<HashMap<String, Timestamp>>,
}

impl Revoked {
    pub fn contains(&self, token_id: &str) -> bool {
        self.until.lock().contains_key(token_id)
    }

    pub fn add(&self, token_id: String, until: Timestamp, now: Timestamp) {
        let mut all = self.until.lock();
        all.retain(|_, until| until.plus(KEPT_LONGER) > now);
        all.insert(token_id, until);
    }
}
