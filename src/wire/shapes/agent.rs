//! Everything about one agent's presence, and what an agent may ask about itself.

use serde::{Deserialize, Serialize};

use super::{Capacity, EventName, Hold, ModifiedBy, Origin, Presence, SubEventName};
#[cfg(test)]
use super::{Id, Reason};

/// What a return within the restore window brings back. The rules keep it current meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Restore {
    /// The presence that returns.
    pub presence: Presence,
    /// Who set that presence.
    pub origin: Origin,
    /// The hold that returns with it. Null if there is none.
    pub hold: Option<Hold>,
    /// Why the presence was chosen, in the words of the person who chose it. Null if nothing was said.
    pub reason: Option<String>,
    /// When the presence ends by itself. Null if it does not.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub presence_until: Option<String>,
    /// The id of the presence that follows then. Null if it is computed from capacity, or none follows.
    pub next_presence_id: Option<String>,
    /// The last instant at which a return brings all of this back.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: String,
}

/// Everything about an agent's presence, as others see it. While the agent is disconnected inside the
/// restore window, others see Offline, and `restore` says what a return brings back. An agent that
/// chose Offline is logged in and has no `restore`; one that signed out is not logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentPresence {
    /// The agent's id.
    pub agent_id: String,
    /// The agent's name.
    pub name: String,
    /// The agent's teams.
    pub teams: Vec<String>,
    /// The presence that others see now.
    pub presence: Presence,
    /// When the visible presence last changed; it restarts on a restore.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub since: String,
    /// When the agent came into this presence; interruptions that were restored are left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub held_since: String,
    /// Who brought the agent into it, or set its origin, hold, reason or end since then.
    pub held_by: ModifiedBy,
    /// Rises by one with each change of this agent; it never restarts.
    pub version: u64,
    /// The position of the agent's newest change in the one log of the hub. Positions rise, with gaps,
    /// and survive restarts.
    pub seq: u64,
    /// Who set the presence.
    pub origin: Origin,
    /// Why new work is kept from the agent. Null if there is no hold.
    pub hold: Option<Hold>,
    /// What last changed the presence, its origin or its hold.
    pub event_name: EventName,
    /// How that happened. Null if nothing more is known.
    pub sub_event_name: Option<SubEventName>,
    /// Who last changed the presence, its origin or its hold.
    pub modified_by: ModifiedBy,
    /// Why the presence was chosen, in the words of the person who chose it. Null if nothing was said.
    pub reason: Option<String>,
    /// When the presence ends by itself. Null if it does not.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: Option<String>,
    /// The id of the presence that follows at `until`. Null if it is computed from capacity, or none
    /// follows.
    pub next_presence_id: Option<String>,
    /// Whether the agent is signed in. It stays true while `restore` is set.
    pub is_agent_logged_in: bool,
    /// How many live sockets the agent has.
    pub active_browser_sessions: usize,
    /// What a return brings back. Null unless the agent is disconnected inside the restore window.
    pub restore: Option<Restore>,
    /// The agent's capacity.
    pub capacity: Capacity,
    /// Whether a capacity profile that is used up keeps all work from the agent.
    pub is_blocked_by_some_profile: bool,
}

/// A presence to choose, for how long, and what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend(
    "if" = serde_json::json!({
        "required": ["nextPresenceId"],
        "properties": { "nextPresenceId": { "type": "string" } },
    }),
    "then" = serde_json::json!({ "required": ["until"], "properties": { "until": { "type": "string" } } }),
)))]
#[serde(rename_all = "camelCase")]
pub struct SetPresence {
    /// The id of the presence, or the well-known id of one that ships.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub presence_id: String,
    /// When the presence ends by itself. Left out, it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub until: Option<String>,
    /// The id of the presence that follows at `until`, without which it is not allowed. Left out, what
    /// follows is computed from capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Id>"))]
    pub next_presence_id: Option<String>,
    /// Why, for those who see the presence: at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
    /// The version that the agent has to be at still, else the answer is `version_conflict`. Left out,
    /// it may be at any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(max = u64::MAX)))]
    pub if_version: Option<u64>,
}
