//! The work system's whole truth about an agent (cause `RECONCILED`).

use std::collections::BTreeMap;

use super::admission::{MAX_PROFILES, MAX_WORK_ITEMS, Quota, too_many, too_many_profiles};
use super::draft::Draft;
use crate::domain::agent::Shown;
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::ids::WorkItemId;
use crate::domain::presence::InvalidField;
use crate::domain::record::PresenceEffect;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, WorkItem};

impl Draft<'_> {
    /// The agent's work items are these. What they take and give back counts as work does.
    pub fn reconcile(&mut self, items: &[WorkItem], at: Timestamp, actor: &Actor) -> Result<(), Rejection> {
        check(items)?;
        if self.agent.items == items {
            return Ok(());
        }
        let before = std::mem::replace(&mut self.agent.items, items.to_vec());
        let (was, is) = (by_id(&before), by_id(items));
        for item in &before {
            if item.is_offer() && is.get(&item.id).is_none_or(|now| !now.is_offer()) {
                self.over.push(item.id.clone());
            }
        }
        for item in items {
            self.agent.past_offers.came_back(&item.id);
        }
        let mut quota = Quota::Untouched;
        for taken in items.iter().filter(|item| item.holds_capacity()) {
            let held = was.get(&taken.id).is_some_and(|before| before.holds_capacity());
            if !held && self.use_daily(&taken.takes, at) == Quota::Used {
                quota = Quota::Used;
            }
        }
        let came_in = |item: &WorkItem| {
            !item.is_offer()
                && item.presence_effect == PresenceEffect::Moves
                && was.get(&item.id).is_none_or(|before| before.is_offer())
        };
        if items.iter().any(came_in) && self.goes_beyond_the_limit() {
            self.limit_reached();
        } else if moving(&before) != moving(items) {
            self.follow_work();
        } else if quota == Quota::Used {
            self.follow_limits();
        }
        self.clear_limit();
        if self.agent.shown() == Shown::Offline {
            self.withdraw_offers();
        }
        if self.has_moved() {
            self.step(at, Cause::of(EventName::Reconciled), actor, None);
        }
        Ok(())
    }
}

fn check(items: &[WorkItem]) -> Result<(), InvalidField> {
    if items.len() > MAX_WORK_ITEMS {
        return Err(too_many());
    }
    if items.iter().any(|item| item.takes.profiles.len() > MAX_PROFILES) {
        return Err(too_many_profiles());
    }
    let mut ids: Vec<&WorkItemId> = items.iter().map(|item| &item.id).collect();
    ids.sort();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(InvalidField::new("workItemId", format!("`{}` is there twice; once is right", pair[0]))),
        None => Ok(()),
    }
}

fn by_id(items: &[WorkItem]) -> BTreeMap<&WorkItemId, &WorkItem> {
    items.iter().map(|item| (&item.id, item)).collect()
}

/// What moves the presence: the work that holds capacity, and what it takes.
fn moving(items: &[WorkItem]) -> Vec<(&WorkItemId, &Consumption)> {
    let moves = |item: &&WorkItem| item.holds_capacity() && item.presence_effect == PresenceEffect::Moves;
    let mut moving: Vec<_> = items.iter().filter(moves).map(|item| (&item.id, &item.takes)).collect();
    moving.sort_by_key(|(id, _)| *id);
    moving
}
