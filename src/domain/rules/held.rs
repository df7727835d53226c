//! Missed and rejected notifications, and the limit of open work items (rule book, *Holds*).

use super::draft::Draft;
use crate::domain::agent::Shown;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::standing::{Hold, Origin, Standing};
use crate::domain::trace::Rule;

impl Draft<'_> {
    /// A notification timed out unanswered: Inactive from every presence but base Offline,
    /// which is never lifted.
    pub fn missed(&mut self) {
        if self.trace.applies(Rule::MissedSwitchedOff, !self.directory.policy.missed_notifications)
            || self.nobody_to_hold()
        {
            return;
        }
        self.trace.decided(Rule::Missed);
        self.agent.standing = Standing::held(BuiltIn::Inactive, Hold::Missed);
    }

    /// The agent rejected a notification: Do not disturb, except from base Offline and from
    /// a Do not disturb that someone chose, which has nothing to reset.
    pub fn rejected(&mut self) {
        let standing = &self.agent.standing;
        let manual = standing.origin != Origin::Automatic && standing.base == BaseStatus::BusyDoNotDisturb;
        if self.trace.applies(Rule::RejectedSwitchedOff, !self.directory.policy.reject_notifications)
            || self.nobody_to_hold()
            || self.trace.applies(Rule::ManualDoNotDisturbStays, manual)
        {
            return;
        }
        self.trace.decided(Rule::Rejected);
        self.agent.standing = Standing::held(BuiltIn::DoNotDisturb, Hold::Rejected);
    }

    /// The limit of open work items.
    pub fn limit(&self) -> usize {
        usize::try_from(self.directory.policy.max_open_work_items).unwrap_or(usize::MAX)
    }

    /// Whether work that just came in is more than the limit, and nothing keeps the presence from
    /// being held for it.
    pub fn goes_beyond_the_limit(&self) -> bool {
        self.agent.open_work_items() > self.limit() && self.agent.is_logged_in() && !self.agent.standing.is_pinned()
    }

    /// New work came in at the limit of open work items.
    pub fn limit_reached(&mut self) {
        if self.trace.applies(Rule::Pinned, self.agent.standing.is_pinned()) {
            return;
        }
        self.trace.decided(Rule::WorkItemLimit);
        self.agent.standing = Standing::held(BuiltIn::DoNotDisturb, Hold::WorkItemLimit);
    }

    /// Work was given back below the limit: its hold ends if the setting says so.
    pub fn clear_limit(&mut self) {
        let below = self.agent.open_work_items() < self.limit();
        let held = self.agent.standing.hold == Some(Hold::WorkItemLimit);
        if self.directory.policy.work_item_limit_auto_clear && held && below {
            self.trace.decided(Rule::LimitCleared);
            self.follow_capacity();
        }
    }

    fn nobody_to_hold(&mut self) -> bool {
        let nobody = self.nobody_there();
        self.trace.applies(Rule::NotSeen, nobody)
            || self.trace.applies(Rule::NeverLiftsOffline, self.agent.standing.base == BaseStatus::Offline)
    }

    fn nobody_there(&self) -> bool {
        self.agent.shown() == Shown::Offline
    }
}
