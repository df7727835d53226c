//! What a decision returns: changes, each with the agent's whole state after it.

use std::sync::Arc;

use super::agent::Agent;
use super::cause::{Actor, Cause};
use super::ids::WorkItemId;
use super::network::Network;
use super::time::Timestamp;
use super::trace::Trace;

/// One step of an agent's life: its cause, who caused it, and the whole state after it. Keeping it
/// is all there is to evolving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it took effect; a deadline's own instant, even if it was noticed later.
    pub at: Timestamp,
    /// What caused this change. [`Agent::cause`] is the cause of what others see.
    pub cause: Cause,
    /// Who caused it.
    pub actor: Actor,
    /// What of it others see.
    pub moves: Moves,
    /// The work item it was about.
    pub work_item: Option<WorkItemId>,
    /// Offers that ended because the agent was disconnected or went away.
    pub withdrawn: Vec<WorkItemId>,
    /// The time that a work system reported; kept, never used (contract, *Delivery*).
    pub reported_time: Option<String>,
    /// The network of the session that ended with it, as far as is known.
    pub network: Option<Network>,
    /// Why, in the words of whoever asked for it; that of a chosen presence is in its standing.
    pub reason: Option<String>,
    /// What this decision considered. The state after it keeps it only if it was about the presence.
    pub trace: Trace,
    /// The state after it.
    pub after: Arc<Agent>,
}

/// What of a change others see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moves {
    /// The presence with what belongs to it (its origin, hold, reason and end), or whether the agent is there.
    Presence,
    /// Something beside it: work, capacity, sessions, the record.
    Beside,
}

/// What a command leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// In order; none if the command asks for what already is.
    pub changes: Vec<Change>,
    /// What the caller should know although the command was applied.
    pub remark: Option<Remark>,
}

/// What the caller should know although the command was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The limit of open work items was reached; the offer was not kept.
    WorkItemLimit,
    /// The agent has no live session; the offer ended at once.
    AgentNotConnected,
}
