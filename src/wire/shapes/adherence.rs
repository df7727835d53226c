//! What agents were, held against what they were planned to do.

use serde::{Deserialize, Serialize};

/// How an agent, a team, an hour or a day was in adherence. Times are milliseconds, exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdherenceLine {
    /// The agent, if each has figures of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The agent's name, as it was last in the time asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The team, if each has figures of its own. Left out for agents without a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// When the quarter hour, hour or day began, or the time asked for within it. Left out if the figures are of all of that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: Option<String>,
    /// When the quarter hour, hour or day ended, or the time asked for within it; now at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: Option<String>,
    /// For how long something was planned: the sum of the three below.
    pub planned_ms: i64,
    /// For how long of it agents were in adherence, tolerated stretches included.
    pub in_ms: i64,
    /// For how long they were not.
    pub out_ms: i64,
    /// For how long of it they are excused.
    pub excused_ms: i64,
    /// The share of `inMs` in `inMs` and `outMs`; null if there is neither.
    pub adherence: Option<f64>,
}

/// Adherence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdherenceReport {
    /// When the time began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub from: String,
    /// When it ended: as asked for, or now if that is earlier.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub to: String,
    /// The figures of each agent, team, quarter hour, hour or day of which something was planned.
    pub items: Vec<AdherenceLine>,
}

/// A stretch of an agent's planned time with one presence, or what of it lies in the time asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdherenceStretch {
    /// When it began, or the time asked for.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// When it ended, or the time asked for.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: String,
    /// What lies between them.
    pub duration_ms: i64,
    /// The activity that was planned.
    pub activity_id: String,
    /// The presence that the agent had.
    pub presence_id: String,
    /// As what it counts.
    pub counts: AdherenceCounts,
    /// The position of the change with which the presence began, or of the last one before `start`: a row of the
    /// agent's history.
    pub seq: u64,
}

/// As what a stretch of planned time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdherenceCounts {
    /// The presence was right: in adherence.
    In,
    /// It was not, for no longer than the activity tolerates: in adherence.
    Tolerated,
    /// It was not, for longer: out of adherence.
    Out,
    /// An exception covers it: neither.
    Excused,
}

/// How an agent was in adherence, stretch by stretch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentAdherence {
    /// When the time began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub from: String,
    /// When it ended: as asked for, or now if that is earlier.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub to: String,
    /// Each stretch of planned time in which the agent was there, in order.
    pub items: Vec<AdherenceStretch>,
}
