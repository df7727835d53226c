use std::collections::BTreeMap;

use proptest::prelude::*;
use rusqlite::Connection;

use super::export::{Export, Exported, Goes, Wanted};
use super::intervals::{self, Each, intervals};
use super::report::{self, By, Of, time_in_status};
use super::scope::Scope;
use super::test_world::{START, World, a_happening};
use crate::domain::time::Timestamp;

/// All rows, some at a time.
fn all(connection: &Connection, wanted: &Wanted, at_once: usize) -> Vec<Exported> {
    let mut export = Export::new(wanted.clone()).at_once(at_once);
    let mut rows = Vec::new();
    loop {
        let (some, goes) = export.bite(connection).unwrap();
        rows.extend(some);
        if goes == Goes::NoFurther {
            return rows;
        }
    }
}

fn scope(teams: Option<&str>) -> Scope {
    Scope { teams: teams.map(|team| [team.to_owned()].into()), agents: None }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_exported_is_what_was_cut_to_the_time_and_has_the_sums_of_the_report(
        happenings in prop::collection::vec(a_happening(), 0..40),
        from in -1_000..200_000_i64,
        span in 0..2_000_000_i64,
        at_once in 1..5_usize,
        team in prop::sample::select(vec![None, Some("billing"), Some("sales")]),
    ) {
        let (world, connection) = World::kept(&happenings);
        let (from, to) = (Timestamp(START + from), Timestamp(START + from + span));
        let wanted = Wanted { from, to, scope: scope(team) };
        let rows = all(&connection, &wanted, at_once);

        let mut sums = BTreeMap::new();
        for row in &rows {
            prop_assert!(from <= row.start && row.start <= row.end && row.end <= to);
            *sums.entry((row.agent.to_string(), row.state.presence.clone())).or_insert(0) += row.end.0 - row.start.0;
        }
        sums.retain(|_, millis| *millis > 0);
        let asked = report::Wanted { from, to, scope: scope(team), by: By::Agent };
        let told = time_in_status(&connection, &asked).unwrap().into_iter().map(|line| {
            let Of::Agent(agent) = line.of else { unreachable!() };
            ((agent, line.presence), line.millis)
        });
        prop_assert_eq!(sums, told.collect());

        if team.is_none() {
            for agent in world.ids() {
                let whole = intervals::Wanted {
                    agent: agent.clone(), from: Some(from), to: Some(to), each: Each::Change, begins: None, most: 1_000,
                };
                let whole = intervals(&connection, &whole).unwrap();
                // One that ends as the time begins is told of as the one before, not as a part of it.
                let within = whole.iter().filter(|one| {
                    one.stood.start >= from || one.end.is_none_or(|end| end > from)
                });
                let within: Vec<_> = within.map(|one| {
                    (one.stood.seq, one.stood.start.max(from), one.end.unwrap_or(to).min(to), one.stood.version)
                }).collect();
                let exported: Vec<_> = rows.iter().filter(|row| *row.agent == *agent.as_str())
                    .map(|row| (row.seq, row.start, row.end, row.version)).collect();
                prop_assert_eq!(exported, within);
            }
        }
    }
}
