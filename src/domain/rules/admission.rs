//! What an offer or an assignment takes, and whether it is possible (contract, *What an item takes*).

use super::draft::Draft;
use super::eligibility;
use crate::domain::command::{Condition, Terms};
use crate::domain::ids::{WorkItemId, WorkstreamId};
use crate::domain::presence::InvalidField;
use crate::domain::record::{PresenceEffect, ResetDuration, Workstream};
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

/// The most work items an agent can have at once, offers included. Far beyond what anybody works
/// on; it keeps an entry well below the engine's limit of 64 KiB.
pub const MAX_WORK_ITEMS: usize = 100;
/// The most profiles an item can take.
pub const MAX_PROFILES: usize = 10;

/// An item that may be offered or assigned.
pub(super) struct Admitted {
    workstream: Option<WorkstreamId>,
    takes: Consumption,
    pub effect: PresenceEffect,
}

impl Admitted {
    pub fn into_item(self, id: &WorkItemId, stage: Stage, since: Timestamp) -> WorkItem {
        let Self { workstream, takes, effect } = self;
        WorkItem { id: id.clone(), stage, since, workstream, takes, presence_effect: effect }
    }
}

/// Whether a daily profile was used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quota {
    Used,
    Untouched,
}

impl Draft<'_> {
    /// What an offer or assignment takes, once it is known to be possible. An item that was offered
    /// before keeps the consumption of its `offer`.
    pub fn admit(&self, terms: &Terms, offer: Option<&WorkItem>) -> Result<Admitted, Rejection> {
        if terms.profiles.as_ref().is_some_and(|profiles| profiles.len() > MAX_PROFILES) {
            return Err(too_many_profiles().into());
        }
        let workstream = match &terms.workstream {
            Some(id) => Some(
                self.directory
                    .workstreams
                    .get(id)
                    .ok_or_else(|| Rejection::UnknownWorkstream(id.as_str().to_owned()))?,
            ),
            None => offer.and_then(|offer| self.directory.workstreams.get(offer.workstream.as_ref()?)),
        };
        for profile in terms.profiles.iter().flatten() {
            if !self.directory.profiles.contains_key(profile) {
                return Err(Rejection::UnknownProfile(profile.as_str().to_owned()));
            }
        }
        let takes = offer.map_or_else(|| consumption(terms, workstream), |offer| offer.takes.clone());
        // If both `ifEligible` and the agent's record refuse the item, the answer names `ifEligible`.
        if terms.condition == Condition::IfEligible {
            let workstream = workstream.ok_or_else(|| {
                InvalidField::new("workstreamId", "is needed with `ifEligible`: it says which presences are allowed")
            })?;
            let reasons = eligibility::obstacles(&self.agent, self.directory, workstream, &takes);
            if !reasons.is_empty() {
                return Err(Rejection::NotEligible { reasons });
            }
        }
        self.admit_agent()?;
        // The workstream is the offer's, if the offer named one; else the one that the assignment names.
        let of_offer = offer.filter(|offer| offer.workstream.is_some() || terms.workstream.is_none());
        let (workstream, effect) = match of_offer {
            Some(offer) => (offer.workstream.clone(), offer.presence_effect),
            None => (
                terms.workstream.clone(),
                workstream.map_or(PresenceEffect::Moves, |workstream| workstream.presence_effect),
            ),
        };
        Ok(Admitted { workstream, takes, effect })
    }

    /// A disabled agent only gives work back.
    pub fn admit_agent(&self) -> Result<(), Rejection> {
        if self.agent.record.enabled { Ok(()) } else { Err(Rejection::AgentDisabled) }
    }

    /// Puts an item where its offer was, or behind the others.
    pub fn insert(&mut self, place: Option<usize>, item: WorkItem) -> Result<(), InvalidField> {
        if self.agent.items.len() >= MAX_WORK_ITEMS {
            return Err(too_many());
        }
        self.agent.past_offers.came_back(&item.id);
        let place = place.unwrap_or(self.agent.items.len());
        self.agent.items.insert(place, item);
        Ok(())
    }

    /// Daily profiles count uses, which releasing does not give back. One that the agent
    /// does not have is not counted.
    pub fn use_daily(&mut self, takes: &Consumption, at: Timestamp) -> Quota {
        let mut quota = Quota::Untouched;
        for profile in &takes.profiles {
            let daily = self.directory.profiles.get(profile).is_some_and(|known| known.reset == ResetDuration::Daily);
            if !daily || !self.agent.record.profiles.iter().any(|own| own.profile == *profile) {
                continue;
            }
            quota = Quota::Used;
            self.agent.daily.count(profile, at);
        }
        quota
    }
}

pub(super) fn too_many_profiles() -> InvalidField {
    InvalidField::new("profiles", format!("an item takes at most {MAX_PROFILES} profiles"))
}

pub(super) fn too_many() -> InvalidField {
    InvalidField::new("workItemId", format!("an agent has at most {MAX_WORK_ITEMS} work items"))
}

/// What an item takes: what the event names, else what the workstream says, else 1 unit. An event
/// that names profiles without units takes 0 units (contract, *What an item takes*).
fn consumption(terms: &Terms, workstream: Option<&Workstream>) -> Consumption {
    match (terms.units, &terms.profiles) {
        (units, Some(profiles)) => Consumption { units: units.unwrap_or(0), profiles: profiles.clone() },
        (Some(units), None) => {
            let profiles = workstream.map(|workstream| workstream.profiles.clone()).unwrap_or_default();
            Consumption { units, profiles }
        }
        (None, None) => {
            workstream.map_or(Consumption { units: 1, profiles: Vec::new() }, eligibility::takes_by_default)
        }
    }
}
