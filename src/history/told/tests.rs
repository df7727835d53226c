//! Plans in a database: what takes the place of what, and what goes.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use rusqlite::Connection;

use super::disputes::{MOST_OF_AN_AGENT, Wanted, of_agent, page};
use super::keep::{MOST_REPLACED, blank, change, forget, rename};
use super::people::number;
use super::read::{activities, exceptions, find_exception, overlapping, planned};
use super::{Became, Told};
use crate::domain::dispute::Dispute;
use crate::domain::ids::{ActivityId, AgentId};
use crate::domain::plan::{Activity, Exception, MAX_PLANNED, Plan, Planned};
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::time::Timestamp;
use crate::history::test_world;

const ACTIVITIES: [&str; 2] = ["calls", "lunch"];

fn activity(id: &str) -> Activity {
    Activity {
        id: ActivityId::new(id).unwrap(),
        text: id.to_owned(),
        presences: [BuiltIn::Away.id()].into(),
        bases: [BaseStatus::Busy].into(),
        tolerance: Duration::from_secs(60),
    }
}

fn database() -> Connection {
    let connection = test_world::database();
    connection.execute("INSERT INTO history_agents VALUES (7, 'ada')", []).unwrap();
    let made: Vec<Told> = ACTIVITIES.map(|id| Told::Activity(activity(id))).into();
    assert_eq!(change(&connection, &made).unwrap(), [Became::Kept, Became::Kept]);
    connection
}

fn ada() -> AgentId {
    AgentId::new("ada").unwrap()
}

fn item(start: i64, end: i64, activity: &str) -> Planned {
    Planned { start: Timestamp(start), end: Timestamp(end), activity: ActivityId::new(activity).unwrap() }
}

fn plan(from: i64, to: i64, items: Vec<Planned>) -> Told {
    Told::Plan(Arc::new(Plan::new(ada(), Timestamp(from), Timestamp(to), items).unwrap()))
}

fn all(connection: &Connection) -> Vec<(i64, i64, String)> {
    let planned = planned(connection, &ada(), Timestamp(i64::MIN), Timestamp(i64::MAX), 10_000).unwrap();
    planned.into_iter().map(|one| (one.start.0, one.end.0, one.activity.as_str().to_owned())).collect()
}

/// How often each activity is planned, as it is counted and as it is.
fn counts(connection: &Connection) -> Vec<(i64, i64)> {
    let counts = "SELECT planned, (SELECT count(*) FROM plans WHERE activity = number) FROM plan_activities";
    let mut select = connection.prepare(counts).unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// A time, and what is planned in it: lengths of gaps and of activities.
fn a_plan() -> impl Strategy<Value = (i64, i64, Vec<Planned>)> {
    let items = prop::collection::vec((0..4_i64, 1..6_i64, 0..2_usize), 0..6);
    (0..60_i64, 1..40_i64, items).prop_map(|(from, long, items)| {
        let (to, mut at, mut planned) = (from + long, from, Vec::new());
        for (gap, lasts, which) in items {
            let start = at + gap;
            at = start + lasts;
            if at <= to {
                planned.push(item(start, at, ACTIVITIES[which]));
            }
        }
        (from, to, planned)
    })
}

proptest! {
    #[test]
    fn a_plan_takes_the_place_of_what_was_planned_in_its_time_and_of_nothing_else(
        plans in prop::collection::vec(a_plan(), 1..8), at in 0..100_i64,
    ) {
        let connection = database();
        let mut instants: Vec<Option<String>> = vec![None; 120];
        for (from, to, items) in plans {
            for instant in from..to {
                let is = items.iter().find(|one| (one.start.0..one.end.0).contains(&instant));
                instants[usize::try_from(instant).unwrap()] = is.map(|one| one.activity.as_str().to_owned());
            }
            prop_assert_eq!(change(&connection, &[plan(from, to, items)]).unwrap(), [Became::Kept]);
            let mut found = vec![None; 120];
            for (start, end, activity) in all(&connection) {
                for instant in start..end {
                    let one = &mut found[usize::try_from(instant).unwrap()];
                    prop_assert!(one.is_none(), "two at {}", instant);
                    *one = Some(activity.clone());
                }
            }
            prop_assert_eq!(&found, &instants);
        }
        let ada = number(&connection, "ada").unwrap().unwrap();
        // What lasts within a time is found as it is by looking at all of it.
        let (from, to) = (Timestamp(at), Timestamp(at + 7));
        let whole = overlapping(&connection, ada, Timestamp(i64::MIN), Timestamp(i64::MAX), 1_000).unwrap();
        let within: Vec<_> = whole.iter().filter(|span| span.start < to && span.end > from).copied().collect();
        prop_assert_eq!(overlapping(&connection, ada, from, to, 1_000).unwrap(), within);
        // What was over goes, and nothing else.
        let left: Vec<_> = all(&connection).into_iter().filter(|(_, end, _)| *end > at).collect();
        while forget(&connection, "ada", Timestamp(at), 2).unwrap() > 0 {}
        prop_assert_eq!(all(&connection), left);
        for (counted, is) in counts(&connection) {
            prop_assert_eq!(counted, is);
        }
    }
}

#[test]
fn an_activity_that_is_planned_stays() {
    let connection = database();
    change(&connection, &[plan(0, 10, vec![item(0, 10, "calls")])]).unwrap();
    let remove = |id| change(&connection, &[Told::ActivityRemoved(ActivityId::new(id).unwrap())]).unwrap();
    assert_eq!(remove("calls"), [Became::InUse]);
    assert_eq!((remove("lunch"), remove("lunch")), (vec![Became::Kept], vec![Became::Unknown]));
    let lunch = [plan(0, 5, vec![item(0, 5, "lunch")])];
    assert_eq!(change(&connection, &lunch).unwrap(), [Became::UnknownActivity(ActivityId::new("lunch").unwrap())]);
    assert_eq!(all(&connection), [(0, 10, "calls".to_owned())], "nothing of it was kept");
    change(&connection, &[plan(0, 10, vec![])]).unwrap();
    assert_eq!(remove("calls"), [Became::Kept]);
    assert!(activities(&connection).unwrap().is_empty());
}

#[test]
fn a_transaction_ends_after_some_rows_and_no_plan_replaces_very_many() {
    let connection = database();
    let many = |from: i64| {
        let count = i64::try_from(MAX_PLANNED).unwrap();
        plan(from, from + count, (from..from + count).map(|at| item(at, at + 1, "calls")).collect())
    };
    assert_eq!(change(&connection, &[many(0), many(500)]).unwrap(), [Became::Kept]);
    assert_eq!(change(&connection, &[many(500)]).unwrap(), [Became::Kept]);
    assert!(all(&connection).len() > MOST_REPLACED);
    assert_eq!(change(&connection, &[plan(0, 1_000, vec![])]).unwrap(), [Became::TooMuch]);
    assert_eq!(change(&connection, &[plan(0, 500, vec![])]).unwrap(), [Became::Kept]);
    assert_eq!(all(&connection).len(), MAX_PLANNED);
}

#[test]
fn exceptions_are_found_by_their_time_and_go_once_they_are_old() {
    let connection = database();
    let exception = |id: &str, start, end| Exception {
        id: id.to_owned(),
        agent: ada(),
        start: Timestamp(start),
        end: Timestamp(end),
        reason: "fire alarm".to_owned(),
        author: "sue".to_owned(),
        at: Timestamp(99),
    };
    let made = [exception("one", 0, 10), exception("two", 5, 30), exception("three", 30, 40)];
    change(&connection, &made.clone().map(Told::Exception)).unwrap();
    let within = |from, to| -> Vec<String> {
        let found = exceptions(&connection, &ada(), Timestamp(from), Timestamp(to), 10).unwrap();
        found.into_iter().map(|one| one.id).collect()
    };
    assert_eq!(within(9, 30), ["one", "two"]);
    assert_eq!(exceptions(&connection, &ada(), Timestamp(30), Timestamp(31), 10).unwrap(), [made[2].clone()]);
    while forget(&connection, "ada", Timestamp(30), 1).unwrap() > 0 {}
    assert_eq!(within(0, 100), ["three"]);
    let gone = Told::ExceptionRemoved("three".to_owned());
    let twice: Vec<_> = (0..2).flat_map(|_| change(&connection, std::slice::from_ref(&gone)).unwrap()).collect();
    assert_eq!(twice, [Became::Kept, Became::Unknown]);
}

#[test]
fn of_a_person_who_was_erased_a_pseudonym_is_told_and_no_reason() {
    let connection = database();
    let exception = Exception {
        id: "one".to_owned(),
        agent: ada(),
        start: Timestamp(0),
        end: Timestamp(10),
        reason: "ill".to_owned(),
        author: "sue".to_owned(),
        at: Timestamp(99),
    };
    let planned_before = plan(0, 10, vec![item(0, 10, "calls")]);
    change(&connection, &[planned_before.clone(), Told::Exception(exception.clone())]).unwrap();
    for (id, pseudonym) in [("ada", "erased-1"), ("sue", "erased-2")] {
        rename(&connection, id, pseudonym).unwrap();
        while blank(&connection, pseudonym).unwrap() {}
    }
    connection.execute("UPDATE history_agents SET agent_id = 'erased-1'", []).unwrap();
    let erased = AgentId::new("erased-1").unwrap();
    let left =
        Exception { agent: erased.clone(), reason: String::new(), author: "erased-2".to_owned(), ..exception.clone() };
    assert_eq!(find_exception(&connection, "one").unwrap(), Some(left));
    assert_eq!(planned(&connection, &erased, Timestamp(0), Timestamp(10), 9).unwrap(), [item(0, 10, "calls")]);
    // Whatever still names it brings nothing of it back.
    let late = [planned_before, Told::Exception(exception)];
    assert_eq!(change(&connection, &late).unwrap(), [Became::UnknownAgent, Became::UnknownAgent]);
    assert!(all(&connection).is_empty());
}

fn dispute(number: usize, seq: u64) -> Told {
    let (start, at) = (Timestamp(5), Timestamp(number.try_into().unwrap()));
    Told::Dispute(Dispute { id: format!("{number:04}"), agent: ada(), start, seq, note: "not so".to_owned(), at })
}

#[test]
fn an_agent_disputes_entries_that_there_are_and_not_too_many() {
    let connection = database();
    connection.execute("INSERT INTO history VALUES (7, 5, 3, 1, 1, NULL, 1, 1, NULL, NULL)", []).unwrap();
    assert_eq!(change(&connection, &[dispute(0, 4)]).unwrap(), [Became::Unknown]);
    for number in 0..MOST_OF_AN_AGENT {
        assert_eq!(change(&connection, &[dispute(number, 3)]).unwrap(), [Became::Kept]);
    }
    assert_eq!(change(&connection, &[dispute(MOST_OF_AN_AGENT, 3)]).unwrap(), [Became::TooMany]);
    assert_eq!(forget(&connection, "ada", Timestamp(2), 10).unwrap(), 2);
    assert_eq!(of_agent(&connection, &ada()).unwrap().len(), MOST_OF_AN_AGENT - 2);
    rename(&connection, "ada", "erased-1").unwrap();
    while blank(&connection, "erased-1").unwrap() {}
    assert!(of_agent(&connection, &AgentId::new("erased-1").unwrap()).unwrap().is_empty());
}

#[test]
fn a_page_of_disputes_that_finds_little_says_where_to_go_on() {
    let connection = database();
    connection.execute("INSERT INTO history VALUES (7, 5, 3, 1, 1, NULL, 1, 1, NULL, NULL)", []).unwrap();
    change(&connection, &[dispute(1, 3), dispute(2, 3), dispute(3, 3)]).unwrap();
    let all = Wanted { teams: None, from: Timestamp(2), to: Timestamp(i64::MAX), below: None, most: 1 };
    let (found, below) = page(&connection, &all).unwrap();
    assert_eq!((found.len(), found[0].at, below.as_ref().map(|below| below.at)), (1, Timestamp(3), Some(Timestamp(3))));
    let (found, below) = page(&connection, &Wanted { below, most: 9, ..all.clone() }).unwrap();
    assert_eq!((found.len(), found[0].at, below), (1, Timestamp(2), None));
    // Of teams that she never was of there are none.
    let others = Wanted { teams: Some(["sales".to_owned()].into()), most: 9, ..all };
    assert_eq!(page(&connection, &others).unwrap(), (Vec::new(), None));
}
