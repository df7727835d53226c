//! A filter's frames of changes.
//!
//! A frame is the state of all who match and changed beyond a place, and the names of those who left.
//! It is made once for everyone at that place; whoever is further behind is only at another place. It
//! is bounded: by its bytes, and by how far it looks for what to say.

use std::ops::Bound;

use super::filter::Filter;
use super::place::Place;
use super::roster::Roster;
use super::slots::Slot;
use super::steps::{Key, Kind, Step};
use super::world::World;
use crate::sessions::frame;
use crate::wire::shapes::HubFrame;

/// Naming an agent takes as much as looking at so many.
const NAMING: usize = 8;

/// What a place beyond a cursor holds.
enum Found {
    Member(Slot),
    Gone(Slot),
}

impl Filter {
    /// The step of whoever stands at `from`; none for a live watch if nothing beyond it concerns the
    /// filter.
    pub(super) fn changes(&self, from: Place, kind: Kind, world: &mut World<'_>) -> Option<Step> {
        if kind == Kind::Live && from >= self.newest {
            return None;
        }
        // Of a watch that nobody shares each frame is sent once.
        if !world.is_shared {
            return Some(self.step(from, kind, world));
        }
        let catalog = (kind == Kind::Resumed).then_some(world.catalog.version);
        let key =
            Key { filter: world.filter, newest: self.newest, from, kind, catalog, settled: world.settled.version() };
        let known = world.steps.find(&key);
        Some(known.unwrap_or_else(|| {
            let step = self.step(from, kind, world);
            world.steps.keep(key, &step);
            step
        }))
    }

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
