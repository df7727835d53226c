//! Why an agent's presence is what it is.

use serde::{Deserialize, Serialize};

use super::{AgentPresence, Capacity, Hold, WorkItem};

/// Why an agent's presence is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The presence that is explained.
    pub presence: AgentPresence,
    /// The instant of the agent's newest change, of those up to the instant that was asked for.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The rules that the newest change looked at, in order. The last one that applied made the
    /// presence what it is.
    pub rules: Vec<RuleConsidered>,
    /// The sums of the agent's capacity.
    pub capacity: Capacity,
    /// The work items that take capacity.
    pub holding_capacity: Vec<WorkItem>,
    /// Whether the agent is there.
    pub connection: ConnectionState,
    /// Why new work is kept from the agent; while it is disconnected, what a return brings back. Null
    /// if there is no hold.
    pub hold: Option<Hold>,
}

/// A rule that a change looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuleConsidered {
    /// The number of the rule in the rule book, such as `R-50`.
    pub rule: String,
    /// What the rule says.
    pub says: String,
    /// Whether the rule decided something. Otherwise it was looked at and passed over.
    pub applied: bool,
}

/// Whether an agent is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ConnectionState {
    /// It is not signed in.
    SignedOut,
    /// It has at least one live socket.
    Connected {
        /// The ids of its sessions.
        sessions: Vec<String>,
    },
    /// It has no live socket, and Offline is held back because its page reloads or the hub itself
    /// restarted.
    Held {
        /// From when its absence counts if it does not return.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        since: String,
        /// The last instant at which a return was never shown as an absence.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        until: String,
    },
    /// It has no live socket, and others see Offline.
    Disconnected {
        /// The last instant at which a return brings back what was.
        #[cfg_attr(test, schemars(extend("format" = "date-time")))]
        restore_until: String,
    },
}
