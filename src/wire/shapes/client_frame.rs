//! What clients say over the socket.

use serde::{Deserialize, Serialize};

use super::{CloudEvent, Filter, Include, SetPresence, Since};

/// The most agents that one request may act on.
pub const MAX_AGENTS: usize = 1_000;

/// What a client may send. A request that wants an answer carries an `id` beside these fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ClientFrame {
    /// Chooses a presence. With `until` it ends at that instant and goes to `nextPresenceId`, or to
    /// what is computed from capacity. The result is the agent's presence.
    SetPresence(SetPresence),
    /// Clears a hold: leaves Inactive, or the Do not disturb that followed a rejection or the limit of
    /// open work items. The result is the agent's presence.
    ResetPresence {},
    /// This page is about to reload itself: Offline is held back for the refresh grace. No answer.
    Refreshing {},
    /// The agent signs out. The result is empty, then all of the agent's sockets are closed with 4410.
    SignOut {},
    /// Follows agents live. The result comes right before the first frame of the watch: a snapshot in
    /// parts, or one `changes` frame if the watch resumed. Over very many agents it takes a moment.
    Watch(Watch),
    /// Stops following; no frame of the watch comes after the result, which is empty.
    Unwatch(Unwatch),
    /// Sets the presence of other agents. Each is decided for itself, and the result says what became
    /// of each.
    SetAgentPresence(SetAgentPresence),
    /// Clears the holds of other agents. Each is decided for itself, and the result says what became
    /// of each.
    ResetAgentPresence(ResetAgentPresence),
    /// Signs other agents out; their sockets are closed with 4410. Each is decided for itself, and the
    /// result says what became of each.
    SignOutAgent(SignOutAgent),
    /// Reports assignment events. The result says what became of each, and comes once every one that
    /// is applied is durable. Order holds within a batch, and from batch to batch of one socket.
    Events(Events),
    /// Renews the credentials of this socket. Who it is, the roles and the teams stay as they are. The
    /// result says when the new credentials end.
    Authenticate(Authenticate),
    /// The page runs: its answer to a heartbeat, if it announced that it answers them. Any other frame
    /// says so too. No answer.
    Awake {},
}

/// What to watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct Watch {
    /// Whom to show. Left out, everyone whom the caller may see.
    #[serde(default)]
    pub filter: Filter,
    /// What to show of each agent besides. Left out, nothing more.
    #[serde(default)]
    pub include: Vec<Include>,
    /// The position to resume from. Left out, a snapshot comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
}

/// Which watch to stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct Unwatch {
    /// The id of the watch.
    pub watch_id: String,
}

/// Whose presence to set, and to what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct SetAgentPresence {
    /// The ids of the agents.
    #[cfg_attr(test, schemars(length(max = MAX_AGENTS)))]
    pub agent_ids: Vec<String>,
    /// What is chosen for them.
    #[serde(flatten)]
    pub choice: SetPresence,
}

/// Whose holds to clear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct ResetAgentPresence {
    /// The ids of the agents.
    #[cfg_attr(test, schemars(length(max = MAX_AGENTS)))]
    pub agent_ids: Vec<String>,
}

/// Whom to sign out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct SignOutAgent {
    /// The ids of the agents.
    #[cfg_attr(test, schemars(length(max = MAX_AGENTS)))]
    pub agent_ids: Vec<String>,
    /// Why, for the agents. Left out, nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<super::Reason>"))]
    pub reason: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct Events {
    /// The events, each of at most 65,536 bytes. A malformed one fails alone.
    #[cfg_attr(test, schemars(length(max = super::MAX_EVENTS)))]
    pub events: Vec<CloudEvent>,
}

/// New credentials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
#[serde(rename_all = "camelCase")]
pub struct Authenticate {
    /// A token. Left out to go on with the session of the cookie that the socket was opened with: it is renewed if
    /// it may last longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}
