//! Changes to tell of.

use std::sync::Arc;

use super::told::Told;
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::change::{Change, Moves};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::wire::changed::Teller;

pub fn teller() -> Teller {
    Teller { epoch: "6f1c".to_owned(), source: "presence-hub".to_owned() }
}

/// A change of an agent of these teams, at the instant of its number.
pub fn change(seq: u64, teams: &[&str]) -> Change {
    let teams = teams.iter().map(|team| (*team).to_owned()).collect();
    let record = AgentRecord { teams, ..AgentRecord::new(AgentId::new("ada").unwrap(), "Ada") };
    let mut agent = Agent::unborn(record, Timestamp(0));
    agent.version = seq;
    Change {
        at: Timestamp(i64::try_from(seq).unwrap()),
        cause: Cause::of(EventName::SetPresence),
        actor: Actor::System,
        moves: Moves::Presence,
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        network: None,
        reason: None,
        trace: agent.trace.clone(),
        after: Arc::new(agent),
    }
}

pub fn told(seq: u64) -> Told {
    Told::of(seq, &change(seq, &["billing"]), &teller())
}
