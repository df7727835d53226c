//! What was acknowledged: it is in every database, and in the order of real time.

use std::collections::BTreeMap;

use super::Violation;
use crate::logs::{Row, State};
use crate::record::Ack;

pub fn are_kept(acks: &[Ack], logs: &[Vec<Row>]) -> Vec<Violation> {
    let mut broken = Vec::new();
    for (hub, log) in logs.iter().enumerate() {
        let mut operations: BTreeMap<&str, (&Row, u64)> = BTreeMap::new();
        let mut versions: BTreeMap<(String, u64), u64> = BTreeMap::new();
        for row in log {
            let Some(state) = row.state() else { continue };
            if let Some(operation) = &row.operation {
                operations.insert(operation, (row, state.version));
            }
            versions.insert((state.agent, state.version), row.seq);
        }
        for ack in acks {
            let kept = match &ack.operation {
                Some(operation) => operations.get(operation.as_str()).is_some_and(|(row, version)| {
                    row.subject == format!("agent/{}", ack.agent) && *version == ack.version
                }),
                None => {
                    let seq = versions.get(&(ack.agent.clone(), ack.version));
                    seq.is_some_and(|seq| ack.seq.is_none_or(|said| said == *seq))
                }
            };
            if !kept {
                let found = ack.operation.as_ref().and_then(|operation| operations.get(operation.as_str()));
                let there = versions.get(&(ack.agent.clone(), ack.version));
                broken.push(format!(
                    "hub {} does not have what hub {} acknowledged: {ack:?}; found {found:?}, that version at {there:?}",
                    hub + 1,
                    ack.hub + 1
                ));
            }
        }
    }
    broken
}

/// What was sent after something was answered stands behind it.
pub fn are_in_order(acks: &[Ack], states: &[(Row, State)]) -> Vec<Violation> {
    let mut broken = Vec::new();
    let mut by_agent: BTreeMap<&str, Vec<&Ack>> = BTreeMap::new();
    acks.iter().for_each(|ack| by_agent.entry(&ack.agent).or_default().push(ack));
    let places: BTreeMap<(&str, u64), u64> =
        states.iter().map(|(row, state)| ((state.agent.as_str(), state.version), row.seq)).collect();
    for (agent, mut acks) in by_agent {
        acks.sort_by_key(|ack| ack.answered);
        for later in &acks {
            let before = acks.iter().filter(|earlier| earlier.answered < later.sent);
            let Some(newest) = before.max_by_key(|earlier| earlier.version) else { continue };
            // A command that changes nothing is answered with what is there.
            let is_ordered = match later.operation {
                Some(_) => later.version > newest.version,
                None => later.version >= newest.version,
            };
            if !is_ordered {
                let place = |ack: &Ack| places.get(&(agent, ack.version)).copied();
                let (one, other) = (place(newest), place(later));
                broken.push(format!(
                    "{agent}: {newest:?} at {one:?} was answered before {later:?} at {other:?} was sent"
                ));
            }
        }
    }
    broken
}
