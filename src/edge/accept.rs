//! From the listener to a conversation: one task for each connection. It speaks HTTP first and, if a
//! request opens a WebSocket, goes on as that conversation.
//!
//! Connections are served here and not by `axum::serve`, so that one that becomes a socket passes no
//! router, needs no second task, and keeps nothing of what HTTP took.

use core::net::IpAddr;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::request::Request;
use axum::http::{HeaderValue, Method, Version, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::future::{self, BoxFuture, FutureExt};
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Parts};
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tracing::{debug, warn};

use super::address::counted_end;
use super::base_path;
use super::conversation::{self, Conversation};
use super::event_stream;
use super::exporting::GoesOn;
use super::holding::Holding;
use super::http::route::Pattern;
use super::lobby::{Lobby, Place};
use super::newcomers::Newcomers;
use super::parting::see_off;
use super::patience::{Answered, Patience, Times};
use super::upgrade::{self, Opening};
use super::waiting::{Came, Waiting};
use super::{Door, routes};
use crate::sessions::{Peer, Stream};
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// How long a connection may take to say what it wants, for deadlines to let it go first.
const AT_ONCE: Duration = Duration::from_millis(50);
/// The longest head of a request, and what is read of a body at once: a token of the longest kind and as much of
/// cookies. Whoever sends many long ones slowly takes so much memory for each. What is read together with the last
/// of it may be twice as much.
pub const MOST_HEAD_BYTES: usize = 32 * 1024;

/// Where connections come in, from wherever they do.
pub struct Reception {
    door: Arc<Door>,
    routes: TowerToHyperService<Router>,
    lobby: Arc<Lobby>,
    newcomers: Arc<Newcomers>,
    stop: watch::Receiver<()>,
}

impl Reception {
    /// A reception that lets nobody speak HTTP any more once the sender of `stop` is dropped. Sockets
    /// live on.
    #[must_use]
    pub fn new(door: Arc<Door>, stop: watch::Receiver<()>) -> Self {
        let routes = TowerToHyperService::new(routes(door.clone()).with_state(()));
        let lobby = Lobby::new(door.server.max_http_connections, door.bounds.http_connections_per_address);
        let newcomers = Arc::new(Newcomers::of(&door.bounds));
        Self { door, routes, lobby: Arc::new(lobby), newcomers, stop }
    }

    /// Takes a connection in that comes now, in a task of its own and beside all others.
    pub fn receive(&self, stream: Stream) {
        let peer = stream.peer();
        self.receive_who_came(Came::now(&self.door.agents), stream, peer, self.lobby.extra());
    }

    /// `place` is given back once the connection no longer speaks HTTP.
    fn receive_who_came(&self, came: Came, stream: Stream, peer: Peer, place: Place) {
        let server = &self.door.server;
        let times = Times { head: server.head_timeout, idle: server.idle_timeout, body: server.body_timeout };
        let (door, routes) = (self.door.clone(), self.routes.clone());
        let patience = Patience::new(times);
        let visit = Visit { door, routes, patience, came: came.clone(), peer, opening: Arc::default() };
        // Boxed, so that what only the beginning needs does not live as long as the connection. In one box from the first
        // word to the last: boxes of a step each leave more holes behind where thousands come in one instant, by `load
        // -- idle` 7.0 kB for each of 10,000 instead of 5.5.
        let begun = Box::pin(begin_when_spoken_to(visit, stream, place, self.stop.clone()));
        tokio::spawn(async move {
            let Some(mut conversation) = said_at_once(&came, begun).await else { return };
            drop(came);
            conversation.listen().await;
        });
    }
}

/// Serves until the reception is stopped, and returns once nobody speaks HTTP any more.
pub async fn serve(listener: TcpListener, reception: Reception) {
    let mut waiting = Waiting::at(listener, reception.door.agents.clone());
    let mut stop = reception.stop.clone();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = stop.changed() => break,
            accepted = accept(&mut waiting, &reception) => accepted,
        };
        if let Some((stream, from, came, place)) = accepted {
            let peer = Peer::of(from);
            match &reception.door.tls {
                None => reception.receive_who_came(came, stream.into(), peer, place),
                Some(tls) => match tls.take_off(stream) {
                    Ok(inside) => reception.receive_who_came(came, inside, peer, place),
                    Err(error) => warn!(%error, "a connection is lost before TLS"),
                },
            }
        }
    }
    drop(waiting);
    reception.lobby.empty().await;
}

/// Who comes next, and from where; none if they were told to come back.
async fn accept(waiting: &mut Waiting, reception: &Reception) -> Option<(TcpStream, IpAddr, Came, Place)> {
    let Reception { door, lobby, newcomers, .. } = reception;
    let (stream, from, came) = waiting.next().await;
    let address = counted_end(from, &door.server.trusted_proxies);
    // Before anything is done for it: whoever is one too many should cost the least.
    if let Some(address) = address.filter(|address| !newcomers.may_come(*address, door.agents.clock().running())) {
        door.tally.met(Limit::NewConnectionsOfAddress, address);
        newcomers.tell_too_fast(stream);
        return None;
    }
    // Only now, so that nobody leaves for somebody who never comes.
    let Ok(place) = lobby.enter(address).await else {
        door.tally.met(Limit::HttpConnectionsOfAddress, from);
        newcomers.tell_too_many(stream);
        return None;
    };
    Some((stream, from, came, place))
}

/// Deadlines wait for a connection that has come, unless it says nothing, or only half of it.
async fn said_at_once(
    came: &Came,
    mut begun: Pin<Box<impl Future<Output = Option<Conversation>>>>,
) -> Option<Conversation> {
    tokio::select! {
        biased;
        begun = &mut begun => return begun,
        () = tokio::time::sleep(AT_ONCE) => came.is_not_waited_for(),
    }
    begun.await
}

/// Takes nothing for a connection but its place until the client speaks. When thousands connect at
/// once they do so long before each has sent its request, and their buffers would all be held together.
async fn begin_when_spoken_to(
    visit: Visit,
    stream: Stream,
    place: Place,
    mut stop: watch::Receiver<()>,
) -> Option<Conversation> {
    let speaks = tokio::time::timeout(visit.door.server.head_timeout, stream.readable());
    let spoken = tokio::select! {
        biased;
        spoken = speaks => spoken,
        _ = stop.changed() => return None,
        () = place.is_wanted() => return None,
    };
    match spoken {
        Ok(Ok(())) => Box::pin(begin(visit, stream, place, stop)).await,
        Ok(Err(_)) => None,
        Err(_) => {
            visit.door.tally.met(Limit::HeadTime, visit.peer);
            None
        }
    }
}

/// Speaks HTTP and, if that opens a socket, begins its conversation.
async fn begin(visit: Visit, stream: Stream, place: Place, stop: watch::Receiver<()>) -> Option<Conversation> {
    let door = visit.door.clone();
    let (stream, leftover, opening) = Box::pin(speak_http(visit, stream, &place, stop)).await?;
    drop(place);
    conversation::begin(door, stream, leftover, opening).await
}

/// Answers requests until the client leaves, was waited for long enough, or opened a socket. Returns
/// that, with the answer that is still owed for it, and with what the client has already sent over it.
async fn speak_http(
    visit: Visit,
    stream: Stream,
    place: &Place,
    stop: watch::Receiver<()>,
) -> Option<((Stream, Bytes), Vec<u8>, Box<Opening>)> {
    let (patience, door, peer) = (visit.patience.clone(), visit.door.clone(), visit.peer);
    let stream = TokioIo::new(patience.watch(Holding::of(stream, visit.opening.clone())));
    // Its own limit for heads would end idle connections too.
    let mut http = http1::Builder::new();
    let mut http = http.header_read_timeout(None).max_buf_size(MOST_HEAD_BYTES).serve_connection(stream, visit);
    let Some(ended) = patience.serve(&mut http, place, stop).await else {
        if patience.awaits_a_head() {
            door.tally.met(Limit::HeadTime, peer);
        }
        return None;
    };
    let Parts { io, read_buf, service, .. } = http.into_parts();
    let (stream, answer) = io.into_inner().into_inner().into_parts();
    if let Err(error) = &ended {
        debug!(%error, "the connection ended");
    }
    if ended.is_err() || patience.leaves_a_body() {
        see_off(stream, place).await;
        return None;
    }
    let opening = Arc::into_inner(service.opening)?.into_inner()?;
    Some(((stream, answer), read_buf.to_vec(), opening))
}

/// One connection as HTTP sees it.
struct Visit {
    door: Arc<Door>,
    routes: TowerToHyperService<Router>,
    patience: Patience,
    came: Came,
    /// Where the client is.
    peer: Peer,
    /// The socket that a request opened; it is the last of the connection.
    opening: Arc<OnceLock<Box<Opening>>>,
}

impl Service<Request<Incoming>> for Visit {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let patience = self.patience.clone();
        let mut request = request.map(|body| patience.body(body));
        request.extensions_mut().insert(self.peer);
        let method = request.method().clone();
        let (accepted, arrival) = self.came.first_request();
        if let Err(problem) = names_one_host(&request) {
            let answer = answered(&self.door, &method, &patience, and_ends(problem.into_response()));
            return future::ready(Ok(answer)).boxed();
        }
        let request = match base_path::below(self.door.server.base_path(), request) {
            Ok(request) => request,
            Err(redirect) => {
                let answer = answered(&self.door, &method, &patience, redirect.into_response());
                return future::ready(Ok(answer)).boxed();
            }
        };
        if request.uri().path() != "/ws" {
            drop(arrival);
            let (door, routes) = (self.door.clone(), self.routes.clone());
            return Box::pin(async move {
                door.queue.turn().await;
                routes.call(request).await.map(|answer| answered(&door, &method, &patience, answer))
            });
        }
        let opened = upgrade::open(&self.door, &request, self.peer, accepted, arrival);
        drop(request);
        let mut response = match opened {
            Ok((response, opening)) => {
                self.opening.get_or_init(|| Box::new(opening));
                response
            }
            Err(problem) => problem.into_response(),
        };
        response.extensions_mut().insert(Pattern("/ws"));
        future::ready(Ok(answered(&self.door, &method, &patience, response))).boxed()
    }
}

/// Refuses a request that names no host, or several (RFC 9112, 3.2): whoever passes it on may have read another.
fn names_one_host<B>(request: &Request<B>) -> Result<(), Problem> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (host, other) = (hosts.next(), hosts.next());
    let authority = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let agrees =
        authority.is_none_or(|authority| host.is_some_and(|host| host.as_bytes().eq_ignore_ascii_case(authority)));
    let is_missing = host.is_none() && request.version() == Version::HTTP_11;
    if other.is_some() || is_missing || !agrees {
        return Err(Problem::malformed("Host: one is right, the same as in the address if that names one"));
    }
    Ok(())
}

/// The connection ends with this answer.
fn and_ends(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// The answer that is sent, counted.
fn answered(door: &Door, method: &Method, patience: &Patience, answer: Response) -> Response {
    let answer = in_time(patience, answer);
    door.tally.answered(method, &answer);
    answer
}

/// The answer, as the body of its request lets it be. Of one that did not come in time, whatever was made of
/// it is not meant.
fn in_time(patience: &Patience, answer: Response) -> Response {
    match patience.answers() {
        Answered::InTime => {
            if event_stream::is_one(&answer) || answer.extensions().get::<GoesOn>().is_some() {
                patience.streams();
            }
            answer
        }
        Answered::Early => and_ends(answer),
        Answered::Late => {
            let detail = "the body of this request did not come in time";
            let late = Problem::new(ErrorCode::RequestTimeout, detail);
            and_ends(Problem { limit: Some(Limit::BodyTime), ..late }.into_response())
        }
    }
}
