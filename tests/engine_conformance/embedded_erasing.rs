//! Erasing a person: at once for whoever reads, and then from all that is kept.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presence_hub::domain::audit::{Deed, Note, Outcome};
use presence_hub::domain::cause::Actor;
use presence_hub::domain::ids::WorkItemId;
use presence_hub::domain::record::PresenceEffect;
use presence_hub::domain::work_item::{Consumption, Stage, WorkItem};
use presence_hub::engine::embedded::copies::{Replaces, backup, check, restore};
use presence_hub::engine::embedded::{self, Embedded, erasures, then};
use presence_hub::engine::{
    Append, Engine, Entry, Erase, Erasure, ErasureState, Ledger, LedgerChange, LedgerRecord, NotErased, Seq, SizeLimit,
};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

use crate::agents::{NOW, Running, as_operation, id, open, step};
use crate::embedded_history::{database, presence_is_called};
use crate::embedded_retention::at;

const DAY: Duration = Duration::from_hours(24);
/// Who is erased. Nothing else says `quokka`, and nothing random can: an epoch is hexadecimal.
const ADA: &str = "ada-quokka@example.com";
const MARK: &str = "quokka";

/// A step of an agent with a name, a reason and work, by somebody.
fn told(name: &str, expected: Seq, version: u64, reason: &str, by: Actor) -> Append {
    let mut append = step(name, expected, version);
    for entry in &mut append.entries {
        let Entry::Agent { change, .. } = entry else { panic!("an agent's") };
        change.actor = by.clone();
        let item = WorkItemId::new(format!("case of {name}")).unwrap();
        change.work_item = Some(item.clone());
        let after = Arc::make_mut(&mut change.after);
        let record = Arc::make_mut(&mut after.record);
        record.name = format!("Name of {name}");
        record.teams.insert("billing".to_owned());
        after.standing.reason = Some(reason.to_owned());
        after.modified_by = by.clone();
        after.connection =
            presence_hub::domain::agent::Connection::Connected { sessions: vec!["0-1-1".parse().unwrap()] };
        after.items = vec![WorkItem {
            id: item,
            stage: Stage::Active,
            since: NOW,
            workstream: None,
            takes: Consumption::default(),
            presence_effect: PresenceEffect::Moves,
        }];
    }
    append
}

fn deleted(name: &str, expected: Seq, version: u64) -> Append {
    let mut append = step(name, expected, version);
    for entry in &mut append.entries {
        let Entry::Agent { change, .. } = entry else { panic!("an agent's") };
        Arc::make_mut(&mut change.after).deleted = Some(NOW);
    }
    Append { limit: SizeLimit::Usual, ..append }
}

struct Lived {
    ada: Seq,
    ben: Seq,
}

/// Ada works, sets Ben's presence and changes the directory; most of it is packed, and rows have settled.
async fn lives(hub: &mut Running<Embedded>) -> Lived {
    let (ada, supervisor) = (Actor::Agent(id(ADA)), Actor::Supervisor(ADA.to_owned()));
    let (mut of_ada, mut of_ben) = (0, 0);
    for version in 1..=600 {
        hub.clock.advance(Duration::from_secs(30));
        let now = hub.clock.now();
        let reason = if version % 2 == 0 { "dentist" } else { "ward quokka" };
        of_ada = hub.keep(at(now, told(ADA, of_ada, version, reason, ada.clone()))).await;
        let by = if version % 3 == 0 { supervisor.clone() } else { Actor::Agent(id("ben")) };
        of_ben = hub.keep(at(now, told("ben", of_ben, version, "dentist", by))).await;
    }
    let mut renamed = presence_is_called("Training", 0);
    for entry in &mut renamed.entries {
        let Entry::Directory { actor, .. } = entry else { panic!("the directory's") };
        *actor = Actor::Admin(ADA.to_owned());
    }
    hub.keep(renamed).await;
    hub.clock.advance(DAY * 5);
    hub.engine.keep_up().await.unwrap();
    let now = hub.clock.now();
    for version in 601..=605 {
        let again = told(ADA, of_ada, version, "ward quokka", ada.clone());
        of_ada = hub.keep(at(now, as_operation(&format!("crm/quokka-{version}"), again))).await;
        of_ben = hub.keep(at(now, told("ben", of_ben, version, "dentist", supervisor.clone()))).await;
    }
    Lived { ada: of_ada, ben: of_ben }
}

async fn erase(hub: &Running<Embedded>, who: &str) -> Result<Erasure, NotErased> {
    let (by, at) = ("root".to_owned(), hub.clock.now());
    hub.engine.erase(Erase { id: who.to_owned(), by, at, asker: None, pseudonym: None, deleted: None }).await.unwrap()
}

fn audit(folder: &Path) -> Vec<Erasure> {
    erasures(&database(folder)).unwrap()
}

/// What the history says in words, without those that go.
fn figures(folder: &Path) -> Vec<String> {
    let told =
        "SELECT seq, version, start, end, teams, presence_id, base_status, connection, available_units, event_name
                FROM history_intervals ORDER BY seq";
    rows(&database(folder), told)
}

/// What it says of everybody in words.
fn words(folder: &Path) -> Vec<String> {
    rows(&database(folder), "SELECT * FROM history_intervals ORDER BY seq")
}

fn rows(connection: &Connection, told: &str) -> Vec<String> {
    let mut select = connection.prepare(told).unwrap();
    let columns = select.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        Ok((0..columns).map(|at| format!("{:?} ", row.get::<_, Value>(at).unwrap())).collect::<String>())
    };
    select.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// Where in a file the mark stands.
fn marks(file: &Path, mark: &str) -> usize {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.windows(mark.len()).filter(|bytes| *bytes == mark.as_bytes()).count()
}

/// Nothing in the folder says it.
fn is_said_nowhere(folder: &Path, mark: &str) {
    for file in ["hub.db", "hub.db-wal", "erasures.json"] {
        assert_eq!(marks(&folder.join(file), mark), 0, "{file}");
    }
}

/// Everything that the log says, blocks unpacked.
async fn the_log(hub: &Running<Embedded>) -> String {
    let log = hub.engine.log().unwrap();
    let (mut all, mut after) = (String::new(), log.first_kept().await.unwrap() - 1);
    loop {
        let (some, reached) =
            log.beyond(after, 1_000_000, 100, |seq, change| format!("{seq} {change:?}\n")).await.unwrap();
        if some.is_empty() {
            return all;
        }
        all.extend(some);
        after = reached;
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_who_it_was_from_then_on_and_in_the_end_nothing_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut hub = open(folder);
    let Lived { ada, ben } = lives(&mut hub).await;
    assert!(marks(&folder.join("hub.db"), MARK) + marks(&folder.join("hub.db-wal"), MARK) > 0);
    assert_eq!(erase(&hub, ADA).await, Err(NotErased::StillThere));
    assert_eq!(erase(&hub, "nobody").await, Err(NotErased::Unknown));
    let gone = hub.keep(at(hub.clock.now(), deleted(ADA, ada, 606))).await;
    let before = figures(folder);
    let record = json!({ "subject": ADA, "digest": "d", "reason": "lost", "revokedBy": ADA, "at": 1 }).to_string();
    let note = Note { asker: None, deed: Deed::Revoke, about: None, before: None, after: None, outcome: Outcome::Done };
    let revoked = LedgerChange::Put(LedgerRecord { id: "r1".to_owned(), record, until: None });
    hub.engine.keep_ledger(Ledger::Revocations, vec![revoked], Some(note)).await.unwrap().unwrap();
    for (ledger, whose) in [(Ledger::ApiTokens, ADA), (Ledger::Sessions, ADA), (Ledger::Sessions, "sue")] {
        let record = json!({ "subject": whose, "madeBy": ADA }).to_string();
        let signed_in = LedgerChange::Put(LedgerRecord { id: whose.to_owned(), record, until: None });
        hub.engine.keep_ledger(ledger, vec![signed_in], None).await.unwrap().unwrap();
    }

    let audit_then = erase(&hub, ADA).await.unwrap();
    let pseudonym = audit_then.pseudonym.clone();
    assert_eq!((audit_then.by.as_str(), audit_then.state), ("root", ErasureState::UnderWay));
    assert_eq!(erase(&hub, ADA).await, Ok(audit_then.clone()), "asked for again it is the same");
    let names_it = |told: &[String]| told.iter().any(|row| row.contains(ADA) || row.contains("Name of ada"));
    assert!(!names_it(&words(folder)));
    assert!(!the_log(&hub).await.contains(MARK), "what is not rewritten yet is not shown");
    let explained = then(&database(folder), &id(&pseudonym), NOW).unwrap();
    assert!(explained.is_none(), "it was not there yet");
    assert_eq!(check(folder).unwrap().mistakes, [""; 0]);
    assert_eq!(figures(folder), before);

    // The hub is ended, and goes on when it is there again.
    hub.stop();
    let mut hub = open(folder);
    assert!(!format!("{:?}", hub.loaded).contains(MARK));
    let revoked: serde_json::Value = serde_json::from_str(&hub.loaded.ledgers[&Ledger::Revocations][0].record).unwrap();
    assert_eq!(
        revoked,
        json!({ "subject": pseudonym, "digest": "d", "revokedBy": pseudonym, "at": 1 }),
        "it still counts"
    );
    assert_eq!(hub.loaded.ledgers[&Ledger::ApiTokens], [], "nobody signs in as somebody who is erased");
    let sessions = &hub.loaded.ledgers[&Ledger::Sessions];
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].record, json!({ "subject": "sue", "madeBy": pseudonym }).to_string());
    assert_eq!(hub.loaded.forgotten, gone, "whoever resumes from before it is sent a snapshot");
    hub.engine.keep_up().await.unwrap();
    assert_eq!(audit(folder), [Erasure { state: ErasureState::Done, ..audit_then.clone() }]);
    is_said_nowhere(folder, MARK);
    assert!(!the_log(&hub).await.contains(MARK));
    assert!(hub.recall("crm/quokka-605").await.unwrap().is_none());
    assert_eq!(figures(folder), before);
    let words_then = words(folder);
    assert!(words_then.iter().any(|row| row.contains("dentist")), "what is Ben's stays");
    let of_ada = words_then.iter().filter(|row| row.starts_with(&format!("Text({pseudonym:?}")));
    assert!(of_ada.clone().count() == 605 && !of_ada.clone().any(|row| row.contains("dentist")));
    assert_eq!(erase(&hub, ADA).await.unwrap().pseudonym, pseudonym);
    assert_eq!(erase(&hub, &pseudonym).await.unwrap().pseudonym, pseudonym, "a pseudonym is nobody to erase");
    assert_eq!(check(folder).unwrap().mistakes, [""; 0]);
    let explained = then(&database(folder), &id(&pseudonym), hub.clock.now().minus(DAY * 5)).unwrap().unwrap();
    assert_eq!((explained.agent.agent.record.name.as_str(), explained.agent.agent.items.len()), ("", 1));

    // Who comes under the id is somebody else.
    hub.keep(at(hub.clock.now(), step(ADA, 0, 1))).await;
    hub.keep(at(hub.clock.now(), step("ben", ben, 606))).await;
    hub.stop();
    let kept = words(folder);
    assert_eq!(kept.iter().filter(|row| row.contains(ADA)).count(), 1, "its rows are not those of before");
    embedded::open(folder).unwrap().rebuild_history(|_| {}).unwrap();
    assert_eq!(words(folder), kept, "the log and the history say the same");
}

#[tokio::test(start_paused = true)]
async fn a_state_that_somebody_erased_had_set_goes_on_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut hub = open(folder);
    let Lived { ada, ben } = lives(&mut hub).await;
    hub.keep(deleted(ADA, ada, 606)).await;
    erase(&hub, ADA).await.unwrap();
    // As it stands in the memory of a hub.
    let supervisor = Actor::Supervisor(ADA.to_owned());
    let mut goes_on = told("ben", ben, 606, "dentist", supervisor.clone());
    for entry in &mut goes_on.entries {
        let Entry::Agent { change, .. } = entry else { panic!("an agent's") };
        change.actor = Actor::System;
    }
    let ben = hub.keep(goes_on).await;
    hub.engine.keep_up().await.unwrap();
    is_said_nowhere(folder, MARK);
    // A new person of the same id acts under its own.
    let ben = hub.keep(told("ben", ben, 607, "dentist", supervisor.clone())).await;
    let mut goes_on = told("ben", ben, 608, "dentist", supervisor);
    for entry in &mut goes_on.entries {
        let Entry::Agent { change, .. } = entry else { panic!("an agent's") };
        change.actor = Actor::System;
    }
    hub.keep(goes_on).await;
    assert!(hub.engine.find(id("ben")).await.unwrap().unwrap().unwrap().agent.modified_by.kind_and_id().1 == Some(ADA));
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn one_who_only_acted_is_erased_and_so_is_one_among_many() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut hub = open(folder);
    let mut newest = Vec::new();
    for number in 0..400 {
        let name = format!("agent-{number}-of-a-long-name@example.com");
        let by = Actor::Supervisor(format!("supervisor-{number}@example.com"));
        newest.push((hub.keep(told(&name, 0, 1, &format!("reason {number}."), by)).await, name));
    }
    erase(&hub, "supervisor-7@example.com").await.unwrap();
    let (seq, name) = newest[211].clone();
    hub.keep(deleted(&name, seq, 2)).await;
    erase(&hub, &name).await.unwrap();
    hub.engine.keep_up().await.unwrap();
    assert!(audit(folder).iter().all(|erasure| erasure.state == ErasureState::Done));
    for gone in ["supervisor-7@", "agent-211-of", "reason 211."] {
        is_said_nowhere(folder, gone);
    }
    assert!(words(folder).iter().any(|row| row.contains("reason 7.")), "what was said of others stays");
    hub.stop();
}

#[tokio::test(start_paused = true)]
async fn an_older_copy_is_brought_up_to_date_when_it_is_restored() {
    let data = tempfile::tempdir().unwrap();
    let (folder, old, new) = (data.path().join("data"), data.path().join("old.db"), data.path().join("new.db"));
    let mut hub = open(&folder);
    let Lived { ada, .. } = lives(&mut hub).await;
    backup(&folder, &old, |_| ()).unwrap();
    let seq = hub.keep(deleted(ADA, ada, 606)).await;
    let audit_then = erase(&hub, ADA).await.unwrap();
    hub.engine.keep_up().await.unwrap();
    // Somebody else comes under the same id, and is in the newer copy.
    let other = hub.keep(step(ADA, 0, 1)).await;
    backup(&folder, &new, |_| ()).unwrap();
    hub.stop();

    restore(&old, &folder, Replaces::PutAside).unwrap();
    let told = words(&folder);
    assert!(!told.iter().any(|row| row.contains(ADA)), "before any hub serves it");
    assert_eq!(audit(&folder), std::slice::from_ref(&audit_then));
    let hub = open(&folder);
    assert!(
        !hub.loaded_agents().iter().any(|(_, agent)| agent.deleted.is_none() && agent.record.agent.as_str() != "ben")
    );
    hub.engine.keep_up().await.unwrap();
    is_said_nowhere(&folder, MARK);
    assert_eq!(audit(&folder), [Erasure { state: ErasureState::Done, ..audit_then }]);
    assert_eq!(check(&folder).unwrap().mistakes, [""; 0]);
    assert_eq!(hub.loaded.seq, seq, "its deletion was the copy's next entry as well");
    hub.stop();

    restore(&new, &folder, Replaces::PutAside).unwrap();
    let hub = open(&folder);
    let there: Vec<_> =
        hub.loaded_agents().into_iter().map(|(seq, agent)| (seq, agent.record.agent.to_string())).collect();
    assert!(there.contains(&(other, ADA.to_owned())), "{there:?}");
    hub.stop();
}
