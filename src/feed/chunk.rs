//! Watchers, in chunks that are written to together.
//!
//! A watcher is a cursor, never a queue. Those of a chunk who take what they are sent share the
//! chunk's cursor; who is blocked, new or behind has one of its own until it has caught up.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::time::Instant;

use super::Form;
use super::deflater::MANY;
use super::history::{History, Holds};
use super::place::Place;
use super::steps::Kind;
use super::turns::{Flushed, Takes};
use super::view::View;
use super::watcher::{Advanced, Owner, Stage, Turn, Watcher, Way};
use super::world::World;
use crate::domain::ids::SessionId;
use crate::sessions::Sent;
use crate::wire::shapes::ResyncReason;

/// How many are written to before other threads are let go first. Where they share a processor with
/// this one, the engine's else waits for the kernel's next tick after every step of a commit: up to
/// four milliseconds, several times.
const WRITES_AT_ONCE: usize = 32;

/// Watchers of one filter that take frames in one form and are written to together.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) cursor: Place,
    /// None until the first flush: it is due at once.
    pub(super) flushed: Option<Flushed>,
    /// Since when something is to be sent; of what was published meanwhile, the oldest.
    pub(super) lags_since: Option<Instant>,
    /// Something is to be sent for which it was too soon after the last flush.
    pub(super) waits: bool,
    pub(super) takes: Takes,
    /// What its watchers were told; none if they take texts.
    history: Option<History>,
    watchers: Vec<Watcher>,
}

/// What became of a flush.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FlushedTo {
    /// There is more to be sent to the chunk, once others had their turn.
    Here,
    /// The newest change. Those sessions stand elsewhere, and are to be advanced by themselves.
    TheNewest(Vec<SessionId>),
}

impl Chunk {
    /// Chunks of a filter have histories of one number: a connection stands in one of them at a time.
    pub(super) fn new(cursor: Place, form: Form, number: u32) -> Self {
        let history = match form {
            Form::Text => None,
            Form::Deflated => Some(History::new(number)),
        };
        Self {
            cursor,
            flushed: None,
            lags_since: None,
            waits: false,
            takes: Takes::default(),
            history,
            watchers: Vec::new(),
        }
    }

    pub(super) fn form(&self) -> Form {
        if self.history.is_some() { Form::Deflated } else { Form::Text }
    }

    pub(super) fn len(&self) -> usize {
        self.watchers.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.watchers.is_empty()
    }

    pub(super) fn add(&mut self, session: SessionId, way: Way, told: Arc<AtomicU64>, stage: Stage) {
        self.watchers.push(Watcher { session, way, told, stage });
    }

    pub(super) fn remove(&mut self, session: SessionId) -> Option<Watcher> {
        let index = self.watchers.iter().position(|watcher| watcher.session == session)?;
        Some(self.watchers.swap_remove(index))
    }

    /// Whose it is, if few stand in it.
    pub(super) fn owners(&self) -> Vec<Owner> {
        let few = if self.watchers.len() < MANY { &self.watchers[..] } else { &[] };
        few.iter().map(|watcher| watcher.way.owner).collect()
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.watchers.iter().map(|watcher| watcher.session)
    }

    /// Whether someone's state is older than the filter's newest change.
    pub(super) fn lags(&self, newest: Place) -> bool {
        self.cursor < newest
    }

    /// What its watchers hold is void.
    pub(super) fn resync(&mut self, reason: ResyncReason) {
        for watcher in self.watchers.iter_mut().filter(|watcher| !matches!(watcher.stage, Stage::Asked { .. })) {
            watcher.stage = Stage::Resync(reason);
        }
    }

    /// Sends the next frame to all who stand where the chunk does and whose sockets take it.
    pub(super) fn flush(&mut self, view: &mut View, world: &mut World<'_>, now: Flushed) -> FlushedTo {
        self.flushed = Some(now);
        self.waits = false;
        if let Some(step) = view.filter.changes(self.cursor, Kind::Live, world) {
            if let Some(frame) = step.frame {
                let history = self.history.as_mut().filter(|_| world.deflater.has_time_for(self.watchers.len()));
                let mut telling = history.map(|history| history.telling(&frame));
                for some in self.watchers.chunks_mut(WRITES_AT_ONCE) {
                    for watcher in some {
                        let Stage::InStep(holds) = watcher.stage else { continue };
                        if watcher.way.outlet.is_blocked() {
                            watcher.stage = Stage::Behind(self.cursor, Kind::Live);
                            continue;
                        }
                        let (frame, holds) = match &mut telling {
                            None => (&frame, holds),
                            Some(telling) => telling.to(holds, world.deflater),
                        };
                        if watcher.deliver_in_step(frame, world) == Sent::Written {
                            watcher.stage = Stage::InStep(holds);
                        } else {
                            watcher.stage = Stage::Behind(step.to, Kind::Live);
                        }
                    }
                    std::thread::yield_now();
                }
                if let Some(telling) = telling {
                    telling.end();
                }
            }
            self.cursor = step.to;
        }
        if self.lags(view.filter.newest) {
            return FlushedTo::Here;
        }
        self.cursor = world.head;
        let mut elsewhere = Vec::new();
        for watcher in &mut self.watchers {
            match watcher.stage {
                Stage::Behind(cursor, Kind::Live) if cursor >= view.filter.newest => {
                    watcher.stage = Stage::InStep(Holds::Nothing);
                }
                Stage::Behind(_, Kind::Live) if !watcher.way.outlet.is_blocked() => elsewhere.push(watcher.session),
                // The others are on their way.
                Stage::InStep(_) | Stage::Asked { .. } | Stage::Behind(..) | Stage::Snapshot(..) | Stage::Resync(_) => {
                }
            }
        }
        FlushedTo::TheNewest(elsewhere)
    }

    /// Whether each of its watchers was told what stands at a place, or begins behind it.
    pub(super) fn has_passed(&self, place: Place, newest: Place) -> bool {
        let has = |cursor: Place| cursor >= place || cursor >= newest;
        self.watchers.iter().all(|watcher| match &watcher.stage {
            Stage::InStep(_) => has(self.cursor),
            Stage::Behind(cursor, _) => has(*cursor),
            Stage::Snapshot(snapshot, _) => snapshot.place >= place,
            Stage::Asked { .. } | Stage::Resync(_) => true,
        })
    }

    /// Brings one watcher forward, as far as its socket takes it and others do not wait.
    pub(super) fn advance(
        &mut self,
        session: SessionId,
        turn: &mut Turn,
        view: &mut View,
        world: &mut World<'_>,
    ) -> Advanced {
        let watcher = self.watchers.iter_mut().find(|watcher| watcher.session == session);
        watcher.map_or(Advanced::AsFarAsItGoes, |watcher| watcher.advance(turn, self.cursor, view, world))
    }

    /// Tells one watcher's connection the newest catalog, unless its socket is blocked, or its first frame
    /// is to bring it.
    pub(super) fn tell_catalog(&self, session: SessionId, world: &mut World<'_>) {
        let mut watchers = self.watchers.iter();
        let Some(watcher) = watchers.find(|watcher| watcher.session == session) else { return };
        if !watcher.way.outlet.is_blocked() && !matches!(watcher.stage, Stage::Asked { .. }) {
            watcher.tell_catalog(world);
        }
    }

    /// A place that holds for this watcher: it was sent all before it. None while a snapshot or a
    /// resumption is on its way.
    pub(super) fn place(&self, session: SessionId, newest: Place, head: Place) -> Option<Place> {
        let watcher = self.watchers.iter().find(|watcher| watcher.session == session)?;
        let cursor = match watcher.stage {
            Stage::InStep(_) => self.cursor,
            Stage::Behind(cursor, Kind::Live) => cursor,
            Stage::Asked { .. }
            | Stage::Behind(_, Kind::Resumed | Kind::Resuming)
            | Stage::Snapshot(..)
            | Stage::Resync(_) => return None,
        };
        Some(if cursor >= newest { head } else { cursor })
    }
}
