//! A copy of the database on its way to another node: made first, and then sent at a bounded pace.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use super::Door;
use super::audit::NotedExport;
use super::followers::Follower;
use crate::domain::time::Timestamp;
use crate::engine::embedded::copies::{Making, Outgoing};
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// Bytes that are sent in a second. They pass the thread that serves, which is there for others first.
const BYTES_PER_SECOND: f64 = 50e6;
/// Bytes that are sent at once: as many as the kernel takes off the hub.
const PIECE: u64 = 128 * 1024;

/// A copy, as long as another node reads it.
pub struct Copying {
    door: Arc<Door>,
    follower: Follower,
    /// When the token is no longer believed.
    until: Timestamp,
    outgoing: Outgoing,
    began: Instant,
    sent: u64,
    noted: NotedExport,
}

/// Why a copy ends before its end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("the copy cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("the caller may not copy any more, or the hub stops")]
    Ended,
}

impl Copying {
    /// Makes the copy.
    ///
    /// # Errors
    /// `unavailable`: why there is none.
    pub async fn begin(
        door: Arc<Door>,
        mut follower: Follower,
        until: Timestamp,
        (making, noted): (Making, NotedExport),
    ) -> Result<Self, Problem> {
        let made = tokio::select! {
            biased;
            () = follower.ended() => return Err(unavailable(&Broken::Ended)),
            made = making.make() => made,
        };
        let outgoing = made.map_err(|error| {
            warn!(%error, "no copy of the database for another node");
            unavailable(&error)
        })?;
        Ok(Self { door, follower, until, outgoing, began: Instant::now(), sent: 0, noted })
    }

    /// What is sent.
    pub fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// The copy as the body of an answer. Should it break, the answer ends before the length that it says.
    pub fn body(self) -> Body {
        Body::from_stream(futures::stream::unfold(self, |mut copying| async move {
            let piece = copying.next().await?;
            let piece = piece.inspect_err(|broken| warn!(error = %broken, "a copy ends before its end"));
            Some((piece.map(Bytes::from), copying))
        }))
    }

    async fn next(&mut self) -> Option<Result<Vec<u8>, Broken>> {
        let due = self.began + Duration::from_secs_f64(self.sent as f64 / BYTES_PER_SECOND);
        tokio::select! {
            biased;
            () = self.follower.ended() => return Some(Err(Broken::Ended)),
            () = sleep_until(due) => {}
        }
        if self.door.agents.clock().wall() >= self.until {
            return Some(Err(Broken::Ended));
        }
        match self.outgoing.next(PIECE).await {
            Ok(piece) if piece.is_empty() => None,
            Ok(piece) => {
                self.sent += piece.len() as u64;
                self.noted.bytes_made(piece.len());
                // An answer whose length is known is not asked for what comes behind it.
                if self.sent == self.outgoing.bytes() {
                    self.noted.is_over();
                }
                Some(Ok(piece))
            }
            Err(error) => Some(Err(error.into())),
        }
    }
}

fn unavailable(why: &dyn std::error::Error) -> Problem {
    Problem::new(ErrorCode::Unavailable, format!("the hub makes no copy now: {why}"))
}
