//! The one way out of a connection.
//!
//! Two writers share a socket: the hub writes frames that were framed once for many, and the
//! WebSocket protocol writes its pongs and close replies. Both go through [`Outlet`], under one
//! lock, in whole frames: directly while the socket takes them, else into one queue. tungstenite
//! always offers its whole buffer, which holds whole frames, so the two meet at frame borders only.
//!
//! The queue is bounded in bytes. Full means that the client stopped reading: what has not begun is
//! forgotten and the connection is closed with 4408, because a watcher's state can be had again
//! from its position. A task exists only while a socket is blocked.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::task::AtomicWaker;
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::frame;
use super::queue::Queue;
use super::socket::Socket;
use crate::domain::ids::SessionId;

/// The client stopped reading.
pub const TOO_SLOW: u16 = 4408;
/// How long the last bytes may take once nobody reads from the socket any more.
const LINGER: Duration = Duration::from_secs(2);

/// The bounds of one connection.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that may wait for a socket that does not take them, beyond one frame.
    pub queued_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // Two of the feed's largest frames.
        Self { queued_bytes: 256 * 1024 }
    }
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The socket has it.
    Written,
    /// It waits; send nothing that can be made later until the outlet has drained.
    Queued,
    /// The connection is closing or gone; the frame is dropped.
    Closed,
}

/// The one way out of a connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Outlet {
    shared: Arc<Shared>,
}

/// Names the outlets that were blocked and have drained, and wakes whoever waits for that. Holds at
/// most one name for each time a connection drained since it was last taken.
#[derive(Debug, Default)]
pub struct Drained {
    sessions: Mutex<Vec<SessionId>>,
    wake: Notify,
}

impl Drained {
    /// The sessions that drained or ended since the last call.
    pub fn take(&self) -> Vec<SessionId> {
        std::mem::take(&mut self.sessions.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns once something drained, or [`Drained::wake`] was called.
    pub async fn wait(&self) {
        self.wake.notified().await;
    }

    /// Wakes whoever waits.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Names a session, and wakes whoever waits.
    pub fn note(&self, session: SessionId) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        self.wake();
    }
}

/// How far the end of a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// The peer's close was answered by the protocol; its frames still pass, ours do not.
    ClosedByPeer,
    /// Our close is the last frame; nothing follows it.
    ClosedByUs {
        since: Instant,
    },
}

#[derive(Debug)]
struct State {
    queue: Queue,
    phase: Phase,
    /// When the socket last took something; set while the queue is not empty.
    stalled_since: Option<Instant>,
    written_bytes: u64,
}

#[derive(Debug)]
pub(super) struct Shared {
    stream: OwnedWriteHalf,
    limits: Limits,
    state: Mutex<State>,
    blocked: AtomicBool,
    /// The stream is of no more use: an error, or the end of the reading task.
    dead: AtomicBool,
    /// The reading task has ended; what is queued is the last.
    unread: AtomicBool,
    /// Signs of life and of speech since the sweep last looked.
    heard: AtomicBool,
    spoke: AtomicBool,
    too_slow: AtomicBool,
    /// Wakes the reading task when the connection dies.
    pub(super) reader: AtomicWaker,
    drained: OnceLock<(Arc<Drained>, SessionId)>,
}

/// What can be told of an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Bytes the socket took.
    pub written_bytes: u64,
    /// Bytes that wait for it.
    pub queued_bytes: usize,
}

impl Outlet {
    /// Splits a stream into its way out and the end that the WebSocket protocol runs over.
    #[must_use]
    pub fn split(stream: TcpStream, limits: Limits) -> (Self, Socket) {
        let (reader, writer) = stream.into_split();
        let shared = Arc::new(Shared {
            stream: writer,
            limits,
            state: Mutex::new(State {
                queue: Queue::default(),
                phase: Phase::Open,
                stalled_since: None,
                written_bytes: 0,
            }),
            blocked: AtomicBool::new(false),
            dead: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            heard: AtomicBool::new(true),
            spoke: AtomicBool::new(false),
            too_slow: AtomicBool::new(false),
            reader: AtomicWaker::new(),
            drained: OnceLock::new(),
        });
        (Self { shared: Arc::clone(&shared) }, Socket::new(reader, shared))
    }

    /// Sends whole frames. Never waits.
    pub fn send(&self, frame: Bytes) -> Sent {
        self.shared.spoke.store(true, Ordering::Relaxed);
        self.shared.send(frame)
    }

    /// Asks for a sign of life, unless the socket is blocked: then its progress is the sign.
    pub fn ping(&self) {
        if !self.is_blocked() {
            self.shared.send(frame::PING_FRAME);
        }
    }

    /// Sends a close frame behind what was sent before; nothing follows it. The reading task ends
    /// with the peer's answer, or when the [sweep](super::sweep) finds that none came in time.
    pub fn close(&self, code: u16, reason: &str) {
        self.shared.close(&mut self.shared.state(), code, reason);
    }

    /// Closes as [`TOO_SLOW`], forgetting what waits.
    pub fn close_too_slow(&self) {
        self.shared.too_slow(&mut self.shared.state());
    }

    /// Ends the connection without a word.
    pub fn abort(&self) {
        self.shared.die(&mut self.shared.state());
    }

    /// Whether frames wait for the socket.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.shared.blocked.load(Ordering::Acquire)
    }

    /// Whether nothing more can be sent.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.dead.load(Ordering::Acquire) || self.shared.state().phase != Phase::Open
    }

    /// Whether it was closed because the client stopped reading.
    #[must_use]
    pub fn was_too_slow(&self) -> bool {
        self.shared.too_slow.load(Ordering::Relaxed)
    }

    /// Since when the socket has taken nothing although something waits.
    #[must_use]
    pub fn stalled_since(&self) -> Option<Instant> {
        self.shared.state().stalled_since
    }

    /// Since when our close frame waits for the peer's answer.
    #[must_use]
    pub fn closing_since(&self) -> Option<Instant> {
        match self.shared.state().phase {
            Phase::ClosedByUs { since } => Some(since),
            Phase::Open | Phase::ClosedByPeer => None,
        }
    }

    /// Whether the peer showed life since this was last asked: bytes came, or a blocked socket took some.
    #[must_use]
    pub fn take_heard(&self) -> bool {
        self.shared.heard.swap(false, Ordering::Relaxed)
    }

    /// Whether anything was sent since this was last asked.
    #[must_use]
    pub fn take_spoke(&self) -> bool {
        self.shared.spoke.swap(false, Ordering::Relaxed)
    }

    /// From now on notes in `drained`, under this name, whenever it was blocked and no longer is.
    /// The first call decides.
    pub fn tell_when_drained(&self, drained: &Arc<Drained>, session: SessionId) {
        self.shared.drained.get_or_init(|| (Arc::clone(drained), session));
    }

    /// What can be told of it.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let state = self.shared.state();
        Stats { written_bytes: state.written_bytes, queued_bytes: state.queue.bytes() }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Acquire)
    }

    pub(super) fn hear(&self) {
        self.heard.store(true, Ordering::Relaxed);
    }

    fn send(self: &Arc<Self>, frame: Bytes) -> Sent {
        let mut state = self.state();
        if self.is_dead() || state.phase != Phase::Open {
            return Sent::Closed;
        }
        self.put(&mut state, frame)
    }

    /// Takes the protocol's own frames: all of them or, behind our close, none.
    pub(super) fn send_of_protocol(self: &Arc<Self>, frames: &[u8]) -> io::Result<usize> {
        let mut state = self.state();
        if self.is_dead() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if matches!(state.phase, Phase::Open | Phase::ClosedByPeer) {
            if frame::contains_close(frames) {
                state.phase = Phase::ClosedByPeer;
            }
            self.put(&mut state, Bytes::copy_from_slice(frames));
        }
        Ok(frames.len())
    }

    /// Writes what the socket takes and queues the rest.
    fn put(self: &Arc<Self>, state: &mut State, frame: Bytes) -> Sent {
        if !state.queue.is_empty() {
            if state.queue.bytes() + frame.len() > self.limits.queued_bytes {
                self.too_slow(state);
                return Sent::Closed;
            }
            state.queue.push(frame);
            return Sent::Queued;
        }
        state.queue.push(frame);
        match self.write(state) {
            Ok(()) if state.queue.is_empty() => Sent::Written,
            Ok(()) => {
                state.stalled_since = Some(Instant::now());
                self.blocked.store(true, Ordering::Release);
                tokio::spawn(catch_up(Arc::clone(self)));
                Sent::Queued
            }
            Err(_) => {
                self.die(state);
                Sent::Closed
            }
        }
    }

    fn write(&self, state: &mut State) -> io::Result<()> {
        let before = state.queue.bytes();
        let progress = state.queue.write_with(|slices| match slices {
            [one] => self.stream.try_write(one),
            several => self.stream.try_write_vectored(several),
        })?;
        state.written_bytes += (before - state.queue.bytes()) as u64;
        if progress && state.stalled_since.is_some() {
            // The peer acknowledged bytes: it lives, even if its pong stands behind them.
            state.stalled_since = Some(Instant::now());
            self.hear();
        }
        Ok(())
    }

    fn too_slow(self: &Arc<Self>, state: &mut State) {
        if state.phase == Phase::Open {
            self.too_slow.store(true, Ordering::Relaxed);
            state.queue.keep_only_begun();
            self.close(state, TOO_SLOW, "the client stopped reading");
        }
    }

    fn close(self: &Arc<Self>, state: &mut State, code: u16, reason: &str) {
        if self.is_dead() || state.phase != Phase::Open {
            return;
        }
        state.phase = Phase::ClosedByUs { since: Instant::now() };
        let close = frame::close(code, reason);
        if self.blocked.load(Ordering::Acquire) {
            // Behind what waits, whatever the bound: the last word is a few bytes.
            state.queue.push(close);
        } else {
            self.put(state, close);
        }
    }

    /// Ends the stream for both sides; every handle may live on.
    fn die(&self, state: &mut State) {
        if self.dead.swap(true, Ordering::AcqRel) {
            return;
        }
        state.queue.clear();
        state.stalled_since = None;
        // An error here says that the peer was faster.
        drop(SockRef::from(self.stream.as_ref()).shutdown(std::net::Shutdown::Both));
        self.reader.wake();
        self.unblock();
    }

    fn unblock(&self) {
        self.blocked.store(false, Ordering::Release);
        if let Some((drained, session)) = self.drained.get() {
            drained.note(*session);
        }
    }

    /// The reading task has ended: what is queued may still go out, then the stream ends.
    pub(super) fn reader_ended(self: &Arc<Self>) {
        self.unread.store(true, Ordering::Release);
        let mut state = self.state();
        if state.phase == Phase::Open {
            state.phase = Phase::ClosedByPeer;
        }
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if !state.queue.is_empty() && !self.is_dead() => {
                runtime.spawn(linger(Arc::clone(self)));
            }
            Ok(_) | Err(_) => self.die(&mut state),
        }
    }

    /// One lap of catching up. Returns whether there is more to do.
    fn catch_up_once(&self) -> bool {
        let mut state = self.state();
        if self.is_dead() {
            return false;
        }
        if self.write(&mut state).is_err() {
            self.die(&mut state);
            return false;
        }
        if !state.queue.is_empty() {
            return true;
        }
        state.stalled_since = None;
        if self.unread.load(Ordering::Acquire) {
            self.die(&mut state);
        } else {
            self.unblock();
        }
        false
    }
}

/// Writes what waits as the socket takes it. Lives only while the outlet is blocked.
async fn catch_up(outlet: Arc<Shared>) {
    loop {
        if outlet.stream.writable().await.is_err() {
            outlet.die(&mut outlet.state());
            return;
        }
        if !outlet.catch_up_once() {
            return;
        }
    }
}

/// Ends a stream that nobody reads from any more, even if its last bytes were not taken.
async fn linger(outlet: Arc<Shared>) {
    tokio::time::sleep(LINGER).await;
    outlet.die(&mut outlet.state());
}

#[cfg(test)]
#[path = "outlet_tests.rs"]
mod tests;
