//! Whatever happens to whom, and whatever the clock does: the rows of an agent leave no gap, do not overlap, and
//! say of each instant what the log says.

use std::sync::Arc;

use std::collections::BTreeMap;

use proptest::prelude::*;
use rusqlite::Connection;

use super::keeper::Keeper;
use super::row::Row;
use super::rows::{Columns as _, Place, Rows};
use super::stood::Stood;
use super::test_world::{Happening, What, World, a_happening, database, keeper, replayed};
use crate::domain::agent::Agent;
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::history_tables::everything_of;

/// An interval as the view shows it: start, end, presence, teams and seq.
type Shown = (i64, Option<i64>, String, String, u64);

fn intervals(connection: &Connection, agent: &AgentId) -> Vec<Shown> {
    let mut select = connection
        .prepare(
            "SELECT start, end, presence_id, teams, seq FROM history_intervals WHERE agent_id = ? ORDER BY start, seq",
        )
        .unwrap();
    let rows =
        select.query_map([agent.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn the_rows_say_of_each_instant_what_the_log_says(happenings in prop::collection::vec(a_happening(), 1..60)) {
        let (kept, mut keeper, mut world) = (database(), keeper(), World::new());
        for happening in &happenings {
            if happening.after_undoing {
                kept.execute_batch("BEGIN").unwrap();
                let mut elsewhere = World::new();
                elsewhere.happens(&Happening { what: What::MovesTo("nowhere"), ..happening.clone() });
                keeper.add(&kept, &Row::of(0, &elsewhere.log[0])).unwrap();
                kept.execute_batch("ROLLBACK").unwrap();
                keeper.forget();
            }
            world.happens(happening);
            keeper.add(&kept, &Row::of(world.log.len() as u64, world.log.last().unwrap())).unwrap();
        }

        for agent in world.agents.iter().map(|agent| &agent.record.agent) {
            let (steps, shown) = (replayed(&world.log, agent), intervals(&kept, agent));
            let mut expected: Vec<Shown> = Vec::new();
            for (place, (start, seq, change)) in steps.iter().enumerate() {
                if change.after.deleted.is_none() {
                    let teams = serde_json::json!(change.after.record.teams).to_string();
                    let end = steps.get(place + 1).map(|(next, ..)| *next);
                    expected.push((*start, end, change.after.shown_presence().to_owned(), teams, *seq));
                }
            }
            prop_assert_eq!(&shown, &expected);
            prop_assert!(shown.iter().all(|(start, end, ..)| end.is_none_or(|end| *start <= end)));
        }

        prop_assert_eq!(everything_of(&kept), everything_of(&world.keep()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn a_question_finds_the_rows_that_there_were_when_it_began_however_they_settle_meanwhile(
        happenings in prop::collection::vec(a_happening(), 1..60),
        until in any::<prop::sample::Index>(),
    ) {
        let (kept, mut keeper, mut world) = (database(), keeper(), World::new());
        let until = until.index(happenings.len());
        let mut question = None;
        for (place, happening) in happenings.iter().enumerate() {
            if place == until {
                question = Some((Rows::of_all(&kept).unwrap(), world.log.clone()));
            }
            // A clock that went back would change starts.
            world.happens(&Happening { passes: happening.passes.max(0), ..happening.clone() });
            keeper.add(&kept, &Row::of(world.log.len() as u64, world.log.last().unwrap())).unwrap();
        }
        let (rows, log) = question.unwrap();
        for (number, agent) in numbers(&kept) {
            let expected: Vec<u64> = replayed(&log, &agent).iter().map(|(_, seq, _)| *seq).collect();
            let seqs = |found: Vec<Stood>| found.iter().map(|stood| stood.place().seq).collect::<Vec<_>>();
            let forwards = seqs(rows.between(number, Place::FIRST, Place::LAST, 1_000).unwrap());
            prop_assert_eq!(&forwards, &expected);
            let mut backwards = seqs(rows.before(number, Place::LAST, 1_000).unwrap());
            backwards.reverse();
            prop_assert_eq!(&backwards, &expected);
        }
    }
}

/// The agents that the tables know, by their numbers.
fn numbers(connection: &Connection) -> Vec<(i64, AgentId)> {
    let mut select = connection.prepare("SELECT number, agent_id FROM history_agents").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, AgentId::new(row.get::<_, String>(1)?).unwrap())));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_change_costs_at_most_sixty_bytes() {
    let (connection, mut keeper) = (database(), Keeper::default());
    connection.execute_batch("BEGIN").unwrap();
    let mut world = World::new();
    let names: Vec<AgentId> = (0..1_000).map(|number| AgentId::new(format!("agent-{number}")).unwrap()).collect();
    let mut rows = BTreeMap::new();
    for number in 0..60_000_u64 {
        let agent = number.wrapping_mul(2_654_435_761) as usize % names.len();
        world.happens(&Happening {
            agent: 0,
            passes: 400,
            what: What::Becomes(number as usize % 3),
            after_undoing: false,
        });
        let mut change = world.log.pop().unwrap();
        let mut after = Agent::clone(&change.after);
        after.record = Arc::new(AgentRecord { units: Some(100), ..AgentRecord::new(names[agent].clone(), "An agent") });
        let version: &mut u64 = rows.entry(agent).or_default();
        *version += 1;
        after.version = *version;
        change.reason = None;
        change.after = after.into();
        keeper.add(&connection, &Row::of(10_000_000 + number, &change)).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    let pages: u64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let bytes = pages * 4_096 / 60_000;
    println!("{bytes} bytes a change");
    assert!(bytes <= 60, "{bytes} bytes a change");
}
