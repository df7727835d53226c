//! Automatic presence from capacity (rule book, *Presence from capacity*).

use super::draft::Draft;
use crate::domain::agent::Connection;
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::daily::DailyUse;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::standing::{Origin, Standing};
use crate::domain::time::Timestamp;
use crate::domain::trace::{Rule, Trace};

/// The base status that capacity asks for; the first rule that applies decides (rule book, *From capacity to a
/// presence*).
pub(super) fn base_from_capacity(capacity: &Capacity, trace: &mut Trace) -> BaseStatus {
    if trace.applies(Rule::CapacityNegative, capacity.is_negative())
        || trace.applies(Rule::CapacityExhausted, capacity.is_exhausted())
    {
        return BaseStatus::BusyDoNotDisturb;
    }
    if trace.applies(Rule::CapacityPartlyUsed, capacity.is_used())
        || trace.applies(Rule::WorkIsOpen, capacity.holding > 0)
    {
        return BaseStatus::Busy;
    }
    trace.decided(Rule::CapacityUnused);
    BaseStatus::Available
}

impl Draft<'_> {
    /// The sums over the work that moves the presence.
    pub fn presence_capacity(&self) -> Capacity {
        Capacity::of(&self.agent, self.directory, Counting::MovesPresence)
    }

    /// The presence follows capacity, whatever it was.
    pub fn follow_capacity(&mut self) {
        let base = base_from_capacity(&self.presence_capacity(), &mut self.trace);
        self.agent.standing = Standing::automatic(BuiltIn::of(base));
    }

    /// Capacity was taken or given back: the presence follows, unless it is held or
    /// pinned. A chosen Available or Busy ends here.
    pub fn follow_work(&mut self) {
        if matches!(self.agent.connection, Connection::SignedOut) {
            self.trace.decided(Rule::NotSignedIn);
            return;
        }
        let standing = &self.agent.standing;
        if self.trace.applies(Rule::Held, standing.hold.is_some())
            || self.trace.applies(Rule::Pinned, standing.is_pinned())
        {
            return;
        }
        if standing.origin != Origin::Automatic {
            self.trace.decided(Rule::SoftChoiceEnds);
        }
        self.follow_capacity();
    }

    /// Limits may have changed. Who was spared although there is no capacity stays so while
    /// there is none: a change of something else is not what decides it.
    pub fn follow_limits_of_directory(&mut self) {
        let capacity = self.presence_capacity();
        let spared = self.agent.standing.spared && capacity.is_exhausted() && !capacity.is_used();
        if !spared {
            self.follow_limits();
        }
    }

    /// Limits changed, or the day's quota was given back: an automatic presence follows at once,
    /// chosen and held ones stay. A custom record of the base that results is kept.
    pub fn follow_limits(&mut self) {
        let standing = &self.agent.standing;
        if matches!(self.agent.connection, Connection::SignedOut)
            || self.trace.applies(Rule::Held, standing.hold.is_some())
            || self.trace.applies(Rule::ChoiceKeptOnConfiguration, standing.origin != Origin::Automatic)
        {
            return;
        }
        let kept = standing.base;
        let base = base_from_capacity(&self.presence_capacity(), &mut self.trace);
        self.agent.standing.spared = false;
        if base != kept {
            self.agent.standing = Standing::automatic(BuiltIn::of(base));
        }
    }

    /// Daily profiles that were used before the day was `over` are given back.
    pub fn end_day(&mut self, over: Option<Timestamp>, at: Timestamp, actor: &Actor) {
        let is_of_that_day = self.agent.daily.since().is_some_and(|since| over.is_none_or(|over| since < over));
        if !is_of_that_day {
            return;
        }
        self.agent.daily = DailyUse::default();
        self.follow_limits();
        self.step(at, Cause::of(EventName::EndOfDayCapacityReset), actor, None);
    }
}
