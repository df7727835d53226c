//! What the embedded engine keeps for how long.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use presence_hub::domain::ids::ActivityId;
use presence_hub::domain::plan::{Activity, Exception, Plan, Planned};
use presence_hub::domain::presence::BuiltIn;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::embedded::{self, Embedded, Retention};
use presence_hub::engine::{Append, Engine, Entry, NotedTold, Opened, Outcome, Seq};
use presence_hub::history::floor::floor;
use presence_hub::history::intervals::{Each, Wanted, intervals};
use presence_hub::history::reader::{Failed, Takes};
use presence_hub::history::scope::Scope;
use presence_hub::history::told::{Became, Told};
use rusqlite::Connection;

use crate::agents::{NOW, Running, as_operation, id, open, step};
use crate::history_tables::everything_of;

const DAY: Duration = Duration::from_hours(24);
const AGENTS: [&str; 3] = ["anna", "ben", "cyd"];

pub fn open_keeping(folder: &Path, days: u32) -> Running<Embedded> {
    let hub = open(folder);
    let clock = hub.clock.clone();
    hub.stop();
    let retention = Retention { keep: Some(DAY * days), log: Some(DAY * days), audit: Some(DAY * days) };
    let Opened { engine, loaded, tail, .. } =
        embedded::open(folder).unwrap().keeping(retention).start(clock.clone()).unwrap();
    Running { inner: engine.clone(), engine, loaded, tail, clock, peers: None }
}

/// The step, as it happens now.
pub fn at(now: Timestamp, mut append: Append) -> Append {
    for entry in &mut append.entries {
        match entry {
            Entry::Agent { change, .. } => change.at = now,
            Entry::Directory { at, .. } => *at = now,
        }
    }
    append
}

/// So many changes of three agents in turn, a minute apart. Returns where the newest of each is.
async fn lives(hub: &mut Running<Embedded>, mut newest: [Seq; 3], versions: std::ops::Range<u64>) -> [Seq; 3] {
    for version in versions {
        for (name, newest) in AGENTS.iter().zip(&mut newest) {
            hub.clock.advance(Duration::from_secs(20));
            *newest = hub.keep(at(hub.clock.now(), step(name, *newest, version))).await;
        }
    }
    newest
}

fn count(folder: &Path, of: &str) -> u64 {
    let connection = Connection::open(folder.join("hub.db")).unwrap();
    connection.query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0)).unwrap()
}

/// Ben is planned to take calls on so many days from the first, each from an hour after it began until half a day later;
/// the first is excused.
fn planned(days: u32) -> Vec<NotedTold> {
    let (ben, calls) = (id("ben"), ActivityId::new("calls").unwrap());
    let activity = Activity {
        id: calls.clone(),
        text: "Calls".to_owned(),
        presences: [BuiltIn::Busy.id()].into(),
        bases: BTreeSet::new(),
        tolerance: Duration::ZERO,
    };
    let hours = |hours: u32| NOW.plus(Duration::from_secs(3_600) * hours);
    let item = |day| Planned { start: hours(24 * day + 1), end: hours(24 * day + 12), activity: calls.clone() };
    let plan = Plan::new(ben.clone(), NOW, hours(24 * days), (0..days).map(item).collect()).unwrap();
    let exception = Exception {
        id: "one".to_owned(),
        agent: ben,
        start: NOW,
        end: hours(24),
        reason: "fire alarm".to_owned(),
        author: "sue".to_owned(),
        at: NOW,
    };
    let changes = [Told::Activity(activity), Told::Plan(plan.into()), Told::Exception(exception)];
    changes.map(|change| (change, None)).into()
}

fn told(folder: &Path) -> Vec<String> {
    everything_of(&Connection::open(folder.join("hub.db")).unwrap())
}

#[tokio::test(start_paused = true)]
async fn old_entries_are_packed_and_read_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let newest = lives(&mut hub, [0; 3], 1..101).await;
    hub.clock.advance(DAY * 5);
    hub.engine.keep_up().await.unwrap();
    // Nothing stands in the log but the newest of each.
    assert_eq!((count(folder.path(), "log"), count(folder.path(), "log_packed")), (3, 5));
    // Whoever is not the newest any more goes from there.
    let newest = lives(&mut hub, newest, 101..102).await;
    assert_eq!(count(folder.path(), "log"), 3);
    let conflict = hub.refusal(step("ben", newest[1] - 3, 102)).await;
    assert_eq!(conflict, Outcome::Conflict { newest: newest[1] });
    hub.stop();

    let kept = told(folder.path());
    embedded::open(folder.path()).unwrap().rebuild_history(|_| {}).unwrap();
    assert_eq!(told(folder.path()), kept);
    let hub = open(folder.path());
    let loaded: Vec<_> = hub.loaded_agents().iter().map(|(seq, agent)| (*seq, agent.version)).collect();
    assert_eq!(loaded, newest.map(|seq| (seq, 101)));
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn operations_are_remembered_while_entries_of_their_age_are_not_packed() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let newest = lives(&mut hub, [0; 3], 1..11).await;
    hub.clock.advance(DAY * 3 + DAY / 2);
    let seq = hub.keep(as_operation("crm/1", step("anna", newest[0], 11))).await;
    hub.engine.keep_up().await.unwrap();
    assert_eq!(count(folder.path(), "log_packed"), 1);
    assert_eq!(count(folder.path(), &format!("log WHERE seq >= {seq}")), 1);
    assert!(hub.recall("crm/1").await.unwrap().is_some());
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_what_is_kept_goes_and_each_agents_presence_of_then_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open_keeping(folder.path(), 30);
    let newest = lives(&mut hub, [0; 3], 1..1_001).await;
    hub.clock.advance(DAY * 20);
    let newest = lives(&mut hub, newest, 1_001..1_011).await;
    assert_eq!(hub.engine.keep_told(planned(40)).await.unwrap().unwrap(), vec![Became::Kept; 3]);
    hub.engine.keep_up().await.unwrap();
    assert_eq!((count(folder.path(), "history_rows"), count(folder.path(), "plans")), (3_030, 40));
    hub.clock.advance(DAY * 15);
    hub.engine.keep_up().await.unwrap();
    // The last before the time that is kept, and what came in it.
    assert_eq!(count(folder.path(), "history_rows"), 3 * 11);
    // What was planned until then as well: six half days.
    assert_eq!((count(folder.path(), "plans"), count(folder.path(), "plan_exceptions")), (34, 0));
    assert_eq!(count(folder.path(), "log_packed WHERE first <= 2900"), 0);
    let reader = hub.engine.history().unwrap();
    let wanted = |agent| Wanted { agent, from: None, to: None, each: Each::Change, begins: None, most: 1_000 };
    let ask = move |connection: &Connection| intervals(connection, &wanted(id("ben")));
    let found = reader.ask(Takes::Moments, ask).await.unwrap();
    assert_eq!(found.iter().map(|found| found.stood.version).collect::<Vec<_>>(), (1_000..=1_010).collect::<Vec<_>>());
    // Nobody is told half of what was.
    let before = reader.ask(Takes::Moments, |connection| floor(connection, NOW, &Scope::default(), None, 10)).await;
    assert!(matches!(before, Err(Failed::NotKept { from }) if from > NOW), "{before:?}");
    hub.stop();

    // What the log no longer has stays as it is.
    let kept = told(folder.path());
    embedded::open(folder.path()).unwrap().rebuild_history(|_| {}).unwrap();
    assert_eq!(told(folder.path()), kept);
    let hub = open(folder.path());
    assert_eq!(hub.loaded_agents().len(), 3);
    assert_eq!(hub.loaded.seq, newest[2]);
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn a_bite_that_fails_is_taken_again_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let newest = lives(&mut hub, [0; 3], 1..41).await;
    hub.clock.advance(DAY * 5);
    let full =
        "CREATE TEMP TRIGGER full BEFORE UPDATE OF packed ON hub BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    hub.inner.meddle(move |connection| connection.execute_batch(full).unwrap());
    hub.engine.keep_up().await.unwrap();
    assert_eq!((count(folder.path(), "log"), count(folder.path(), "log_packed")), (120, 0));
    hub.inner.meddle(|connection| connection.execute_batch("DROP TRIGGER full").unwrap());
    // It had not come to take the newest for packed.
    lives(&mut hub, newest, 41..42).await;
    assert_eq!(count(folder.path(), "log"), 123);
    hub.engine.keep_up().await.unwrap();
    assert_eq!((count(folder.path(), "log"), count(folder.path(), "log_packed")), (3, 2));
    assert!(hub.clock.now() > NOW);
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn a_file_of_which_much_is_free_gets_smaller_and_what_is_kept_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let outside = Connection::open(folder.path().join("hub.db")).unwrap();
    outside.execute_batch("CREATE TABLE ballast (x); INSERT INTO ballast VALUES (zeroblob(48000000))").unwrap();
    lives(&mut hub, [0; 3], 1..101).await;
    let kept = told(folder.path());
    outside.execute_batch("DROP TABLE ballast").unwrap();
    let pages = |of: &str| outside.pragma_query_value(None, of, |row| row.get::<_, i64>(0)).unwrap();
    assert!(pages("freelist_count") > 11_000);

    hub.clock.advance(Duration::from_mins(2));
    hub.engine.keep_up().await.unwrap();
    assert!(pages("freelist_count") <= 4_096 && pages("page_count") < 5_000);
    assert_eq!(told(folder.path()), kept);
    drop(outside);
    hub.stop();
    assert!(std::fs::metadata(folder.path().join("hub.db")).unwrap().len() < 5_000 * 4_096);
    let checked = embedded::copies::check(folder.path()).unwrap();
    assert!(checked.mistakes.is_empty(), "{:?}", checked.mistakes);
}
