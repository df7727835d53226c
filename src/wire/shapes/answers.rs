//! Answers over HTTP and results over the socket that have no room of their own.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{AgentRecord, Capacity, CloudEvent, Filter};
#[cfg(test)]
use super::{New, PatchOf};
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// What became of each agent or event that a request named, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "{T}s"))]
pub struct Results<T> {
    /// One for each.
    pub results: Vec<T>,
}

/// What became of one agent that a request named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentResult {
    /// The agent's id.
    pub agent_id: String,
    /// What became of it.
    pub status: ResultStatus,
    /// Why it was refused, for programs. Left out if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// The field of the request that is wrong. Left out when no single one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The agent's version after it. Left out if it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl AgentResult {
    /// It was done.
    #[must_use]
    pub fn applied(agent: &str, version: u64) -> Self {
        let (agent_id, version) = (agent.to_owned(), Some(version));
        Self { agent_id, status: ResultStatus::Applied, code: None, field: None, version }
    }

    /// It was refused.
    #[must_use]
    pub fn rejected(agent: &str, problem: Problem) -> Self {
        let (code, field) = (Some(problem.code), problem.at.field);
        Self { agent_id: agent.to_owned(), status: ResultStatus::Rejected, code, field, version: None }
    }
}

/// What became of one agent that a request named, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ResultStatus {
    /// It was done, and is durable.
    Applied,
    /// It was refused, and nothing was changed for this agent.
    Rejected,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "{T}List"))]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// There is more: the next page is asked for with this as `cursor`. Left out on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One assignment event, or several that are taken in together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum EventsToSend {
    /// Several.
    Many(#[cfg_attr(test, schemars(length(max = super::MAX_EVENTS)))] Vec<CloudEvent>),
    /// One.
    One(Box<CloudEvent>),
}

/// Agents' records to write together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged, deny_unknown_fields)]
pub enum AgentRecords {
    /// As a list.
    List(#[cfg_attr(test, schemars(with = "Vec<New<AgentRecord>>", length(max = MAX_AGENT_RECORDS)))] Vec<AgentRecord>),
    /// As lists of agents come.
    Items {
        /// The records.
        #[cfg_attr(test, schemars(with = "Vec<New<AgentRecord>>", length(max = MAX_AGENT_RECORDS)))]
        items: Vec<AgentRecord>,
    },
}

/// Changes of many agents' records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum AgentChanges {
    /// Each agent's own.
    Each(#[cfg_attr(test, schemars(length(max = MAX_AGENT_RECORDS)))] Vec<AgentChange>),
    /// The same for all that a filter names.
    ForAll(ChangeForAll),
}

/// A change of one agent's record: a merge patch (RFC 7396) beside the agent's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentChange {
    /// The agent's id.
    pub agent_id: String,
    /// The fields that change; null takes one away.
    #[serde(flatten)]
    pub change: Map<String, Value>,
}

/// One change of the records of all agents that a filter names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeForAll {
    /// Whose records: `{}` for everyone.
    pub filter: Filter,
    /// The fields that change, as a merge patch (RFC 7396); null takes one away.
    #[cfg_attr(test, schemars(with = "PatchOf<AgentRecord>"))]
    pub change: Map<String, Value>,
}

#[cfg(test)]
impl schemars::JsonSchema for AgentChange {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AgentChange".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = PatchOf::<AgentRecord>::json_schema(generator);
        super::says_its_id::<AgentRecord>(&mut schema, super::Id::json_schema(generator));
        let description = "A change of one agent's record: a merge patch (RFC 7396) beside the agent's id.";
        schema.insert("description".to_owned(), description.into());
        schema
    }
}

/// The most agents' records that are written together.
pub const MAX_AGENT_RECORDS: usize = 10_000;

/// The request is done, and there is nothing more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Nothing {}

/// New credentials are in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TokenRenewed {
    /// When they end.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub token_expires_at: String,
}

/// Whether an agent may get work of a workstream now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EligibleAgent {
    /// The agent's id.
    pub agent_id: String,
    /// Whether it may.
    pub eligible: bool,
    /// Why it may not: every reason. Empty if it may.
    pub reasons: Vec<IneligibleReason>,
    /// The agent's version at which it is so.
    pub version: u64,
    /// The position of the agent's newest change in the one log of the hub.
    pub seq: u64,
    /// The id of the presence that others see.
    pub presence_id: String,
    /// The agent's capacity.
    pub capacity: Capacity,
}

/// Why an agent may not get work of a workstream now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IneligibleReason {
    /// The workstream does not allow the base status of the agent's presence.
    PresenceNotAllowed,
    /// What work and offers leave of the capacity is not enough.
    Capacity,
    /// Work of the workstream takes a capacity profile that the agent does not have.
    ProfileMissing,
    /// A capacity profile that is used up keeps all work from the agent.
    BlockedByProfile,
    /// A hold is set.
    Hold,
    /// The agent has no live socket, whatever is shown.
    NotConnected,
    /// The agent's record is disabled.
    Disabled,
    /// The limit of open work items is reached.
    WorkItemLimit,
}

/// Whether the hub is alive, and whether it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Health {
    /// The answer in a word.
    pub status: HealthStatus,
    /// What keeps the hub from keeping changes. Left out unless it is `unavailable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// What an operator should see to although the hub serves. Left out if there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Whether the hub is alive, and whether it serves, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum HealthStatus {
    /// The process runs; nothing is said about more.
    Alive,
    /// It serves.
    Serving,
    /// It is about to stop, and takes nobody in.
    Draining,
    /// It cannot keep changes now.
    Unavailable,
}

/// How far to move the hub's time, in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdvanceClock {
    /// How many milliseconds forward.
    pub advance_ms: u64,
}

/// The hub's time, after it was moved in a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClockAdvanced {
    /// The time now.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub server_time: String,
}
