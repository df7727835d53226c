//! Watchers, in chunks that are written to together.
//!
//! A watcher is a cursor, never a queue. Those of a chunk who take what they are sent share the
//! chunk's cursor; who is blocked, new or behind has one of its own until it has caught up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use super::filter::{Filter, Kind, Snapshot, World};
use super::frames::Object;
use super::turns::Flushed;
use crate::domain::ids::SessionId;
use crate::engine::Seq;
use crate::sessions::{Outlet, Sent};

/// How many are written to before other threads are let go first. Where they share a processor with
/// this one, the engine's else waits for the kernel's next tick after every step of a commit: up to
/// four milliseconds, several times.
const WRITES_AT_ONCE: usize = 32;

/// Watchers of one filter that are written to together.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) cursor: Seq,
    /// None until the first flush: it is due at once.
    pub(super) flushed: Option<Flushed>,
    /// Something is to be sent for which it was too soon after the last flush.
    pub(super) waits: bool,
    watchers: Vec<Watcher>,
}

/// One connection's watch of one filter.
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) session: SessionId,
    pub(super) outlet: Outlet,
    /// The version of the catalog that the connection was told; its watches share it.
    pub(super) told: Arc<AtomicU64>,
    pub(super) stage: Stage,
}

/// Where a watcher stands.
#[derive(Debug)]
pub(super) enum Stage {
    /// At the chunk's cursor.
    InStep,
    /// At a cursor of its own; `Kind` is that of its next frame.
    Behind(Seq, Kind),
    /// Within a snapshot, whose part of that index is the next.
    Snapshot(Arc<Snapshot>, usize),
    /// What it holds is void; it is told so, and why, and then sent a snapshot.
    Resync(&'static str),
}

impl Chunk {
    pub(super) fn new(cursor: Seq) -> Self {
        Self { cursor, flushed: None, waits: false, watchers: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.watchers.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.watchers.is_empty()
    }

    pub(super) fn add(&mut self, watcher: Watcher) {
        self.watchers.push(watcher);
    }

    pub(super) fn remove(&mut self, session: SessionId) {
        if let Some(index) = self.watchers.iter().position(|watcher| watcher.session == session) {
            self.watchers.swap_remove(index);
        }
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.watchers.iter().map(|watcher| watcher.session)
    }

    /// Whether someone's state is older than the filter's newest change.
    pub(super) fn lags(&self, newest: Seq) -> bool {
        self.cursor < newest
    }

    /// What its watchers hold is void.
    pub(super) fn resync(&mut self, reason: &'static str) {
        for watcher in &mut self.watchers {
            watcher.stage = Stage::Resync(reason);
        }
    }

    /// Brings everyone up to date whose socket takes it.
    pub(super) fn flush(&mut self, filter: &mut Filter, world: &mut World<'_>, now: Flushed) {
        self.flushed = Some(now);
        self.waits = false;
        while let Some(frame) = filter.changes(self.cursor, Kind::Live, world) {
            for some in self.watchers.chunks_mut(WRITES_AT_ONCE) {
                for watcher in some.iter_mut().filter(|watcher| matches!(watcher.stage, Stage::InStep)) {
                    if watcher.outlet.is_blocked() {
                        watcher.stage = Stage::Behind(self.cursor, Kind::Live);
                    } else if watcher.deliver(&frame.bytes, world) != Sent::Written {
                        watcher.stage = Stage::Behind(frame.to, Kind::Live);
                    }
                }
                std::thread::yield_now();
            }
            self.cursor = frame.to;
        }
        self.cursor = world.head;
        for watcher in &mut self.watchers {
            if !matches!(watcher.stage, Stage::InStep) {
                watcher.advance(self.cursor, filter, world);
            }
        }
    }

    /// Brings one watcher forward, as far as its socket takes it.
    pub(super) fn advance(&mut self, session: SessionId, filter: &mut Filter, world: &mut World<'_>) {
        if let Some(watcher) = self.watchers.iter_mut().find(|watcher| watcher.session == session) {
            watcher.advance(self.cursor, filter, world);
        }
    }

    /// Tells one watcher's connection the newest catalog, unless its socket is blocked.
    pub(super) fn tell_catalog(&self, session: SessionId, world: &World<'_>) {
        let mut watchers = self.watchers.iter();
        if let Some(watcher) = watchers.find(|watcher| watcher.session == session && !watcher.outlet.is_blocked()) {
            watcher.tell_catalog(world);
        }
    }

    /// A position that holds for this watcher: it was sent all before it. None while a snapshot or
    /// a resumption is on its way.
    pub(super) fn position(&self, session: SessionId, newest: Seq, head: Seq) -> Option<Seq> {
        let watcher = self.watchers.iter().find(|watcher| watcher.session == session)?;
        let cursor = match watcher.stage {
            Stage::InStep => self.cursor,
            Stage::Behind(cursor, Kind::Live) => cursor,
            Stage::Behind(_, Kind::Resumed) | Stage::Snapshot(..) | Stage::Resync(_) => return None,
        };
        Some(if cursor >= newest { head } else { cursor })
    }
}

impl Watcher {
    /// Sends a frame, the catalog before it if the connection was not told the newest.
    fn deliver(&self, frame: &Bytes, world: &World<'_>) -> Sent {
        self.tell_catalog(world);
        self.outlet.send(frame.clone())
    }

    fn tell_catalog(&self, world: &World<'_>) {
        if self.told.swap(world.catalog.version, Ordering::Relaxed) != world.catalog.version {
            self.outlet.send(world.catalog.frame.clone());
        }
    }

    /// Sends a frame that carries a version of the catalog itself.
    fn deliver_with_catalog(&self, frame: &Bytes, version: u64) -> Sent {
        self.told.store(version, Ordering::Relaxed);
        self.outlet.send(frame.clone())
    }

    fn advance(&mut self, chunk_cursor: Seq, filter: &mut Filter, world: &mut World<'_>) {
        while !self.outlet.is_blocked() && !self.outlet.is_closed() {
            let next = match &self.stage {
                Stage::InStep => return,
                Stage::Resync(reason) => {
                    let frame = Object::of_type("resync", 0).field("watchId", &filter.watch_id).field("reason", reason);
                    self.deliver(&frame.finish(), world);
                    Stage::Snapshot(filter.snapshot(world), 0)
                }
                Stage::Snapshot(snapshot, part) => {
                    let frame = snapshot.part(*part);
                    if *part == 0 {
                        self.deliver_with_catalog(&frame, snapshot.catalog);
                    } else {
                        self.deliver(&frame, world);
                    }
                    if part + 1 < snapshot.parts() {
                        Stage::Snapshot(Arc::clone(snapshot), part + 1)
                    } else {
                        Stage::Behind(snapshot.seq, Kind::Live)
                    }
                }
                Stage::Behind(cursor, kind) => match filter.changes(*cursor, *kind, world) {
                    Some(frame) => {
                        if *kind == Kind::Resumed {
                            self.deliver_with_catalog(&frame.bytes, world.catalog.version);
                        } else {
                            self.deliver(&frame.bytes, world);
                        }
                        Stage::Behind(frame.to, Kind::Live)
                    }
                    None if chunk_cursor >= filter.newest => Stage::InStep,
                    // The chunk has yet to reach this place; then they go on together.
                    None => return,
                },
            };
            self.stage = next;
        }
        if matches!(self.stage, Stage::Behind(..)) {
            filter.release_snapshot();
        }
    }
}
