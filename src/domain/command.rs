//! What can be asked of an agent's state.

use std::sync::Arc;
use std::time::Duration;

use super::cause::{Actor, SubEventName};
use super::ids::{ProfileId, SessionId, WorkItemId, WorkstreamId};
use super::network::Network;
use super::record::{AgentRecord, WrapUpBlock};
use super::time::Timestamp;
use super::work_item::WorkItem;

/// A command, by whom, and what of the caller's view it depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What is asked.
    pub ask: Ask,
    /// Who asks.
    pub actor: Actor,
    /// Apply only if this is still the agent's version.
    pub if_version: Option<u64>,
    /// The time a work system reported; kept in the entry, never used.
    pub reported_time: Option<String>,
    /// Why, in the words of whoever asks, unless the choice of a presence says it: kept in the entry
    /// and told to the agent.
    pub reason: Option<String>,
}

impl Command {
    /// A command that applies whatever the agent's version is.
    #[must_use]
    pub fn new(ask: Ask, actor: Actor) -> Self {
        Self { ask, actor, if_version: None, reported_time: None, reason: None }
    }
}

/// How a session comes to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// A page was loaded, or came back, as it does without anybody.
    ByItself,
    /// The person asks for it, after a supervisor signed them out (P-signed-out).
    ByHand,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A socket was accepted: sign in, return, or one more tab. A return counts from the acceptance.
    OpenSession(SessionId, Timestamp, Opens),
    /// A socket ended.
    EndSession(SessionId, Ended),
    /// The agent, or a supervisor for the agent, signs out of all sessions.
    SignOut,
    /// The hub is back after it was away for `down`: sessions of earlier boots are held in the
    /// restart grace; offers and the restore deadline move by `down`.
    HubReturned {
        /// The boot that begins; sessions of other boots of `node` are gone.
        node: u16,
        /// See `node`.
        boot: u32,
        /// How long the hub was away.
        down: Duration,
    },
    /// A node of a cluster is gone: its sessions are held in the restart grace, unless the agent has others. Nobody
    /// could answer an offer since it was last heard `at`, so offers move by that.
    NodeLost {
        /// The node.
        node: u16,
        /// Its last boot that is over.
        boot: u32,
        /// When it was last heard.
        at: Timestamp,
    },
    /// Choose a presence: the agent's own choice or a supervisor's, as the actor says.
    Choose(Choice),
    /// Clear a hold.
    Reset,
    /// Something happened to a work item.
    Work(WorkItemId, WorkEvent),
    /// The whole truth of the work system about this agent's work items.
    Reconcile(Vec<WorkItem>),
    /// The directory's record of the agent was replaced.
    Configure(Arc<AgentRecord>),
    /// The directory changed in what concerns this agent.
    FollowDirectory,
    /// A day is over: daily profiles that were used before are given back.
    EndDay {
        /// When it was over; none if that is now, as a work system says.
        over: Option<Timestamp>,
    },
    /// The agent was deleted from the directory.
    Delete,
    /// Nothing but time.
    Tick,
}

impl Ask {
    /// Whether it is asked only for an agent who is eligible at that moment.
    #[must_use]
    pub fn is_only_if_eligible(&self) -> bool {
        match self {
            Self::Work(_, WorkEvent::Offered { terms, .. } | WorkEvent::Assigned { terms, .. }) => {
                terms.condition == Condition::IfEligible
            }
            Self::Work(..)
            | Self::OpenSession(..)
            | Self::EndSession(..)
            | Self::SignOut
            | Self::HubReturned { .. }
            | Self::NodeLost { .. }
            | Self::Choose(_)
            | Self::Reset
            | Self::Reconcile(_)
            | Self::Configure(_)
            | Self::FollowDirectory
            | Self::EndDay { .. }
            | Self::Delete
            | Self::Tick => false,
        }
    }
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A clean or reset close, lost network, revoked credentials: the sub-event says which.
    At {
        /// When the end was noticed.
        at: Timestamp,
        /// In which way.
        how: SubEventName,
        /// From which network it was, as far as is known.
        network: Option<Network>,
    },
    /// The page had announced that it reloads.
    Refreshing {
        /// When it announced.
        announced: Timestamp,
        /// When the socket ended.
        at: Timestamp,
    },
}

impl Ended {
    /// When the socket ended.
    #[must_use]
    pub fn at(self) -> Timestamp {
        match self {
            Self::At { at, .. } | Self::Refreshing { at, .. } => at,
        }
    }
}

/// A presence, for how long, and what then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The presence, as the person named it.
    pub presence: String,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// What follows; computed from capacity if nothing is named.
    pub next: Option<String>,
    /// Why, in the person's words.
    pub reason: Option<String>,
}

/// What happened to a work item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkEvent {
    /// A notification was shown.
    Offered {
        /// What it asks for.
        terms: Terms,
        /// After this long the hub itself records the miss.
        timeout: Option<Duration>,
    },
    /// The agent has it now.
    Assigned {
        /// What it asks for.
        terms: Terms,
        /// In which way.
        how: SubEventName,
    },
    /// The notification timed out.
    Missed,
    /// The agent rejected it.
    Rejected,
    /// The system took the offer back.
    Withdrawn,
    /// The conversation ended and is wrapped up.
    WrapUpStarted {
        /// What that does to capacity; the workstream says if this does not.
        block: Option<WrapUpChoice>,
        /// How long a custom block lasts, if the event says.
        lasts: Option<Duration>,
        /// In which way the conversation ended.
        how: Option<SubEventName>,
    },
    /// It left the agent.
    Released {
        /// In which way.
        how: SubEventName,
    },
    /// The agent consults or monitors, or stops: no effect.
    SideWork(SubEventName),
}

/// The wrap-up setting that an event names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapUpChoice {
    /// `ALWAYS`.
    Always,
    /// `CUSTOM`.
    Custom,
    /// `DONT`.
    Dont,
}

impl From<WrapUpBlock> for WrapUpChoice {
    fn from(block: WrapUpBlock) -> Self {
        match block {
            WrapUpBlock::Always => Self::Always,
            WrapUpBlock::Custom(_) => Self::Custom,
            WrapUpBlock::Dont => Self::Dont,
        }
    }
}

/// What an offer or assignment asks for; what is missing comes from the workstream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Of which workstream.
    pub workstream: Option<WorkstreamId>,
    /// Units.
    pub units: Option<u32>,
    /// Profiles.
    pub profiles: Option<Vec<ProfileId>>,
    /// Whether it applies only to an eligible agent.
    pub condition: Condition,
}

/// Whether an offer or assignment depends on eligibility.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// It happened; the hub follows.
    #[default]
    None,
    /// Only if the agent is eligible at this moment (`ifEligible`).
    IfEligible,
}
