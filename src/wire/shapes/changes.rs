//! Changes of agents, as they go out one by one: over the feed of changes and to webhooks.

use serde::{Deserialize, Serialize};

use super::{PastState, SpecVersion};

/// A change of an agent: a CloudEvent in structured mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChangeEvent {
    /// The version of CloudEvents: `1.0`.
    pub specversion: SpecVersion,
    /// The position of the change: its `seq` and the epoch of the log. To go on behind it, send it as `after`. A
    /// change that is told again has the same.
    pub id: String,
    /// The hub that tells it: its `[server] public_url`, or `presence-hub`.
    pub source: String,
    /// The agent's id.
    pub subject: String,
    /// When the change took effect. Positions order changes; times may go back when the hub's clock was set back.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub time: String,
    /// What changed.
    #[serde(flatten)]
    pub changed: Changed,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", content = "data")]
pub enum Changed {
    /// What others see of the agent's presence: the presence, its origin, hold, reason or end, or whether the agent
    /// is signed in.
    #[serde(rename = "agent.presence_changed")]
    Presence(ChangedAgent),
    /// Something beside the presence: work, capacity, sessions or the record.
    #[serde(rename = "agent.changed")]
    Other(ChangedAgent),
    /// The agent was deleted.
    #[serde(rename = "agent.deleted")]
    Deleted(GoneAgent),
    /// The agent is in none of the teams any more that were asked for, or that the caller supervises.
    #[serde(rename = "agent.left")]
    Left(GoneAgent),
}

/// A kind of change, as filters name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum ChangeType {
    /// What others see of an agent's presence.
    #[serde(rename = "agent.presence_changed")]
    Presence,
    /// Something beside the presence.
    #[serde(rename = "agent.changed")]
    Other,
    /// An agent was deleted.
    #[serde(rename = "agent.deleted")]
    Deleted,
    /// An agent is in none of the teams any more.
    #[serde(rename = "agent.left")]
    Left,
}

/// An agent from a change on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangedAgent {
    /// The agent's id.
    pub agent_id: String,
    /// Its name.
    pub name: String,
    /// Its teams.
    pub teams: Vec<String>,
    /// When the visible presence last changed.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub since: String,
    /// When the presence ends by itself, or null.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: Option<String>,
    /// Whether the agent is signed in; it stays true while a return brings its presence back.
    pub is_agent_logged_in: bool,
    /// How many work items are assigned and not closed, wrap-up included.
    pub open_work_items: usize,
    /// What others see of it, and why.
    #[serde(flatten)]
    pub is: PastState,
}

/// An agent that is not there any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GoneAgent {
    /// The agent's id.
    pub agent_id: String,
    /// The agent's version from the change on.
    pub version: u64,
    /// The position of the change in the one log of the hub.
    pub seq: u64,
}

/// Changes behind a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangesPage {
    /// The changes, in the order of the log.
    pub items: Vec<ChangeEvent>,
    /// The position up to which everything that was asked for is told: `after` of the next request. It moves on
    /// although nothing matched.
    pub next_after: String,
}
