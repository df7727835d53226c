//! The connections that speak HTTP: so many at once. Whoever comes beyond has a place as soon as
//! somebody leaves, and who only keeps a connection is asked to.

use std::sync::Arc;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// A place among those that speak HTTP; dropping it gives it back.
pub type Place = OwnedSemaphorePermit;

/// The places of all connections that speak HTTP.
#[derive(Debug)]
pub struct Lobby {
    most: u32,
    places: Arc<Semaphore>,
    wanted: Notify,
}

impl Lobby {
    /// So many may speak at once.
    #[must_use]
    pub fn new(most: u32) -> Self {
        Self { most, places: Arc::new(Semaphore::new(most as usize)), wanted: Notify::new() }
    }

    /// A place. While there is none, whoever has been idle the longest is asked to leave.
    pub async fn enter(&self) -> Option<Place> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Some(place);
        }
        self.wanted.notify_one();
        // The semaphore is never closed, so there is a place in the end.
        self.places.clone().acquire_owned().await.ok()
    }

    /// Returns when the one who waits here, and is idle, should leave for somebody else.
    pub async fn place_is_wanted(&self) {
        self.wanted.notified().await;
    }

    /// Returns once everybody has left.
    pub async fn empty(&self) {
        // The semaphore is never closed: this returns once all places have been given back.
        drop(self.places.acquire_many(self.most).await);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_has_been_idle_the_longest_gives_way() {
        let lobby = Lobby::new(2);
        let (first, _second) = (lobby.enter().await, lobby.enter().await);
        let (mut first_idle, mut second_idle) = (pin!(lobby.place_is_wanted()), pin!(lobby.place_is_wanted()));
        let mut third = pin!(lobby.enter());
        poll_fn(|cx| {
            assert!(first_idle.as_mut().poll(cx).is_pending() && second_idle.as_mut().poll(cx).is_pending());
            assert!(third.as_mut().poll(cx).is_pending());
            assert!(second_idle.as_mut().poll(cx).is_pending(), "one leaves for one who comes");
            first_idle.as_mut().poll(cx)
        })
        .await;
        drop(first);
        assert!(third.await.is_some());
        assert!(poll_fn(|cx| Poll::Ready(second_idle.as_mut().poll(cx).is_pending())).await);
    }
}
