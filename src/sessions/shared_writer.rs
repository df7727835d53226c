//! The writing side of a connection, which the hub and the WebSocket protocol share: what is queued, and
//! how far the closing has come.
//!
//! Every method holds the one lock for at most as long as a write that does not wait.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures::task::AtomicWaker;
use parking_lot::{Mutex, MutexGuard};
use tokio::io::AsyncReadExt;
use tokio::time::Instant;

use super::drained::Drained;
use super::frame;

use super::queue::Queue;
use super::sending::{Limits, Sent};
use super::stream::{Reader, Writer};
use crate::domain::ids::SessionId;
use crate::telemetry::metrics::SessionMetrics;
use crate::wire::close::CloseCode;

/// How long the last bytes may take once nobody reads from the socket any more.
pub(super) const LINGER: Duration = Duration::from_secs(2);

/// How far the closing of a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Open,
    /// The peer's close was answered by the protocol; its frames still pass, ours do not.
    ClosedByPeer,
    /// Our close is the last frame; nothing follows it.
    ClosedByUs {
        since: Instant,
    },
}

/// Whom to tell, and under which id, when the connection drains.
#[derive(Debug)]
pub(super) struct TellsDrained {
    pub(super) drained: Arc<Drained>,
    pub(super) session: SessionId,
}

/// What the lock guards.
#[derive(Debug)]
pub(super) struct State {
    pub(super) queue: Queue,
    pub(super) phase: Phase,
    /// When the socket last took something; set while the queue is not empty.
    pub(super) stalled_since: Option<Instant>,
    pub(super) written_bytes: u64,
}

#[derive(Debug)]
pub(super) struct SharedWriter {
    stream: Writer,
    limits: Limits,
    metrics: Arc<SessionMetrics>,
    state: Mutex<State>,
    pub(super) blocked: AtomicBool,
    /// The stream is of no more use: an error, or its end.
    pub(super) dead: AtomicBool,
    /// The reading task has ended; what is queued is the last.
    unread: AtomicBool,
    /// Whether bytes came since the sweep last looked.
    pub(super) heard: AtomicBool,
    /// Whether a frame was sent since the sweep last looked.
    pub(super) spoke: AtomicBool,
    pub(super) too_slow: AtomicBool,
    /// Wakes the reading task when the connection dies.
    pub(super) reader: AtomicWaker,
    pub(super) drained: OnceLock<TellsDrained>,
}

impl SharedWriter {
    pub(super) fn new(stream: Writer, limits: Limits, metrics: Arc<SessionMetrics>) -> Self {
        let queue = Queue::counted_by(metrics.queued.clone());
        Self {
            stream,
            limits,
            metrics,
            state: Mutex::new(State { queue, phase: Phase::Open, stalled_since: None, written_bytes: 0 }),
            blocked: AtomicBool::new(false),
            dead: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            heard: AtomicBool::new(false),
            spoke: AtomicBool::new(false),
            too_slow: AtomicBool::new(false),
            reader: AtomicWaker::new(),
            drained: OnceLock::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Acquire)
    }

    pub(super) fn hear(&self) {
        self.heard.store(true, Ordering::Relaxed);
    }

    pub(super) fn send(self: &Arc<Self>, frame: Bytes) -> Sent {
        let mut state = self.state();
        if self.is_dead() || state.phase != Phase::Open {
            return Sent::Closed;
        }
        debug_assert!(!self.blocked.load(Ordering::Acquire) || !state.queue.is_empty(), "blocked means queued");
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
                self.close_too_slow(state);
                return Sent::Closed;
            }
            state.queue.push(frame);
            return if self.blocked.load(Ordering::Acquire) { Sent::Queued } else { self.put_all(state) };
        }
        let written = match self.stream.write_at_once(&frame) {
            Ok(written) => written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(_) => {
                self.die(state);
                return Sent::Closed;
            }
        };
        state.written_bytes += written as u64;
        if written == frame.len() {
            return Sent::Written;
        }
        state.queue.push_rest(frame, written);
        self.block(state)
    }

    /// Writes the first frame behind what the connection begins with.
    fn put_all(self: &Arc<Self>, state: &mut State) -> Sent {
        let all = state.queue.bytes();
        if state.queue.write_with(|slices| self.stream.try_write(slices)).is_err() {
            self.die(state);
            return Sent::Closed;
        }
        state.written_bytes += (all - state.queue.bytes()) as u64;
        if state.queue.is_empty() { Sent::Written } else { self.block(state) }
    }

    /// The queue is not empty; from now on a task waits for the socket.
    fn block(self: &Arc<Self>, state: &mut State) -> Sent {
        state.stalled_since = Some(Instant::now());
        self.blocked.store(true, Ordering::Release);
        self.metrics.blocked.inc();
        tokio::spawn(catch_up(Arc::clone(self)));
        Sent::Queued
    }

    fn write(&self, state: &mut State) -> io::Result<()> {
        let before = state.queue.bytes();
        let progress = state.queue.write_with(|slices| self.stream.try_write(slices))?;
        state.written_bytes += (before - state.queue.bytes()) as u64;
        if progress {
            // The peer acknowledged bytes: it lives, even if its pong stands behind them.
            state.stalled_since = Some(Instant::now());
            self.hear();
        }
        Ok(())
    }

    pub(super) fn close_too_slow(self: &Arc<Self>, state: &mut State) {
        if state.phase == Phase::Open {
            self.too_slow.store(true, Ordering::Relaxed);
            state.queue.keep_only_begun();
            self.close(state, CloseCode::TooSlow, "the client stopped reading");
        }
    }

    pub(super) fn close(self: &Arc<Self>, state: &mut State, code: CloseCode, reason: &str) {
        if self.is_dead() || state.phase != Phase::Open {
            return;
        }
        state.phase = Phase::ClosedByUs { since: Instant::now() };
        self.metrics.closes.of(code).inc();
        let close = frame::close(code.number(), reason);
        if self.blocked.load(Ordering::Acquire) {
            // Behind what waits, also if the queue is full: a close frame is a few bytes.
            state.queue.push(close);
        } else {
            self.put(state, close);
        }
    }

    /// Ends the stream for both sides; every handle may live on.
    pub(super) fn die(&self, state: &mut State) {
        if self.dead.swap(true, Ordering::AcqRel) {
            return;
        }
        if !state.queue.is_empty() {
            // The peer does not read: what the kernel still holds for it would never go out.
            self.stream.forget_unread();
        }
        state.queue.clear();
        state.stalled_since = None;
        self.stream.end_both();
        self.reader.wake();
        self.unblock();
    }

    fn unblock(&self) {
        if self.blocked.swap(false, Ordering::AcqRel) {
            self.metrics.blocked.dec();
        }
        if let Some(TellsDrained { drained, session }) = self.drained.get() {
            drained.note(*session);
        }
    }

    /// The reading task has ended: what is queued may still go out, then the stream ends.
    ///
    /// If the last word is our close, the client may still be sending. A stream that ends with bytes
    /// unread is reset, and the reset can overtake the close; so those bytes are read, and dropped,
    /// until the client has ended its side or has had its time.
    pub(super) fn reader_ended(self: &Arc<Self>, reader: Reader) {
        self.unread.store(true, Ordering::Release);
        let mut state = self.state();
        let closed_by_us = matches!(state.phase, Phase::ClosedByUs { .. });
        if state.phase == Phase::Open {
            state.phase = Phase::ClosedByPeer;
        }
        let finished = state.queue.is_empty() && !closed_by_us;
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if !finished && !self.is_dead() => {
                if state.queue.is_empty() {
                    self.stream.say_no_more();
                }
                runtime.spawn(linger(Arc::clone(self), reader));
            }
            Ok(_) | Err(_) => self.die(&mut state),
        }
    }

    /// Writes once. Returns whether something is still queued.
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
            self.stream.say_no_more();
        }
        self.unblock();
        false
    }
}

/// Writes what waits as the socket takes it. Lives only while the outlet is blocked.
async fn catch_up(writer: Arc<SharedWriter>) {
    loop {
        if writer.stream.writable().await.is_err() {
            writer.die(&mut writer.state());
            return;
        }
        if !writer.catch_up_once() {
            return;
        }
    }
}

/// Reads and drops what the client still sends, for as long as the last bytes may take.
async fn linger(writer: Arc<SharedWriter>, mut reader: Reader) {
    let mut dropped = [0; 1024];
    let until_it_ends = async {
        while reader.read(&mut dropped).await.is_ok_and(|read| read > 0) {}
        while writer.blocked.load(Ordering::Acquire) && !writer.is_dead() {
            tokio::time::sleep(LINGER / 100).await;
        }
    };
    // Ended or out of time, the connection is given up.
    drop(tokio::time::timeout(LINGER, until_it_ends).await);
    writer.die(&mut writer.state());
}
