//! The times in which the hub stood still, and who has seen which of them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

use crate::domain::time::{Standstill, Timestamp};

/// How many are told apart. Whatever waits longer than that many of them waits a little longer still.
const TOLD_APART: usize = 64;

/// How many standstills of this life have been seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen(u64);

/// The standstills of one life of the hub.
#[derive(Debug, Default)]
pub(super) struct Standstills {
    /// How many there were, to be asked before every decision.
    count: AtomicU64,
    newest: Mutex<VecDeque<Standstill>>,
}

impl Standstills {
    pub fn add(&self, standstill: Standstill) {
        let mut newest = self.newest();
        if newest.len() == TOLD_APART
            && let (Some(first), Some(second)) = (newest.pop_front(), newest.pop_front())
        {
            newest.push_front(Standstill { began: second.began, lasted: first.lasted + second.lasted });
        }
        newest.push_back(standstill);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub fn since(&self, seen: &mut Seen) -> Vec<Standstill> {
        if seen.0 == self.count.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let newest = self.newest();
        let count = self.count.load(Ordering::Relaxed);
        let unseen = usize::try_from(count - seen.0).unwrap_or(usize::MAX).min(newest.len());
        seen.0 = count;
        newest.range(newest.len() - unseen..).copied().collect()
    }

    /// `instant`, later by every standstill that began after it.
    pub fn after(&self, instant: Timestamp) -> Timestamp {
        let newest = self.newest();
        newest.iter().filter(|one| one.began >= instant).fold(instant, |instant, one| instant.plus(one.lasted))
    }

    fn newest(&self) -> MutexGuard<'_, VecDeque<Standstill>> {
        self.newest.lock()
    }
}
