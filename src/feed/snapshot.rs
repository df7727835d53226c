//! A filter's snapshots.
//!
//! A snapshot is planned when a watch begins: who is in it, and in how many parts. Its parts are put
//! together when they are asked for, from what is shown then; that is never older than the snapshot's
//! place, and what changed beyond that place follows in frames of changes. So a snapshot of everyone
//! costs a list of numbers, and holds nobody up.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::filter::{Filter, World};
use super::frames::{Part, Sources};
use super::place::Place;
use super::roster::Slot;
use crate::engine::Seq;
use crate::wire::show::Including;

/// A snapshot that is still being sent to someone is shared with whoever comes this soon after,
/// although something changed: the changes follow it. Bounds the memory of a herd.
const SHARED_FOR: Duration = Duration::from_millis(200);
/// Parts kept for others within the same snapshot.
const PARTS_KEPT: usize = 32;
/// What an entry takes, about: without and with what is shown besides.
const ENTRY_BYTES: usize = 400;
const CAPACITY_BYTES: usize = 300;
const WORK_ITEMS_BYTES: usize = 900;

/// A snapshot that is being sent, to one or to several who came together.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) place: Place,
    /// The position that is held after the last part.
    pub(super) seq: Seq,
    pub(super) catalog: u64,
    presences: Bytes,
    summary: Vec<u8>,
    slots: Vec<Slot>,
    in_a_part: usize,
    /// The parts that were sent last, for those who come behind.
    sent: Mutex<VecDeque<(usize, Bytes)>>,
    built: Instant,
}

impl Snapshot {
    /// How many parts there are; one even if nobody matches.
    pub(super) fn parts(&self) -> usize {
        self.slots.len().div_ceil(self.in_a_part).max(1)
    }

    fn slots_of(&self, part: usize) -> &[Slot] {
        self.slots.chunks(self.in_a_part).nth(part).unwrap_or_default()
    }
}

impl Filter {
    /// The snapshot, shared with those who came just before if it can be.
    pub(super) fn snapshot(&mut self, world: &World<'_>) -> Arc<Snapshot> {
        let now = Instant::now();
        let shared = self.snapshot.upgrade().filter(|snapshot| {
            snapshot.catalog == world.catalog.version
                && snapshot.place >= self.born
                && (snapshot.place >= self.newest || now - snapshot.built < SHARED_FOR)
        });
        if let Some(snapshot) = shared {
            return snapshot;
        }
        let mut slots = Vec::with_capacity(self.members.len());
        slots.extend(self.members.iter());
        let snapshot = Arc::new(Snapshot {
            place: world.head,
            seq: world.settled.seq_of(world.head),
            catalog: world.catalog.version,
            presences: world.catalog.presences.clone(),
            summary: serde_json::to_vec(&self.members.summary()).unwrap_or_default(),
            slots,
            in_a_part: in_a_part(world.settings.part_bytes, self.criteria.including()),
            sent: Mutex::default(),
            built: now,
        });
        self.snapshot = Arc::downgrade(&snapshot);
        snapshot
    }

    /// The part of this index. It is kept for a while if it is not for one watcher alone.
    pub(super) fn part(&self, snapshot: &Arc<Snapshot>, index: usize, world: &mut World<'_>) -> Bytes {
        let mut sent = snapshot.sent.lock();
        if let Some((_, part)) = sent.iter().find(|(at, _)| *at == index) {
            return part.clone();
        }
        let mut sources =
            Sources { roster: world.roster, directory: world.directory, including: self.criteria.including() };
        // Who has left meanwhile is not shown; that it left follows.
        let slots = snapshot.slots_of(index).iter().filter(|slot| self.members.contains(**slot));
        let part = Part {
            watch_id: &self.watch_id,
            epoch: world.epoch,
            seq: snapshot.seq,
            index,
            parts: snapshot.parts(),
            agents: slots.map(|slot| sources.entry(*slot)).collect(),
            first: (index == 0).then_some((&snapshot.presences[..], &snapshot.summary[..])),
        };
        let part = part.encode();
        if Arc::strong_count(snapshot) > 1 {
            sent.truncate(PARTS_KEPT - 1);
            sent.push_front((index, part.clone()));
        }
        part
    }
}

/// How many agents a part of about so many bytes shows.
fn in_a_part(bytes: usize, including: Including) -> usize {
    let capacity = if including.capacity { CAPACITY_BYTES } else { 0 };
    let work_items = if including.work_items { WORK_ITEMS_BYTES } else { 0 };
    (bytes / (ENTRY_BYTES + capacity + work_items)).max(1)
}
