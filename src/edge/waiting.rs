//! The sockets that wait to be accepted, and from when each counts.

use core::net::IpAddr;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use axum::serve::Listener;
use parking_lot::{Mutex, MutexGuard};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{unconstrained, yield_now};

use crate::agents::{Agents, Arrival};
use crate::domain::time::Timestamp;

/// How many are accepted before others get a turn.
const BITE: u32 = 64;

/// When a connection came. Clones share it.
#[derive(Clone, Debug)]
pub struct Came {
    shared: Arc<Mutex<Coming>>,
}

#[derive(Debug)]
struct Coming {
    /// Only for the first request: a later one was not made when the connection came.
    at: Option<Timestamp>,
    arrival: Option<Arrival>,
}

impl Came {
    /// A connection that came now.
    pub fn now(agents: &Agents) -> Self {
        Self::at(agents.clock().now(), agents)
    }

    fn at(at: Timestamp, agents: &Agents) -> Self {
        let coming = Coming { at: Some(at), arrival: Some(agents.arrivals().come()) };
        Self { shared: Arc::new(Mutex::new(coming)) }
    }

    /// It did not say at once what it wants, so no deadline waits for it any more.
    pub fn is_not_waited_for(&self) {
        self.coming().arrival = None;
    }

    /// The first request: when the connection came, and its arrival. None for the others.
    pub fn first_request(&self) -> (Option<Timestamp>, Option<Arrival>) {
        let mut coming = self.coming();
        (coming.at.take(), coming.arrival.take())
    }

    fn coming(&self) -> MutexGuard<'_, Coming> {
        self.shared.lock()
    }
}

/// A listener that knows since when somebody waits without a break. A socket that is accepted after
/// others may have waited since then, and counts from there.
pub struct Waiting {
    listener: TcpListener,
    agents: Agents,
    since: Option<(Timestamp, Arrival)>,
    accepted: u32,
}

impl Waiting {
    /// Nobody waits at `listener` so far.
    pub fn at(listener: TcpListener, agents: Agents) -> Self {
        Self { listener, agents, since: None, accepted: 0 }
    }

    /// The next connection, and where it comes from.
    pub async fn next(&mut self) -> (TcpStream, IpAddr, Came) {
        self.accepted = self.accepted.wrapping_add(1);
        if self.accepted.is_multiple_of(BITE) {
            yield_now().await;
        }
        // Unconstrained, so that it only waits if nobody does.
        let mut accepting = pin!(unconstrained(Listener::accept(&mut self.listener)));
        let since = &mut self.since;
        let (stream, from) = poll_fn(|cx| {
            let accepted = accepting.as_mut().poll(cx);
            if accepted.is_pending() {
                *since = None;
            }
            accepted
        })
        .await;
        let agents = &self.agents;
        let (at, _) = self.since.get_or_insert_with(|| (agents.clock().now(), agents.arrivals().come()));
        (stream, from.ip(), Came::at(*at, agents))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn connects(address: std::net::SocketAddr) -> TcpStream {
        TcpStream::connect(address).await.unwrap()
    }

    #[tokio::test]
    async fn who_waits_behind_others_counts_from_when_the_first_of_them_came() {
        let agents = crate::agents::test_world::agents([]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut waiting = Waiting::at(listener, agents.clone());
        let at = |came: &Came| came.first_request().0.unwrap();
        let _three = (connects(address).await, connects(address).await, connects(address).await);
        let mut came = Vec::new();
        for _ in 0..3 {
            came.push(waiting.next().await.2);
            agents.clock().advance(Duration::from_secs(5));
        }
        let first = at(&came[0]);
        assert_eq!([at(&came[1]), at(&came[2])], [first; 2]);
        assert_eq!(came[0].first_request().0, None, "a later request of the connection is made later");

        // Nobody waits any more; who comes then comes then.
        let ((_, _, later), _stream) = tokio::join!(waiting.next(), async {
            agents.clock().advance(Duration::from_secs(60));
            connects(address).await
        });
        assert!(at(&later) >= first.plus(Duration::from_secs(75)));
    }
}
