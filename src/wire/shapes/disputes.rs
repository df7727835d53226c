//! What agents say of entries of their history.

use serde::{Deserialize, Serialize};

#[cfg(test)]
use super::Words;

/// The longest note of a dispute, in characters.
pub const MAX_DISPUTE_NOTE: usize = 500;

/// An entry of the caller's history, and what it says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DisputeEntry {
    /// When the entry starts, as the history says it.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// The entry's position in the log, as the history says it.
    pub seq: u64,
    /// What is wrong with it: at most 500 characters.
    #[cfg_attr(test, schemars(with = "Words<MAX_DISPUTE_NOTE>"))]
    pub note: String,
}

/// An agent disputes an entry of its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Dispute {
    /// Its id.
    pub dispute_id: String,
    /// The agent.
    pub agent_id: String,
    /// When the entry starts.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub start: String,
    /// The entry's position in the log: `seq` of a row of the agent's history.
    pub seq: u64,
    /// What the agent says.
    pub note: String,
    /// When it said so.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
}
