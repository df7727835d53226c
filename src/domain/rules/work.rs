//! The life of work items (rule book, *Work items*; contract, *What fits what*).

use std::time::Duration;

use super::admission::Quota;
use super::draft::Draft;
use crate::domain::agent::Shown;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::Remark;
use crate::domain::command::{Terms, WorkEvent, WrapUpChoice};
use crate::domain::ids::WorkItemId;
use crate::domain::presence::InvalidField;
use crate::domain::record::{PresenceEffect, Workstream, WrapUpBlock};
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;
use crate::domain::work_item::{Stage, WorkItem};

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
                self.admit_agent()?;
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
        let admitted = self.admit(terms, None)?;
        let absent = self.agent.shown() == Shown::Offline;
        if !absent && self.agent.open_work_items() >= self.limit() {
            match admitted.effect {
                PresenceEffect::Moves => self.limit_reached(),
                PresenceEffect::Ignored => self.trace.decided(Rule::NoEffect),
            }
            self.over.push(id.clone());
            self.step(at, Cause::of(EventName::WorkItemLimit), actor, Some(id));
            return Ok(Some(Remark::WorkItemLimit));
        }
        let cause = Cause::of(EventName::AssignmentAttempted);
        let stage = Stage::Offered { deadline: timeout.map(|timeout| at.plus(timeout)) };
        self.insert(None, admitted.into_item(id, stage, at))?;
        if absent {
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
        if self.find(id).is_some_and(|item| !item.is_offer()) {
            return Err(Rejection::AlreadyAssigned);
        }
        // The assignment uses the capacity that its offer reserved, so the offer is taken out first.
        let place = self.agent.items.iter().position(|item| item.id == *id);
        let offer = place.map(|place| self.agent.items.remove(place));
        let admitted = self.admit(terms, offer.as_ref())?;
        self.over.extend(offer.map(|offer| offer.id));
        let item = admitted.into_item(id, Stage::Active, at);
        let (takes, effect) = (item.takes.clone(), item.presence_effect);
        self.insert(place, item)?;
        let quota = self.use_daily(&takes, at);
        // The assignment has happened, so it is kept; beyond the limit it sets the same hold as an offer does.
        let event = if effect == PresenceEffect::Moves && self.goes_beyond_the_limit() {
            self.limit_reached();
            EventName::WorkItemLimit
        } else {
            self.moved_by_work(effect);
            EventName::SessionAssigned
        };
        if quota == Quota::Used && effect == PresenceEffect::Ignored {
            self.follow_limits();
        }
        self.step(at, Cause::how(event, how), actor, Some(id));
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
            None if self.agent.past_offers.contains(id) => return Err(Rejection::OfferAlreadyEnded),
            None => self.admit_agent()?,
        }
        self.over.push(id.clone());
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
            // An item that holds no capacity does not take it again.
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
                self.over.push(id.clone());
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

    fn find(&self, id: &WorkItemId) -> Option<&WorkItem> {
        self.agent.items.iter().find(|item| item.id == *id)
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
