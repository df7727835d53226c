//! The life of work items (rule book 1.9, and *What fits what* of the contract).

use std::time::Duration;

use super::draft::Draft;
use super::eligibility;
use crate::domain::agent::Shown;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::Remark;
use crate::domain::command::{Condition, Terms, WorkEvent, WrapUpChoice};
use crate::domain::ids::WorkItemId;
use crate::domain::presence::InvalidField;
use crate::domain::record::{PresenceEffect, ResetDuration, Workstream, WrapUpBlock};
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

/// The most work items an agent can have at once, offers included. Far beyond what anybody works
/// on; it keeps an entry well below the engine's limit of 64 KiB.
pub const MAX_WORK_ITEMS: usize = 100;
/// The most profiles an item can take.
const MAX_PROFILES: usize = 10;

type Outcome = Result<Option<Remark>, Rejection>;

impl Draft<'_> {
    /// Something happened to a work item.
    pub fn work(&mut self, id: &WorkItemId, event: &WorkEvent, at: Timestamp, actor: &Actor) -> Outcome {
        match event {
            WorkEvent::Offered { terms, timeout } => self.offered(id, terms, *timeout, at, actor),
            WorkEvent::Assigned { terms, how } => self.assigned(id, terms, *how, at, actor),
            WorkEvent::Missed => {
                let cause = Cause::how(EventName::MissedNotification, SubEventName::AgentTimeout);
                self.offer_ended(id, cause, at, actor, Self::missed)
            }
            WorkEvent::Rejected => {
                let cause = Cause::how(EventName::RejectedNotification, SubEventName::AgentReject);
                self.offer_ended(id, cause, at, actor, Self::rejected)
            }
            WorkEvent::Withdrawn => {
                let cause = Cause::how(EventName::Other, SubEventName::SystemReject);
                self.offer_ended(id, cause, at, actor, |draft| draft.trace.decided(Rule::SystemRejection))
            }
            WorkEvent::WrapUpStarted { block, lasts, how } => self.wrap_up(id, *block, *lasts, *how, at, actor),
            WorkEvent::Released { how } => self.release(id, *how, at, actor),
            WorkEvent::SideWork(how) => {
                self.trace.decided(Rule::SideWork);
                self.step(at, Cause::how(EventName::Other, *how), actor, Some(id));
                Ok(None)
            }
        }
    }

    /// A notification was shown: capacity is reserved, no presence changes.
    fn offered(
        &mut self,
        id: &WorkItemId,
        terms: &Terms,
        timeout: Option<Duration>,
        at: Timestamp,
        actor: &Actor,
    ) -> Outcome {
        if let Some(item) = self.find(id) {
            return Err(if item.is_offer() { Rejection::AlreadyOffered } else { Rejection::AlreadyAssigned });
        }
        let (takes, effect) = self.admit(terms)?;
        let limit = usize::try_from(self.directory.policy.max_open_work_items).unwrap_or(usize::MAX);
        if self.agent.open_work_items() >= limit {
            self.limit_reached();
            self.step(at, Cause::of(EventName::WorkItemLimit), actor, Some(id));
            return Ok(Some(Remark::WorkItemLimit));
        }
        let cause = Cause::of(EventName::AssignmentAttempted);
        let stage = Stage::Offered { deadline: timeout.map(|timeout| at.plus(timeout)) };
        self.agent.ended_offers.retain(|ended| ended != id);
        self.add(WorkItem {
            id: id.clone(),
            stage,
            since: at,
            workstream: terms.workstream.clone(),
            takes,
            presence_effect: effect,
        })?;
        if self.agent.shown() == Shown::Offline {
            // Nobody can see it: it ends at once, and the work system is told to offer it elsewhere.
            self.withdraw_offers();
            self.step(at, cause, actor, Some(id));
            return Ok(Some(Remark::AgentNotConnected));
        }
        self.trace.decided(Rule::OfferReserves);
        self.step(at, cause, actor, Some(id));
        Ok(None)
    }

    /// The agent has it now: capacity is taken.
    fn assigned(&mut self, id: &WorkItemId, terms: &Terms, how: SubEventName, at: Timestamp, actor: &Actor) -> Outcome {
        let (takes, effect) = self.admit(terms)?;
        let offered = match self.agent.items.iter_mut().find(|item| item.id == *id) {
            Some(item) if !item.is_offer() => return Err(Rejection::AlreadyAssigned),
            // An item offered before keeps the consumption of its offer.
            Some(item) => {
                item.stage = Stage::Active;
                item.since = at;
                Some((item.takes.clone(), item.presence_effect))
            }
            None => None,
        };
        let (takes, effect) = match offered {
            Some(kept) => kept,
            None => {
                self.add(WorkItem {
                    id: id.clone(),
                    stage: Stage::Active,
                    since: at,
                    workstream: terms.workstream.clone(),
                    takes: takes.clone(),
                    presence_effect: effect,
                })?;
                (takes, effect)
            }
        };
        self.agent.ended_offers.retain(|ended| ended != id);
        self.use_daily(&takes);
        self.moved_by_work(effect);
        self.step(at, Cause::how(EventName::SessionAssigned, how), actor, Some(id));
        Ok(None)
    }

    /// An offer ended unaccepted; `hold` says what that does to the presence.
    fn offer_ended(
        &mut self,
        id: &WorkItemId,
        cause: Cause,
        at: Timestamp,
        actor: &Actor,
        hold: impl FnOnce(&mut Self),
    ) -> Outcome {
        match self.find(id) {
            Some(item) if !item.is_offer() => return Err(Rejection::AlreadyAssigned),
            Some(_) => self.agent.items.retain(|item| item.id != *id),
            None if self.agent.ended_offers.contains(id) => {
                return Err(Rejection::OfferAlreadyEnded);
            }
            None => {}
        }
        self.remember_ended_offer(id.clone());
        hold(self);
        self.step(at, cause, actor, Some(id));
        Ok(None)
    }

    /// The conversation ended and is wrapped up.
    fn wrap_up(
        &mut self,
        id: &WorkItemId,
        choice: Option<WrapUpChoice>,
        lasts: Option<Duration>,
        how: Option<SubEventName>,
        at: Timestamp,
        actor: &Actor,
    ) -> Outcome {
        let Some(place) = self.agent.items.iter().position(|item| item.id == *id && !item.is_offer()) else {
            return Err(Rejection::UnknownWorkItem);
        };
        let workstream = self.agent.items[place].workstream.as_ref();
        let block = wrap_up_block(workstream.and_then(|id| self.directory.workstreams.get(id)), choice, lasts)?;
        let item = &mut self.agent.items[place];
        let held = item.holds_capacity();
        let effect = item.presence_effect;
        item.since = at;
        item.stage = match block {
            // What was given back stays given back.
            _ if !held => Stage::WrapUpReleased,
            WrapUpBlock::Always => Stage::WrapUp { deadline: None },
            WrapUpBlock::Custom(lasts) => Stage::WrapUp { deadline: Some(at.plus(lasts)) },
            WrapUpBlock::Dont => Stage::WrapUpReleased,
        };
        let gives_back = held && !item.holds_capacity();
        let event = if gives_back { EventName::SessionClosed } else { EventName::Other };
        if gives_back {
            self.released(effect);
        } else {
            self.trace.decided(Rule::ReleasedNothing);
        }
        let how = how.unwrap_or(SubEventName::AgentEndConversation);
        self.step(at, Cause::how(event, how), actor, Some(id));
        Ok(None)
    }

    /// It left the agent.
    fn release(&mut self, id: &WorkItemId, how: SubEventName, at: Timestamp, actor: &Actor) -> Outcome {
        let Some(place) = self.agent.items.iter().position(|item| item.id == *id) else {
            return Err(Rejection::UnknownWorkItem);
        };
        let item = self.agent.items.remove(place);
        match item.stage {
            // Closed before it was accepted: the reservation ends, no presence changes.
            Stage::Offered { .. } => {
                self.remember_ended_offer(id.clone());
                self.trace.decided(Rule::OfferReserves);
            }
            Stage::WrapUpReleased => {
                self.trace.decided(Rule::ReleasedNothing);
                self.clear_limit();
            }
            Stage::Active | Stage::WrapUp { .. } => self.released(item.presence_effect),
        }
        self.step(at, Cause::how(EventName::SessionClosed, how), actor, Some(id));
        Ok(None)
    }

    /// Capacity was given back.
    pub fn released(&mut self, effect: PresenceEffect) {
        self.moved_by_work(effect);
        self.clear_limit();
    }

    fn moved_by_work(&mut self, effect: PresenceEffect) {
        match effect {
            PresenceEffect::Moves => self.follow_work(),
            PresenceEffect::Ignored => self.trace.decided(Rule::NoEffect),
        }
    }

    /// The work system's whole truth about this agent (cause `RECONCILED`).
    pub fn reconcile(&mut self, items: &[WorkItem], at: Timestamp, actor: &Actor) -> Result<(), Rejection> {
        if items.len() > MAX_WORK_ITEMS {
            return Err(too_many().into());
        }
        if self.agent.items == items {
            return Ok(());
        }
        let before = std::mem::replace(&mut self.agent.items, items.to_vec());
        let known = |id: &WorkItemId| items.iter().any(|item| item.id == *id);
        for gone in before.iter().filter(|item| item.is_offer() && !known(&item.id)) {
            self.remember_ended_offer(gone.id.clone());
        }
        let held =
            |items: &[WorkItem], id: &WorkItemId| items.iter().any(|item| item.id == *id && item.holds_capacity());
        for taken in items.iter().filter(|item| item.holds_capacity() && !held(&before, &item.id)) {
            self.use_daily(&taken.takes);
        }
        let weights = |items: &[WorkItem]| {
            let moving =
                items.iter().filter(|item| item.holds_capacity() && item.presence_effect == PresenceEffect::Moves);
            let mut weights: Vec<_> = moving.map(|item| (item.id.clone(), item.takes.clone())).collect();
            weights.sort_by(|a, b| a.0.cmp(&b.0));
            weights
        };
        if weights(&before) != weights(items) {
            self.released(PresenceEffect::Moves);
        }
        self.step(at, Cause::of(EventName::Reconciled), actor, None);
        Ok(())
    }

    /// What an offer or assignment takes, once it is known to be possible.
    fn admit(&self, terms: &Terms) -> Result<(Consumption, PresenceEffect), Rejection> {
        let workstream = match &terms.workstream {
            Some(id) => Some(
                self.directory
                    .workstreams
                    .get(id)
                    .ok_or_else(|| Rejection::UnknownWorkstream(id.as_str().to_owned()))?,
            ),
            None => None,
        };
        for profile in terms.profiles.iter().flatten() {
            if !self.directory.profiles.contains_key(profile) {
                return Err(Rejection::UnknownProfile(profile.as_str().to_owned()));
            }
        }
        if terms.profiles.as_ref().is_some_and(|profiles| profiles.len() > MAX_PROFILES) {
            return Err(InvalidField::new("profiles", format!("an item takes at most {MAX_PROFILES} profiles")).into());
        }
        let takes = consumption(terms, workstream);
        // A condition that cannot hold is told before the record's own refusal.
        if terms.condition == Condition::IfEligible {
            let workstream = workstream.ok_or_else(|| {
                InvalidField::new("workstreamId", "is needed with `ifEligible`: it says which presences are allowed")
            })?;
            let reasons = eligibility::obstacles(&self.agent, self.directory, workstream, &takes);
            if !reasons.is_empty() {
                return Err(Rejection::NotEligible { reasons });
            }
        }
        if !self.agent.record.enabled {
            return Err(Rejection::AgentDisabled);
        }
        let effect = workstream.map_or(PresenceEffect::Moves, |workstream| workstream.presence_effect);
        Ok((takes, effect))
    }

    fn add(&mut self, item: WorkItem) -> Result<(), InvalidField> {
        if self.agent.items.len() >= MAX_WORK_ITEMS {
            return Err(too_many());
        }
        self.agent.items.push(item);
        Ok(())
    }

    fn find(&self, id: &WorkItemId) -> Option<&WorkItem> {
        self.agent.items.iter().find(|item| item.id == *id)
    }

    /// Daily profiles count uses, which releasing does not give back. One that the agent
    /// does not have is not counted.
    fn use_daily(&mut self, takes: &Consumption) {
        for profile in &takes.profiles {
            let daily = self.directory.profiles.get(profile).is_some_and(|known| known.reset == ResetDuration::Daily);
            if !daily || !self.agent.record.profiles.iter().any(|own| own.profile == *profile) {
                continue;
            }
            match self.agent.daily.iter_mut().find(|(id, _)| id == profile) {
                Some((_, used)) => *used = used.saturating_add(1),
                None => self.agent.daily.push((profile.clone(), 1)),
            }
        }
    }
}

fn too_many() -> InvalidField {
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

/// The wrap-up setting that holds: the event's, else the workstream's, else Always.
fn wrap_up_block(
    workstream: Option<&Workstream>,
    choice: Option<WrapUpChoice>,
    lasts: Option<Duration>,
) -> Result<WrapUpBlock, InvalidField> {
    let of_workstream = workstream.map_or(WrapUpBlock::Always, |workstream| workstream.wrap_up);
    match choice.unwrap_or_else(|| of_workstream.into()) {
        WrapUpChoice::Always => Ok(WrapUpBlock::Always),
        WrapUpChoice::Dont => Ok(WrapUpBlock::Dont),
        WrapUpChoice::Custom => match (lasts, of_workstream) {
            (Some(lasts), _) | (None, WrapUpBlock::Custom(lasts)) => Ok(WrapUpBlock::Custom(lasts)),
            (None, WrapUpBlock::Always | WrapUpBlock::Dont) => {
                Err(InvalidField::new("wrapUpSeconds", "is needed with CUSTOM: 1 to 3600 seconds"))
            }
        },
    }
}
