//! What agents are planned to do, as planners write and read it.

use serde::{Deserialize, Serialize};

use super::{BasePresenceStatus, Record, ResultStatus};
#[cfg(test)]
use super::{Id, Line, MAX_NAME, NewId, Words, said_by_path};
#[cfg(test)]
use crate::domain::plan::{MAX_PLANNED, MAX_TOLERANCE};
use crate::wire::code::ErrorCode;

/// The most presences that an activity names.
pub const MAX_ACTIVITY_PRESENCES: usize = 100;
/// The most planned activities of an import.
pub const MAX_IMPORTED: usize = 100_000;
/// The longest reason of an exception, in characters.
pub const MAX_EXCEPTION_REASON: usize = 500;

/// Something that agents are planned to do, and the presences that are right meanwhile: one at least, or one base
/// status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend(
    "if" = serde_json::json!({ "properties": { "presenceIds": { "maxItems": 0 } } }),
    "then" = serde_json::json!({
        "required": ["basePresenceStatuses"],
        "properties": { "basePresenceStatuses": { "minItems": 1 } },
    }),
)))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Activity {
    /// The id of the activity. Where the path says it, it is only read: it may be left out, or repeat the path.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "NewId", transform = said_by_path))]
    pub activity_id: String,
    /// What people see, of at most 256 characters. The id if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Line<MAX_NAME>"))]
    pub text: String,
    /// The ids of presences that are right meanwhile.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<Id>", length(max = MAX_ACTIVITY_PRESENCES)))]
    pub presence_ids: Vec<String>,
    /// The base statuses of which every presence is right meanwhile.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = 5)))]
    pub base_presence_statuses: Vec<BasePresenceStatus>,
    /// For how long an agent may have another presence and still be in adherence; what lasts longer is out from its
    /// first millisecond. 0 if left out.
    #[serde(default)]
    #[cfg_attr(test, schemars(range(max = MAX_TOLERANCE.as_secs())))]
    pub tolerance_seconds: u32,
}

impl Record for Activity {
    const ID: &'static str = "activityId";

    fn id(&mut self) -> &mut String {
        &mut self.activity_id
    }
}

/// An activity that an agent is planned to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedActivity {
    /// When it begins.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// When it ends, itself not included.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: String,
    /// What is planned.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub activity_id: String,
}

/// All that is planned of an agent in a time: at most 500 activities, in any order, of which none overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedActivities {
    /// Each of them.
    #[cfg_attr(test, schemars(length(max = MAX_PLANNED)))]
    pub items: Vec<PlannedActivity>,
}

/// An activity that one of several agents is planned to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentsPlannedActivity {
    /// The agent.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// When it begins.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// When it ends, itself not included.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: String,
    /// What is planned.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub activity_id: String,
}

/// What is planned of many agents in a time: at most 100,000 activities, and 500 of each agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlansToImport {
    /// Each of them, in any order.
    #[cfg_attr(test, schemars(length(max = MAX_IMPORTED)))]
    pub items: Vec<AgentsPlannedActivity>,
}

/// What became of an agent's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanResult {
    /// The agent's id.
    pub agent_id: String,
    /// What became of it.
    pub status: ResultStatus,
    /// How many activities are planned of the agent in the time now. Left out if it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<usize>,
    /// Why it was refused, for programs. Left out if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// The same, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A time of an agent that is to be excused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExcuseTime {
    /// When it begins.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// When it ends, itself not included.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: String,
    /// Why: at most 500 characters.
    #[cfg_attr(test, schemars(with = "Words<MAX_EXCEPTION_REASON>"))]
    pub reason: String,
}

/// A time of an agent that is excused: it counts neither as in adherence nor as out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdherenceException {
    /// Its id.
    pub exception_id: String,
    /// The agent.
    pub agent_id: String,
    /// When it begins.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// When it ends, itself not included.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: String,
    /// Why.
    pub reason: String,
    /// Who said so: the subject of the token.
    pub author: String,
    /// When that was.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
}
