//! An export on its way to a client: made as fast as that reads, and no further.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::warn;

use super::audit::NotedExport;
use super::export::Sheet;
use super::followers::Follower;
use super::{Door, past};
use crate::domain::time::Timestamp;
use crate::history::export::{Export, Goes, Wanted};
use crate::history::reader::{Failed, Takes};
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// Exports under way at once. Each holds some megabytes.
pub const AT_ONCE: usize = 2;

/// The places of exports.
#[derive(Clone, Debug)]
pub struct Exports(Arc<Semaphore>);

impl Default for Exports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Exports {
    /// Takes a place. Dropping it gives it back.
    ///
    /// # Errors
    /// `rate_limited`: there is none.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let crowded = |_| Problem::limited(Limit::Exports, format!("{AT_ONCE} exports are under way; come back later"));
        self.0.clone().try_acquire_owned().map_err(crowded)
    }
}

/// An answer that goes on for long although nobody follows anything.
#[derive(Clone, Copy, Debug)]
pub struct GoesOn;

/// An export, as long as its client reads.
pub struct Exporting {
    door: Arc<Door>,
    follower: Follower,
    /// When the token is no longer believed.
    until: Timestamp,
    state: State,
    noted: NotedExport,
    _place: OwnedSemaphorePermit,
}

enum State {
    /// Some was made that was not sent yet.
    Made(Vec<u8>, Box<(Export, Sheet)>),
    /// All was made.
    Last(Vec<u8>),
    Over,
}

/// Why an export ends before its end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Read(#[from] Failed),
    #[error("the table cannot be written: {0}")]
    Written(#[from] io::Error),
    #[error("the caller may not read any more, or the hub stops")]
    Ended,
}

impl Exporting {
    /// Makes the first piece.
    ///
    /// # Errors
    /// Why nothing can be read.
    pub async fn begin(
        door: Arc<Door>,
        follower: Follower,
        until: Timestamp,
        (place, mut noted): (OwnedSemaphorePermit, NotedExport),
        wanted: Wanted,
        sheet: Sheet,
    ) -> Result<Self, Problem> {
        let state = match piece(&door, Box::new((Export::new(wanted), sheet))).await {
            Ok((state, rows)) => {
                noted.made(rows, 0);
                state
            }
            Err(Broken::Read(failed)) => return Err(past::problem(failed)),
            Err(broken @ (Broken::Written(_) | Broken::Ended)) => {
                return Err(Problem::new(ErrorCode::Unavailable, broken.to_string()));
            }
        };
        Ok(Self { door, follower, until, state, noted, _place: place })
    }

    /// The export as the body of an answer. Should it break, the answer ends without its end, so that nobody takes
    /// a part for the whole.
    pub fn body(self) -> Body {
        Body::from_stream(futures::stream::unfold(self, |mut exporting| async move {
            let piece = exporting.next().await?;
            let piece = piece.inspect_err(|broken| warn!(error = %broken, "an export ends before its end"));
            Some((piece.map(Bytes::from), exporting))
        }))
    }

    async fn next(&mut self) -> Option<Result<Vec<u8>, Broken>> {
        loop {
            if self.follower.ending().is_some() || self.door.agents.clock().wall() >= self.until {
                return match std::mem::replace(&mut self.state, State::Over) {
                    State::Over => {
                        self.noted.is_over();
                        None
                    }
                    State::Made(..) | State::Last(_) => Some(Err(Broken::Ended)),
                };
            }
            match std::mem::replace(&mut self.state, State::Over) {
                State::Made(made, rest) if made.is_empty() => match piece(&self.door, rest).await {
                    Ok((state, rows)) => {
                        self.noted.made(rows, 0);
                        self.state = state;
                    }
                    Err(broken) => return Some(Err(broken)),
                },
                State::Made(made, rest) => {
                    self.state = State::Made(Vec::new(), rest);
                    self.noted.made(0, made.len());
                    return Some(Ok(made));
                }
                State::Last(made) => {
                    self.noted.made(0, made.len());
                    return Some(Ok(made));
                }
                State::Over => {
                    self.noted.is_over();
                    return None;
                }
            }
        }
    }
}

/// Makes a piece, if there is enough for one: reads some rows, and writes them while nobody waits for the reader.
/// Returns how many rows.
async fn piece(door: &Door, on_its_way: Box<(Export, Sheet)>) -> Result<(State, usize), Broken> {
    let Some(reader) = &door.history else { return Err(Failed::Nobody.into()) };
    let (mut export, mut sheet) = *on_its_way;
    let bite = reader.ask(Takes::Long, move |connection| export.bite(connection).map(|bite| (export, bite)));
    let (export, (rows, goes)) = bite.await?;
    let written = tokio::task::spawn_blocking(move || {
        let many = rows.len();
        let mut made = sheet.add(rows)?;
        let state = match goes {
            Goes::On => State::Made(made, Box::new((export, sheet))),
            Goes::NoFurther => {
                made.extend(sheet.end()?);
                State::Last(made)
            }
        };
        Ok((state, many))
    });
    // A panic is told of where it happens.
    written.await.unwrap_or(Err(Broken::Read(Failed::Nobody)))
}
