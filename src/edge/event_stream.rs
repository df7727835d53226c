//! Changes as Server-Sent Events: one stream, written as fast as its client reads.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use tokio::time::Instant;
use tracing::debug;

use super::Door;
use super::followers::{Ending, Follower};
use crate::agents::Agents;
use crate::domain::time::Timestamp;
use crate::engine::Seq;
use crate::outbound::{Follow, Wanted};
use crate::wire;
use crate::wire::shapes::Outgoing;
use crate::wire::show;

/// Changes that are looked at for one piece. A client that does not read has some pieces waiting for it, and is given
/// up by `[server] body_timeout`.
const AT_ONCE: usize = 32;
/// How often it is looked whether what a stream has said of being stale is still so.
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// After so many milliseconds a client comes back whose stream broke.
const COME_BACK_AFTER: u64 = 2_000;

/// One stream.
pub struct EventStream {
    door: Arc<Door>,
    follow: Follow,
    follower: Follower,
    wanted: Wanted,
    /// Everything up to there was told.
    reached: Seq,
    /// When something was last sent.
    sent: Instant,
    /// Whether the last heartbeat said that what is told may be older than what is so.
    told_stale: bool,
    /// When the token is no longer believed.
    until: Timestamp,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begins,
    Follows,
    Over,
}

/// What there is to send.
enum Next {
    Piece(Vec<u8>),
    Nothing,
    End,
}

impl EventStream {
    /// Tells of what is wanted, from beyond a position on.
    pub fn new(
        door: Arc<Door>,
        follow: Follow,
        follower: Follower,
        wanted: Wanted,
        after: Seq,
        until: Timestamp,
    ) -> Self {
        let (sent, state) = (Instant::now(), State::Begins);
        Self { door, follow, follower, wanted, reached: after, sent, told_stale: false, until, state }
    }

    /// The stream as the body of an answer: it goes on when the client has read.
    pub fn body(self) -> Body {
        Body::from_stream(futures::stream::unfold(self, |mut stream| async move {
            let piece = stream.next().await?;
            Some((Ok::<_, Infallible>(Bytes::from(piece)), stream))
        }))
    }

    async fn next(&mut self) -> Option<Vec<u8>> {
        match self.state {
            State::Begins => {
                self.state = State::Follows;
                let mut piece = retry(COME_BACK_AFTER);
                self.push_heartbeat(&mut piece);
                return Some(piece);
            }
            State::Follows => {}
            State::Over => return None,
        }
        let pace = self.pace();
        loop {
            if let Some(ending) = self.follower.ending() {
                return self.end(ending);
            }
            if self.door.agents.clock().wall() >= self.until {
                return None;
            }
            match self.piece().await {
                Next::Piece(piece) => return Some(piece),
                Next::Nothing => {}
                Next::End => return None,
            }
            let quiet_until = self.sent + pace;
            if quiet_until <= Instant::now() || self.told_stale != self.door.agents.is_stale() {
                let mut piece = Vec::new();
                self.push_heartbeat(&mut piece);
                return Some(piece);
            }
            let wake_by = quiet_until.min(self.token_ends());
            tokio::select! {
                biased;
                () = self.follower.ended() => {}
                () = self.follow.wait_beyond(self.reached) => {}
                () = is_told_wrong(&self.door.agents, self.told_stale) => {}
                () = tokio::time::sleep_until(wake_by) => {}
            }
        }
    }

    /// What of the next changes is wanted.
    async fn piece(&mut self) -> Next {
        let bite = match self.follow.beyond(self.reached, AT_ONCE, &self.wanted).await {
            Ok(bite) => bite,
            Err(error) => {
                // The client comes back, and is told then.
                debug!(%error, self.reached, "a stream of changes ends");
                return Next::End;
            }
        };
        let mut piece = Vec::new();
        for told in &bite.changes {
            if let Some(event) = told.to(&self.wanted) {
                piece.extend_from_slice(event.frame());
            }
        }
        self.reached = bite.reached;
        if piece.is_empty() {
            return Next::Nothing;
        }
        self.sent = Instant::now();
        Next::Piece(piece)
    }

    /// The hub stops, or the session is over.
    fn end(&mut self, ending: Ending) -> Option<Vec<u8>> {
        self.state = State::Over;
        match ending {
            Ending::SignedOut => None,
            Ending::Restart { come_back_after } => Some(retry(come_back_after)),
        }
    }

    fn push_heartbeat(&mut self, piece: &mut Vec<u8>) {
        self.sent = Instant::now();
        self.told_stale = self.door.agents.is_stale();
        let heartbeat = Outgoing::Heartbeat {
            seq: Some(self.reached),
            server_time: show::time(self.door.agents.clock().now()),
            stale: self.told_stale,
        };
        let id = self.door.changes.position(self.reached);
        piece.extend_from_slice(format!("event: heartbeat\nid: {id}\ndata: ").as_bytes());
        wire::write(&heartbeat, &mut *piece);
        piece.extend_from_slice(b"\n\n");
    }

    /// After so long without anything else there is a heartbeat. It also keeps the connection.
    fn pace(&self) -> Duration {
        self.door.limits.heartbeat_interval.min(self.door.server.idle_timeout / 2)
    }

    fn token_ends(&self) -> Instant {
        Instant::now() + self.until.since(self.door.agents.clock().wall())
    }
}

/// Returns once it is not so any more that what is told is stale, or that it is not.
async fn is_told_wrong(agents: &Agents, told_stale: bool) {
    while told_stale == agents.is_stale() {
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// What such a stream is called.
pub const CONTENT_TYPE: &str = "text/event-stream";

/// Whether an answer is such a stream.
pub fn is_one(answer: &Response) -> bool {
    answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == CONTENT_TYPE)
}

fn retry(millis: u64) -> Vec<u8> {
    format!("retry: {millis}\n\n").into_bytes()
}
