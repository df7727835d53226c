//! What time alone brings: graces, the restore window, offer time-outs, wrap-up, expiry.

use std::time::Duration;

use super::draft::Draft;
use crate::domain::agent::{Connection, Grace};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::ids::WorkItemId;
use crate::domain::time::{Standstill, Timestamp};
use crate::domain::trace::Rule;
use crate::domain::work_item::Stage;

/// A deadline that has passed.
enum Due {
    Grace { grace: Grace, began: Timestamp, until: Timestamp },
    Window { until: Timestamp },
    Offer(WorkItemId),
    WrapUp(WorkItemId),
    Presence,
}

/// Which deadlines count.
#[derive(Clone, Copy)]
enum Counts {
    All,
    /// Only those that run on while the hub is away. Nobody can return and no offer can be answered
    /// then, so graces, windows and offers wait for it.
    WithoutTheHub,
}

impl Draft<'_> {
    /// Takes the steps of all deadlines that have passed by `now`, in the order of their instants.
    pub fn settle(&mut self, now: Timestamp) {
        self.settle_those(now, Counts::All);
    }

    /// The same after the hub was away for `down`: what was due before, then what ran on without it.
    pub fn settle_absence(&mut self, now: Timestamp, down: Duration) {
        self.settle(now.minus(down));
        self.settle_those(now, Counts::WithoutTheHub);
    }

    /// The hub stood still: what was due before is settled. Nobody could return and no offer could be
    /// answered, so graces, windows and offers end later by as much.
    pub fn wait_for_the_hub(&mut self, standstills: &[Standstill]) {
        for standstill in standstills {
            self.settle(standstill.began);
            match &mut self.agent.connection {
                Connection::Held { until, .. } | Connection::Disconnected { until } => {
                    *until = until.plus(standstill.lasted);
                }
                Connection::SignedOut | Connection::Connected { .. } => {}
            }
            self.postpone_offers(standstill.lasted);
        }
    }

    fn settle_those(&mut self, now: Timestamp, counts: Counts) {
        while let Some((at, due)) = self.first_due(now, counts) {
            match due {
                Due::Grace { grace, began, until } => self.grace_lapsed(grace, began, until),
                Due::Window { until } => {
                    self.trace.decided(Rule::WindowLapsed);
                    self.leave();
                    self.step(until, Cause::of(EventName::RestoreLapsed), &Actor::System, None);
                }
                Due::Offer(id) => self.offer_timed_out(&id, at),
                Due::WrapUp(id) => self.wrap_up_ended(&id, at),
                Due::Presence => self.choice_expired(at),
            }
        }
    }

    fn first_due(&self, now: Timestamp, counts: Counts) -> Option<(Timestamp, Due)> {
        // A grace and a window include their last instant, so they are due after it.
        let connection = match self.agent.connection {
            Connection::Held { grace, began, until } => Some((until.next(), Due::Grace { grace, began, until })),
            Connection::Disconnected { until } => Some((until.next(), Due::Window { until })),
            Connection::SignedOut | Connection::Connected { .. } => None,
        };
        let items = self.agent.items.iter().filter_map(|item| match item.stage {
            Stage::Offered { deadline } => Some((deadline?, Due::Offer(item.id.clone()))),
            Stage::WrapUp { deadline } => Some((deadline?, Due::WrapUp(item.id.clone()))),
            Stage::Active | Stage::WrapUpReleased => None,
        });
        let presence = self.agent.standing.until.map(|until| (until, Due::Presence));
        let due = items.chain(presence).chain(connection).filter(|(at, due)| *at <= now && due.counts_in(counts));
        due.min_by_key(|(at, _)| *at)
    }

    /// Nobody returned within the grace. After an announced reload the agent is Offline from the announcement;
    /// after a restart of the hub, from the end of the grace.
    fn grace_lapsed(&mut self, grace: Grace, began: Timestamp, until: Timestamp) {
        let (from, how) = match grace {
            Grace::Refresh => (began, SubEventName::TabClosed),
            Grace::Restart => (until, SubEventName::HubRestart),
        };
        self.go_offline(from);
        self.step(from, Cause::how(EventName::Disconnected, how), &Actor::System, None);
    }

    fn offer_timed_out(&mut self, id: &WorkItemId, at: Timestamp) {
        self.agent.items.retain(|item| item.id != *id);
        self.over.push(id.clone());
        self.missed();
        let cause = Cause::how(EventName::MissedNotification, SubEventName::AgentTimeout);
        self.step(at, cause, &Actor::System, Some(id));
    }

    fn wrap_up_ended(&mut self, id: &WorkItemId, at: Timestamp) {
        let Some(item) = self.agent.items.iter_mut().find(|item| item.id == *id) else {
            return;
        };
        item.stage = Stage::WrapUpReleased;
        item.since = at;
        let effect = item.presence_effect;
        self.released(effect);
        self.step(at, Cause::of(EventName::WrapUpEnded), &Actor::System, Some(id));
    }
}

impl Due {
    fn counts_in(&self, counts: Counts) -> bool {
        match (counts, self) {
            (Counts::All, _) | (Counts::WithoutTheHub, Self::WrapUp(_) | Self::Presence) => true,
            (Counts::WithoutTheHub, Self::Grace { .. } | Self::Window { .. } | Self::Offer(_)) => false,
        }
    }
}
