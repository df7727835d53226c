//! The shapes of the contract, as they stand in a frame or a body.
//!
//! The build reads this file too and writes the browser's types from it, so it names only serde.
//! Every id is its text, every time an RFC 3339 text in UTC with milliseconds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What routing looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them, and the domain says what they mean")]
pub enum BasePresenceStatus {
    Available,
    Busy,
    BusyDoNotDisturb,
    Away,
    Offline,
}

/// Who set a presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them, and the domain says what they mean")]
pub enum Origin {
    Automatic,
    Agent,
    Supervisor,
    Default,
}

/// Why new work is kept from the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them, and the domain says what they mean")]
pub enum Hold {
    Missed,
    Rejected,
    WorkItemLimit,
}

/// How much of an agent's capacity is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them, and the domain says what they mean")]
pub enum Utilization {
    Unused,
    Partial,
    Full,
}

/// A role of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the contract says what each may do")]
pub enum Role {
    Agent,
    Supervisor,
    Integration,
    Admin,
}

/// A presence of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Presence {
    pub presence_id: String,
    pub presence_name: String,
    pub presence_text: String,
    pub base_presence_status: BasePresenceStatus,
    pub description: String,
    pub built_in: bool,
    pub can_user_set: bool,
    pub presence_color: String,
    pub labels: BTreeMap<String, String>,
    pub enabled: bool,
}

/// Who changed something: `type` is AGENT, SUPERVISOR, SYSTEM, INTEGRATION or ADMIN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct ModifiedBy {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(hub_runtime), ts(optional))]
    pub id: Option<String>,
}

/// What a return within the window brings back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Restore {
    pub presence: Presence,
    pub origin: Origin,
    pub hold: Option<Hold>,
    pub reason: Option<String>,
    pub presence_until: Option<String>,
    pub next_presence_id: Option<String>,
    pub until: String,
}

/// Unit capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Units {
    pub max: u32,
    pub used: u32,
    pub reserved: u32,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub available: i64,
}

/// One capacity profile of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct ProfileUse {
    pub profile_id: String,
    pub max: u32,
    pub used: u32,
    pub reserved: u32,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub available: i64,
    pub block_assignment: bool,
    /// `IMMEDIATE` or `DAILY`.
    pub reset_duration: String,
}

/// An agent's capacity. `units` is null when not configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Capacity {
    pub units: Option<Units>,
    pub profiles: Vec<ProfileUse>,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub open_work_items: usize,
    pub utilization: Utilization,
}

/// Everything about an agent's presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct AgentPresence {
    pub agent_id: String,
    pub name: String,
    pub teams: Vec<String>,
    pub presence: Presence,
    pub since: String,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub version: u64,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub seq: u64,
    pub origin: Origin,
    pub hold: Option<Hold>,
    pub event_name: String,
    pub sub_event_name: Option<String>,
    pub modified_by: ModifiedBy,
    pub reason: Option<String>,
    pub until: Option<String>,
    pub next_presence_id: Option<String>,
    pub is_agent_logged_in: bool,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub active_browser_sessions: usize,
    pub restore: Option<Restore>,
    pub capacity: Capacity,
    pub is_blocked_by_some_profile: bool,
}

/// What a board needs of [`Restore`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct WatchedRestore {
    pub presence_id: String,
    pub until: String,
}

/// [`AgentPresence`] made small for boards: presences by id, and whatever is null, false, zero or
/// empty is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct WatchedAgent {
    pub agent_id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(not(hub_runtime), ts(as = "Option<Vec<String>>"))]
    pub teams: Vec<String>,
    pub presence_id: String,
    pub since: String,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub version: u64,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub seq: u64,
    pub origin: Origin,
    pub event_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_event_name: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(not(hub_runtime), ts(as = "Option<bool>"))]
    pub is_agent_logged_in: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(not(hub_runtime), ts(as = "Option<u32>"))]
    pub open_work_items: usize,
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(not(hub_runtime), ts(as = "Option<u32>"))]
    pub active_browser_sessions: usize,
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(not(hub_runtime), ts(as = "Option<bool>"))]
    pub is_blocked_by_some_profile: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_presence_id: Option<String>,
    /// Left out when the hub itself changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_by: Option<ModifiedBy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<WatchedRestore>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_items: Option<Vec<WorkItem>>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

/// Where a work item is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the contract names them, and the domain says what they mean")]
pub enum WorkItemState {
    Offered,
    Active,
    WrapUp,
}

/// A work item of an agent. In a reconciliation all but the id and the state may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct WorkItem {
    pub work_item_id: String,
    pub state: WorkItemState,
    #[serde(default)]
    pub since: Option<String>,
    #[serde(default)]
    pub workstream_id: Option<String>,
    #[serde(default)]
    pub units: Option<u32>,
    #[serde(default)]
    pub profiles: Option<Vec<String>>,
    #[serde(default)]
    pub holds_capacity: Option<bool>,
    #[serde(default)]
    #[cfg_attr(not(hub_runtime), ts(type = "string | null"))]
    pub deadline: Said<String>,
}

/// A field whose `null` says something else than leaving it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said<T> {
    /// It is not there.
    #[default]
    LeftOut,
    /// It is there; none is `null`.
    Is(Option<T>),
}

impl<T: Serialize> Serialize for Said<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::LeftOut => serializer.serialize_none(),
            Self::Is(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Is)
    }
}

/// Counts within a watch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Summary {
    pub total: u32,
    pub by_base_status: BTreeMap<String, u32>,
    pub by_presence: BTreeMap<String, u32>,
}

/// What a watch shows; all parts are optional and joined by *and*.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Filter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queues: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ids: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_statuses: Option<Vec<BasePresenceStatus>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_ids: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workstream_id: Option<String>,
}

/// What a watch shows besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names them")]
pub enum Include {
    Capacity,
    WorkItems,
}

/// The position that a watch resumes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct Since {
    pub epoch: String,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(hub_runtime), ts(optional))]
    pub watch_id: Option<String>,
}

/// A presence, for how long, and what then: the body of a change of presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct SetPresence {
    pub presence_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_presence_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub if_version: Option<u64>,
}

/// What a client may send. A request that wants an answer carries an `id` beside these fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[allow(missing_docs, reason = "the contract names the frames")]
pub enum ClientFrame {
    SetPresence(SetPresence),
    ResetPresence {},
    Refreshing {},
    SignOut {},
    Watch {
        #[serde(default)]
        filter: Filter,
        #[serde(default)]
        include: Vec<Include>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        since: Option<Since>,
    },
    Unwatch {
        watch_id: String,
    },
    SetAgentPresence {
        agent_ids: Vec<String>,
        #[serde(flatten)]
        choice: SetPresence,
    },
    ResetAgentPresence {
        agent_ids: Vec<String>,
    },
    SignOutAgent {
        agent_ids: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        reason: Option<String>,
    },
    Events {
        #[cfg_attr(not(hub_runtime), ts(type = "unknown[]"))]
        events: Vec<Value>,
    },
    Authenticate {
        token: String,
    },
    Awake {},
}

/// An error of a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct FrameError {
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(hub_runtime), ts(optional, type = "unknown"))]
    pub details: Option<Value>,
}

/// What the hub may send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[allow(missing_docs, reason = "the contract names the frames")]
#[allow(clippy::large_enum_variant, reason = "frames are written at once and never stored")]
pub enum HubFrame {
    Welcome {
        session_id: String,
        roles: Vec<Role>,
        subject: String,
        epoch: String,
        #[cfg_attr(not(hub_runtime), ts(type = "number"))]
        seq: u64,
        server_time: String,
        #[cfg_attr(not(hub_runtime), ts(type = "number"))]
        heartbeat_seconds: u64,
        token_expires_at: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        agent: Option<AgentPresence>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        presence_options: Option<Vec<Presence>>,
    },
    Result {
        #[cfg_attr(not(hub_runtime), ts(type = "number | string"))]
        id: Value,
        #[cfg_attr(not(hub_runtime), ts(type = "unknown"))]
        result: Value,
    },
    Error {
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional, type = "number | string"))]
        id: Option<Value>,
        error: FrameError,
    },
    Presence {
        agent: AgentPresence,
    },
    PresenceOptions {
        presences: Vec<Presence>,
    },
    Snapshot {
        watch_id: String,
        epoch: String,
        #[cfg_attr(not(hub_runtime), ts(type = "number"))]
        seq: u64,
        part: u32,
        parts: u32,
        agents: Vec<WatchedAgent>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        presences: Option<Vec<Presence>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        summary: Option<Summary>,
    },
    Changes {
        watch_id: String,
        #[cfg_attr(not(hub_runtime), ts(type = "number"))]
        seq: u64,
        agents: Vec<WatchedAgent>,
        left: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        presences: Option<Vec<Presence>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        summary: Option<Summary>,
    },
    Presences {
        presences: Vec<Presence>,
    },
    OfferWithdrawn {
        agent_id: String,
        work_item_id: String,
        reason: String,
    },
    Resync {
        watch_id: String,
        reason: String,
    },
    Notice {
        code: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        actor: Option<ModifiedBy>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        reason: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(hub_runtime), ts(optional))]
        work_item_id: Option<String>,
    },
    Heartbeat {
        #[cfg_attr(not(hub_runtime), ts(type = "number"))]
        seq: u64,
        server_time: String,
        /// True while the hub knows of changes that it could not keep yet.
        #[serde(default, skip_serializing_if = "is_false")]
        #[cfg_attr(not(hub_runtime), ts(as = "Option<bool>", optional))]
        stale: bool,
    },
    TokenExpiring {
        expires_at: String,
    },
    Restarting {
        #[cfg_attr(not(hub_runtime), ts(type = "[number, number]"))]
        reconnect_after_ms: [u64; 2],
    },
}

/// What a watch begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct WatchResult {
    pub watch_id: String,
    pub epoch: String,
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub seq: u64,
    pub mode: WatchMode,
}

/// How a watch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names them")]
pub enum WatchMode {
    Snapshot,
    Resumed,
}

/// What became of one agent in a supervisor's request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct AgentResult {
    pub agent_id: String,
    /// `applied` or `rejected`.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub version: Option<u64>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(hub_runtime), derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names the fields")]
pub struct EventResult {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `applied`, `duplicate`, `rejected` or `unavailable`.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is wrong, and what would be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(hub_runtime), ts(type = "number"))]
    pub version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_id: Option<String>,
}
