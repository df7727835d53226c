//! Connections that were accepted and whose session is not open yet. A deadline that passes meanwhile
//! waits for them: they came in time.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

/// All connections that were accepted and are not let in yet. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    shared: Arc<Mutex<Coming>>,
}

#[derive(Debug, Default)]
struct Coming {
    next: u64,
    coming: BTreeSet<u64>,
}

/// One connection that was accepted. Dropping it says that it is let in, or gone.
#[derive(Debug)]
pub struct Arrival {
    arrivals: Arrivals,
    number: u64,
}

/// A point in the order of arrivals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point(u64);

impl Arrivals {
    /// A connection was accepted.
    #[must_use]
    pub fn come(&self) -> Arrival {
        let mut coming = self.coming();
        let number = coming.next;
        coming.next += 1;
        coming.coming.insert(number);
        drop(coming);
        Arrival { arrivals: self.clone(), number }
    }

    pub(super) fn now(&self) -> Point {
        Point(self.coming().next)
    }

    /// Whether every connection that came before this point is let in or gone.
    pub(super) fn are_in(&self, by: Point) -> bool {
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
