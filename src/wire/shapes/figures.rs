//! What agents did, in figures: comings and goings, notifications, capacity, holds.

use serde::{Deserialize, Serialize};

use super::{PastPresence, SubEventName};

/// The figures of an agent, a team, an hour or a day. Times are milliseconds, exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SummaryLine {
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
    /// How often an agent signed in. A second tab is no sign-in.
    pub sign_ins: i64,
    /// How often one signed out, or was signed out.
    pub sign_outs: i64,
    /// How often the last session of one ended otherwise, and others saw Offline.
    pub disconnections: i64,
    /// How often one was back within the restore window.
    pub restores: i64,
    /// How often one was not, after a disconnection or a sign-out.
    pub lapses: i64,
    /// How often one was disabled or deleted while it was signed in.
    pub removals: i64,
    /// For how long agents were signed in, restore windows included: `isAgentLoggedIn`.
    pub signed_in_ms: i64,
    /// For how long they were there: with a session, or held in a grace.
    pub connected_ms: i64,
    /// Notifications of work that began in the time.
    pub notifications: i64,
    /// Notifications that were accepted.
    pub accepted_notifications: i64,
    /// Notifications that were missed.
    pub missed_notifications: i64,
    /// Notifications that were rejected.
    pub rejected_notifications: i64,
    /// Missed ones among those that were accepted, missed or rejected: 0 to 1, or null if there were none.
    pub missed_rate: Option<f64>,
    /// Rejected ones among the same.
    pub rejected_rate: Option<f64>,
    /// For how long agents with configured units were there and all of them were unused.
    pub unused_ms: i64,
    /// The same, and some were used.
    pub partly_used_ms: i64,
    /// The same, and none were left.
    pub full_ms: i64,
    /// For how long a missed notification kept work from agents who were there.
    pub missed_hold_ms: i64,
    /// For how long a rejected one did.
    pub rejected_hold_ms: i64,
    /// For how long the limit of open work items did.
    pub work_item_limit_hold_ms: i64,
}

/// Figures of agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SummaryReport {
    /// When the time began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub from: String,
    /// When it ended: as asked for, or now if that is earlier.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub to: String,
    /// The figures of each agent, team, quarter hour, hour or day that has any.
    pub items: Vec<SummaryLine>,
}

/// A time in which an agent was signed in, restore windows included. It is told whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    /// The agent.
    pub agent_id: String,
    /// Its name when it signed in.
    pub name: String,
    /// When it signed in.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// The position of that change in the log.
    pub start_seq: u64,
    /// When its last session ended; null while it is there.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub left: Option<String>,
    /// The position of that change.
    pub left_seq: Option<u64>,
    /// How its last session ended: `SIGNED_OUT` for a sign-out.
    pub left_by: Option<SubEventName>,
    /// When it was signed out for good; null while it is signed in.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub end: Option<String>,
    /// The position of that change.
    pub end_seq: Option<u64>,
    /// How it was over; null while it lasts.
    pub ended: Option<SignInEnd>,
    /// How often the agent was back within the restore window.
    pub restores: u32,
    /// From `start` to `end`, or up to now, in milliseconds.
    pub signed_in_ms: i64,
    /// For how long of it the agent was there.
    pub connected_ms: i64,
}

/// How a sign-in was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignInEnd {
    /// The agent signed out, or was signed out, and did not come back within the restore window.
    SignedOut,
    /// It was disconnected, and did not come back within the restore window.
    Lapsed,
    /// It was disabled or deleted.
    Removed,
    /// The agent left the teams that the question is about; what became of the sign-in is not told.
    LeftTeams,
}

/// Sign-ins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignInsReport {
    /// When the time began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub from: String,
    /// When it ended: as asked for, or now if that is earlier.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub to: String,
    /// The sign-ins that last within it, agent by agent.
    pub items: Vec<SignedIn>,
}

/// A session that ended without a sign-out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Disconnection {
    /// The agent.
    pub agent_id: String,
    /// Its name then.
    pub name: String,
    /// When.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The position of the change in the log.
    pub seq: u64,
    /// Why.
    pub sub_event_name: SubEventName,
    /// The network that the session came from, by the first 24 bits of an IPv4 address or 48 of an IPv6 one; null if it
    /// came through a proxy, from the hub's own machine, or is not known.
    pub network: Option<String>,
    /// What became of it; null while the restore window is open.
    pub became: Option<Became>,
    /// When that was decided; null as well if the agent had other sessions.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub became_at: Option<String>,
    /// The position of that change.
    pub became_seq: Option<u64>,
    /// The number of the incident that it belongs to, or null.
    pub incident: Option<usize>,
}

/// What became of a disconnection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Became {
    /// The agent had another session: others saw nothing of it.
    OtherSessions,
    /// It was back within the restore window.
    Restored,
    /// It was not.
    Lapsed,
    /// It was disabled or deleted meanwhile.
    Removed,
}

/// How many sessions ended in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DisconnectionCause {
    /// Why they ended.
    pub sub_event_name: SubEventName,
    /// How many.
    pub sessions: usize,
    /// After how many of them others saw Offline.
    pub disconnections: usize,
}

/// Sessions of several agents that were lost in one way, each within ten seconds of the one before: `NETWORK_LOST`,
/// `HUB_RESTART` or `UNKNOWN`. What people do at the same time, such as closing their tabs, is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// Its number in this answer.
    pub incident: usize,
    /// Why the sessions ended.
    pub sub_event_name: SubEventName,
    /// The network that all of them came from; null if none is known.
    pub network: Option<String>,
    /// When the first ended.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub first: String,
    /// When the last ended.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub last: String,
    /// Of how many agents.
    pub agents: usize,
    /// How many.
    pub sessions: usize,
}

/// Disconnections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DisconnectionsReport {
    /// When the time began.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub from: String,
    /// When it ended: as asked for, or now if that is earlier.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub to: String,
    /// How many there were of each cause.
    pub causes: Vec<DisconnectionCause>,
    /// Losses of several agents at once, the first first.
    pub incidents: Vec<Incident>,
    /// Each of them, agent by agent.
    pub items: Vec<Disconnection>,
}

/// An agent whose presence at one instant is another than at one before, or that came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PresenceDifference {
    /// The agent.
    pub agent_id: String,
    /// As it was at the first instant; null if it was not there, or not in the teams asked for.
    pub before: Option<PastPresence>,
    /// As it was at the second.
    pub after: Option<PastPresence>,
}
