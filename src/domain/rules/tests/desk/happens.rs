//! What an agent does and what happens to it, each as a verb of the rule book.

use std::sync::Arc;
use std::time::Duration;

use super::{Answer, Desk, choice, integration, item, ms, supervisor};
use crate::domain::cause::{Actor, SubEventName};
use crate::domain::command::{Ask, Command, Ended, Opens, Terms, WorkEvent, WrapUpChoice};
use crate::domain::directory::Directory;
use crate::domain::ids::SessionId;
use crate::domain::record::AgentRecord;
use crate::domain::time::{Standstill, Timestamp};
use crate::domain::work_item::WorkItem;

impl Desk {
    // Being there.

    pub fn signs_in(&mut self) -> Answer {
        self.opened += 1;
        let session = SessionId { node: 0, boot: self.boot, number: self.opened };
        self.opens(session, self.now)
    }

    pub fn opens(&mut self, session: SessionId, accepted: Timestamp) -> Answer {
        self.asks(Ask::OpenSession(session, accepted, Opens::ByItself), self.herself())
    }

    /// The person asks for it.
    pub fn signs_in_by_hand(&mut self) -> Answer {
        self.opened += 1;
        let session = SessionId { node: 0, boot: self.boot, number: self.opened };
        self.asks(Ask::OpenSession(session, self.now, Opens::ByHand), self.herself())
    }

    pub fn loses_its_network(&mut self) -> Answer {
        self.ends_by(SubEventName::NetworkLost)
    }

    pub fn closes_its_tab(&mut self) -> Answer {
        self.ends_by(SubEventName::TabClosed)
    }

    /// Its oldest session ends.
    pub fn ends_by(&mut self, how: SubEventName) -> Answer {
        let at = self.now;
        self.oldest_session(Ended::At { at, how, network: None })
    }

    /// Its oldest session announces a reload and ends.
    pub fn refreshes(&mut self) -> Answer {
        let at = self.now;
        self.oldest_session(Ended::Refreshing { announced: at, at })
    }

    pub fn oldest_session(&mut self, ended: Ended) -> Answer {
        let nobody = SessionId { node: 0, boot: 0, number: 0 };
        let session = self.agent.sessions().first().copied().unwrap_or(nobody);
        self.asks(Ask::EndSession(session, ended), Actor::System)
    }

    pub fn signs_out(&mut self) -> Answer {
        self.asks(Ask::SignOut, self.herself())
    }

    pub fn is_signed_out_by_a_supervisor(&mut self, reason: &str) -> Answer {
        self.commands(&Command { reason: Some(reason.to_owned()), ..Command::new(Ask::SignOut, supervisor()) })
    }

    /// The hub stops, is away for `down` and serves again.
    pub fn the_hub_is_away(&mut self, down: u64) -> Answer {
        self.after(down);
        self.boot += 1;
        self.asks(Ask::HubReturned { node: 0, boot: self.boot, down: ms(down) }, Actor::System)
    }

    /// Nobody can return or answer for `lasted`, and nothing is decided.
    pub fn the_hub_stands_still(&mut self, lasted: u64) -> &mut Self {
        self.standstills.push(Standstill { began: self.now, lasted: ms(lasted) });
        self.after(lasted)
    }

    // Presence.

    pub fn chooses(&mut self, presence: &str) -> Answer {
        self.asks(choice(presence, None, None), self.herself())
    }

    /// For `ms` from now, then `next`.
    pub fn chooses_for(&mut self, presence: &str, ms: u64, next: Option<&str>) -> Answer {
        let until = self.now.plus(Duration::from_millis(ms));
        self.asks(choice(presence, Some(until), next), self.herself())
    }

    pub fn is_set_by_its_supervisor(&mut self, presence: &str) -> Answer {
        self.asks(choice(presence, None, None), supervisor())
    }

    pub fn resets(&mut self) -> Answer {
        self.asks(Ask::Reset, self.herself())
    }

    pub fn is_reset_by_its_supervisor(&mut self) -> Answer {
        self.asks(Ask::Reset, supervisor())
    }

    // Work.

    pub fn is_offered(&mut self, id: &str) -> Answer {
        self.is_offered_with(id, Terms::default())
    }

    pub fn is_offered_with(&mut self, id: &str, terms: Terms) -> Answer {
        self.works(id, WorkEvent::Offered { terms, timeout: None })
    }

    /// The hub itself records the miss after `ms`.
    pub fn is_offered_for(&mut self, id: &str, ms: u64) -> Answer {
        let timeout = Some(Duration::from_millis(ms));
        self.works(id, WorkEvent::Offered { terms: Terms::default(), timeout })
    }

    pub fn accepts(&mut self, id: &str) -> Answer {
        self.accepts_with(id, Terms::default())
    }

    pub fn accepts_with(&mut self, id: &str, terms: Terms) -> Answer {
        self.gets(id, terms, SubEventName::AssignmentAccept)
    }

    pub fn gets(&mut self, id: &str, terms: Terms, how: SubEventName) -> Answer {
        self.works(id, WorkEvent::Assigned { terms, how })
    }

    pub fn misses(&mut self, id: &str) -> Answer {
        self.works(id, WorkEvent::Missed)
    }

    pub fn rejects(&mut self, id: &str) -> Answer {
        self.works(id, WorkEvent::Rejected)
    }

    /// The system takes the offer back.
    pub fn loses_the_offer(&mut self, id: &str) -> Answer {
        self.works(id, WorkEvent::Withdrawn)
    }

    /// The conversation ends; the workstream says what that means.
    pub fn ends(&mut self, id: &str) -> Answer {
        self.works(id, WorkEvent::WrapUpStarted { block: None, lasts: None, how: None })
    }

    pub fn ends_with(&mut self, id: &str, block: WrapUpChoice, lasts: Option<Duration>) -> Answer {
        self.works(id, WorkEvent::WrapUpStarted { block: Some(block), lasts, how: None })
    }

    pub fn closes(&mut self, id: &str) -> Answer {
        self.gives_back(id, SubEventName::ConversationClosed)
    }

    pub fn gives_back(&mut self, id: &str, how: SubEventName) -> Answer {
        self.works(id, WorkEvent::Released { how })
    }

    pub fn works(&mut self, id: &str, event: WorkEvent) -> Answer {
        self.asks(Ask::Work(item(id), event), integration())
    }

    pub fn is_reconciled_to(&mut self, items: Vec<WorkItem>) -> Answer {
        self.asks(Ask::Reconcile(items), integration())
    }

    pub fn the_day_ends(&mut self) -> Answer {
        self.asks(Ask::EndDay { over: None }, Actor::System)
    }

    pub fn a_day_that_was_over_at(&mut self, over: Timestamp) -> Answer {
        self.asks(Ask::EndDay { over: Some(over) }, Actor::System)
    }

    // Administration.

    pub fn is_configured(&mut self, change: impl FnOnce(&mut AgentRecord)) -> Answer {
        let mut record = AgentRecord::clone(&self.agent.record);
        change(&mut record);
        self.asks(Ask::Configure(Arc::new(record)), Actor::Admin("admin".to_owned()))
    }

    pub fn the_directory_changes(&mut self, change: impl FnOnce(&mut Directory)) -> Answer {
        change(&mut self.directory);
        self.asks(Ask::FollowDirectory, Actor::Admin("admin".to_owned()))
    }

    pub fn is_deleted(&mut self) -> Answer {
        self.asks(Ask::Delete, Actor::Admin("admin".to_owned()))
    }
}
