//! The shapes of the directory's records, as administrators write and read them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shapes::BasePresenceStatus;

fn yes() -> bool {
    true
}

/// An agent's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct AgentRecord {
    /// May be left out where the path says it.
    #[serde(default)]
    pub agent_id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub teams: Vec<String>,
    #[serde(default)]
    pub queues: Vec<String>,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_presence_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selectable_presence_ids: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    #[serde(default)]
    pub profiles: Vec<AgentProfile>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// A capacity profile that an agent has, with its own limit if there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct AgentProfile {
    pub profile_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// A custom presence, as an administrator writes it. What may be left out has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct PresenceRecord {
    #[serde(default)]
    pub presence_id: String,
    pub presence_name: String,
    /// The name, if left out.
    #[serde(default)]
    pub presence_text: Option<String>,
    pub base_presence_status: BasePresenceStatus,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub built_in: bool,
    #[serde(default = "yes")]
    pub can_user_set: bool,
    /// The colour of the base status, if left out.
    #[serde(default)]
    pub presence_color: Option<String>,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// A capacity profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct CapacityProfile {
    #[serde(default)]
    pub profile_id: String,
    #[serde(default)]
    pub name: String,
    pub default_max: u32,
    #[serde(default)]
    pub block_assignment: bool,
    #[serde(default)]
    pub reset_duration: ResetDuration,
}

/// When a profile is given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them")]
pub enum ResetDuration {
    #[default]
    Immediate,
    Daily,
}

/// A workstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Workstream {
    #[serde(default)]
    pub workstream_id: String,
    #[serde(default)]
    pub name: String,
    pub allowed_presences: Vec<BasePresenceStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    #[serde(default)]
    pub profiles: Vec<String>,
    #[serde(default)]
    pub block_capacity_for_wrap_up: WrapUpBlock,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap_up_seconds: Option<u64>,
    #[serde(default = "yes")]
    pub affects_presence: bool,
}

/// What wrap-up does to capacity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them")]
pub enum WrapUpBlock {
    #[default]
    Always,
    Custom,
    Dont,
}
