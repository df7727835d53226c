//! Erasing a person: what is asked for, and what is known of it.

use std::sync::Arc;

use crate::domain::audit::Asker;
use crate::domain::time::Timestamp;
use crate::engine::Seq;

/// What an administrator asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erase {
    /// Who is to be erased: the id of a deleted agent, or the subject of anybody who acted.
    pub id: String,
    /// Who asks.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who asks, as the audit says it.
    pub asker: Option<Arc<Asker>>,
    /// What is to stand in the place of the id; none lets the engine choose.
    pub pseudonym: Option<String>,
    /// Where the agent's newest entry stands, whom this node knows to be deleted. Another node may have been away, and
    /// never hear of that entry.
    pub deleted: Option<Seq>,
}

/// The audit of an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// What stands in the place of the id.
    pub pseudonym: String,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How far it has come.
    pub state: ErasureState,
}

/// How far an erasure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasureState {
    /// Nobody is told the id and the name any more, and they are being taken from what is kept.
    UnderWay,
    /// They are nowhere in the database.
    Done,
}

/// Why nobody is erased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotErased {
    /// The agent's record is there.
    #[error("the agent is still there; delete its record first")]
    StillThere,
    /// Nothing is known of the id.
    #[error("nothing is known of this id")]
    Unknown,
    /// The engine cannot be asked.
    #[error("the engine cannot erase now: {0}")]
    Unreachable(String),
}
