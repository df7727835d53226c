//! The live feed: what watchers are sent, and when.
//!
//! The feed is a projection of the log. It holds one list for the whole hub, the agents by the
//! [place] at which what is shown of them last changed, and a [`filter`] for each different watch. A watcher is a
//! cursor in that list, never a queue: what it is sent next is the newest state of whatever matches
//! and changed beyond its cursor. So a slow reader costs no memory and delays nobody, it is sent
//! fewer and newer frames; and resuming is only another cursor.
//!
//! Watchers stand in [chunks](chunk), each flushed at once after quiet and otherwise as soon as the
//! load allows, in [turns]. One task, [`Feed::run`], writes to all of them.
//! Those who take deflated frames stand together, and share a [`history`].
//!
//! What concerns very many, a new filter over all agents or a change of the directory, is done in
//! bites of a millisecond or two, between which the chunks and everything else have their turn.
//!
//! One lock guards the state. It is held while a chunk is sent a frame, or for a bite, and never
//! across an await; the order of locks is feed, then outlet.

#[cfg(test)]
mod bite_tests;
mod changes;
mod chunk;
mod criteria;
#[cfg(test)]
mod deflated_tests;
mod deflater;
#[cfg(test)]
mod directory_tests;
mod filter;
mod following;
mod history;
mod index;
mod members;
mod names;
mod news;
mod numbers;
mod place;
#[cfg(test)]
mod replica_tests;
mod reshown;
mod roster;
mod settled;
mod slots;
mod snapshot;
#[cfg(test)]
mod socket_tests;
mod state;
mod steps;
#[cfg(test)]
mod test_world;
mod turns;
mod view;
mod walk;
mod watcher;
mod watching;
mod world;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::time::Instant;

use crate::domain::agent::Agent;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::{AgentId, SessionId};
use crate::engine::{Loaded, Seq};
use crate::sessions::{Drained, Outlet};
use crate::telemetry::metrics::FeedMetrics;
use crate::wire::shapes::{Filter, Include, MAX_FILTER_NAMES, Since};
use crate::wire::show::Including;

use chunk::FlushedTo;
pub use criteria::{Matcher, Scope};
use state::State;
use turns::AT_ONCE;
use walk::{Bite, Due, Line, Next};
use watcher::{Advanced, Owner, Way};

/// How the feed gathers and bounds what it sends.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// About the longest time between two flushes of a chunk: see [turns].
    pub gather: Duration,
    /// Watchers that are written to together.
    pub chunk: usize,
    /// Bytes after which a frame of changes is full. A chunk is sent one, and then others have their
    /// turn.
    pub frame_bytes: usize,
    /// Bytes of a part of a snapshot, about.
    pub part_bytes: usize,
    /// How much is done about all agents before others have their turn: so many of them looked at, or
    /// so many of the names that this takes. Measured: some 0.2 µs each.
    pub effort: usize,
    /// How many watches a connection may have.
    pub watches_per_connection: usize,
    /// How many names the filters of all watches of a connection may have.
    pub names_per_connection: usize,
    /// Positions before this one cannot be resumed from: deletions before it are forgotten.
    pub oldest_resumable: Seq,
}

impl Settings {
    /// The usual bounds, and this time between two flushes.
    #[must_use]
    pub fn gathering(gather: Duration) -> Self {
        Self {
            gather,
            chunk: 128,
            frame_bytes: 64 * 1024,
            part_bytes: 16 * 1024,
            effort: 4_096,
            watches_per_connection: 16,
            names_per_connection: 4_000,
            oldest_resumable: 0,
        }
    }
}

/// How a connection takes the frames of its watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As texts.
    Text,
    /// Deflated where that is shorter, else as texts.
    Deflated,
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
    /// A list of the filter is too long.
    #[error("filter.{field}: has {names}; at most {} are right", MAX_FILTER_NAMES)]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it is.
        names: usize,
    },
    /// The filter names a workstream that there is not.
    #[error("no workstream is called `{0}`")]
    UnknownWorkstream(String),
    /// The connection watches enough.
    #[error("a connection may have {0} watches")]
    TooManyWatches(usize),
    /// The filters of the connection name enough.
    #[error("the watches of a connection may have {0} names in their filters")]
    TooManyNames(usize),
    /// The connection has no such watch.
    #[error("this connection has no such watch")]
    UnknownWatch,
}

impl FeedError {
    /// The field of the filter that is wrong, if one is.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::TooLong { field, .. } => Some(field),
            Self::UnknownWorkstream(_) | Self::TooManyWatches(_) | Self::TooManyNames(_) | Self::UnknownWatch => None,
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
    metrics: FeedMetrics,
    /// What makes owners of subjects.
    owners: RandomState,
}

impl Feed {
    /// The feed as the log tells it at start.
    #[must_use]
    pub fn new(settings: Settings, loaded: &Loaded, directory: Arc<Directory>) -> Self {
        let mut state = State::new(settings, loaded, directory);
        state.load_directory(loaded);
        let metrics = state.metrics.clone();
        let (state, drained, owners) = (Mutex::new(state), Arc::default(), RandomState::new());
        Self { shared: Arc::new(Shared { state, drained, metrics, owners }) }
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
        self.state().directory_changed(seq, directory, change);
        self.shared.drained.wake();
    }

    /// Lets an agent go that was deleted at `seq`, too long ago to be told of; a client that is further
    /// behind is sent a snapshot.
    pub fn forget(&self, agent: &AgentId, seq: Seq) {
        self.state().forget(agent, seq);
    }

    /// What is counted of it.
    #[must_use]
    pub fn metrics(&self) -> &FeedMetrics {
        &self.shared.metrics
    }

    /// The newest position.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.state().head()
    }

    /// A position from which all that the session watches can be resumed: it was sent everything before it. None while
    /// a snapshot is on its way to it, and if it watches nothing: what a client holds of an earlier connection must not
    /// be taken for newer than it is before this one has resumed it.
    #[must_use]
    pub fn position(&self, session: SessionId) -> Option<Seq> {
        self.state().position(session)
    }

    /// The watches of a connection of `subject`, which takes frames in this form; they end when this is dropped.
    #[must_use]
    pub fn watches_of(&self, session: SessionId, subject: &str, outlet: Outlet, form: Form) -> Watches {
        let owner = Owner(self.shared.owners.hash_one(subject));
        Watches { feed: self.clone(), session, way: Way { outlet, form, owner } }
    }

    /// Writes to the watchers, for ever.
    pub async fn run(self) {
        // Connections that are to be brought forward by themselves.
        let mut behind: Line<SessionId> = Line::default();
        // Chunks that were sent a frame, and have more before them.
        let mut again: Line<Due> = Line::default();
        loop {
            behind.extend(self.shared.drained.take());
            let began = Instant::now();
            while let Some(session) = behind.take_if(began.elapsed() < AT_ONCE) {
                self.advance(session);
                tokio::task::yield_now().await;
            }
            let next = self.state().next(Instant::now());
            let due: &[Due] = if let Next::Flush(due) = &next { due } else { &[] };
            let (mut due, began) = (due.iter().copied(), Instant::now());
            while let Some(chunk) = due.next().or_else(|| again.take_if(began.elapsed() < AT_ONCE)) {
                match self.flush(chunk) {
                    FlushedTo::Here => again.extend([chunk]),
                    FlushedTo::TheNewest(elsewhere) => behind.extend(elsewhere),
                }
                tokio::task::yield_now().await;
            }
            let bite = self.state().bite(Instant::now());
            match (bite, next) {
                (Bite::Taken(sessions), _) => {
                    behind.extend(sessions);
                    tokio::task::yield_now().await;
                }
                (Bite::Nothing, Next::Flush(_)) => {}
                (Bite::Nothing, Next::WaitUntil(_) | Next::Rest) if !(behind.is_empty() && again.is_empty()) => {}
                (Bite::Nothing, Next::WaitUntil(at)) => {
                    tokio::select! {
                        biased;
                        () = self.shared.drained.wait() => {}
                        () = tokio::time::sleep_until(at) => {}
                    }
                }
                (Bite::Nothing, Next::Rest) => self.shared.drained.wait().await,
            }
        }
    }

    fn flush(&self, chunk: Due) -> FlushedTo {
        self.state().flush(chunk, Instant::now())
    }

    /// Brings a connection forward; it has another turn later if there is more.
    fn advance(&self, session: SessionId) {
        let advanced = self.state().advance(session);
        match advanced {
            Advanced::AsFarAsItGoes => {}
            Advanced::ForNow => self.shared.drained.note(session),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock()
    }
}

/// The watches of one connection. Dropping it ends them.
#[derive(Debug)]
pub struct Watches {
    feed: Feed,
    session: SessionId,
    way: Way,
}

impl Watches {
    /// Begins a watch; one of the same thing begins anew. The `result` frame of the request and then the watch's frames
    /// are sent when it is the connection's turn, so that many who ask at once do not keep boards waiting.
    ///
    /// # Errors
    /// [`FeedError`] says what is wrong; nothing was sent, and nothing is.
    pub fn watch(&self, request: WatchRequest, id: &serde_json::Value) -> Result<(), FeedError> {
        if let Some((field, names)) = criteria::too_long(&request.filter) {
            return Err(FeedError::TooLong { field, names });
        }
        let drained = &self.feed.shared.drained;
        self.way.outlet.tell_when_drained(drained, self.session);
        let including = Including::of(&request.include);
        let criteria = criteria::Criteria::of(request.filter, request.scope, including);
        self.feed.state().watch(self.session, &self.way, criteria, request.since, id.clone())?;
        drained.note(self.session);
        Ok(())
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
