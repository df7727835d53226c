//! What the hub says over the socket.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    AgentPresence, AgentResult, EventName, EventResult, ModifiedBy, Nothing, Presence, Results, Role, SubEventName,
    Summary, TokenRenewed, WatchResult, WatchedAgent, is_false,
};
pub use crate::wire::problem::FrameError;
use crate::wire::written::Written;

/// What the hub may send. Clients ignore frames and fields that they do not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "frames are written at once and never stored")]
pub enum HubFrame<Entry = WatchedAgent, Catalog = Vec<Presence>, Told = Value> {
    /// The first frame of a socket. Clients reset their back-off here, not when the socket opens.
    Welcome {
        /// The id of the session that this socket is.
        session_id: String,
        /// The roles that this socket has.
        roles: Vec<Role>,
        /// Who the caller is, by the token; for agents the agent's id.
        subject: String,
        /// Changes only if the log was replaced, for example by a backup.
        epoch: String,
        /// A position in the one log of the hub. Positions rise, with gaps, and survive restarts.
        seq: u64,
        /// The hub's time.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        server_time: String,
        /// How often a heartbeat comes when nothing else does, in seconds. A socket that is silent for
        /// much longer is dead.
        heartbeat_seconds: u64,
        /// When the credentials of this socket end.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        token_expires_at: String,
        /// The agent's own presence. Left out unless the socket is an agent's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentPresence>,
        /// What the agent may choose. Left out unless the socket is an agent's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        presence_options: Option<Catalog>,
    },
    /// The answer to the request of this id. What it changed is durable.
    Result {
        /// The id of the request.
        #[cfg_attr(test, schemars(with = "RequestId"))]
        id: Value,
        /// What was asked for; its shape follows from the request.
        #[cfg_attr(test, schemars(with = "Answer"))]
        result: Told,
    },
    /// The request of this id was refused, and nothing was changed. Without an id: a frame that could
    /// not be understood or, before the socket is closed, why. Otherwise the socket stays.
    Error {
        /// The id of the request. Left out if no request is answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, schemars(with = "Option<RequestId>"))]
        id: Option<Value>,
        /// What is wrong.
        error: FrameError,
    },
    /// To each of the agent's own sockets whenever anything in it changes, be it in a record that it
    /// shows, such as the text of a presence or the limit of a profile; then `version` stays.
    Presence {
        /// The agent's own presence.
        agent: AgentPresence,
    },
    /// What this agent may choose has changed. Changes of the catalog gather: several reach an agent
    /// as one list.
    PresenceOptions {
        /// All that the agent may choose now.
        presences: Catalog,
    },
    /// The state when the watch began, in parts of bounded size. The position `seq` is held after the
    /// last part; agents may be shown newer than that.
    Snapshot {
        /// The id of the watch.
        watch_id: String,
        /// Changes only if the log was replaced, for example by a backup.
        epoch: String,
        /// The position that the client holds after the last part.
        seq: u64,
        /// Which part this is; counts from 1.
        part: u32,
        /// How many parts there are.
        parts: u32,
        /// Agents that the watch shows.
        agents: Vec<Entry>,
        /// The whole catalog. Only in the first part.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        presences: Option<Catalog>,
        /// Counts over the whole watch. Only in the first part.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<Summary>,
    },
    /// The newest state of each agent that changed since the last frame, to replace what is held, and
    /// those that no longer match. State, not history: a slow reader is sent fewer, newer frames.
    Changes {
        /// The id of the watch.
        watch_id: String,
        /// The position that the client holds now, and may resume from.
        seq: u64,
        /// Agents that the watch shows, as they are now.
        agents: Vec<Entry>,
        /// The ids of agents that the watch no longer shows. Some may never have been held.
        left: Vec<String>,
        /// The whole catalog. Only in the first frame of a watch that resumed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        presences: Option<Catalog>,
        /// Counts over the whole watch. Left out if they did not change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<Summary>,
    },
    /// The catalog changed. It comes before any frame that names a new presence; otherwise changes
    /// gather, and several reach a watcher as one list.
    Presences {
        /// The whole catalog.
        presences: Catalog,
    },
    /// To work systems: an offer ended because the agent was disconnected or went away. It is to be
    /// offered to someone else now. Told at least once.
    OfferWithdrawn {
        /// The id of the agent.
        agent_id: String,
        /// The id of the work item.
        work_item_id: String,
        /// Why the offer ended.
        reason: WithdrawalReason,
    },
    /// What is held of this watch can no longer be brought up to date. A snapshot follows.
    Resync {
        /// The id of the watch.
        watch_id: String,
        /// Why.
        reason: ResyncReason,
    },
    /// Something that the person should be told.
    Notice {
        /// What it is about.
        code: NoticeCode,
        /// Who did it. Left out if there is nobody to name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        actor: Option<ModifiedBy>,
        /// Why, in the words of whoever did it. Left out if nothing was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The id of the work item that it is about. Left out if it is about none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        work_item_id: Option<String>,
    },
    /// When nothing else was sent for `heartbeatSeconds`, so that a quiet hub can be told from a dead
    /// one; to pages that answer them, every `heartbeatSeconds` whatever else is sent. To all at once when `stale`
    /// changes.
    Heartbeat {
        /// The position that the client holds now of all that this connection watches, and may resume from. Left out
        /// if it watches nothing, or is yet to be sent all of it: what the client holds of before stands where it stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        /// The hub's time.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        server_time: String,
        /// True while the hub knows of changes that it could not keep yet, or is cut off from the log of its
        /// cluster, so that what is shown may be old. Left out otherwise.
        #[serde(default, skip_serializing_if = "is_false")]
        stale: bool,
    },
    /// A minute before the credentials end: they can be renewed with `authenticate`.
    TokenExpiring {
        /// When they end.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        expires_at: String,
    },
    /// A planned stop. Clients come back after a random time in the range.
    Restarting {
        /// The shortest and the longest time after which to come back, in milliseconds.
        reconnect_after_ms: [u64; 2],
    },
}

/// A frame as the hub writes it: entries and catalogs that stand in many frames are written once.
pub type Outgoing = HubFrame<Written<WatchedAgent>, Written<Vec<Presence>>, Answer>;

/// What most frames fit into: an agent's own presence takes some 900 bytes.
const USUAL_BYTES: usize = 1_024;

impl Outgoing {
    /// Bytes that it takes, about: what is written already, and room for its own words.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let (agents, presences) = match self {
            Self::Snapshot { agents, presences, .. } | Self::Changes { agents, presences, .. } => {
                (&agents[..], presences.as_ref())
            }
            Self::Welcome { presence_options, .. } => (&[][..], presence_options.as_ref()),
            Self::PresenceOptions { presences } | Self::Presences { presences } => (&[][..], Some(presences)),
            Self::Result { .. }
            | Self::Error { .. }
            | Self::Presence { .. }
            | Self::OfferWithdrawn { .. }
            | Self::Resync { .. }
            | Self::Notice { .. }
            | Self::Heartbeat { .. }
            | Self::TokenExpiring { .. }
            | Self::Restarting { .. } => (&[][..], None),
        };
        let presences = presences.map_or(0, Written::bytes);
        USUAL_BYTES + presences + agents.iter().map(|entry| entry.bytes() + 1).sum::<usize>()
    }
}

/// Why an offer ended: how the agent was disconnected (`TAB_CLOSED`, `NETWORK_LOST` and the like), or
/// what happened instead (`SET_PRESENCE` when Offline was chosen, and the like).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum WithdrawalReason {
    /// How it happened.
    How(SubEventName),
    /// What happened, if there is nothing more to say.
    What(EventName),
}

/// Why what is held of a watch can no longer be brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ResyncReason {
    /// The workstream that the filter names allows other presences now.
    WorkstreamChanged,
}

/// What a person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum NoticeCode {
    /// A supervisor set the agent's presence.
    PresenceSetBySupervisor,
    /// A supervisor signed the agent out.
    SignedOutBySupervisor,
    /// A notification was missed, and the agent is Inactive.
    MissedNotification,
    /// A notification was rejected, and the agent is in Do not disturb.
    RejectedNotification,
    /// The limit of open work items was reached, and the agent is in Do not disturb.
    WorkItemLimit,
    /// The time for which a presence was chosen is over.
    PresenceExpired,
    /// The agent's presence was retired, and the one that ships with the same base status followed.
    PresenceRetired,
}

/// Chosen by the client, and repeated by the answer: a number or a text of at most 512 bytes.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "stands in the documents only: the hub repeats an id and does not read it")]
pub enum RequestId {
    /// A number.
    Number(serde_json::Number),
    /// A text.
    Text(String),
}

/// What a request is answered with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Answer {
    /// To `setPresence` and `resetPresence`.
    Presence(Box<AgentPresence>),
    /// To `watch`.
    Watch(WatchResult),
    /// To what acts on other agents.
    Agents(Results<AgentResult>),
    /// To `events`.
    Events(Results<EventResult>),
    /// To `authenticate`.
    Token(TokenRenewed),
    /// To `signOut` and `unwatch`.
    Nothing(Nothing),
}
