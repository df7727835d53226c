//! Agents and their entries, as tests and measurements of engines append them.

use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::{Actor, Cause, EventName};
use presence_hub::domain::change::{Change, Moves};
use presence_hub::domain::ids::AgentId;
use presence_hub::domain::record::AgentRecord;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::Entry;

/// When everything happens.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// The agent at that version.
pub fn agent(name: &str, version: u64) -> Agent {
    Agent { version, ..Agent::unborn(AgentRecord::new(AgentId::new(name).unwrap(), name), NOW) }
}

/// The step that led to this state.
pub fn entry(after: Agent) -> Entry {
    let change = Change {
        at: NOW,
        cause: Cause::of(EventName::SetPresence),
        actor: Actor::Agent(after.record.agent.clone()),
        moves: Moves::Presence,
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        network: None,
        reason: None,
        trace: after.trace.clone(),
        after: after.into(),
    };
    Entry::Agent { change: Box::new(change), directory_seq: 0 }
}
