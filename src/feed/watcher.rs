//! One connection's watch of one filter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use super::changes::Kind;
use super::filter::Filter;
use super::place::Place;
use super::snapshot::Snapshot;
use super::view::View;
use super::world::World;
use crate::domain::ids::SessionId;
use crate::sessions::{Outlet, Sent, frame};
use crate::wire::shapes::{Answer, HubFrame, ResyncReason, Since, WatchMode, WatchResult};

/// Bytes that one watcher is sent before others have their turn.
const BYTES_AT_ONCE: usize = 128 * 1024;

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
    /// Its request is to be answered once the filter is whole.
    Asked { request: serde_json::Value, since: Option<Since> },
    /// At the chunk's cursor.
    InStep,
    /// At a cursor of its own; `Kind` is that of its next frame.
    Behind(Place, Kind),
    /// Within a snapshot, whose part of that index is the next.
    Snapshot(Arc<Snapshot>, usize),
    /// What it holds is void; it is told so, and why, and then sent a snapshot.
    Resync(ResyncReason),
}

/// How far a watcher was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Advanced {
    /// As far as its socket takes it, or to the newest change.
    AsFarAsItGoes,
    /// There is more for it, once others had their turn.
    ForNow,
}

impl Watcher {
    /// Sends a frame, the catalog before it if the connection was not told the newest.
    pub(super) fn deliver(&self, frame: &Bytes, world: &World<'_>) -> Sent {
        self.tell_catalog(world);
        self.outlet.send(frame.clone())
    }

    pub(super) fn tell_catalog(&self, world: &World<'_>) {
        if self.told.swap(world.catalog.version, Ordering::Relaxed) != world.catalog.version {
            self.outlet.send(world.catalog.frame.clone());
        }
    }

    /// Sends a frame that carries a version of the catalog itself.
    fn deliver_with_catalog(&self, frame: &Bytes, version: u64) {
        self.told.store(version, Ordering::Relaxed);
        self.outlet.send(frame.clone());
    }

    /// Brings it forward, as far as its socket takes it and others do not wait.
    pub(super) fn advance(&mut self, chunk_cursor: Place, view: &mut View, world: &mut World<'_>) -> Advanced {
        if !view.filter.is_whole() {
            return Advanced::AsFarAsItGoes;
        }
        if let Stage::Asked { request, since } = &self.stage {
            self.stage = self.begin(request, since.as_ref(), view, world);
        }
        let mut bytes = 0;
        while !self.outlet.is_blocked() && !self.outlet.is_closed() {
            if bytes >= BYTES_AT_ONCE {
                return Advanced::ForNow;
            }
            self.stage = match &self.stage {
                // It was asked above.
                Stage::Asked { .. } | Stage::InStep => return Advanced::AsFarAsItGoes,
                Stage::Resync(reason) => {
                    let frame = HubFrame::Resync { watch_id: view.filter.watch_id.clone(), reason: *reason };
                    self.deliver(&frame::saying(&frame), world);
                    Stage::Snapshot(view.snapshot(world), 0)
                }
                Stage::Snapshot(snapshot, index) => {
                    let frame = view.part(snapshot, *index, world);
                    bytes += frame.len();
                    if *index == 0 {
                        self.deliver_with_catalog(&frame, snapshot.catalog);
                    } else {
                        self.deliver(&frame, world);
                    }
                    if index + 1 < snapshot.parts() {
                        Stage::Snapshot(Arc::clone(snapshot), index + 1)
                    } else {
                        Stage::Behind(snapshot.place, Kind::Live)
                    }
                }
                Stage::Behind(cursor, kind) => match view.changes(*cursor, *kind, world) {
                    Some(step) => {
                        // Looking for what there is to send takes its time too.
                        bytes += step.frame.as_ref().map_or(BYTES_AT_ONCE, Bytes::len);
                        match &step.frame {
                            Some(frame) if *kind == Kind::Resumed => {
                                self.deliver_with_catalog(frame, world.catalog.version);
                            }
                            Some(frame) => {
                                self.deliver(frame, world);
                            }
                            None => {}
                        }
                        Stage::Behind(step.to, kind.next(*cursor, &step, &view.filter, world.head))
                    }
                    None if chunk_cursor >= view.filter.newest => Stage::InStep,
                    // The chunk has yet to reach this place; then they go on together.
                    None => return Advanced::AsFarAsItGoes,
                },
            };
        }
        Advanced::AsFarAsItGoes
    }

    /// Answers the request, and begins with a snapshot or with what changed.
    fn begin(&self, request: &serde_json::Value, since: Option<&Since>, view: &mut View, world: &World<'_>) -> Stage {
        match since.filter(|since| world.may_resume(&view.filter, since)) {
            Some(since) => {
                self.answer(request, &view.filter, world, WatchMode::Resumed, since.seq);
                Stage::Behind(Place::of(since.seq), Kind::Resumed)
            }
            None => {
                let snapshot = view.snapshot(world);
                self.answer(request, &view.filter, world, WatchMode::Snapshot, snapshot.seq);
                Stage::Snapshot(snapshot, 0)
            }
        }
    }

    /// The watch ends. A request that is not answered yet is answered all the same.
    pub(super) fn end(self, filter: &Filter, world: &World<'_>) {
        if let Stage::Asked { request, .. } = &self.stage {
            self.answer(request, filter, world, WatchMode::Snapshot, world.settled.seq_of(world.head));
        }
    }

    fn answer(&self, request: &serde_json::Value, filter: &Filter, world: &World<'_>, mode: WatchMode, seq: u64) {
        let (watch_id, epoch) = (filter.watch_id.clone(), world.epoch.to_owned());
        let result = Answer::Watch(WatchResult { watch_id, epoch, seq, mode });
        self.outlet.send(frame::saying(&HubFrame::Result { id: request.clone(), result }));
    }
}
