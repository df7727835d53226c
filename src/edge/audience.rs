//! Who is told of what was kept: the feed, the agent's own sessions, and work systems.

use std::sync::Arc;

use super::telling::Telling;
use super::withdrawals::{self, Withdrawals};
use crate::agents::{Agents, Audience, DirectoryView, Known};
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, EventName};
use crate::domain::change::Change;
use crate::domain::directory::DirectoryChange;
use crate::domain::standing::Hold;
use crate::feed::Feed;
use crate::outbound::Changes;
use crate::sessions::{EndCause, Registry, frame};
use crate::wire::close::CloseCode;
use crate::wire::shapes::{HubFrame, NoticeCode, Outgoing};
use crate::wire::show;

/// The sessions of this node, and the feed they watch.
pub struct LiveAudience {
    /// All agents.
    pub agents: Agents,
    /// The live sessions.
    pub sessions: Registry,
    /// The live feed.
    pub feed: Feed,
    /// All changes of agents.
    pub changes: Changes,
    /// Offers that ended, for work systems that are not there.
    pub withdrawals: Arc<Withdrawals>,
    /// Tells agents what changes in the directory.
    pub telling: Arc<Telling>,
}

impl Audience for LiveAudience {
    fn agent_changed(&self, known: &Known, change: &Change, before: Option<&Known>, view: &Arc<DirectoryView>) {
        self.feed.publish(known.seq, known.agent.clone());
        self.changes.publish(known.seq, change);
        let id = &known.agent.record.agent;
        if !change.withdrawn.is_empty() {
            // Noted first: a work system that is welcomed in between is told twice rather than not.
            self.withdrawals.note(id, &change.withdrawn, self.agents.clock().running());
            for item in &change.withdrawn {
                self.sessions.send_to_integrations(&withdrawals::frame(id, item, change.cause));
            }
        }
        if self.sessions.is_told(id) {
            let agent = show::agent_presence(known.seq, &known.agent, &view.directory);
            self.sessions.send_to_agent(id, &frame::saying(&HubFrame::Presence { agent }));
            if let Some(notice) = notice(change, before) {
                self.sessions.send_to_agent(id, &frame::saying(&notice));
            }
            if before.is_some_and(|before| before.agent.record.selectable != known.agent.record.selectable) {
                self.telling.send_options(known, view);
            }
        }
        if known.agent.deleted.is_some() || !known.agent.record.enabled {
            let code = CloseCode::UnknownAgent;
            self.sessions.close_agent(id, code, "the agent is unknown or disabled", EndCause::Revoked);
        }
    }

    fn signed_out_elsewhere(&self, agent: &Agent) {
        let (id, code) = (&agent.record.agent, CloseCode::SignedOut);
        self.sessions.close_all_but(id, agent.sessions(), code, "signed out", EndCause::SignedOut);
    }

    fn directory_changed(&self, change: &DirectoryChange, view: &Arc<DirectoryView>) {
        self.feed.directory_changed(view.seq, view.directory.clone(), change);
        self.changes.pass(view.seq);
        self.telling.directory_changed(change);
    }
}

/// The reason of the presence that this change set.
fn chosen_for(change: &Change) -> Option<&String> {
    let set = change.cause.event == EventName::SetPresence;
    change.after.standing.reason.as_ref().filter(|_| set)
}

/// What the person should be told of a change.
fn notice(change: &Change, before: Option<&Known>) -> Option<Outgoing> {
    let hold = change.after.standing.hold;
    let is_new = before.is_none_or(|before| before.agent.standing.hold != hold);
    let by_supervisor = matches!(change.actor, Actor::Supervisor(_));
    let code = match change.cause.event {
        EventName::SetPresence if by_supervisor => NoticeCode::PresenceSetBySupervisor,
        EventName::Logout if by_supervisor => NoticeCode::SignedOutBySupervisor,
        EventName::MissedNotification if hold == Some(Hold::Missed) => NoticeCode::MissedNotification,
        EventName::RejectedNotification if hold == Some(Hold::Rejected) => NoticeCode::RejectedNotification,
        EventName::WorkItemLimit if hold == Some(Hold::WorkItemLimit) => NoticeCode::WorkItemLimit,
        EventName::Reconciled if hold == Some(Hold::WorkItemLimit) && is_new => NoticeCode::WorkItemLimit,
        EventName::Expired => NoticeCode::PresenceExpired,
        EventName::PresenceRetired => NoticeCode::PresenceRetired,
        EventName::SetPresence
        | EventName::Logout
        | EventName::MissedNotification
        | EventName::RejectedNotification
        | EventName::WorkItemLimit
        | EventName::ConfigurationUpdate
        | EventName::NewUser
        | EventName::Login
        | EventName::Reconnect
        | EventName::Other
        | EventName::ResetPresence
        | EventName::AssignmentAttempted
        | EventName::SessionAssigned
        | EventName::SessionClosed
        | EventName::EndOfDayCapacityReset
        | EventName::Disconnected
        | EventName::RestoreLapsed
        | EventName::Reconciled
        | EventName::WrapUpEnded
        | EventName::ConnectionAdded
        | EventName::ConnectionEnded => return None,
    };
    Some(HubFrame::Notice {
        code,
        actor: Some(show::actor(&change.actor)),
        reason: change.reason.clone().or_else(|| chosen_for(change).cloned()),
        work_item_id: change.work_item.as_ref().map(|id| id.as_str().to_owned()),
    })
}
