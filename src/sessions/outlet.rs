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

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use tokio::time::Instant;

use super::drained::Drained;
use super::frame;
use super::sending::{Limits, Sent};
use super::shared_writer::{Phase, SharedWriter, TellsDrained};
use super::socket::Socket;
use super::stream::Stream;
use crate::domain::ids::SessionId;
use crate::telemetry::metrics::SessionMetrics;
use crate::wire::close::CloseCode;

/// The one way out of a connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Outlet {
    writer: Arc<SharedWriter>,
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
    /// Splits a stream into its way out and the end that the WebSocket protocol runs over. What waits for it, and
    /// how it is closed, is counted in `metrics`.
    #[must_use]
    pub fn split(stream: impl Into<Stream>, limits: Limits, metrics: &Arc<SessionMetrics>) -> (Self, Socket) {
        let (reader, writer) = stream.into().split();
        let writer = Arc::new(SharedWriter::new(writer, limits, Arc::clone(metrics)));
        (Self { writer: Arc::clone(&writer) }, Socket::new(reader, writer))
    }

    /// What goes out with the first frame, before it: the answer that opens the socket.
    pub fn begins_with(&self, answer: Bytes) {
        if !answer.is_empty() {
            self.writer.state().queue.push(answer);
        }
    }

    /// Sends whole frames. Never waits.
    pub fn send(&self, frame: Bytes) -> Sent {
        self.writer.spoke.store(true, Ordering::Relaxed);
        self.writer.send(frame)
    }

    /// Asks for a sign of life, unless the socket is blocked: then its progress is the sign.
    pub fn ping(&self) {
        if !self.is_blocked() {
            self.writer.send(frame::PING_FRAME);
        }
    }

    /// Sends a close frame behind what was sent before; nothing follows it. The reading task ends
    /// with the peer's answer, or when the [sweep](super::sweep) finds that none came in time.
    pub fn close(&self, code: CloseCode, reason: &str) {
        self.writer.close(&mut self.writer.state(), code, reason);
    }

    /// Closes as [`CloseCode::TooSlow`], forgetting what waits.
    pub fn close_too_slow(&self) {
        self.writer.close_too_slow(&mut self.writer.state());
    }

    /// Ends the connection without a word.
    pub fn abort(&self) {
        self.writer.die(&mut self.writer.state());
    }

    /// Whether frames wait for the socket.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.writer.blocked.load(Ordering::Acquire)
    }

    /// Whether nothing more can be sent.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.writer.dead.load(Ordering::Acquire) || self.writer.state().phase != Phase::Open
    }

    /// Whether the connection is of no more use to either side, though its task may not know yet.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.writer.is_dead()
    }

    /// Whether it was closed because the client stopped reading.
    #[must_use]
    pub fn was_too_slow(&self) -> bool {
        self.writer.too_slow.load(Ordering::Relaxed)
    }

    /// Since when the socket has taken nothing although something waits.
    #[must_use]
    pub fn stalled_since(&self) -> Option<Instant> {
        self.writer.state().stalled_since
    }

    /// Since when our close frame waits for the peer's answer.
    #[must_use]
    pub fn closing_since(&self) -> Option<Instant> {
        match self.writer.state().phase {
            Phase::ClosedByUs { since } => Some(since),
            Phase::Open | Phase::ClosedByPeer => None,
        }
    }

    /// Whether the peer showed life since this was last asked: bytes came, or a blocked socket took some.
    #[must_use]
    pub fn take_heard(&self) -> bool {
        self.writer.heard.swap(false, Ordering::Relaxed)
    }

    /// Whether anything was sent since this was last asked.
    #[must_use]
    pub fn take_spoke(&self) -> bool {
        self.writer.spoke.swap(false, Ordering::Relaxed)
    }

    /// From now on notes in `drained`, under this name, whenever it was blocked and no longer is.
    /// The first call decides.
    pub fn tell_when_drained(&self, drained: &Arc<Drained>, session: SessionId) {
        self.writer.drained.get_or_init(|| TellsDrained { drained: Arc::clone(drained), session });
    }

    /// What can be told of it.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let state = self.writer.state();
        Stats { written_bytes: state.written_bytes, queued_bytes: state.queue.bytes() }
    }
}

#[cfg(test)]
#[path = "outlet_tests.rs"]
mod tests;
