//! What an agent says of an entry of its history. The entry stays as it is; the note stands beside it.

use super::ids::AgentId;
use super::time::Timestamp;

/// An agent disputes an entry of its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Its id.
    pub id: String,
    /// Whose entry, and who disputes it.
    pub agent: AgentId,
    /// When the entry starts.
    pub start: Timestamp,
    /// The position of the entry in the log.
    pub seq: u64,
    /// What the agent says.
    pub note: String,
    /// When it said so.
    pub at: Timestamp,
}
