//! A filter that someone watches: who matches it, and who left it.
//!
//! A filter over many agents is made in bites, while changes go on: an agent that has yet to be asked
//! whether it matches is asked when its turn comes, or when it changes. Nobody is sent anything of the
//! filter before it is whole.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::criteria::Criteria;
use super::members::Members;
use super::place::Place;
use super::roster::Roster;
use super::slots::{Slot, Slots};
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;

/// A filter that someone watches.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) criteria: Arc<Criteria>,
    pub(super) watch_id: String,
    pub(super) members: Members,
    /// Who has yet to be asked whether it matches; none once the filter is whole.
    unasked: Option<Slots>,
    /// Who left since the filter lives, by the place at which it did.
    pub(super) departures: BTreeMap<Place, Slot>,
    pub(super) departed: HashMap<Slot, Place>,
    /// From where on departures are known.
    pub(super) born: Place,
    /// The place of the newest change that concerns it.
    pub(super) newest: Place,
    pub(super) summary_changed: Place,
}

/// Whether a filter is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Whole,
    InPart,
}

impl Filter {
    /// A filter that has yet to ask all within its reach.
    pub(super) fn new(criteria: Arc<Criteria>, roster: &Roster) -> Self {
        Self::named(criteria.digest(), criteria, roster)
    }

    fn named(watch_id: String, criteria: Arc<Criteria>, roster: &Roster) -> Self {
        Self {
            watch_id,
            unasked: Some(roster.within(&criteria.reach())),
            criteria,
            members: Members::default(),
            departures: BTreeMap::new(),
            departed: HashMap::new(),
            born: Place::default(),
            newest: Place::default(),
            summary_changed: Place::default(),
        }
    }

    /// What decides who matches has changed: all within its reach are asked again.
    pub(super) fn begin_again(&mut self, roster: &Roster) {
        *self = Self::named(std::mem::take(&mut self.watch_id), Arc::clone(&self.criteria), roster);
    }

    pub(super) fn is_whole(&self) -> bool {
        self.unasked.is_none()
    }

    /// Asks some of those who have yet to be asked, with about this effort. Once there are none, the
    /// filter lives, from `head` on.
    pub(super) fn ask(&mut self, effort: usize, head: Place, roster: &Roster, directory: &Directory) -> Made {
        let Some(unasked) = &mut self.unasked else { return Made::Whole };
        let mut spent = 0;
        while spent < effort {
            let Some(slot) = unasked.pop() else { break };
            let agent = &roster.row(slot).agent;
            spent += self.criteria.effort(agent);
            if self.criteria.matches(agent, directory) {
                self.members.insert(slot, agent);
            }
        }
        if unasked.len() > 0 {
            return Made::InPart;
        }
        self.unasked = None;
        self.departures.clear();
        self.departed.clear();
        (self.born, self.newest, self.summary_changed) = (head, head, head);
        Made::Whole
    }

    /// An agent has changed. Returns whether there is something to be told.
    pub(super) fn agent_changed(
        &mut self,
        place: Place,
        slot: Slot,
        before: Option<&Agent>,
        after: &Agent,
        directory: &Directory,
    ) -> bool {
        if let Some(unasked) = &mut self.unasked {
            unasked.remove(slot);
        }
        let matches = self.criteria.matches(after, directory);
        match (before.filter(|_| self.members.contains(slot)), matches) {
            (None, false) => return false,
            (Some(before), true) => {
                if self.members.recount(before, after) {
                    self.summary_changed = place;
                }
            }
            (None, true) => {
                self.members.insert(slot, after);
                self.summary_changed = place;
                if let Some(at) = self.departed.remove(&slot) {
                    self.departures.remove(&at);
                }
            }
            (Some(before), false) => {
                self.members.remove(slot, before);
                self.summary_changed = place;
                self.departed.insert(slot, place);
                self.departures.insert(place, slot);
            }
        }
        self.newest = place;
        self.is_whole()
    }

    /// The agent of this slot was deleted long ago, and the slot is going to be another's.
    pub(super) fn forget(&mut self, slot: Slot) {
        if let Some(at) = self.departed.remove(&slot) {
            self.departures.remove(&at);
        }
    }

    /// What is shown of an agent has changed, though it has not. Returns whether there is something to
    /// be told.
    pub(super) fn agent_moved(&mut self, place: Place, slot: Slot) -> bool {
        let shown = self.is_whole() && self.members.contains(slot);
        if shown {
            self.newest = place;
        }
        shown
    }

    /// Panics unless what is kept along the way equals what a recount gives.
    #[cfg(test)]
    pub(super) fn assert_consistent(&self, roster: &Roster, directory: &Directory) {
        let mut recount = Self::new(Arc::clone(&self.criteria), roster);
        assert_eq!(recount.ask(usize::MAX, self.newest, roster, directory), Made::Whole);
        assert_eq!(self.members.summary(), recount.members.summary());
        assert!(self.members.iter().eq(recount.members.iter()));
        assert_eq!(self.departed.len(), self.departures.len());
    }
}
