//! One connection's watch of one filter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use super::Form;
use super::deflater::Deflater;
use super::filter::Filter;
use super::history::Holds;
use super::place::Place;
use super::snapshot::Snapshot;
use super::steps::Kind;
use super::view::View;
use super::world::World;
use crate::domain::ids::SessionId;
use crate::sessions::{Outlet, Sent, frame};
use crate::wire::shapes::{Answer, HubFrame, ResyncReason, Since, WatchMode, WatchResult};

/// Bytes that a connection is sent before others have their turn.
const BYTES_AT_ONCE: usize = 128 * 1024;

/// One connection's watch of one filter.
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) session: SessionId,
    pub(super) way: Way,
    /// The version of the catalog that the connection was told; its watches share it.
    pub(super) told: Arc<AtomicU64>,
    pub(super) stage: Stage,
}

/// Whose a connection is: a digest of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Owner(pub(super) u64);

/// The way to a connection.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) outlet: Outlet,
    pub(super) form: Form,
    pub(super) owner: Owner,
}

impl Way {
    /// Sends a frame of text in the connection's form.
    fn send(&self, text: &Bytes, deflater: &mut Deflater) -> Sent {
        match self.form {
            Form::Text => self.outlet.send(text.clone()),
            Form::Deflated => {
                let whole = deflater.whole(text);
                deflater.sent(&whole, text);
                self.outlet.send(whole)
            }
        }
    }
}

/// Where a watcher stands.
#[derive(Debug)]
pub(super) enum Stage {
    /// Its request is to be answered once the filter is whole.
    Asked { request: serde_json::Value, since: Option<Since> },
    /// At the chunk's cursor.
    InStep(Holds),
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

/// A connection's turn: what it was sent in it, on all its watches.
#[derive(Debug, Default)]
pub(super) struct Turn {
    bytes: usize,
}

impl Watcher {
    /// Sends a frame of text, the catalog before it if the connection was not told the newest.
    fn deliver(&self, text: &Bytes, world: &mut World<'_>) {
        self.tell_catalog(world);
        self.way.send(text, world.deflater);
    }

    /// The same with a frame that is in the connection's form already.
    pub(super) fn deliver_in_step(&self, frame: &Bytes, world: &mut World<'_>) -> Sent {
        self.tell_catalog(world);
        self.way.outlet.send(frame.clone())
    }

    pub(super) fn tell_catalog(&self, world: &mut World<'_>) {
        if self.told.swap(world.catalog.version, Ordering::Relaxed) != world.catalog.version {
            self.way.send(&world.catalog.frame, world.deflater);
        }
    }

    /// Sends a frame of text that carries a version of the catalog itself.
    fn deliver_with_catalog(&self, text: &Bytes, version: u64, world: &mut World<'_>) {
        self.told.store(version, Ordering::Relaxed);
        self.way.send(text, world.deflater);
    }

    /// Brings it forward, as far as its socket takes it and others do not wait.
    pub(super) fn advance(
        &mut self,
        turn: &mut Turn,
        chunk_cursor: Place,
        view: &mut View,
        world: &mut World<'_>,
    ) -> Advanced {
        if !view.filter.is_whole() {
            return Advanced::AsFarAsItGoes;
        }
        if let Stage::Asked { request, since } = &self.stage {
            self.stage = self.begin(request, since.as_ref(), view, world);
        }
        while !self.way.outlet.is_blocked() && !self.way.outlet.is_closed() {
            if turn.bytes >= BYTES_AT_ONCE {
                return Advanced::ForNow;
            }
            self.stage = match &self.stage {
                // It was asked above.
                Stage::Asked { .. } | Stage::InStep(_) => return Advanced::AsFarAsItGoes,
                Stage::Resync(reason) => {
                    let frame = HubFrame::Resync { watch_id: view.filter.watch_id.clone(), reason: *reason };
                    self.deliver(&frame::saying(&frame), world);
                    Stage::Snapshot(view.snapshot(world), 0)
                }
                Stage::Snapshot(snapshot, index) => {
                    let frame = view.part(snapshot, *index, world);
                    turn.bytes += frame.len();
                    if *index == 0 {
                        self.deliver_with_catalog(&frame, snapshot.catalog, world);
                    } else {
                        self.deliver(&frame, world);
                    }
                    if index + 1 < snapshot.parts() {
                        Stage::Snapshot(Arc::clone(snapshot), index + 1)
                    } else {
                        Stage::Behind(snapshot.place, Kind::Live)
                    }
                }
                Stage::Behind(cursor, kind) => match view.filter.changes(*cursor, *kind, world) {
                    Some(step) => {
                        // Looking for what there is to send takes its time too.
                        turn.bytes += step.frame.as_ref().map_or(BYTES_AT_ONCE, Bytes::len);
                        match &step.frame {
                            Some(frame) if *kind == Kind::Resumed => {
                                self.deliver_with_catalog(frame, world.catalog.version, world);
                            }
                            Some(frame) => self.deliver(frame, world),
                            None => {}
                        }
                        Stage::Behind(step.to, kind.next(*cursor, &step, &view.filter, world.head))
                    }
                    None if chunk_cursor >= view.filter.newest => Stage::InStep(Holds::Nothing),
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
        self.way.outlet.send(frame::saying(&HubFrame::Result { id: request.clone(), result }));
    }
}
