//! A filter that someone watches: who matches it, who left it, and its frames.
//!
//! A frame is the state of all who match and changed beyond a position, and the names of those who
//! left. It is made once for everyone at that position; whoever is further behind is only at
//! another position.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::Settings;
use super::criteria::Criteria;
use super::frames::{Changes, SnapshotOf, SnapshotPlan, Sources};
use super::members::Members;
use super::roster::{Roster, Slot};
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::engine::Seq;

/// A snapshot that is still being sent to someone is shared with whoever comes this soon after,
/// although something changed: the changes follow it. Bounds the memory of a herd.
const SNAPSHOT_SHARED_FOR: Duration = Duration::from_millis(200);

/// Frames kept for others at the same place. Those who lag stand anywhere, and each frame may be large.
const FRAMES_KEPT: usize = 32;

/// What all filters are told from.
pub(super) struct World<'a> {
    pub(super) roster: &'a mut Roster,
    pub(super) directory: &'a Directory,
    pub(super) head: Seq,
    pub(super) epoch: &'a str,
    pub(super) catalog: &'a Catalog,
    pub(super) frame_bytes: usize,
    pub(super) part_bytes: usize,
}

impl<'a> World<'a> {
    pub(super) fn of(
        roster: &'a mut Roster,
        directory: &'a Directory,
        head: Seq,
        epoch: &'a str,
        catalog: &'a Catalog,
        settings: &Settings,
    ) -> Self {
        let (frame_bytes, part_bytes) = (settings.frame_bytes, settings.part_bytes);
        Self { roster, directory, head, epoch, catalog, frame_bytes, part_bytes }
    }
}

/// The catalog as it is told to watchers.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    /// Raised by one with every change.
    pub(super) version: u64,
    /// The list, as JSON.
    pub(super) presences: Bytes,
    /// The `presences` frame.
    pub(super) frame: Bytes,
}

/// Which frame of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of a live watch; there is none if nothing changed.
    Live,
    /// The first of a resumed watch: there always is one, with presences and summary.
    Resumed,
}

/// A frame of changes and the position it leads to.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) to: Seq,
    pub(super) bytes: Bytes,
}

/// A snapshot that is being sent, to one or to several who came together.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) seq: Seq,
    pub(super) catalog: u64,
    plan: SnapshotPlan,
    /// The parts that were sent last, for those who come behind.
    sent: Mutex<VecDeque<(usize, Bytes)>>,
    built: Instant,
}

impl Snapshot {
    pub(super) fn parts(&self) -> usize {
        self.plan.parts()
    }

    /// The part of this index. It is kept for a while if it is not for one watcher alone.
    pub(super) fn part(self: &Arc<Self>, index: usize) -> Bytes {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, part)) = sent.iter().find(|(at, _)| *at == index) {
            return part.clone();
        }
        let part = self.plan.encode(index);
        // The filter holds it too.
        if Arc::strong_count(self) > 2 {
            sent.truncate(FRAMES_KEPT - 1);
            sent.push_front((index, part.clone()));
        }
        part
    }
}

/// A filter that someone watches.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) criteria: Arc<Criteria>,
    pub(super) watch_id: String,
    members: Members,
    /// Who left since the filter lives, by the position at which it did.
    departures: BTreeMap<Seq, Slot>,
    departed: HashMap<Slot, Seq>,
    /// From where on departures are known.
    born: Seq,
    /// The position of the newest change that concerns it.
    pub(super) newest: Seq,
    summary_changed: Seq,
    /// Frames made since the newest change, by where they begin.
    frames: Vec<(Seq, Kind, Frame)>,
    snapshot: Option<Arc<Snapshot>>,
}

impl Filter {
    pub(super) fn new(criteria: Arc<Criteria>, world: &World<'_>) -> Self {
        let mut filter = Self {
            watch_id: criteria.digest(),
            criteria,
            members: Members::default(),
            departures: BTreeMap::new(),
            departed: HashMap::new(),
            born: world.head,
            newest: world.head,
            summary_changed: world.head,
            frames: Vec::new(),
            snapshot: None,
        };
        filter.members = filter.recount(world.roster, world.directory);
        filter
    }

    /// An agent has changed. Returns whether that concerns the filter.
    pub(super) fn agent_changed(
        &mut self,
        seq: Seq,
        slot: Slot,
        before: Option<&Agent>,
        after: &Agent,
        directory: &Directory,
    ) -> bool {
        let matches = self.criteria.matches(after, directory);
        match (before.filter(|_| self.members.contains(slot)), matches) {
            (None, false) => return false,
            (Some(before), true) => {
                if self.members.recount(before, after) {
                    self.summary_changed = seq;
                }
            }
            (None, true) => {
                self.members.insert(slot, after);
                self.summary_changed = seq;
                if let Some(at) = self.departed.remove(&slot) {
                    self.departures.remove(&at);
                }
            }
            (Some(before), false) => {
                self.members.remove(slot, before);
                self.summary_changed = seq;
                self.departed.insert(slot, seq);
                self.departures.insert(seq, slot);
            }
        }
        self.touch(seq);
        true
    }

    /// What decides who matches has changed at `seq`. Returns whether the members have: then what
    /// watchers hold cannot be brought up to date by changes of agents.
    pub(super) fn rules_changed(&mut self, seq: Seq, roster: &Roster, directory: &Directory) -> bool {
        let members = self.recount(roster, directory);
        if members == self.members {
            return false;
        }
        self.members = members;
        self.departures.clear();
        self.departed.clear();
        self.born = seq;
        self.summary_changed = seq;
        self.touch(seq);
        true
    }

    fn recount(&self, roster: &Roster, directory: &Directory) -> Members {
        let mut members = Members::default();
        for (slot, row) in roster.rows() {
            if self.criteria.matches(&row.agent, directory) {
                members.insert(slot, &row.agent);
            }
        }
        members
    }

    fn touch(&mut self, seq: Seq) {
        self.newest = seq;
        self.frames.clear();
    }

    #[cfg(test)]
    pub(super) fn assert_consistent(&self, roster: &Roster, directory: &Directory) {
        assert_eq!(self.members.summary(), self.recount(roster, directory).summary());
        assert!(self.members.iter().eq(self.recount(roster, directory).iter()));
        assert_eq!(self.departed.len(), self.departures.len());
    }

    /// The frame for whoever stands at `from`; none if nothing beyond it concerns the filter.
    pub(super) fn changes(&mut self, from: Seq, kind: Kind, world: &mut World<'_>) -> Option<Frame> {
        if kind == Kind::Live && from >= self.newest {
            return None;
        }
        if let Some((.., frame)) = self.frames.iter().find(|(at, of, _)| (*at, *of) == (from, kind)) {
            return Some(frame.clone());
        }
        let frame = self.encode_changes(from, kind, world);
        if self.frames.len() == FRAMES_KEPT {
            self.frames.remove(0);
        }
        self.frames.push((from, kind, frame.clone()));
        Some(frame)
    }

    fn encode_changes(&self, from: Seq, kind: Kind, world: &mut World<'_>) -> Frame {
        let mut gone = self.gone_before_it_lived(from, world.roster);
        let found = self.beyond(from, world.roster);
        let mut sources =
            Sources { roster: world.roster, directory: world.directory, including: self.criteria.including() };
        let mut agents = Vec::new();
        let (mut bytes, mut to) = (0, world.head);
        let mut previous = from;
        for (seq, found) in found {
            if bytes > world.frame_bytes {
                to = previous;
                break;
            }
            match found {
                Found::Member(slot) => {
                    let entry = sources.entry(slot);
                    bytes += entry.len() + 1;
                    agents.push(entry);
                }
                Found::Gone(slot) => {
                    bytes += sources.roster.row(slot).agent.record.agent.as_str().len() + 3;
                    gone.push(slot);
                }
            }
            previous = seq;
        }
        let roster = &*world.roster;
        let left = gone.into_iter().map(|slot| roster.row(slot).agent.record.agent.as_str()).collect();
        let resumed = kind == Kind::Resumed;
        let changes = Changes {
            watch_id: &self.watch_id,
            seq: to,
            agents,
            left,
            presences: resumed.then_some(&world.catalog.presences[..]),
            summary: (resumed || self.summary_changed > from).then(|| self.members.summary()),
        };
        Frame { to, bytes: changes.encode() }
    }

    /// Who matches and changed, and who left while the filter lives, beyond a position, in the order
    /// of the log.
    fn beyond(&self, from: Seq, roster: &Roster) -> Vec<(Seq, Found)> {
        let members = roster.beyond(from).filter(|(_, slot)| self.members.contains(*slot));
        let mut found: Vec<_> = members.map(|(seq, slot)| (seq, Found::Member(slot))).collect();
        let departures = self.departures.range(from.saturating_add(1)..);
        found.extend(departures.map(|(seq, slot)| (*seq, Found::Gone(*slot))));
        found.sort_by_key(|(seq, _)| *seq);
        found
    }

    /// Who may have left before the filter lived: everyone who changed beyond a position from before
    /// that, does not match, and could have in this caller's scope. Nobody knows when they left, so
    /// all are named in the first frame, however many: bounded by the agents that changed.
    fn gone_before_it_lived(&self, from: Seq, roster: &Roster) -> Vec<Slot> {
        if from >= self.born {
            return Vec::new();
        }
        let strangers = roster
            .beyond(from)
            .map(|(_, slot)| slot)
            .filter(|slot| !self.members.contains(*slot) && !self.departed.contains_key(slot));
        strangers.filter(|slot| self.criteria.may_name(&roster.row(*slot).agent)).collect()
    }

    /// The snapshot, shared with those who came just before if it can be.
    pub(super) fn snapshot(&mut self, world: &mut World<'_>) -> Arc<Snapshot> {
        let now = Instant::now();
        let shared = self.snapshot.as_ref().filter(|snapshot| {
            let in_use = Arc::strong_count(snapshot) > 1 && now - snapshot.built < SNAPSHOT_SHARED_FOR;
            snapshot.catalog == world.catalog.version
                && snapshot.seq >= self.born
                && (snapshot.seq >= self.newest || in_use)
        });
        if let Some(snapshot) = shared {
            return Arc::clone(snapshot);
        }
        let mut sources =
            Sources { roster: world.roster, directory: world.directory, including: self.criteria.including() };
        let mut entries = Vec::with_capacity(self.members.len());
        entries.extend(self.members.iter().map(|slot| sources.entry(slot)));
        let of = SnapshotOf {
            watch_id: &self.watch_id,
            epoch: world.epoch,
            seq: world.head,
            presences: &world.catalog.presences,
            summary: &self.members.summary(),
        };
        let snapshot = Arc::new(Snapshot {
            seq: world.head,
            catalog: world.catalog.version,
            plan: SnapshotPlan::new(&of, entries, world.part_bytes),
            sent: Mutex::default(),
            built: now,
        });
        self.snapshot = Some(Arc::clone(&snapshot));
        snapshot
    }

    /// Lets go of a snapshot that nobody is being sent any more.
    pub(super) fn release_snapshot(&mut self) {
        self.snapshot.take_if(|snapshot| Arc::strong_count(snapshot) == 1);
    }
}

/// What a position beyond a cursor holds.
enum Found {
    Member(Slot),
    Gone(Slot),
}
