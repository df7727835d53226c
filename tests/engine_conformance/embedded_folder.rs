//! The folder of the embedded engine: who may use it, and what of other versions is understood.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use presence_hub::clock::Clock;
use presence_hub::domain::standing::Origin;
use presence_hub::engine::embedded::{self, OpenError, copies};
use presence_hub::engine::stored::Unreadable;
use presence_hub::telemetry::WithCauses;
use rusqlite::Connection;

use crate::agents::{NOW, open, step};

fn refusal(folder: &Path) -> OpenError {
    embedded::open(folder).err().unwrap()
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("hub.db")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_second_hub_on_the_same_folder_is_refused_until_the_first_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let hub = open(folder.path());
    let said = refusal(folder.path()).to_string();
    assert!(said.starts_with("another hub is using the data folder "), "{said}");
    assert!(said.contains(&*folder.path().to_string_lossy()), "{said}");
    hub.stop();
    open(folder.path()).stop();
}

#[tokio::test(start_paused = true)]
async fn a_folder_of_a_cluster_s_node_is_refused_until_it_is_to_have_a_log_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).stop();
    database(folder.path()).execute("UPDATE hub SET position = 7", []).unwrap();
    let opening = embedded::open(folder.path()).unwrap();
    let clock = Clock::system(opening.alive());
    let said = opening.start(clock).err().unwrap().to_string();
    assert!(said.contains("set storage.engine to \"nats\""), "{said}");
    copies::new_epoch(folder.path()).unwrap();
    open(folder.path()).stop();
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_the_cause_and_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("taken"), "").unwrap();
    let error = refusal(&folder.path().join("taken/data"));
    assert!(matches!(error, OpenError::Folder { .. }));
    let said = WithCauses(&error).to_string();
    assert!(said.contains("taken/data cannot be used; make it"), "{said}");
    assert!(said.contains("or name another one: Not a directory"), "{said}");
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hub.db"), "these are not the bytes of a database".repeat(100)).unwrap();
    let said = WithCauses(&refusal(folder.path())).to_string();
    assert!(said.contains("hub.db cannot be opened") && said.contains(": file is not a database"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_new_folder_belongs_to_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("var/data");
    open(&data).stop();
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test(start_paused = true)]
async fn what_the_first_release_stored_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path()).execute_batch(include_str!("fixtures/version-1.sql")).unwrap();
    let mut hub = open(folder.path());
    assert_eq!((hub.loaded.epoch.as_str(), hub.loaded.boot, hub.loaded.seq), ("5f1d", 8, 7));
    let [anna] = hub.loaded.agents.as_slice() else { panic!("{:?}", hub.loaded.agents) };
    assert_eq!((anna.seq, anna.directory_seq, anna.agent.version), (7, 3, 12));
    assert_eq!(anna.agent.standing.origin, Origin::Agent);
    assert_eq!(anna.agent.trace.considered().len(), 2, "the rule that this hub does not know is left out");
    assert_eq!(hub.loaded.directory.len(), 1);
    assert_eq!(hub.recall("crm/17").await.unwrap().unwrap().version, 12);
    assert_eq!(hub.keep(step("anna", 7, 13)).await, 8);
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn a_commit_of_a_clock_that_was_ahead_is_no_sign_of_life_once_the_hub_has_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    hub.keep(step("anna", 0, 1)).await;
    hub.stop();
    let yesterday = NOW.minus(std::time::Duration::from_secs(86_400));
    let clock = presence_hub::clock::Clock::starting_at(yesterday);
    let opened = embedded::open(folder.path()).unwrap().start(clock).unwrap();
    assert_eq!(opened.loaded.seq, 1);
    opened.engine.close();
    assert_eq!(embedded::open(folder.path()).unwrap().alive(), Some(yesterday));
}

#[tokio::test(start_paused = true)]
async fn what_a_newer_hub_wrote_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    hub.keep(step("anna", 0, 1)).await;
    hub.stop();

    database(folder.path()).execute_batch("UPDATE log SET entry = replace(entry, '\"v\":2', '\"v\":3')").unwrap();
    let error = embedded::open(folder.path()).unwrap().start(presence_hub::clock::Clock::system(None)).unwrap_err();
    assert!(matches!(error, OpenError::Entry { seq: 1, source: Unreadable::Newer(3), .. }), "{error}");

    database(folder.path()).pragma_update(None, "user_version", 1_000).unwrap();
    let said = refusal(folder.path()).to_string();
    assert!(said.contains("hub.db was written by a newer hub (version 1000, this one knows "), "{said}");
}
