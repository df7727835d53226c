//! What several nodes over one log must do beyond the suite.

use std::path::Path;
use std::sync::Arc;

use presence_hub::domain::cause::Actor;
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::ids::PresenceId;
use presence_hub::domain::policy::PolicyOverrides;
use presence_hub::engine::embedded;
use presence_hub::engine::nats::{Nats, OpenError};
use presence_hub::engine::{
    Append, Engine, Entry, FromPeer, Health, Ledger, LedgerChange, LedgerRecord, Outcome, Seq, Subject,
};

use crate::agents::{Running, agent, as_operation, entry, open, release, step};
use crate::nats_server::{self, NatsServer};
use crate::nodes::{join, settings, stream_of};

/// What is said of a log that is not the one that was followed.
const PUT_IN_ITS_PLACE: &str = "an older one was put in its place";

/// Two nodes over one server, each with a folder of its own.
struct Two {
    one: Running<Nats, Nats>,
    two: Running<Nats, Nats>,
    folders: [tempfile::TempDir; 2],
    servers: Arc<Vec<NatsServer>>,
    stream: String,
}

impl Two {
    fn begin() -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let stream = stream_of(folders[0].path());
        let servers = nats_server::shared_one();
        let one = node(1, &stream, &servers, folders[0].path()).unwrap();
        let two = node(2, &stream, &servers, folders[1].path()).unwrap();
        Self { one, two, folders, servers, stream }
    }

    /// Asks JetStream for something about the stream.
    async fn asks(&self, what: &str, request: &str) -> String {
        let client = async_nats::connect(self.servers[0].address()).await.unwrap();
        let subject = format!("$JS.API.{what}.{}", self.stream);
        let answer = client.request(subject, request.to_owned().into()).await.unwrap();
        let said = String::from_utf8_lossy(&answer.payload).into_owned();
        assert!(!said.contains("\"error\""), "{said}");
        said
    }

    /// Puts a log in the place of this one that has other messages from the beginning to behind `position`, as an older
    /// copy has that has gone on.
    async fn is_put_back_and_goes_on(&self, position: u64) {
        let said: serde_json::Value = serde_json::from_str(&self.asks("STREAM.INFO", "").await).unwrap();
        self.asks("STREAM.DELETE", "").await;
        self.asks("STREAM.CREATE", &said["config"].to_string()).await;
        let client = async_nats::connect(self.servers[0].address()).await.unwrap();
        for _ in 0..position + 20 {
            client.request(format!("{}.x", self.stream), "later".into()).await.unwrap();
        }
    }
}

fn node(number: u16, stream: &str, servers: &[NatsServer], folder: &Path) -> Result<Running<Nats, Nats>, OpenError> {
    join(settings(number, stream, servers.iter().map(NatsServer::address).collect(), 1), folder)
}

/// Reads one group of a node's tail.
async fn hears(node: &mut Running<Nats, Nats>) -> Vec<(Seq, Entry)> {
    let group = node.tail.recv().await.unwrap();
    group
        .into_iter()
        .map(|kept| {
            let entry = kept.entry.clone();
            (release(kept), entry)
        })
        .collect()
}

#[tokio::test]
async fn of_two_nodes_that_race_one_keeps_and_both_hear_it_at_the_same_position() {
    let mut two = Two::begin();
    let first = two.one.engine.append(step("anna", 0, 1));
    let second = two.two.engine.append(step("anna", 0, 1));
    let (one, other) = (hears(&mut two.one).await, hears(&mut two.two).await);
    assert_eq!(one, other);
    let newest = one[0].0;
    let mut outcomes = [first.await.unwrap(), second.await.unwrap()];
    outcomes.sort_by_key(|outcome| matches!(outcome, Outcome::Conflict { .. }));
    assert_eq!(outcomes, [Outcome::Kept { seq: newest }, Outcome::Conflict { newest }]);
    assert_eq!(one[0].1, entry(agent("anna", 1)));
    two.one.stop();
    two.two.stop();
}

#[tokio::test]
async fn an_operation_that_one_node_kept_is_a_duplicate_at_the_other() {
    let mut two = Two::begin();
    let kept = two.one.keep(as_operation("crm/1", step("anna", 0, 1))).await;
    hears(&mut two.two).await;
    let again = two.two.refusal(as_operation("crm/1", step("anna", kept, 2))).await;
    let Outcome::Duplicate(known) = again else { panic!("{again:?}") };
    assert_eq!(known.version, 1);
    two.one.stop();
    two.two.stop();
}

#[tokio::test]
async fn the_directory_is_changed_by_one_node_at_a_time() {
    let mut two = Two::begin();
    let change = |subject: Subject, change: DirectoryChange, directory| {
        let entries = vec![Entry::Directory { change, at: crate::agents::NOW, actor: Actor::Admin("ada".to_owned()) }];
        Append { subject, entries, directory, ..step("anna", 0, 1) }
    };
    let lunch = PresenceId::new("lunch").unwrap();
    let settings = || change(Subject::Settings, DirectoryChange::Settings(PolicyOverrides::default()), 0);
    let first = two.one.keep(settings()).await;
    hears(&mut two.two).await;
    // Another record, by somebody who does not know that the settings have changed.
    let removed = |directory| {
        change(Subject::Presence(lunch.clone()), DirectoryChange::PresenceRemoved(lunch.clone()), directory)
    };
    assert_eq!(two.two.refusal(removed(0)).await, Outcome::Conflict { newest: first });
    two.two.keep(removed(first)).await;
    two.one.stop();
    two.two.stop();
}

#[tokio::test]
async fn what_one_node_keeps_beside_the_log_the_other_hears_and_has() {
    let mut two = Two::begin();
    let record = LedgerRecord { id: "1".to_owned(), record: "{}".to_owned(), until: None };
    let put = LedgerChange::Put(record.clone());
    two.one.engine.keep_ledger(Ledger::ApiTokens, vec![put.clone()], None).await.unwrap().unwrap();
    let mut peers = two.two.peers.take().unwrap();
    let heard = loop {
        match peers.recv().await.unwrap() {
            FromPeer::Kept(beside) => break beside,
            FromPeer::Lost(_) => {}
        }
    };
    assert!(format!("{heard:?}").contains("ApiTokens"), "{heard:?}");
    two.two.stop();
    let two_again = node(2, &two.stream, &two.servers, two.folders[1].path()).unwrap();
    assert_eq!(two_again.loaded.ledgers[&Ledger::ApiTokens], [record]);
    two_again.stop();
    two.one.stop();
}

#[tokio::test]
async fn agents_whose_entries_have_left_the_stream_go_on_as_they_were() {
    let mut two = Two::begin();
    let annas = two.one.keep(step("anna", 0, 1)).await;
    let berts = two.one.keep(step("bert", 0, 1)).await;
    hears(&mut two.two).await;
    hears(&mut two.two).await;
    two.asks("STREAM.PURGE", &format!("{{\"seq\": {}}}", (berts >> 8) + 1)).await;
    assert_eq!(two.two.refusal(step("anna", 0, 1)).await, Outcome::Conflict { newest: annas });
    let newest = two.two.keep(step("anna", annas, 2)).await;
    assert_eq!(two.one.refusal(step("anna", annas, 2)).await, Outcome::Conflict { newest });
    // A node that was not there needs a copy, and says so.
    let folder = tempfile::tempdir().unwrap();
    let behind = node(3, &two.stream, &two.servers, folder.path());
    assert!(matches!(behind, Err(OpenError::Behind { known: 0, .. })), "{:?}", behind.err());
    two.one.stop();
    two.two.stop();
}

#[tokio::test]
async fn a_number_is_one_nodes_alone_while_that_is_alive() {
    let two = Two::begin();
    let folder = tempfile::tempdir().unwrap();
    let taken = node(2, &two.stream, &two.servers, folder.path());
    assert!(matches!(taken, Err(OpenError::NumberTaken { node: 2 })), "{:?}", taken.err());
    two.two.stop();
    let again = node(2, &two.stream, &two.servers, folder.path()).unwrap();
    assert_eq!(again.loaded.boot, 2, "boots are the log's");
    again.stop();
    two.one.stop();
}

#[tokio::test(start_paused = true)]
async fn the_database_of_one_machine_begins_a_log_and_is_copied_to_the_others() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut alone = open(folders[0].path());
    let annas = alone.keep(step("anna", 0, 1)).await;
    let epoch = alone.loaded.epoch.clone();
    alone.stop();
    let (stream, servers) = (stream_of(folders[0].path()), nats_server::shared_one());
    let mut one = node(1, &stream, &servers, folders[0].path()).unwrap();
    assert_eq!((&one.loaded.epoch, one.loaded.seq), (&epoch, annas));
    let newest = one.keep(step("anna", annas, 2)).await;
    assert!(newest > annas);
    // An empty folder lacks what was before the log.
    let empty = node(2, &stream, &servers, folders[1].path());
    assert!(matches!(empty, Err(OpenError::Behind { .. })), "{:?}", empty.err());
    let copy = folders[1].path().join("copy.db");
    embedded::copies::backup(folders[0].path(), &copy, |_| {}).unwrap();
    embedded::copies::restore(&copy, folders[1].path(), embedded::copies::Replaces::PutAside).unwrap();
    let two = node(2, &stream, &servers, folders[1].path()).unwrap();
    assert_eq!((&two.loaded.epoch, two.loaded_agents()), (&epoch, vec![(newest, agent("anna", 2))]));
    two.stop();
    one.stop();
    // A database of another past is told apart.
    let other = tempfile::tempdir().unwrap();
    let mut stranger = open(other.path());
    stranger.keep(step("bert", 0, 1)).await;
    stranger.stop();
    let foreign = node(3, &stream, &servers, other.path());
    assert!(matches!(foreign, Err(OpenError::Foreign { .. })), "{:?}", foreign.err());
}

#[tokio::test]
async fn an_older_log_that_has_gone_on_is_refused_by_who_runs_and_by_who_starts() {
    let mut two = Two::begin();
    let newest = two.one.keep(step("anna", 0, 1)).await;
    hears(&mut two.two).await;
    two.two.inner.close();
    two.is_put_back_and_goes_on(newest >> 8).await;
    while two.one.tail.recv().await.is_some() {}
    let health = two.one.engine.health();
    assert!(matches!(&health, Health::Failing { error } if error.contains(PUT_IN_ITS_PLACE)), "{health:?}");
    let again = node(2, &two.stream, &two.servers, two.folders[1].path());
    assert!(
        matches!(&again, Err(error @ OpenError::Replaced { .. }) if error.to_string().contains("an older log was put")),
        "{:?}",
        again.err()
    );
    two.one.stop();
}

#[tokio::test]
async fn a_new_log_in_the_place_of_the_one_that_was_followed_is_refused_by_who_runs() {
    let mut two = Two::begin();
    let newest = two.one.keep(step("anna", 0, 1)).await;
    let said: serde_json::Value = serde_json::from_str(&two.asks("STREAM.INFO", "").await).unwrap();
    let mut config = said["config"].clone();
    config["metadata"] = serde_json::json!({ "epoch": "another" });
    // It goes on where the old one ended, so that positions tell nothing.
    config["first_seq"] = ((newest >> 8) + 1_000).into();
    two.asks("STREAM.DELETE", "").await;
    two.asks("STREAM.CREATE", &config.to_string()).await;
    while two.one.tail.recv().await.is_some() {}
    let health = two.one.engine.health();
    assert!(matches!(&health, Health::Failing { error } if error.contains("of the epoch another")), "{health:?}");
    two.one.stop();
    two.two.stop();
}
