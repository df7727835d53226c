//! The history beside the log: it comes with each entry, and can be made from the log anew.

use std::path::Path;

use presence_hub::domain::cause::Actor;
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::ids::PresenceId;
use presence_hub::domain::presence::{BuiltIn, Presence};
use presence_hub::engine::embedded::{self, Progress};
use presence_hub::engine::{Append, Engine, Entry, Lane, Outcome, SizeLimit, Subject};
use presence_hub::history::reader::{Failed, Takes};
use rusqlite::Connection;

use crate::agents::{NOW, heavy_step, open, step, steps};
use crate::history_tables::everything_of;

/// Takes from a database what the version before the history did not have.
const TAKE_IT_AWAY: &str = "
    DROP VIEW history_intervals; DROP VIEW history_rows; DROP TABLE history_recent; DROP TABLE history_state;
    DROP TABLE history; DROP TABLE history_agents; DROP TABLE history_records; DROP TABLE history_states;
    DROP TABLE history_causes; DROP TABLE history_actors; DROP TABLE history_reasons; DROP TABLE history_presences;
    ALTER TABLE hub DROP COLUMN projected; ALTER TABLE hub DROP COLUMN packed; DROP TABLE log_packed;
    DROP TABLE webhooks; DROP TABLE history_directory; DROP TABLE history_orphans; DROP TABLE erasures;
    DROP TABLE plans; DROP TABLE plan_activities; DROP TABLE plan_exceptions; DROP TABLE plan_people;
    DROP TABLE audit; DROP TABLE audit_chain;
    DROP TABLE ledgers; DROP TABLE disputes;
    ALTER TABLE hub DROP COLUMN position; ALTER TABLE hub DROP COLUMN sorted;
    DROP TABLE operation_runs; DROP TABLE operation_blocks;
    CREATE TABLE operations (generation INTEGER, operation TEXT, seq INTEGER);
    ALTER TABLE hub ADD COLUMN generation INTEGER; ALTER TABLE hub ADD COLUMN began INTEGER;
    PRAGMA user_version = 3;";

pub fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("hub.db")).unwrap()
}

pub fn presence_is_called(text: &str, expected: u64) -> Append {
    let id = PresenceId::new("training").unwrap();
    let presence =
        Presence { id: id.clone(), text: text.to_owned(), built_in: false, ..Presence::built_in(BuiltIn::Away) };
    let change = DirectoryChange::Presence(presence);
    Append {
        subject: Subject::Presence(id),
        expected,
        entries: vec![Entry::Directory { change, at: NOW, actor: Actor::Admin("root".to_owned()) }],
        directory: 0,
        limit: SizeLimit::Usual,
        lane: Lane::People,
        operation: None,
        note: None,
    }
}

/// A log of agents and a presence, of which some appends were refused.
async fn a_log(folder: &Path) {
    let mut hub = open(folder);
    hub.keep(step("anna", 0, 1)).await;
    hub.keep(presence_is_called("Training", 0)).await;
    hub.keep(steps("ben", 0, 1..4)).await;
    let conflict = hub.refusal(step("anna", 0, 2)).await;
    assert_eq!(conflict, Outcome::Conflict { newest: 1 });
    hub.keep(presence_is_called("Learning", 2)).await;
    // What was remembered of a transaction that is undone is not taken for kept.
    let full = "CREATE TEMP TRIGGER full BEFORE INSERT ON newest BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    hub.inner.meddle(move |connection| connection.execute_batch(full).unwrap());
    hub.settled().await;
    assert_eq!(hub.refusal(heavy_step("cyd", 0, 1, 10)).await, Outcome::Unavailable);
    hub.inner.meddle(|connection| connection.execute_batch("DROP TRIGGER full").unwrap());
    hub.settled().await;
    hub.keep(step("dan", 0, 1)).await;
    hub.keep(heavy_step("cyd", 0, 1, 10)).await;
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn what_is_made_from_the_log_is_what_came_with_its_entries() {
    let folder = tempfile::tempdir().unwrap();
    a_log(folder.path()).await;
    let kept = everything_of(&database(folder.path()));
    assert_eq!(kept.iter().filter(|row| row.starts_with("history_rows: ")).count(), 6, "{kept:#?}");
    assert_eq!(kept.iter().filter(|row| row.starts_with("history_presences: ")).count(), 2, "{kept:#?}");

    let mut progress = Vec::new();
    let mut opening = embedded::open(folder.path()).unwrap();
    opening.rebuild_history(|reached| progress.push(reached)).unwrap();
    drop(opening);
    assert_eq!(progress, [Progress { seq: 8, newest: 8 }]);
    assert_eq!(everything_of(&database(folder.path())), kept);
}

#[tokio::test]
async fn a_hub_that_stops_leaves_nothing_in_the_write_ahead_log_although_its_history_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    hub.keep(step("anna", 0, 1)).await;
    let reader = hub.engine.history().unwrap();
    let count = |connection: &Connection| {
        Ok(connection.query_row("SELECT count(*) FROM history_rows", [], |row| row.get::<_, u64>(0))?)
    };
    assert_eq!(reader.ask(Takes::Moments, count).await.unwrap(), 1);
    assert!(folder.path().join("hub.db-wal").exists());
    hub.stop();
    assert!(!folder.path().join("hub.db-wal").exists());
    assert!(matches!(reader.ask(Takes::Long, count).await, Err(Failed::Nobody)));
}

#[tokio::test(start_paused = true)]
async fn a_log_of_a_hub_that_kept_no_history_is_projected_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    a_log(folder.path()).await;
    let kept = everything_of(&database(folder.path()));
    database(folder.path()).execute_batch(TAKE_IT_AWAY).unwrap();
    let mut hub = open(folder.path());
    assert_eq!(everything_of(&database(folder.path())), kept);
    hub.keep(step("anna", 1, 2)).await;
    hub.stop();
    assert_eq!(everything_of(&database(folder.path())).len(), kept.len() + 1);
}

#[tokio::test(start_paused = true)]
async fn a_history_that_was_left_half_made_is_finished_before_anything_is_added() {
    let folder = tempfile::tempdir().unwrap();
    a_log(folder.path()).await;
    let kept = everything_of(&database(folder.path()));
    let half = "UPDATE hub SET projected = 3; DELETE FROM history_recent WHERE seq > 3;
                DELETE FROM history_presences WHERE seq > 3; DELETE FROM history_directory WHERE seq > 3; DELETE FROM history_reasons;
                DELETE FROM history_agents WHERE number > 2; DELETE FROM history_records WHERE number > 2;
                DELETE FROM history_actors WHERE number > 2";
    database(folder.path()).execute_batch(half).unwrap();
    open(folder.path()).stop();
    assert_eq!(everything_of(&database(folder.path())), kept);
}
