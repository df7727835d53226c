//! What was: an agent's intervals, the floor at an instant, and sums of time.

use serde::{Deserialize, Serialize};

use super::{BasePresenceStatus, EventName, Hold, ModifiedBy, Origin, SubEventName};

/// A time in which an agent was what it was, from one change to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryInterval {
    /// When it began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// When it ended, which is when the next one began; null while it lasts.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: Option<String>,
    /// How long it lasted, in milliseconds; up to now while it lasts.
    pub duration_ms: i64,
    /// What the agent was, and why.
    #[serde(flatten)]
    pub was: PastState,
}

/// What others saw of an agent from a change on, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PastState {
    /// The id of the presence.
    pub presence_id: String,
    /// Its base status then.
    pub base_presence_status: BasePresenceStatus,
    /// Who set the presence.
    pub origin: Origin,
    /// The hold, or null.
    pub hold: Option<Hold>,
    /// What caused the change.
    pub event_name: EventName,
    /// How, or null if nothing more is known.
    pub sub_event_name: Option<SubEventName>,
    /// Who caused the change: a work system too, whose report made the hub compute the presence.
    pub modified_by: ModifiedBy,
    /// Why, in the words of whoever changed it or set the presence, or null.
    pub reason: Option<String>,
    /// The units that work left, or null if none were configured. Negative if there was more work than units.
    pub available_units_capacity: Option<i64>,
    /// The agent's version from the change on.
    pub version: u64,
    /// The position of the change in the one log of the hub.
    pub seq: u64,
}

/// Which changes begin an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum MergeIntervals {
    /// Only those of the presence: neighbours of equal presence are one, shown as it began.
    Presence,
}

/// An agent as it was at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PastPresence {
    /// The agent's id.
    pub agent_id: String,
    /// Its name then.
    pub name: String,
    /// Its teams then.
    pub teams: Vec<String>,
    /// What its presence was called then.
    pub presence_text: String,
    /// When the last change before the instant took effect.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// What the agent was, and why.
    #[serde(flatten)]
    pub was: PastState,
}

/// What has a sum of its own in a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ReportBy {
    /// Each agent.
    #[default]
    Agent,
    /// Each team. An agent of several counts in each.
    Team,
    /// Each quarter of an hour of the zone's clock.
    QuarterHour,
    /// Each hour of the zone's clock.
    Hour,
    /// Each day of the zone, from midnight to midnight.
    Day,
}

/// How long agents had a presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TimeInStatus {
    /// The agent, if each has a sum of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The agent's name, as it was last in the time asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The team, if each has a sum of its own. Left out for agents without a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// When the quarter hour, hour or day began, or the time asked for within it. Left out if the sum is of all of that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: Option<String>,
    /// When the quarter hour, hour or day ended, or the time asked for within it; now at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: Option<String>,
    /// The id of the presence.
    pub presence_id: String,
    /// What it was called at the end of the time asked for.
    pub presence_text: String,
    /// The base status that it had.
    pub base_presence_status: BasePresenceStatus,
    /// How long, in milliseconds: exactly, nothing is rounded.
    pub duration_ms: i64,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TimeInStatusReport {
    /// When the time that was summed began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub from: String,
    /// When it ended: as asked for, or now if that is earlier.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub to: String,
    /// A sum for each presence of each agent, team, quarter hour, hour or day that there was.
    pub items: Vec<TimeInStatus>,
}
