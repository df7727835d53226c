//! The audit is kept with what it is about, or neither is.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presence_hub::domain::audit::{About, Asker, Deed, Note};
use presence_hub::domain::role::Role;
use presence_hub::engine::embedded::copies::check;
use presence_hub::engine::embedded::{AuditQuery, Embedded, audit};
use presence_hub::engine::{Append, Engine, Outcome};
use presence_hub::history::reader::Takes;

use crate::agents::{Running, open, position, step};
use crate::embedded_retention::open_keeping;

fn note(about: &str) -> Note {
    let roles = [Role::Admin].into_iter().collect();
    let asker = Asker { subject: "root".to_owned(), roles, address: None };
    Note::done(Arc::new(asker), Deed::Change, Some(About::agent(about)))
}

fn noted(append: Append, about: &str) -> Append {
    Append { note: Some(Box::new(note(about))), ..append }
}

/// About what the entries are, oldest first.
async fn kept(hub: &Running<Embedded>) -> Vec<String> {
    let all = AuditQuery { most: 1_000, ..AuditQuery::default() };
    let page =
        hub.inner.history().unwrap().ask(Takes::Moments, move |connection| audit(connection, &all)).await.unwrap();
    page.entries.into_iter().rev().filter_map(|entry| entry.about).collect()
}

fn holds(folder: &Path, entries: u64, newest: u64) {
    let checked = check(folder).unwrap();
    assert_eq!(checked.mistakes, [""; 0]);
    let audit = checked.audit.unwrap();
    assert_eq!((audit.entries, audit.position), (entries, newest));
}

#[tokio::test(start_paused = true)]
async fn a_note_is_kept_with_its_append_and_not_with_one_that_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    assert_eq!(hub.keep(noted(step("anna", 0, 1), "anna")).await, 1);
    let conflict = hub.refusal(noted(step("anna", 0, 1), "conflict")).await;
    assert_eq!(conflict, Outcome::Conflict { newest: 1 });
    let nothing = Append { entries: Vec::new(), ..noted(step("anna", 1, 2), "nothing") };
    assert_eq!(position(hub.refusal(nothing).await), 1);
    hub.engine.note(note("alone")).await.unwrap().unwrap();
    assert_eq!(hub.keep(noted(step("bert", 0, 1), "bert")).await, 2);
    assert_eq!(kept(&hub).await, ["agent/anna", "agent/alone", "agent/bert"]);
    hub.stop();
    holds(folder.path(), 3, 3);
    // The next life goes on with the chain.
    let mut hub = open(folder.path());
    hub.keep(noted(step("anna", 1, 2), "anna")).await;
    hub.stop();
    holds(folder.path(), 4, 4);
}

#[tokio::test(start_paused = true)]
async fn what_the_audit_cannot_have_is_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open(folder.path());
    hub.keep(noted(step("anna", 0, 1), "anna")).await;
    let breaks = "CREATE TEMP TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'it is broken'); END";
    hub.inner.meddle(|connection| connection.execute_batch(breaks).unwrap());
    hub.settled().await;
    assert_eq!(hub.refusal(noted(step("anna", 1, 2), "anna")).await, Outcome::Unavailable);
    hub.engine.note(note("alone")).await.unwrap_err();
    hub.inner.meddle(|connection| connection.execute_batch("DROP TRIGGER broken").unwrap());
    hub.settled().await;
    assert_eq!(hub.keep(noted(step("anna", 1, 2), "anna")).await, 2);
    assert_eq!(kept(&hub).await, ["agent/anna", "agent/anna"]);
    hub.stop();
    holds(folder.path(), 2, 2);
}

#[tokio::test(start_paused = true)]
async fn old_entries_go_and_the_chain_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (mut hub, day) = (open_keeping(folder.path(), 30), Duration::from_hours(24));
    let mut seq = 0;
    for version in 1..=40 {
        seq = hub.keep(noted(step("anna", seq, version), &version.to_string())).await;
        hub.clock.advance(day);
    }
    hub.inner.keep_up().await.unwrap();
    let left = kept(&hub).await;
    assert_eq!(
        (left.first().map(String::as_str), left.last().map(String::as_str)),
        (Some("agent/11"), Some("agent/40"))
    );
    hub.stop();
    holds(folder.path(), 30, 40);
}
