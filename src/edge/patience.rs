//! How long a client is waited for while it speaks HTTP: for its next request, for the rest of a head
//! or a body that it began, and for taking its answer. While the hub works on a request, nobody is
//! hurried.
//!
//! One timer a connection, looked at by whoever drives it. A body that does not come fails where it
//! is read, so that the client is told (408); everything else ends the connection. An answer before the
//! whole body has come is the last of its connection, because where the next request begins is not known.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use axum::body::HttpBody;
use axum::http::Request;
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use parking_lot::{Mutex, MutexGuard};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep};

use super::lobby::Place;

/// How long a client is waited for once the hub stops.
const AFTER_A_STOP: Duration = Duration::from_secs(1);

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// For a whole head, from its first byte; for the first of a connection, from the beginning.
    pub head: Duration,
    /// For the next request.
    pub idle: Duration,
    /// For a whole body, and for taking some of an answer.
    pub body: Duration,
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// A request that the client need not make.
    Request,
    Head,
    Body,
    /// The hub's own work.
    Hub,
}

#[derive(Debug)]
struct State {
    awaited: Awaited,
    since: Instant,
    /// The answer goes on for as long as there is something to say.
    is_streaming: bool,
    /// The client does not take its answer.
    is_stuck: bool,
    /// A body did not come in time; its reader is told.
    body_is_late: bool,
    /// Whoever read a body has left some of it behind: the connection ends with the answer.
    body_is_left: bool,
    stop_by: Option<Instant>,
}

/// The patience with one connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Patience {
    times: Times,
    state: Arc<Mutex<State>>,
}

/// A connection that speaks HTTP with a client that is waited for.
pub type Http<S, V> = http1::Connection<TokioIo<Watched<S>>, V>;

/// How an answer stands to the body of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The body has come.
    InTime,
    /// Before the whole body came.
    Early,
    /// The body did not come in time.
    Late,
}

/// What a connection came to.
enum Step {
    /// It became idle, or a request begins.
    Turned,
    /// It is to end as soon as nothing is under way.
    Leave,
    /// The client was waited for long enough.
    GivenUp,
    Ended(hyper::Result<()>),
}

impl Patience {
    /// The first head is waited for from now on.
    pub fn new(times: Times) -> Self {
        let (awaited, since) = (Awaited::Head, Instant::now());
        let (is_streaming, is_stuck, body_is_late, body_is_left, stop_by) = (false, false, false, false, None);
        let state = State { awaited, since, is_streaming, is_stuck, body_is_late, body_is_left, stop_by };
        Self { times, state: Arc::new(Mutex::new(state)) }
    }

    /// The stream of the connection, watched.
    pub fn watch<S>(&self, stream: S) -> Watched<S> {
        Watched { stream, patience: self.clone() }
    }

    /// A request has come, with this body.
    pub fn body<B: HttpBody<Data = Bytes> + Unpin>(&self, body: B) -> Body<B> {
        self.awaits(if body.is_end_stream() { Awaited::Hub } else { Awaited::Body });
        Body { body, patience: self.clone() }
    }

    /// The answer is on its way.
    pub fn answers(&self) -> Answered {
        self.awaits(Awaited::Request);
        let state = self.state();
        match (state.body_is_late, state.body_is_left) {
            (true, _) => Answered::Late,
            (false, true) => Answered::Early,
            (false, false) => Answered::InTime,
        }
    }

    /// The answer is a stream: its connection leaves for nobody while it lasts.
    pub fn streams(&self) {
        self.state().is_streaming = true;
    }

    /// Whether the client may still be sending a body that nobody reads.
    pub fn leaves_a_body(&self) -> bool {
        self.state().body_is_left
    }

    /// Serves until the connection ends, and tells how; none if the client was waited for long enough.
    /// Once the hub stops, nobody is waited for much longer than the hub's own work takes. Who only
    /// keeps the connection leaves for somebody who comes.
    pub async fn serve<S, V>(
        &self,
        http: &mut Http<S, V>,
        place: &Place,
        mut stop: watch::Receiver<()>,
    ) -> Option<hyper::Result<()>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
        V: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Unpin> + Unpin,
    {
        let (mut timer, mut leaving, mut stopping) = (None, false, false);
        loop {
            let was_idle = self.is_idle();
            let step = tokio::select! {
                biased;
                step = poll_fn(|cx| self.poll_step(http, was_idle, &mut timer, cx)) => step,
                _ = stop.changed(), if !stopping => {
                    stopping = true;
                    self.state().stop_by = Some(Instant::now() + AFTER_A_STOP);
                    Step::Leave
                }
                () = place.is_wanted(), if was_idle && !leaving => Step::Leave,
            };
            match step {
                Step::Turned => {}
                Step::Leave => {
                    leaving = true;
                    Pin::new(&mut *http).graceful_shutdown();
                }
                Step::GivenUp => return None,
                Step::Ended(ended) => return Some(ended),
            }
        }
    }

    fn poll_step<S, V>(
        &self,
        http: &mut Http<S, V>,
        was_idle: bool,
        timer: &mut Option<Pin<Box<Sleep>>>,
        cx: &mut Context<'_>,
    ) -> Poll<Step>
    where
        S: AsyncRead + AsyncWrite + Unpin,
        V: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Unpin> + Unpin,
    {
        loop {
            if let Poll::Ready(ended) = http.poll_without_shutdown(cx) {
                return Poll::Ready(Step::Ended(ended));
            }
            if self.is_idle() != was_idle {
                return Poll::Ready(Step::Turned);
            }
            ready!(self.poll_over(timer, cx));
            let mut state = self.state();
            if state.awaited != Awaited::Body {
                return Poll::Ready(Step::GivenUp);
            }
            state.body_is_late = true;
            state.awaited = Awaited::Hub;
        }
    }

    /// Whether it is a head that the client is waited for.
    pub fn awaits_a_head(&self) -> bool {
        self.state().awaited == Awaited::Head
    }

    /// Whether the client is just keeping the connection.
    fn is_idle(&self) -> bool {
        let state = self.state();
        state.awaited == Awaited::Request && !state.is_stuck && !state.is_streaming
    }

    /// Returns once the client was waited for long enough.
    fn poll_over(&self, timer: &mut Option<Pin<Box<Sleep>>>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline() else { return Poll::Pending };
        let timer = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx)
    }

    fn deadline(&self) -> Option<Instant> {
        let state = self.state();
        let patience = match state.awaited {
            Awaited::Hub => return None,
            Awaited::Request if state.is_stuck => self.times.body,
            Awaited::Request => self.times.idle,
            Awaited::Head => self.times.head,
            Awaited::Body => self.times.body,
        };
        let deadline = state.since + patience;
        Some(state.stop_by.map_or(deadline, |stop| stop.min(deadline)))
    }

    fn awaits(&self, awaited: Awaited) {
        let mut state = self.state();
        state.awaited = awaited;
        state.since = Instant::now();
    }

    fn body_has_come(&self) {
        if self.state().awaited == Awaited::Body {
            self.awaits(Awaited::Hub);
        }
    }

    fn body_is_left(&self) {
        self.state().body_is_left = true;
        self.body_has_come();
    }

    fn has_read(&self) {
        let mut state = self.state();
        state.is_streaming = false;
        let begins = state.awaited == Awaited::Request;
        drop(state);
        if begins {
            self.awaits(Awaited::Head);
        }
    }

    fn has_written(&self, written: &Poll<io::Result<usize>>) {
        let mut state = self.state();
        // The request that was answered is behind us: the connection waits for the client to take the
        // answer, and then for its next request.
        let gets_stuck = written.is_pending() && !state.is_stuck;
        if state.awaited == Awaited::Request && (written.is_ready() || gets_stuck) {
            state.since = Instant::now();
        }
        state.is_stuck = written.is_pending();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

/// The stream of a connection; notes what passes.
#[derive(Debug)]
pub struct Watched<S> {
    stream: S,
    patience: Patience,
}

impl<S> Watched<S> {
    /// The bare stream.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.patience.has_read();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.patience.has_written(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.patience.has_written(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The body of a request. Fails once it was waited for long enough.
#[derive(Debug)]
pub struct Body<B: HttpBody<Data = Bytes> + Unpin> {
    body: B,
    patience: Patience,
}

impl<B> HttpBody for Body<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if polled.is_pending() && self.patience.state().body_is_late {
            return Poll::Ready(Some(Err("the body did not come in time".into())));
        }
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.patience.body_has_come();
        }
        polled.map(|frame| frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> Drop for Body<B> {
    /// Whoever answers without reading a body does not wait for it. What came together with the head is
    /// dropped, so that the connection of whoever sends little can be kept.
    fn drop(&mut self) {
        let mut nobody = Context::from_waker(Waker::noop());
        while !self.body.is_end_stream() {
            if !matches!(Pin::new(&mut self.body).poll_frame(&mut nobody), Poll::Ready(Some(Ok(_)))) {
                break;
            }
        }
        if self.body.is_end_stream() { self.patience.body_has_come() } else { self.patience.body_is_left() }
    }
}

#[cfg(test)]
#[path = "patience_tests.rs"]
mod tests;
