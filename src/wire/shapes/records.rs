//! The directory's records, as administrators write and read them.

use serde::{Deserialize, Serialize};

use super::yes;
use super::{BasePresenceStatus, ResetDuration};

/// The most teams, queues, skills or profiles of an agent, so that its entries stay small.
pub const MAX_LABELS: usize = 50;
/// The most presences that an agent's record lets it choose.
pub const MAX_SELECTABLE: usize = 500;

/// An agent's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentRecord {
    /// The agent's id. It may be left out where the path says it.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = crate::domain::ids::MAX_ID_BYTES)))]
    pub agent_id: String,
    /// The agent's name, of at most 200 characters. The id if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = 200)))]
    pub name: String,
    /// The agent's teams.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = MAX_LABELS), inner(length(min = 1, max = 256), regex(pattern = super::NO_CONTROLS))))]
    pub teams: Vec<String>,
    /// The queues that the agent serves.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = MAX_LABELS), inner(length(min = 1, max = 256), regex(pattern = super::NO_CONTROLS))))]
    pub queues: Vec<String>,
    /// The agent's skills.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = MAX_LABELS), inner(length(min = 1, max = 256), regex(pattern = super::NO_CONTROLS))))]
    pub skills: Vec<String>,
    /// The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left
    /// out, it is Available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_presence_id: Option<String>,
    /// The ids of the presences that the agent may choose. Left out, all that are enabled and that a
    /// person may choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_SELECTABLE)))]
    pub selectable_presence_ids: Option<Vec<String>>,
    /// The agent's units of capacity. Left out, they are not configured, which limits nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// The agent's capacity profiles.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = MAX_LABELS)))]
    pub profiles: Vec<AgentProfile>,
    /// Whether the agent may sign in and get work. True if left out.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Rises by one with each change of this agent, be it of its record or its presence. Read only:
    /// ignored when written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("readOnly" = true)))]
    pub version: Option<u64>,
    /// The position of the agent's newest change in the one log of the hub. Read only: ignored when
    /// written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("readOnly" = true)))]
    pub seq: Option<u64>,
    /// What is allowed and still unusual about the record. Only in the answer to a change, and left
    /// out if there is nothing. Read only: ignored when written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(extend("readOnly" = true)))]
    pub warnings: Vec<String>,
}

/// A capacity profile that an agent has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentProfile {
    /// The id of the capacity profile.
    #[cfg_attr(test, schemars(length(min = 1, max = crate::domain::ids::MAX_ID_BYTES)))]
    pub profile_id: String,
    /// The most work items of this agent. Left out, what the profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// A capacity profile: a number of work items of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapacityProfile {
    /// The id of the capacity profile. It may be left out where the path says it.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = crate::domain::ids::MAX_ID_BYTES)))]
    pub profile_id: String,
    /// The name that administrators see. The id if left out.
    #[serde(default)]
    pub name: String,
    /// The most work items of an agent that has no number of its own.
    pub default_max: u32,
    /// Whether an agent gets no work at all once the profile is used up. False if left out.
    #[serde(default)]
    pub block_assignment: bool,
    /// When what was taken of the profile is given back. `IMMEDIATE` if left out.
    #[serde(default)]
    pub reset_duration: ResetDuration,
}

/// A workstream: where work comes from, what it takes, and who may get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workstream {
    /// The id of the workstream. It may be left out where the path says it.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = crate::domain::ids::MAX_ID_BYTES)))]
    pub workstream_id: String,
    /// The name that administrators see. The id if left out.
    #[serde(default)]
    pub name: String,
    /// The base statuses whose agents get this work. If it is empty, nobody ever does.
    pub allowed_presences: Vec<BasePresenceStatus>,
    /// The units of capacity that a work item takes, unless an event says otherwise. Left out, none if
    /// there are profiles, else 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// The ids of the capacity profiles that a work item takes one of each, unless an event says
    /// otherwise.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = crate::domain::rules::MAX_PROFILES)))]
    pub profiles: Vec<String>,
    /// What wrap-up does to capacity. `ALWAYS` if left out.
    #[serde(default)]
    pub block_capacity_for_wrap_up: WrapUpBlock,
    /// For how many seconds wrap-up holds capacity, with `CUSTOM` and only then; below 30 is unusual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1, max = 3_600)))]
    pub wrap_up_seconds: Option<u64>,
    /// Whether its work moves presences. True if left out.
    #[serde(default = "yes")]
    pub affects_presence: bool,
    /// What is allowed and still unusual about the record. Only in the answer to a change, and left
    /// out if there is nothing. Read only: ignored when written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(extend("readOnly" = true)))]
    pub warnings: Vec<String>,
}

/// What wrap-up does to capacity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WrapUpBlock {
    /// Holds it until the work item is closed.
    #[default]
    Always,
    /// Holds it for `wrapUpSeconds`.
    Custom,
    /// Gives it back at once.
    Dont,
}
