//! What watchers ask for, and how they are shown an agent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    BasePresenceStatus, Capacity, EventName, Hold, ModifiedBy, Origin, SubEventName, WorkItem, is_false, is_zero,
};

/// The most names in a list of a filter.
pub const MAX_FILTER_NAMES: usize = 1_000;

/// What a board needs to know of what a return brings back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WatchedRestore {
    /// The id of the presence that returns.
    pub presence_id: String,
    /// The last instant at which a return brings it back.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: String,
}

/// An agent, made small for boards: presences stand by their ids, and whatever is null, false, zero or
/// empty is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WatchedAgent {
    /// The agent's id.
    pub agent_id: String,
    /// The agent's name.
    pub name: String,
    /// The agent's teams. Left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// The queues that the agent serves. Left out unless the watch includes the record, and if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<String>,
    /// The agent's skills. Left out unless the watch includes the record, and if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// The id of the presence that others see now. The catalog came with the snapshot.
    pub presence_id: String,
    /// When the visible presence last changed; it restarts on a restore.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub since: String,
    /// When the agent came into this presence, if it was restored since. Left out if that is `since`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub held_since: Option<String>,
    /// Who brought the agent into it, or set its origin, hold, reason or end since then. Left out if `modifiedBy`
    /// tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<ModifiedBy>,
    /// Rises by one with each change of this agent; it never restarts.
    pub version: u64,
    /// The position of the agent's newest change in the one log of the hub. Positions rise, with gaps,
    /// and survive restarts.
    pub seq: u64,
    /// Who set the presence.
    pub origin: Origin,
    /// What last changed the presence, its origin or its hold.
    pub event_name: EventName,
    /// How that happened. Left out if nothing more is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_event_name: Option<SubEventName>,
    /// Whether the agent is signed in; it stays true while `restore` is there. Left out if not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_agent_logged_in: bool,
    /// How many work items are assigned and not closed, wrap-up included. Left out if none is.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub open_work_items: usize,
    /// How many live sockets the agent has. Left out if it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub active_browser_sessions: usize,
    /// Whether a capacity profile that is used up keeps all work from the agent. Left out if not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_blocked_by_some_profile: bool,
    /// Why new work is kept from the agent. Left out if there is no hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Why the presence was chosen, in the words of the person who chose it. Left out if nothing was
    /// said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the presence ends by itself. Left out if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: Option<String>,
    /// The id of the presence that follows at `until`. Left out if it is computed from capacity, or
    /// none follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_presence_id: Option<String>,
    /// Who last changed the presence, its origin or its hold. Left out if it was the hub itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_by: Option<ModifiedBy>,
    /// What a return brings back. Left out unless the agent is disconnected inside the restore window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<WatchedRestore>,
    /// The agent's capacity. Left out unless the watch includes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// The agent's work items. Left out unless the watch includes them, and if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_items: Option<Vec<WorkItem>>,
}

/// How many agents of a watch have which presence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// How many agents the watch shows.
    pub total: u32,
    /// How many of them have each base status; all five are named.
    pub by_base_status: BTreeMap<BasePresenceStatus, u32>,
    /// How many of them have each presence, by its id; those that nobody has are left out.
    pub by_presence: BTreeMap<String, u32>,
}

/// Whom a watch shows. Every part may be left out, and an agent has to match all that are there;
/// within a list, one match is enough. A longer list than allowed is refused as `too_large`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter {
    /// Agents of one of these teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub teams: Option<Vec<String>>,
    /// Agents of one of these queues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub queues: Option<Vec<String>>,
    /// Agents with one of these skills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub skills: Option<Vec<String>>,
    /// Agents with one of these ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub agent_ids: Option<Vec<String>>,
    /// Agents whose presence has one of these base statuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub base_statuses: Option<Vec<BasePresenceStatus>>,
    /// Agents with one of these presences, by their ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub presence_ids: Option<Vec<String>>,
    /// Agents whose presence this workstream allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workstream_id: Option<String>,
}

/// What a watch shows of each agent besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Include {
    /// The capacity.
    Capacity,
    /// The work items.
    WorkItems,
    /// Of the agent's record: queues and skills.
    Record,
}

/// The position that a watch resumes from: the last one that the client holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Since {
    /// The epoch of the log that the position is one of.
    pub epoch: String,
    /// The position.
    pub seq: u64,
    /// The watch that was watched up to there. Left out, the client answers for it that it watched the
    /// same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch_id: Option<String>,
}

/// What a watch begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WatchResult {
    /// The id of the watch: a digest of the filter, of what is included and of whom the caller may see.
    pub watch_id: String,
    /// Changes only if the log was replaced, for example by a backup.
    pub epoch: String,
    /// The position at which the watch begins.
    pub seq: u64,
    /// Whether a snapshot follows, or what has changed since.
    pub mode: WatchMode,
}

/// How a watch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum WatchMode {
    /// The whole state follows, in `snapshot` frames.
    Snapshot,
    /// What has changed since the position that the client named follows, in a `changes` frame.
    Resumed,
}
