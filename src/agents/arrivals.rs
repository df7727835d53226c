//! Those who have come and are not let in yet: deadlines let them go first.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

/// Everyone who has come and is not let in yet. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    shared: Arc<Mutex<Coming>>,
}

#[derive(Debug, Default)]
struct Coming {
    next: u64,
    coming: BTreeSet<u64>,
}

/// Somebody has come. Dropping it says that they are let in, or are gone.
#[derive(Debug)]
pub struct Arrival {
    arrivals: Arrivals,
    number: u64,
}

/// A moment: who has come before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(u64);

impl Arrivals {
    /// Somebody has come.
    #[must_use]
    pub fn come(&self) -> Arrival {
        let mut coming = self.coming();
        let number = coming.next;
        coming.next += 1;
        coming.coming.insert(number);
        drop(coming);
        Arrival { arrivals: self.clone(), number }
    }

    pub(super) fn now(&self) -> Moment {
        Moment(self.coming().next)
    }

    /// Whether everyone who had come by that moment is let in.
    pub(super) fn are_in(&self, by: Moment) -> bool {
        self.coming().coming.first().is_none_or(|first| *first >= by.0)
    }

    fn coming(&self) -> MutexGuard<'_, Coming> {
        self.shared.lock()
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.arrivals.coming().coming.remove(&self.number);
    }
}
