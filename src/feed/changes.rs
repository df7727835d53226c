//! A filter's frames of changes.
//!
//! A frame is the state of all who match and changed beyond a place, and the names of those who left.
//! It is made once for everyone at that place; whoever is further behind is only at another place. It
//! is bounded: by its bytes, and by how far it looks for what to say.

use std::ops::Bound;

use bytes::Bytes;

use super::filter::Filter;
use super::place::Place;
use super::roster::Roster;
use super::slots::Slot;
use super::world::World;
use crate::sessions::frame;
use crate::wire::shapes::HubFrame;

/// Frames kept for others at the same place. Those who lag stand anywhere, and each frame may be large.
const FRAMES_KEPT: usize = 32;
/// Naming an agent takes as much as looking at so many.
const NAMING: usize = 8;

/// Which frame of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of a live watch; there is none if nothing changed.
    Live,
    /// The first of a resumed watch: there always is one, with presences and summary.
    Resumed,
    /// One of those that follow, if the watch is resumed from before the filter lived, until it has
    /// come to where the log is: who left before that is named on the way.
    Resuming,
}

impl Kind {
    /// The kind of the step that follows one of this kind.
    pub(super) fn next(self, from: Place, step: &Step, filter: &Filter, head: Place) -> Self {
        let unseen = match self {
            Self::Live => false,
            Self::Resumed => from < filter.born,
            Self::Resuming => true,
        };
        if unseen && step.to < head { Self::Resuming } else { Self::Live }
    }
}

/// The place to which a watch is brought, and the frame that brings it there, unless there is nothing
/// to say on the way.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) to: Place,
    pub(super) frame: Option<Bytes>,
}

/// The steps that were made since the newest change.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// The place of that change.
    newest: Place,
    made: Vec<(Key, Step)>,
}

/// All that a step depends on while nothing that concerns the filter changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    from: Place,
    kind: Kind,
    /// The version of the catalog, for one that carries it.
    catalog: Option<u64>,
    /// The version of what leads from places to positions.
    settled: u64,
}

impl Steps {
    /// The step of whoever stands at `from`; none for a live watch if nothing beyond it concerns the
    /// filter.
    pub(super) fn find_or_make(
        &mut self,
        filter: &Filter,
        from: Place,
        kind: Kind,
        world: &mut World<'_>,
    ) -> Option<Step> {
        if kind == Kind::Live && from >= filter.newest {
            return None;
        }
        if self.newest != filter.newest {
            self.newest = filter.newest;
            self.made.clear();
        }
        let catalog = (kind == Kind::Resumed).then_some(world.catalog.version);
        let key = Key { from, kind, catalog, settled: world.settled.version() };
        if let Some((_, step)) = self.made.iter().find(|(of, _)| *of == key) {
            return Some(step.clone());
        }
        let step = filter.step(from, kind, world);
        // Of a watch that nobody shares each frame is sent once: up to two megabytes of them would wait for nobody.
        if !world.is_shared {
            return Some(step);
        }
        if self.made.len() == FRAMES_KEPT {
            self.made.remove(0);
        }
        self.made.push((key, step.clone()));
        Some(step)
    }
}

#[cfg(test)]
impl Steps {
    /// How many frames are kept for others.
    pub(super) fn kept(&self) -> usize {
        self.made.len()
    }
}

/// What a place beyond a cursor holds.
enum Found {
    Member(Slot),
    Gone(Slot),
}

impl Filter {
    fn step(&self, from: Place, kind: Kind, world: &mut World<'_>) -> Step {
        let (found, mut to) = self.beyond(from, kind, world);
        let including = self.criteria.including();
        let (mut agents, mut left) = (Vec::with_capacity(found.len()), Vec::new());
        let mut bytes = 0;
        let mut previous = from;
        for (place, found) in found {
            if bytes > world.settings.frame_bytes {
                to = previous;
                break;
            }
            match found {
                Found::Member(slot) => {
                    let entry = world.roster.entry(slot, world.directory, including);
                    bytes += entry.bytes() + 1;
                    agents.push(entry);
                }
                Found::Gone(slot) => {
                    let agent = world.roster.row(slot).agent.record.agent.as_str();
                    bytes += agent.len() + 3;
                    left.push(agent.to_owned());
                }
            }
            previous = place;
        }
        let resumed = kind == Kind::Resumed;
        // Who changed the counts may be shown at a place further on by now. The counts are told here
        // all the same: beyond this place nobody is told of them any more.
        let counts = self.summary_changed > from && self.summary_changed <= to;
        if agents.is_empty() && left.is_empty() && !resumed && !counts {
            return Step { to, frame: None };
        }
        let changes = HubFrame::Changes {
            watch_id: self.watch_id.clone(),
            seq: world.settled.seq_of(to),
            agents,
            left,
            presences: resumed.then(|| world.catalog.presences.clone()),
            summary: (resumed || self.summary_changed > from).then(|| self.members.summary()),
        };
        Step { to, frame: Some(frame::saying(&changes)) }
    }

    /// Who matches and changed, and who left, beyond a place and in the order of places, as far as a
    /// frame looks; and how far that is.
    fn beyond(&self, from: Place, kind: Kind, world: &World<'_>) -> (Vec<(Place, Found)>, Place) {
        let roster = &*world.roster;
        let strangers = match kind {
            Kind::Live => false,
            Kind::Resumed => from < self.born,
            Kind::Resuming => true,
        };
        let mut rows = roster.beyond(from).peekable();
        let mut departures = self.departures.range((Bound::Excluded(from), Bound::Unbounded)).peekable();
        let mut found = Vec::new();
        let (mut spent, mut previous) = (0, from);
        loop {
            let row = rows.peek().map(|(place, _)| *place);
            let departure = departures.peek().map(|(place, _)| **place);
            let Some(place) = row.into_iter().chain(departure).min() else { return (found, world.head) };
            if spent >= world.settings.effort {
                return (found, previous);
            }
            let named = found.len();
            if let Some((_, slot)) = departures.next_if(|(at, _)| **at == place) {
                found.push((place, Found::Gone(*slot)));
            }
            if let Some((_, slot)) = rows.next_if(|(at, _)| *at == place) {
                if self.members.contains(slot) {
                    found.push((place, Found::Member(slot)));
                } else if strangers && self.may_have_left_unseen(slot, roster) {
                    found.push((place, Found::Gone(slot)));
                }
            }
            spent += 1 + (found.len() - named) * NAMING;
            previous = place;
        }
    }

    /// Whether one who does not match may have left before the filter lived: it could have matched in
    /// this caller's scope. Nobody knows whether it did, so it is named.
    fn may_have_left_unseen(&self, slot: Slot, roster: &Roster) -> bool {
        !self.departed.contains_key(&slot) && self.criteria.may_name(&roster.row(slot).agent)
    }
}
