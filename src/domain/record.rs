//! What the directory says of an agent, a capacity profile and a workstream.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ids::{AgentId, PresenceId, ProfileId, WorkstreamId};
use super::presence::BaseStatus;

/// What the directory says of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRecord {
    /// Who.
    pub agent: AgentId,
    /// The name people see.
    pub name: String,
    /// Teams, which also bound what a supervisor sees.
    pub teams: BTreeSet<String>,
    /// Queues, to filter by.
    pub queues: BTreeSet<String>,
    /// Skills, to filter by.
    pub skills: BTreeSet<String>,
    /// Applied at sign-in; none behaves as Available.
    pub default_presence: Option<PresenceId>,
    /// What the agent may choose; none means all that are enabled and settable.
    pub selectable: Option<BTreeSet<PresenceId>>,
    /// Unit capacity; none means not configured, which limits nothing.
    pub units: Option<u32>,
    /// The agent's capacity profiles, each with a limit of its own if there is one.
    pub profiles: Vec<AgentProfile>,
    /// A disabled agent cannot sign in or take work.
    pub enabled: bool,
}

impl AgentRecord {
    /// A record that says nothing but who.
    #[must_use]
    pub fn new(agent: AgentId, name: impl Into<String>) -> Self {
        Self {
            agent,
            name: name.into(),
            teams: BTreeSet::new(),
            queues: BTreeSet::new(),
            skills: BTreeSet::new(),
            default_presence: None,
            selectable: None,
            units: None,
            profiles: Vec::new(),
            enabled: true,
        }
    }
}

/// A capacity profile that an agent has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentProfile {
    /// Which.
    pub profile: ProfileId,
    /// The agent's own limit; none means the profile's default.
    pub max: Option<u32>,
}

/// When a profile's capacity is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetDuration {
    /// When the work item is released.
    Immediate,
    /// At the end of the day.
    Daily,
}

/// A kind of work that an agent may hold so many items of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityProfile {
    /// Which.
    pub id: ProfileId,
    /// What people call it.
    pub name: String,
    /// How many items of it an agent may hold, unless the agent's record says otherwise.
    pub default_max: u32,
    /// Whether the agent gets no work at all once it is used up.
    pub block_assignment: bool,
    /// When it is given back.
    pub reset: ResetDuration,
}

/// What happens to capacity when a conversation enters wrap-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapUpBlock {
    /// It stays taken until the item is closed.
    Always,
    /// It stays taken for this long (1 s to 3,600 s), or until closed.
    Custom(Duration),
    /// It is given back at once.
    Dont,
}

/// Whether work of a workstream moves the agent's presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceEffect {
    /// It does.
    Moves,
    /// It takes capacity, and the presence is decided as if it were not there.
    Ignored,
}

/// A stream of work: who may get it, and what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workstream {
    /// Which.
    pub id: WorkstreamId,
    /// What people call it.
    pub name: String,
    /// The base statuses that get its work.
    pub allowed: BTreeSet<BaseStatus>,
    /// The units that an item takes; none means 1 if it names no profiles, else 0.
    pub units: Option<u32>,
    /// The profiles that an item takes one of each.
    pub profiles: Vec<ProfileId>,
    /// What wrap-up does to capacity.
    pub wrap_up: WrapUpBlock,
    /// Whether its work moves the presence.
    pub presence_effect: PresenceEffect,
}
