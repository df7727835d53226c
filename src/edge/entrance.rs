//! How many sockets may be on their way in, or out again, at once.
//!
//! When thousands come together, each that is let in delays all the others. So only so many are let
//! in at once; whoever comes beyond is told at once to come back, which is cheaper for both sides
//! than waiting until the client gives up.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Refused sockets that are waited for until they have answered the close. It takes a client a
/// moment, or two seconds if it never does.
const MOST_LEAVING: usize = 256;

/// A place among those that are on their way; dropping it gives it back.
pub type Place = OwnedSemaphorePermit;

/// How many sockets may be on their way in, or out again, at once.
#[derive(Debug)]
pub struct Entrance {
    opening: Arc<Semaphore>,
    leaving: Arc<Semaphore>,
}

impl Entrance {
    /// So many may be opening at once.
    #[must_use]
    pub fn new(max_opening: u32) -> Self {
        let opening = Arc::new(Semaphore::new(max_opening as usize));
        Self { opening, leaving: Arc::new(Semaphore::new(MOST_LEAVING)) }
    }

    /// A place to be kept until the socket is welcomed; none if enough are opening.
    pub fn open(&self) -> Option<Place> {
        self.opening.clone().try_acquire_owned().ok()
    }

    /// A place for a refused socket to be waited for; none if enough are.
    pub fn leave(&self) -> Option<Place> {
        self.leaving.clone().try_acquire_owned().ok()
    }
}
