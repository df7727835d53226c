//! The work of one agent, item by item.

use serde::{Deserialize, Serialize};

#[cfg(test)]
use super::Id;
use super::Said;

/// Where a work item is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkItemState {
    /// The agent is notified of it: capacity is reserved.
    Offered,
    /// The agent works on it: capacity is taken.
    Active,
    /// The agent finishes it up, and may hold its capacity until then.
    WrapUp,
}

/// A work item of an agent: a conversation, a case or a call. In a reconciliation all but the id and
/// the state may be left out: what is left out stays as it is, or comes from the workstream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkItem {
    /// The id that the work system gave it.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub work_item_id: String,
    /// Where it is in its life.
    pub state: WorkItemState,
    /// Since when it is in this state.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub since: Option<String>,
    /// The id of the workstream that it came from. Null if it came from none.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<Id>"))]
    pub workstream_id: Option<String>,
    /// How many units of capacity it takes.
    #[serde(default)]
    pub units: Option<u32>,
    /// The ids of the capacity profiles that it takes one of each.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<Vec<Id>>", length(max = crate::domain::rules::MAX_PROFILES)))]
    pub profiles: Option<Vec<String>>,
    /// Whether it takes capacity now: while it is active, and in a wrap-up that blocks.
    #[serde(default)]
    pub holds_capacity: Option<bool>,
    /// When an offer is missed, or a wrap-up gives its capacity back. Null if it has no such end; left
    /// out of a reconciliation, what runs goes on.
    #[serde(default)]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub deadline: Said<String>,
}

/// An agent's work items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WorkItems {
    /// Whatever is offered, active or in wrap-up.
    pub items: Vec<WorkItem>,
    /// The agent's version at which they were so.
    pub version: u64,
}

/// The whole truth of the work system about one agent's work items: those that are not named end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reconciliation {
    /// Whatever is offered, active or in wrap-up, each once.
    #[cfg_attr(test, schemars(length(max = crate::domain::rules::MAX_WORK_ITEMS)))]
    pub items: Vec<WorkItem>,
    /// The version that the agent has to be at still, else the answer is `version_conflict`. Left out,
    /// it is the version at which the request came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(max = u64::MAX)))]
    pub if_version: Option<u64>,
}
