//! What the embedded engine does when its disk, its database or its own code fails.

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use presence_hub::domain::presence::BuiltIn;
use presence_hub::engine::embedded::Embedded;
use presence_hub::engine::{Engine, Health, Kept, Outcome, Recalled, Subject};
use rusqlite::Connection;

use crate::agents::{
    Running, agent, as_operation, heavy_step, id, in_batch, open, position, release, rest_of, step, steps,
};

/// Holds the writer until the returned sender is dropped, so that what is appended meanwhile is one group.
fn hold(hub: &Running<Embedded>) -> SyncSender<()> {
    let (holding, held) = sync_channel(0);
    let (go, wait) = sync_channel::<()>(0);
    hub.inner.meddle(move |_| {
        holding.send(()).unwrap();
        wait.recv().unwrap_err();
    });
    held.recv().unwrap();
    go
}

/// Does something with the writer's connection and returns once it is done.
async fn meddle(hub: &Running<Embedded>, sql: &'static str) {
    hub.inner.meddle(move |connection| connection.execute_batch(sql).unwrap());
    hub.settled().await;
}

fn is_failing(health: Health) -> bool {
    matches!(health, Health::Failing { .. })
}

#[tokio::test(start_paused = true)]
async fn within_a_group_each_append_is_judged_after_those_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let go = hold(&hub);
    let first = hub.engine.append(as_operation("crm/1", step("anna", 0, 1)));
    let again = hub.engine.append(as_operation("crm/1", step("anna", 0, 1)));
    let rival = hub.engine.append(as_operation("crm/2", step("anna", 0, 1)));
    let next = hub.engine.append(steps("anna", 1, 2..4));
    drop(go);
    assert_eq!(hub.evolve().await, [1, 2, 3]);
    assert_eq!(position(first.await.unwrap()), 1);
    let known = Recalled { agent: id("anna"), version: 1, presence: BuiltIn::Offline.id() };
    assert_eq!(again.await.unwrap(), Outcome::Duplicate(known));
    assert_eq!(rival.await.unwrap(), Outcome::Conflict { newest: 1 });
    assert_eq!(position(next.await.unwrap()), 3);
    assert_eq!(hub.recall("crm/2").await.unwrap(), None, "an append that conflicts leaves no operation behind");
    hub.stop();
}

/// How many appends the next group keeps first of people, and how many then of batches.
async fn next_group(hub: &mut Running<Embedded>) -> (usize, usize) {
    let group = hub.tail.recv().await.unwrap();
    let is_of_people =
        |kept: &&Kept| matches!(kept.entry.subject(), Subject::Agent(id) if id.as_str().starts_with('p'));
    let (people, all) = (group.iter().take_while(is_of_people).count(), group.len());
    for kept in group {
        release(kept);
    }
    (people, all - people)
}

#[tokio::test(start_paused = true)]
async fn what_people_wait_for_goes_before_batches_that_came_first_and_batches_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let go = hold(&hub);
    let batches = (0..300).map(|number| in_batch(step(&format!("b{number}"), 0, 1)));
    let people = (0..500).map(|number| step(&format!("p{number}"), 0, 1));
    let waits: Vec<_> = batches.chain(people).map(|append| hub.engine.append(append)).collect();
    drop(go);
    assert_eq!(next_group(&mut hub).await, (480, 32));
    assert_eq!(next_group(&mut hub).await, (20, 32));
    assert_eq!(next_group(&mut hub).await, (0, 236));
    for outcome in waits {
        position(outcome.await.unwrap());
    }
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn the_order_of_one_subject_is_kept_whoever_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let go = hold(&hub);
    let others = hub.engine.append(in_batch(step("bert", 0, 1)));
    let event = hub.engine.append(in_batch(step("anna", 0, 1)));
    let click = hub.engine.append(step("anna", 1, 2));
    drop(go);
    assert_eq!(hub.evolve().await, [1, 2, 3]);
    let outcomes = [event.await, click.await, others.await].map(|outcome| position(outcome.unwrap()));
    assert_eq!(outcomes, [1, 2, 3]);
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_refuses_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let hub = open(folder.path());
    let go = hold(&hub);
    let names: Vec<String> = (0..4_096).map(|number| format!("agent-{number}")).collect();
    let mut waits: Vec<_> = names.iter().map(|name| hub.engine.append(in_batch(step(name, 0, 1)))).collect();
    assert_eq!(hub.refusal(in_batch(step("anna", 0, 1))).await, Outcome::Unavailable);
    hub.recall("crm/1").await.unwrap_err();
    // What people wait for has a lane of its own.
    waits.push(hub.engine.append(step("anna", 0, 1)));
    drop(go);
    let Running { engine, tail, inner, .. } = hub;
    drop((engine, inner));
    assert_eq!(rest_of(tail).await.len(), waits.len());
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_keeps_nothing_of_the_group_and_serves_again_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let newest = hub.keep(as_operation("crm/1", step("anna", 0, 1))).await;
    // SQLite answers SQLITE_FULL beyond its page limit, as it does when the disk is full.
    meddle(&hub, "PRAGMA max_page_count = 1").await;
    let go = hold(&hub);
    let refused = [
        hub.engine.append(as_operation("crm/2", step("anna", newest, 2))),
        hub.engine.append(heavy_step("bert", 0, 1, 60_000)),
        hub.engine.append(as_operation("crm/1", step("anna", newest, 2))),
        hub.engine.append(step("anna", 0, 1)),
    ];
    drop(go);
    for outcome in refused {
        assert_eq!(outcome.await.unwrap(), Outcome::Unavailable);
    }
    hub.settled().await;
    let Health::Failing { error } = hub.engine.health() else { panic!("it serves") };
    assert!(error.contains("database or disk is full"), "{error}");

    meddle(&hub, "PRAGMA max_page_count = 4294967294").await;
    // While it fails it tries again whenever it wakes, which it does every second.
    hub.settled().await;
    assert_eq!(hub.engine.health(), Health::Serving);
    let newest = hub.keep(as_operation("crm/2", steps("anna", newest, 2..4))).await;
    hub.stop();

    let hub = open(folder.path());
    assert_eq!(hub.loaded_agents(), [(newest, agent("anna", 3))]);
    assert_eq!(hub.loaded.seq, newest);
    assert_eq!(hub.recall("crm/2").await.unwrap().unwrap().version, 3);
    hub.stop();
}

/// Makes whatever adds to the log fail at COMMIT itself, for as long as this connection lives.
const COMMIT_FAILS: &str = "
    PRAGMA foreign_keys = ON;
    CREATE TEMP TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
    CREATE TEMP TRIGGER orphan AFTER INSERT ON main.log BEGIN INSERT INTO child VALUES (new.seq); END;";

#[tokio::test(start_paused = true)]
async fn after_an_error_at_the_commit_it_looks_and_finds_nothing_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let newest = hub.keep(step("anna", 0, 1)).await;
    meddle(&hub, COMMIT_FAILS).await;
    let go = hold(&hub);
    let lost = hub.engine.append(as_operation("crm/1", steps("anna", newest, 2..4)));
    let rival = hub.engine.append(step("anna", newest, 2));
    drop(go);
    assert_eq!(lost.await.unwrap(), Outcome::Unavailable);
    assert_eq!(rival.await.unwrap(), Outcome::Unavailable);
    // The connection is a new one, on which the same append works.
    assert_eq!(hub.recall("crm/1").await.unwrap(), None);
    let newest = hub.keep(as_operation("crm/1", step("anna", newest, 2))).await;
    hub.settled().await;
    assert_eq!(hub.engine.health(), Health::Serving);
    hub.stop();
    assert_eq!(open(folder.path()).loaded_agents(), [(newest, agent("anna", 2))]);
}

#[tokio::test(start_paused = true)]
async fn what_turns_out_to_be_kept_reaches_the_tail_after_its_caller_was_told_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    meddle(&hub, COMMIT_FAILS).await;
    // Whoever reads the old state stops the database from being opened anew.
    let outside = Connection::open(folder.path().join("hub.db")).unwrap();
    outside.execute_batch("BEGIN; SELECT * FROM hub").unwrap();
    let unknown = hub.engine.append(step("anna", 0, 1));
    assert_eq!(unknown.await.unwrap(), Outcome::Unknown);
    assert!(is_failing(hub.engine.health()));
    assert_eq!(hub.refusal(step("bert", 0, 1)).await, Outcome::Unavailable);
    // As if the commit had reached the disk before it failed.
    commit_from_outside(folder.path());
    drop(outside);

    let group = hub.tail.recv().await.unwrap();
    assert!(group.iter().all(|kept| kept.release.is_none()));
    assert_eq!(group.into_iter().map(release).collect::<Vec<_>>(), [1]);
    assert_eq!(hub.keep(step("anna", 1, 2)).await, 2);
    hub.stop();
}

fn commit_from_outside(folder: &Path) {
    let outside = Connection::open(folder.join("hub.db")).unwrap();
    outside.execute_batch("INSERT INTO log VALUES (1, 'agent/anna', 0, NULL, '{}')").unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_writer_ends_the_tail_and_leaves_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    let newest = hub.keep(step("anna", 0, 1)).await;
    let go = hold(&hub);
    hub.inner.meddle(|_| panic!("a bug"));
    drop(go);
    assert!(hub.tail.recv().await.is_none());
    assert_eq!(hub.refusal(step("anna", newest, 2)).await, Outcome::Unavailable);
    hub.recall("crm/1").await.unwrap_err();
    hub.inner.close();
    assert_eq!(hub.engine.health(), Health::Failing { error: "the writer panicked: a bug".to_owned() });
    assert_eq!(open(folder.path()).loaded_agents(), [(newest, agent("anna", 1))]);
}
