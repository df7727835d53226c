//! What time alone brings: graces, the restore window, offer time-outs, wrap-up, expiry.

use super::draft::Draft;
use crate::domain::agent::{Connection, Grace};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::ids::WorkItemId;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;
use crate::domain::work_item::{Stage, WorkItem};

/// A deadline that has passed.
enum Due {
    Grace { grace: Grace, began: Timestamp, until: Timestamp },
    Window { until: Timestamp },
    Item(WorkItemId),
    Presence,
}

impl Draft<'_> {
    /// Takes the steps of all deadlines that have passed by `now`, in the order of their instants.
    pub fn settle(&mut self, now: Timestamp) {
        while let Some((at, due)) = self.first_due(now) {
            match due {
                Due::Grace { grace, began, until } => self.grace_lapsed(grace, began, until),
                Due::Window { until } => {
                    self.trace.decided(Rule::WindowLapsed);
                    self.leave();
                    self.step(until, Cause::of(EventName::RestoreLapsed), &Actor::System, None);
                }
                Due::Item(id) => self.item_due(&id, at),
                Due::Presence => self.choice_expired(at),
            }
        }
    }

    fn first_due(&self, now: Timestamp) -> Option<(Timestamp, Due)> {
        // A grace and a window include their last instant, so they are due after it.
        let connection = match self.agent.connection {
            Connection::Held { grace, began, until } => Some((until.next(), Due::Grace { grace, began, until })),
            Connection::Disconnected { until } => Some((until.next(), Due::Window { until })),
            Connection::SignedOut | Connection::Connected { .. } => None,
        };
        let items = self.agent.items.iter().filter_map(|item| Some((item.deadline()?, Due::Item(item.id.clone()))));
        let presence = self.agent.standing.until.map(|until| (until, Due::Presence));
        let due = items.chain(presence).chain(connection).filter(|(at, _)| *at <= now);
        due.min_by_key(|(at, _)| *at)
    }

    /// Nobody returned. A page's absence dates from its announcement, the hub's from the grace's end.
    fn grace_lapsed(&mut self, grace: Grace, began: Timestamp, until: Timestamp) {
        let (from, how) = match grace {
            Grace::Refresh => (began, SubEventName::TabClosed),
            Grace::Restart => (until, SubEventName::HubRestart),
        };
        self.go_offline(from);
        self.step(from, Cause::how(EventName::Disconnected, how), &Actor::System, None);
    }

    fn item_due(&mut self, id: &WorkItemId, at: Timestamp) {
        let Some(place) = self.agent.items.iter().position(|item| item.id == *id) else {
            return;
        };
        let item: &mut WorkItem = &mut self.agent.items[place];
        match item.stage {
            Stage::Offered { .. } => {
                self.agent.items.remove(place);
                self.remember_ended_offer(id.clone());
                self.missed();
                let cause = Cause::how(EventName::MissedNotification, SubEventName::AgentTimeout);
                self.step(at, cause, &Actor::System, Some(id));
            }
            Stage::WrapUp { .. } => {
                item.stage = Stage::WrapUpReleased;
                item.since = at;
                let effect = item.presence_effect;
                self.released(effect);
                self.step(at, Cause::of(EventName::WrapUpEnded), &Actor::System, Some(id));
            }
            // These have no deadline.
            Stage::Active | Stage::WrapUpReleased => {}
        }
    }
}
