//! The directory's records, as administrators write and read them.

use serde::{Deserialize, Serialize};

use super::yes;
use super::{BasePresenceStatus, PresenceRecord, ResetDuration};
#[cfg(test)]
use super::{Id, Line, NewId, read_only, said_by_path};
#[cfg(test)]
use crate::wire::parse::WRAP_UP_SECONDS;

/// A record of the directory.
pub trait Record {
    /// The name of its id.
    const ID: &'static str;

    /// Its id, empty if it was left out.
    fn id(&mut self) -> &mut String;

    /// Leaves what is written of it, without what is only read.
    fn leave_written(&mut self) {}
}

/// The most characters of an agent's name. Every id fits, which is the name of who has no other.
pub const MAX_NAME: usize = crate::domain::ids::MAX_ID_BYTES;
/// The most teams, queues, skills or profiles of an agent, so that its entries stay small.
pub const MAX_LABELS: usize = 50;
/// The most presences that an agent's record lets it choose.
pub const MAX_SELECTABLE: usize = 500;

/// An agent's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentRecord {
    /// The agent's id. Where the path says it, it is only read: it may be left out, or repeat the path.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "NewId", transform = said_by_path))]
    pub agent_id: String,
    /// The agent's name, of at most 256 characters. The id if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Line<MAX_NAME>"))]
    pub name: String,
    /// The agent's teams.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<Id>", length(max = MAX_LABELS)))]
    pub teams: Vec<String>,
    /// The queues that the agent serves.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<Id>", length(max = MAX_LABELS)))]
    pub queues: Vec<String>,
    /// The agent's skills.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<Id>", length(max = MAX_LABELS)))]
    pub skills: Vec<String>,
    /// The id of the presence that a sign-in begins with; neither `inactive` nor a retired one. Left
    /// out, it is Available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Id>"))]
    pub default_presence_id: Option<String>,
    /// The ids of the presences that the agent may choose. Left out, all that are enabled and that a
    /// person may choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Vec<Id>>", length(max = MAX_SELECTABLE)))]
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
    #[cfg_attr(test, schemars(transform = read_only))]
    pub version: Option<u64>,
    /// The position of the agent's newest change in the one log of the hub. Read only: ignored when
    /// written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(transform = read_only))]
    pub seq: Option<u64>,
    /// What is allowed and still unusual about the record. Only in the answer to a change, and left
    /// out if there is nothing. Read only: ignored when written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(transform = read_only))]
    pub warnings: Vec<String>,
}

/// A capacity profile that an agent has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentProfile {
    /// The id of the capacity profile.
    #[cfg_attr(test, schemars(with = "Id"))]
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
    /// The id of the capacity profile. Where the path says it, it is only read: it may be left out, or
    /// repeat the path.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "NewId", transform = said_by_path))]
    pub profile_id: String,
    /// The name that administrators see, of at most 256 characters. The id if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Line<MAX_NAME>"))]
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
#[cfg_attr(test, schemars(extend(
    "if" = serde_json::json!({
        "required": ["blockCapacityForWrapUp"],
        "properties": { "blockCapacityForWrapUp": { "const": "CUSTOM" } },
    }),
    "then" = serde_json::json!({
        "required": ["wrapUpSeconds"],
        "properties": { "wrapUpSeconds": { "type": "integer" } },
    }),
    "else" = serde_json::json!({ "properties": { "wrapUpSeconds": { "type": "null" } } }),
)))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workstream {
    /// The id of the workstream. Where the path says it, it is only read: it may be left out, or repeat the
    /// path.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "NewId", transform = said_by_path))]
    pub workstream_id: String,
    /// The name that administrators see, of at most 256 characters. The id if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Line<MAX_NAME>"))]
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
    #[cfg_attr(test, schemars(with = "Vec<Id>", length(max = crate::domain::rules::MAX_PROFILES)))]
    pub profiles: Vec<String>,
    /// What wrap-up does to capacity. `ALWAYS` if left out.
    #[serde(default)]
    pub block_capacity_for_wrap_up: WrapUpBlock,
    /// For how many seconds wrap-up holds capacity, with `CUSTOM` and only then; below 30 is unusual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = *WRAP_UP_SECONDS.start(), max = *WRAP_UP_SECONDS.end())))]
    pub wrap_up_seconds: Option<u64>,
    /// Whether its work moves presences. True if left out.
    #[serde(default = "yes")]
    pub affects_presence: bool,
    /// What is allowed and still unusual about the record. Only in the answer to a change, and left
    /// out if there is nothing. Read only: ignored when written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(transform = read_only))]
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

impl Record for AgentRecord {
    const ID: &'static str = "agentId";

    fn id(&mut self) -> &mut String {
        &mut self.agent_id
    }

    fn leave_written(&mut self) {
        (self.version, self.seq) = (None, None);
        self.warnings.clear();
    }
}

impl Record for CapacityProfile {
    const ID: &'static str = "profileId";

    fn id(&mut self) -> &mut String {
        &mut self.profile_id
    }
}

impl Record for Workstream {
    const ID: &'static str = "workstreamId";

    fn id(&mut self) -> &mut String {
        &mut self.workstream_id
    }

    fn leave_written(&mut self) {
        self.warnings.clear();
    }
}

impl Record for PresenceRecord {
    const ID: &'static str = "presenceId";

    fn id(&mut self) -> &mut String {
        &mut self.presence_id
    }

    fn leave_written(&mut self) {
        self.warnings.clear();
    }
}
