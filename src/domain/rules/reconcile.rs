//! The work system's whole truth about an agent (cause `RECONCILED`).

use super::admission::{MAX_WORK_ITEMS, Quota, too_many};
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
        self.agent.ended_offers.retain(|ended| !items.iter().any(|item| item.id == *ended));
        for gone in before.iter().filter(|item| item.is_offer() && !items.iter().any(|one| one.id == item.id)) {
            self.remember_ended_offer(gone.id.clone());
        }
        let mut quota = Quota::Untouched;
        for taken in items.iter().filter(|item| item.holds_capacity() && !holds(&before, &item.id)) {
            if self.use_daily(&taken.takes) == Quota::Used {
                quota = Quota::Used;
            }
        }
        if moving(&before) != moving(items) {
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
    let mut ids: Vec<&WorkItemId> = items.iter().map(|item| &item.id).collect();
    ids.sort();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(InvalidField::new("workItemId", format!("`{}` is there twice; once is right", pair[0]))),
        None => Ok(()),
    }
}

fn holds(items: &[WorkItem], id: &WorkItemId) -> bool {
    items.iter().any(|item| item.id == *id && item.holds_capacity())
}

/// What moves the presence: the work that holds capacity, and what it takes.
fn moving(items: &[WorkItem]) -> Vec<(&WorkItemId, &Consumption)> {
    let moves = |item: &&WorkItem| item.holds_capacity() && item.presence_effect == PresenceEffect::Moves;
    let mut moving: Vec<_> = items.iter().filter(moves).map(|item| (&item.id, &item.takes)).collect();
    moving.sort_by_key(|(id, _)| *id);
    moving
}
