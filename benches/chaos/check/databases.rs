//! The logs of the three hubs: equal, without a gap in the versions of an agent, each operation once.

use std::collections::BTreeMap;

use super::Violation;
use crate::logs::{Row, State};

/// Differences that are told; the rest is like them.
const TOLD: usize = 5;

pub fn are_equal(logs: &[Vec<Row>]) -> Vec<Violation> {
    let Some((first, others)) = logs.split_first() else { return Vec::new() };
    let mut broken = Vec::new();
    for (number, other) in others.iter().enumerate() {
        let (a, b): (BTreeMap<_, _>, BTreeMap<_, _>) = (by_seq(first), by_seq(other));
        let mut positions: Vec<u64> = a.keys().chain(b.keys()).copied().collect();
        positions.sort_unstable();
        positions.dedup();
        let differ = positions.into_iter().filter(|seq| !is_same(a.get(seq), b.get(seq)));
        broken.extend(differ.take(TOLD).map(|seq| {
            format!("log of hub 1 and of hub {} differ at {seq}: {:?} / {:?}", number + 2, a.get(&seq), b.get(&seq))
        }));
    }
    broken
}

fn by_seq(log: &[Row]) -> BTreeMap<u64, &Row> {
    log.iter().map(|row| (row.seq, row)).collect()
}

fn is_same(one: Option<&&Row>, other: Option<&&Row>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            (&one.subject, &one.entry, &one.operation) == (&other.subject, &other.entry, &other.operation)
        }
        (Some(_) | None, None) | (None, Some(_)) => false,
    }
}

pub fn have_no_gap(states: &[(Row, State)]) -> Vec<Violation> {
    let mut last: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut broken = Vec::new();
    for (row, state) in states {
        let before = last.insert(&state.agent, (state.version, row.seq));
        let (version, seq) = before.unwrap_or((0, 0));
        if state.version != version + 1 {
            let (agent, now) = (&state.agent, state.version);
            broken.push(format!("{agent}: version {now} at {} follows version {version} at {seq}", row.seq));
        }
    }
    broken
}

pub fn have_operations_once(logs: &[Vec<Row>]) -> Vec<Violation> {
    let mut broken = Vec::new();
    for (hub, log) in logs.iter().enumerate() {
        let mut places: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for row in log {
            row.operation.iter().for_each(|operation| places.entry(operation).or_default().push(row.seq));
        }
        let twice = places.into_iter().filter(|(_, places)| places.len() > 1);
        broken.extend(twice.map(|(operation, places)| format!("hub {}: {operation} stands at {places:?}", hub + 1)));
    }
    broken
}
