//! The connections that speak HTTP: so many at once, and so many from each address. Whoever comes beyond has a
//! place as soon as somebody leaves, and who only keeps a connection is asked to: of the same address, if that has
//! as many as it may.

use core::net::IpAddr;
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The places of all connections that speak HTTP.
#[derive(Debug)]
pub struct Lobby {
    most: u32,
    places: Arc<Semaphore>,
    wanted: Notify,
    most_of_address: u32,
    addresses: Mutex<HashMap<IpAddr, Arc<Guests>>>,
}

/// Those of one address.
#[derive(Debug, Default)]
struct Guests {
    counts: Mutex<Counts>,
    wanted: Notify,
}

#[derive(Debug, Default)]
struct Counts {
    present: u32,
    /// Of them, those who only keep a connection.
    idle: u32,
    /// Of those, the ones who were asked to leave and have not heard it yet.
    asked: u32,
}

/// This address has as many connections as it may, and none of them is idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowded;

/// A place among those that speak HTTP; dropping it gives it back.
#[derive(Debug)]
pub struct Place {
    lobby: Arc<Lobby>,
    guest: Option<Guest>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// One of an address.
#[derive(Debug)]
struct Guest {
    lobby: Arc<Lobby>,
    address: IpAddr,
    guests: Arc<Guests>,
}

impl Lobby {
    /// So many may speak at once, and so many of each address.
    #[must_use]
    pub fn new(most: u32, most_of_address: u32) -> Self {
        let places = Arc::new(Semaphore::new(most as usize));
        Self { most, places, wanted: Notify::new(), most_of_address, addresses: Mutex::default() }
    }

    /// A place. While there is none, whoever has been idle the longest is asked to leave. `address` is where the
    /// connection comes from, if those from there are counted.
    ///
    /// # Errors
    /// [`Crowded`]
    pub async fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Result<Place, Crowded> {
        let guest = address.map(|address| self.admit(address)).transpose()?;
        let permit = match self.places.clone().try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => {
                self.wanted.notify_one();
                // The semaphore is never closed, so there is a place in the end.
                self.places.clone().acquire_owned().await.ok()
            }
        };
        Ok(Place { lobby: self.clone(), guest, _permit: permit })
    }

    /// A place beside all others.
    pub fn extra(self: &Arc<Self>) -> Place {
        Place { lobby: self.clone(), guest: None, _permit: None }
    }

    fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Guest, Crowded> {
        let mut addresses = self.addresses.lock();
        let guests = addresses.entry(address).or_default().clone();
        let mut counts = guests.counts();
        if counts.present >= self.most_of_address {
            if counts.idle <= counts.asked {
                return Err(Crowded);
            }
            counts.asked += 1;
            guests.wanted.notify_one();
        }
        counts.present += 1;
        drop(counts);
        Ok(Guest { lobby: self.clone(), address, guests })
    }

    /// Returns once everybody has left.
    pub async fn empty(&self) {
        // The semaphore is never closed: this returns once all places have been given back.
        drop(self.places.acquire_many(self.most).await);
    }
}

impl Place {
    /// Returns when the one who waits here, and is idle, should leave for somebody else.
    pub async fn is_wanted(&self) {
        let Some(Guest { guests, .. }) = &self.guest else { return self.lobby.wanted.notified().await };
        let _idle = Idle::of(guests);
        tokio::select! {
            biased;
            () = guests.wanted.notified() => guests.counts().asked -= 1,
            () = self.lobby.wanted.notified() => {}
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut addresses = self.lobby.addresses.lock();
        let mut counts = self.guests.counts();
        counts.present -= 1;
        if counts.present == 0 {
            drop(counts);
            addresses.remove(&self.address);
        }
    }
}

/// Counts one as idle.
struct Idle<'a>(&'a Guests);

impl<'a> Idle<'a> {
    fn of(guests: &'a Guests) -> Self {
        guests.counts().idle += 1;
        Self(guests)
    }
}

impl Drop for Idle<'_> {
    fn drop(&mut self) {
        self.0.counts().idle -= 1;
    }
}

impl Guests {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock()
    }
}

#[cfg(test)]
mod tests {
    use core::net::Ipv4Addr;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    const OFFICE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)));
    const HOME: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 4)));

    #[tokio::test(start_paused = true)]
    async fn who_has_been_idle_the_longest_gives_way() {
        let lobby = Arc::new(Lobby::new(2, 2));
        let (first, second) = (lobby.enter(None).await.unwrap(), lobby.enter(OFFICE).await.unwrap());
        let also_second = lobby.extra();
        {
            let (mut first_idle, mut second_idle) = (pin!(first.is_wanted()), pin!(also_second.is_wanted()));
            let mut third = pin!(lobby.enter(HOME));
            poll_fn(|cx| {
                assert!(first_idle.as_mut().poll(cx).is_pending() && second_idle.as_mut().poll(cx).is_pending());
                assert!(third.as_mut().poll(cx).is_pending());
                assert!(second_idle.as_mut().poll(cx).is_pending(), "one leaves for one who comes");
                first_idle.as_mut().poll(cx)
            })
            .await;
            assert!(poll_fn(|cx| Poll::Ready(second_idle.as_mut().poll(cx).is_pending())).await);
        }
        drop(first);
        assert!(lobby.enter(HOME).await.is_ok());
        drop(second);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_makes_room_among_its_own_and_is_refused_when_all_are_busy() {
        let lobby = Arc::new(Lobby::new(10, 2));
        let (busy, idle) = (lobby.enter(OFFICE).await.unwrap(), lobby.enter(OFFICE).await.unwrap());
        assert_eq!(lobby.enter(OFFICE).await.unwrap_err(), Crowded);
        let elsewhere = lobby.enter(HOME).await.unwrap();
        let third = {
            let (mut elsewhere_idle, mut idle_idle) = (pin!(elsewhere.is_wanted()), pin!(idle.is_wanted()));
            assert!(poll_fn(|cx| Poll::Ready(elsewhere_idle.as_mut().poll(cx).is_pending())).await);
            assert!(poll_fn(|cx| Poll::Ready(idle_idle.as_mut().poll(cx).is_pending())).await);
            let third = lobby.enter(OFFICE).await.unwrap();
            // One is asked for one who comes.
            assert_eq!(lobby.enter(OFFICE).await.unwrap_err(), Crowded);
            idle_idle.await;
            assert!(poll_fn(|cx| Poll::Ready(elsewhere_idle.as_mut().poll(cx).is_pending())).await);
            third
        };
        drop(idle);
        assert_eq!(lobby.enter(OFFICE).await.unwrap_err(), Crowded);
        drop((busy, third, elsewhere));
        assert!(lobby.addresses.lock().is_empty());
        lobby.empty().await;
    }
}
