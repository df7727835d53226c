//! Who matches a filter, with the counts of the summary kept beside.

use std::collections::BTreeMap;

use super::slots::{Slot, Slots};
use crate::domain::agent::Agent;
use crate::domain::presence::BaseStatus;
use crate::wire::shapes::Summary;
use crate::wire::words;

/// The members of a filter, and how many hold what.
#[derive(Debug, Default)]
pub(super) struct Members {
    slots: Slots,
    by_base: BTreeMap<BaseStatus, u32>,
    by_presence: BTreeMap<Box<str>, u32>,
}

impl Members {
    pub(super) fn contains(&self, slot: Slot) -> bool {
        self.slots.contains(slot)
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn insert(&mut self, slot: Slot, agent: &Agent) {
        self.slots.insert(slot);
        self.count(agent);
    }

    /// Takes a member out that was put in, or last recounted, as this state.
    pub(super) fn remove(&mut self, slot: Slot, as_counted: &Agent) {
        self.slots.remove(slot);
        self.uncount(as_counted);
    }

    /// A member's state has changed. Returns whether the summary has.
    pub(super) fn recount(&mut self, before: &Agent, after: &Agent) -> bool {
        if before.shown_presence() == after.shown_presence() && before.shown_base() == after.shown_base() {
            return false;
        }
        self.uncount(before);
        self.count(after);
        true
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        self.slots.iter()
    }

    /// All five base statuses, and the presences that someone holds.
    pub(super) fn summary(&self) -> Summary {
        let base = |base: BaseStatus| (words::base(base), self.by_base.get(&base).copied().unwrap_or(0));
        Summary {
            total: u32::try_from(self.len()).unwrap_or(u32::MAX),
            by_base_status: BaseStatus::ALL.into_iter().map(base).collect(),
            by_presence: self.by_presence.iter().map(|(id, count)| (id.to_string(), *count)).collect(),
        }
    }

    fn count(&mut self, agent: &Agent) {
        *self.by_base.entry(agent.shown_base()).or_default() += 1;
        match self.by_presence.get_mut(agent.shown_presence()) {
            Some(count) => *count += 1,
            None => drop(self.by_presence.insert(agent.shown_presence().into(), 1)),
        }
    }

    fn uncount(&mut self, agent: &Agent) {
        if let Some(count) = self.by_base.get_mut(&agent.shown_base()) {
            *count -= 1;
            if *count == 0 {
                self.by_base.remove(&agent.shown_base());
            }
        }
        if let Some(count) = self.by_presence.get_mut(agent.shown_presence()) {
            *count -= 1;
            if *count == 0 {
                self.by_presence.remove(agent.shown_presence());
            }
        }
    }
}
