//! The live feed: what watchers are sent, and when.
//!
//! The feed is a projection of the log. It holds one list for the whole hub, the agents by the
//! position of their newest entry, and a [`filter`] for each different watch. A watcher is a
//! cursor in that list, never a queue: what it is sent next is the newest state of whatever matches
//! and changed beyond its cursor. So a slow reader costs no memory and delays nobody, it is sent
//! fewer and newer frames; and resuming is only another cursor.
//!
//! Watchers stand in [chunks](chunk), each flushed at once after quiet and otherwise a little over
//! ten milliseconds after its last flush, in [turns]. One task, [`Feed::run`], writes to all of them.
//!
//! One lock guards the state. It is held while a chunk is written to and never across an await;
//! the order of locks is feed, then outlet.

mod chunk;
mod criteria;
mod filter;
mod frames;
mod index;
mod members;
#[cfg(test)]
mod replica_tests;
mod roster;
#[cfg(test)]
mod socket_tests;
mod state;
#[cfg(test)]
mod test_world;
mod turns;
mod watching;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::agent::Agent;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::SessionId;
use crate::engine::{Loaded, Seq};
use crate::sessions::{Drained, Outlet};
use crate::wire::present::Including;
use crate::wire::shapes::{Filter, Include, Since, WatchResult};

pub use criteria::{Matcher, Scope};
use state::{Next, State};

/// How the feed gathers and bounds what it sends.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// About the time between two flushes of a chunk: see [turns]. Measured: below 8 ms a thousand
    /// watchers cost a core and are told later, not sooner.
    pub gather: Duration,
    /// Watchers that are written to together.
    pub chunk: usize,
    /// Bytes after which a frame of changes is full.
    pub frame_bytes: usize,
    /// Bytes of a part of a snapshot.
    pub part_bytes: usize,
    /// How many watches a connection may have.
    pub watches_per_connection: usize,
    /// Positions before this one cannot be resumed from: deletions before it are forgotten.
    pub oldest_resumable: Seq,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gather: Duration::from_millis(13),
            chunk: 128,
            frame_bytes: 128 * 1024,
            part_bytes: 16 * 1024,
            watches_per_connection: 16,
            oldest_resumable: 0,
        }
    }
}

/// What a watch asks for.
#[derive(Clone, Debug)]
pub struct WatchRequest {
    /// Whom to show.
    pub filter: Filter,
    /// Whom the caller may see.
    pub scope: Scope,
    /// What to show besides.
    pub include: Vec<Include>,
    /// The position that the client holds.
    pub since: Option<Since>,
}

/// Why a watch was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// The filter names a workstream that there is not.
    #[error("no workstream is called `{0}`")]
    UnknownWorkstream(String),
    /// The connection watches enough.
    #[error("a connection may have {0} watches")]
    TooManyWatches(usize),
    /// The connection has no such watch.
    #[error("this connection has no such watch")]
    UnknownWatch,
}

impl FeedError {
    /// Its code on the wire.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownWorkstream(_) => "unknown_workstream",
            Self::TooManyWatches(_) => "rate_limited",
            Self::UnknownWatch => "unknown_watch",
        }
    }
}

/// The live feed. Clones share it.
#[derive(Clone, Debug)]
pub struct Feed {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    drained: Arc<Drained>,
}

impl Feed {
    /// The feed as the log tells it at start.
    #[must_use]
    pub fn new(settings: Settings, loaded: &Loaded, directory: Arc<Directory>) -> Self {
        let state = Mutex::new(State::new(settings, loaded, directory));
        Self { shared: Arc::new(Shared { state, drained: Arc::default() }) }
    }

    /// An agent's new state was kept at `seq`. Called in the order of the log.
    pub fn publish(&self, seq: Seq, agent: Arc<Agent>) {
        if self.state().publish(seq, agent) {
            self.shared.drained.wake();
        }
    }

    /// A change of the directory was kept at `seq`; `directory` is the one after it. Called in the
    /// order of the log, before what is published under that directory.
    pub fn directory_changed(&self, seq: Seq, directory: Arc<Directory>, change: &DirectoryChange) {
        let sessions = self.state().directory_changed(seq, directory, change);
        for session in sessions {
            self.shared.drained.note(session);
        }
    }

    /// Deletions before `seq` are forgotten; a client further behind is sent a snapshot.
    pub fn forget_before(&self, seq: Seq) {
        self.state().forget_before(seq);
    }

    /// The newest position.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.state().head()
    }

    /// A position from which all that the session watches can be resumed: it was sent everything
    /// before it. None while a snapshot is on its way to it.
    #[must_use]
    pub fn position(&self, session: SessionId) -> Option<Seq> {
        self.state().position(session)
    }

    /// The watches of a connection; they end when this is dropped.
    #[must_use]
    pub fn watches_of(&self, session: SessionId, outlet: Outlet) -> Watches {
        Watches { feed: self.clone(), session, outlet }
    }

    /// Writes to the watchers, for ever.
    pub async fn run(self) {
        loop {
            for session in self.shared.drained.take() {
                self.state().advance(session);
                tokio::task::yield_now().await;
            }
            let next = self.state().next(Instant::now());
            match next {
                Next::Flush(due) => {
                    for chunk in due {
                        self.state().flush(chunk, Instant::now());
                        tokio::task::yield_now().await;
                    }
                }
                Next::WaitUntil(at) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(at) => {}
                        () = self.shared.drained.wait() => {}
                    }
                }
                Next::Rest => self.shared.drained.wait().await,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The watches of one connection. Dropping it ends them.
#[derive(Debug)]
pub struct Watches {
    feed: Feed,
    session: SessionId,
    outlet: Outlet,
}

impl Watches {
    /// Begins a watch. Sends the `result` frame of `request`, then the watch's frames; a watch of the
    /// same thing begins anew.
    ///
    /// # Errors
    /// [`FeedError`] says what is wrong; nothing was sent.
    pub fn watch(&self, request: WatchRequest, id: &serde_json::Value) -> Result<WatchResult, FeedError> {
        self.outlet.tell_when_drained(&self.feed.shared.drained, self.session);
        let including = Including::of(&request.include);
        let criteria = criteria::Criteria::of(request.filter, request.scope, including);
        self.feed.state().watch(self.session, &self.outlet, criteria, request.since.as_ref(), id)
    }

    /// Ends a watch; no frame of it follows.
    ///
    /// # Errors
    /// [`FeedError::UnknownWatch`] if there is none of that id.
    pub fn unwatch(&self, watch_id: &str) -> Result<(), FeedError> {
        self.feed.state().unwatch(self.session, watch_id)
    }
}

impl Drop for Watches {
    fn drop(&mut self) {
        self.feed.state().leave(self.session);
    }
}
