//! From the listener to a conversation: one task for each connection. It speaks HTTP first and, if a
//! request opens a WebSocket, goes on as that conversation.
//!
//! Connections are served here and not by `axum::serve`, so that one that becomes a socket passes no
//! router, needs no second task, and keeps nothing of what HTTP took.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::request::Request;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use futures::future::{BoxFuture, FutureExt, poll_fn, ready};
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Parts};
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tracing::{debug, warn};

use super::conversation::{self, Conversation};
use super::upgrade::{self, Opening};
use super::{Door, routes};
use crate::sessions::Stream;

/// Connections that may speak HTTP at once; more wait until one of them becomes a socket or ends. Some
/// thousand people who open the page together take six each, and a browser keeps them for a while.
const MOST_SPEAKING_HTTP: u32 = 16_384;
/// A connection that says nothing for so long is closed. Hyper gives a request's head as long.
const SPEAKS_WITHIN: Duration = Duration::from_secs(30);

/// Where connections come in, from wherever they do.
pub struct Reception {
    door: Arc<Door>,
    routes: TowerToHyperService<Router>,
    stop: watch::Receiver<()>,
}

impl Reception {
    /// A reception that lets nobody speak HTTP any more once the sender of `stop` is dropped. Sockets
    /// live on.
    #[must_use]
    pub fn new(door: Arc<Door>, stop: watch::Receiver<()>) -> Self {
        let routes = TowerToHyperService::new(routes(door.clone()).with_state(()));
        Self { door, routes, stop }
    }

    /// Takes a connection in, in a task of its own. `place` is given back once it no longer speaks HTTP.
    pub fn receive(&self, stream: Stream, place: Option<OwnedSemaphorePermit>) {
        let visit = Visit { door: self.door.clone(), routes: self.routes.clone(), opening: OnceLock::new() };
        // Boxed, so that what only the beginning needs does not live as long as the connection.
        let begun = Box::pin(begin_when_spoken_to(visit, stream, place, self.stop.clone()));
        tokio::spawn(async move {
            let Some(mut conversation) = begun.await else { return };
            conversation.listen().await;
        });
    }
}

/// Serves until the reception is stopped, and returns once nobody speaks HTTP any more.
pub async fn serve(mut listener: TcpListener, reception: Reception) {
    let speaking = Arc::new(Semaphore::new(MOST_SPEAKING_HTTP as usize));
    let mut stop = reception.stop.clone();
    loop {
        let (stream, place) = tokio::select! {
            biased;
            _ = stop.changed() => break,
            accepted = accept(&mut listener, &speaking) => accepted,
        };
        reception.receive(stream.into(), place);
    }
    drop(listener);
    // The semaphore is never closed: this returns once all places have been given back.
    drop(speaking.acquire_many(MOST_SPEAKING_HTTP).await);
}

async fn accept(listener: &mut TcpListener, speaking: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there is always a place in the end.
    let place = speaking.clone().acquire_owned().await.ok();
    let (stream, _) = Listener::accept(listener).await;
    if let Err(error) = stream.set_nodelay(true) {
        warn!(%error, "a connection may be slow: TCP_NODELAY could not be set");
    }
    (stream, place)
}

/// Takes nothing for a connection but its place until the client speaks. When thousands connect at
/// once they do so long before each has sent its request, and their buffers would all be held together.
async fn begin_when_spoken_to(
    visit: Visit,
    stream: Stream,
    place: Option<OwnedSemaphorePermit>,
    mut stop: watch::Receiver<()>,
) -> Option<Conversation> {
    let speaks = tokio::time::timeout(SPEAKS_WITHIN, stream.readable());
    let spoken = tokio::select! {
        biased;
        spoken = speaks => matches!(spoken, Ok(Ok(()))),
        _ = stop.changed() => false,
    };
    if spoken { Box::pin(begin(visit, stream, place, stop)).await } else { None }
}

/// Speaks HTTP and, if that opens a socket, begins its conversation.
async fn begin(
    visit: Visit,
    stream: Stream,
    place: Option<OwnedSemaphorePermit>,
    stop: watch::Receiver<()>,
) -> Option<Conversation> {
    let door = visit.door.clone();
    let (stream, leftover, opening) = Box::pin(speak_http(visit, stream, stop)).await?;
    drop(place);
    conversation::begin(door, stream, leftover, opening).await
}

/// Answers requests until the client leaves or one of them opened a socket. Returns that, with what the
/// client has already sent over it.
async fn speak_http(visit: Visit, stream: Stream, mut stop: watch::Receiver<()>) -> Option<(Stream, Vec<u8>, Opening)> {
    let mut http = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), visit);
    let ended = tokio::select! {
        biased;
        ended = poll_fn(|cx| http.poll_without_shutdown(cx)) => ended,
        _ = stop.changed() => {
            std::pin::Pin::new(&mut http).graceful_shutdown();
            poll_fn(|cx| http.poll_without_shutdown(cx)).await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "the connection ended");
        return None;
    }
    let Parts { io, read_buf, service, .. } = http.into_parts();
    let opening = service.opening.into_inner()?;
    Some((io.into_inner(), read_buf.to_vec(), opening))
}

/// One connection as HTTP sees it.
struct Visit {
    door: Arc<Door>,
    routes: TowerToHyperService<Router>,
    /// The socket that a request opened; it is the last of the connection.
    opening: OnceLock<Opening>,
}

impl Service<Request<Incoming>> for Visit {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        if request.uri().path() != "/ws" {
            return self.routes.call(request).boxed();
        }
        let response = match upgrade::open(&self.door, &request) {
            Ok((response, opening)) => {
                self.opening.get_or_init(|| opening);
                response
            }
            Err(problem) => problem.into_response(),
        };
        ready(Ok(response)).boxed()
    }
}
