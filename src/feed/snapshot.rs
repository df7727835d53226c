//! A filter's snapshots.
//!
//! A snapshot is planned when a watch begins: who is in it, and in how many parts. Its parts are put
//! together when they are asked for, from what is shown then; that is never older than the snapshot's
//! place, and what changed beyond that place follows in frames of changes. So a snapshot of everyone
//! costs a list of numbers, and holds nobody up.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::filter::Filter;
use super::place::Place;
use super::slots::Slot;
use super::world::World;
use crate::engine::Seq;
use crate::sessions::frame;
use crate::wire::shapes::{HubFrame, Presence};
use crate::wire::show::Including;
use crate::wire::written::Written;

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
    presences: Written<Vec<Presence>>,
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

    /// The part of this index. It is kept for a while if it is not for one watcher alone.
    pub(super) fn part(self: &Arc<Self>, index: usize, filter: &Filter, world: &mut World<'_>) -> Bytes {
        let mut sent = self.sent.lock();
        if let Some((_, part)) = sent.iter().find(|(at, _)| *at == index) {
            return part.clone();
        }
        // Who has left meanwhile is not shown; that it left follows.
        let slots = self.slots_of(index).iter().filter(|slot| filter.members.contains(**slot));
        let including = filter.criteria.including();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let part = frame::saying(&HubFrame::Snapshot {
            watch_id: filter.watch_id.clone(),
            epoch: world.epoch.to_owned(),
            seq: self.seq,
            part: number(index + 1),
            parts: number(self.parts()),
            agents: slots.map(|slot| world.roster.entry(*slot, world.directory, including)).collect(),
            presences: (index == 0).then(|| self.presences.clone()),
            summary: (index == 0).then(|| filter.members.summary()),
        });
        if Arc::strong_count(self) > 1 {
            sent.truncate(PARTS_KEPT - 1);
            sent.push_front((index, part.clone()));
        }
        part
    }
}

/// The newest snapshot of a filter, while someone is being sent it.
#[derive(Debug, Default)]
pub(super) struct Newest(Weak<Snapshot>);

impl Newest {
    /// The snapshot, shared with those who came just before if it can be.
    pub(super) fn find_or_plan(&mut self, filter: &Filter, world: &World<'_>) -> Arc<Snapshot> {
        let now = Instant::now();
        let shared = self.0.upgrade().filter(|snapshot| {
            snapshot.catalog == world.catalog.version
                && snapshot.place >= filter.born
                && (snapshot.place >= filter.newest || now - snapshot.built < SHARED_FOR)
        });
        if let Some(snapshot) = shared {
            return snapshot;
        }
        let mut slots = Vec::with_capacity(filter.members.len());
        slots.extend(filter.members.iter());
        let snapshot = Arc::new(Snapshot {
            place: world.head,
            seq: world.settled.seq_of(world.head),
            catalog: world.catalog.version,
            presences: world.catalog.presences.clone(),
            slots,
            in_a_part: in_a_part(world.settings.part_bytes, filter.criteria.including()),
            sent: Mutex::default(),
            built: now,
        });
        self.0 = Arc::downgrade(&snapshot);
        snapshot
    }

    #[cfg(test)]
    pub(super) fn is_being_sent(&self) -> bool {
        self.0.strong_count() > 0
    }
}

/// How many agents a part of about so many bytes shows.
fn in_a_part(bytes: usize, including: Including) -> usize {
    let capacity = if including.capacity { CAPACITY_BYTES } else { 0 };
    let work_items = if including.work_items { WORK_ITEMS_BYTES } else { 0 };
    (bytes / (ENTRY_BYTES + capacity + work_items)).max(1)
}
