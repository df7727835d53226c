//! The log itself is lost, or an older one is put in its place.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Cluster, copy_of, hires, is_kept_in_the_end};
use crate::harness::{Board, Hub, LONGEST, Log, Socket, until};
use crate::nats_server::NatsServer;

fn sets(presence: &str) -> Value {
    json!({ "type": "setPresence", "presenceId": presence })
}

/// Asks with each heartbeat until the socket is closed. Nothing may be acknowledged.
async fn is_told_of_nothing_more(mut ada: Socket) {
    let mut id = 1_000;
    while let Ok(frame) = ada.next().await {
        assert_ne!(frame["type"], "result", "acknowledged, and not kept");
        if frame["type"] == "heartbeat" {
            id += 1;
            let mut request = sets("away");
            request["id"] = json!(id);
            // It may be closed just now.
            ada.tries_to_send(&request).await;
        }
    }
}

async fn ends_because(mut hub: Hub, mut log: Log, why: &str) -> Hub {
    let mut said = Vec::new();
    let says = async {
        while let Some(line) = log.next().await {
            said.push(line);
            if said.last().is_some_and(|line| line.contains(why)) {
                return true;
            }
        }
        false
    };
    let has_said = tokio::time::timeout(LONGEST, says).await;
    assert_eq!(has_said, Ok(true), "{said:#?}");
    tokio::spawn(log.rest());
    assert!(!hub.ended().await.success());
    hub
}

#[tokio::test]
async fn an_older_log_put_back_under_running_hubs_ends_them_and_nothing_is_acknowledged_meanwhile() {
    let cluster = Cluster::over(Arc::new(vec![NatsServer::start()]));
    let ((one, ones_log), (two, twos_log)) = tokio::join!(cluster.heard_node("1"), cluster.heard_node("2"));
    hires(&one, "ada").await;
    let mut ada = two.signs_in("ada").await;
    let older = cluster.servers[0].is_killed_copied_and_started_again();
    is_kept_in_the_end(&mut ada, "away").await;
    let mut kept = Value::Null;
    for presence in ["busy", "away", "busy"] {
        kept = ada.does(sets(presence)).await;
    }
    // A hub that has heard of nothing newer has nothing to miss in the older one.
    Board::open(&one, json!({})).await.sees("ada", |shown| shown["version"] == kept["version"]).await;
    cluster.servers[0].goes_back_to(&older);
    let why = "an older one was put in its place";
    tokio::join!(is_told_of_nothing_more(ada), async {
        let (one, two) = tokio::join!(ends_because(one, ones_log, why), ends_because(two, twos_log, why));
        for hub in [one, two] {
            let said = hub.command().output().unwrap();
            let said = (said.status.success(), String::from_utf8_lossy(&said.stderr).into_owned());
            assert!(!said.0 && said.1.contains("was put in its place (see docs/cluster.md)"), "{}", said.1);
        }
    });
}

#[tokio::test]
async fn a_log_that_was_taken_away_is_missed_by_all_and_begun_anew_from_a_hubs_database() {
    let cluster = Cluster::small();
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&one, "ada").await;
    let mut ada = two.signs_in("ada").await;
    ada.does(sets("away")).await;
    let mut board = Board::open(&one, json!({})).await;
    board.sees_presence("ada", "away").await;
    let epoch = board.socket().does(json!({ "type": "watch" })).await["epoch"].clone();
    cluster.log("STREAM.DELETE", json!({})).await;
    let said = ada.request(sets("busy")).await;
    assert_eq!(said["type"], "error", "{said}");
    let (http, mut beats) = (one.http(), one.supervisor().await);
    until("that the hub is not ready", &mut beats, async || http.get("/readyz").await.0 == 503).await;
    // All hubs are stopped, and one of them begins a new log.
    let mut hubs = [one, two];
    for hub in &mut hubs {
        hub.terminate();
        assert!(hub.ended().await.success());
        let said = hub.says(&["check"]);
        assert!(said.contains("its log was followed up to position "), "{said}");
    }
    let [one, two] = hubs;
    let said = one.says(&["cluster", "new-epoch"]);
    assert!(said.starts_with("ok: "), "{said}");
    let one = one.start_again().await;
    two.says(&["restore", &copy_of(&one), "--replace"]);
    let two = two.start_again().await;
    assert_eq!(two.http().presence("ada").await, one.http().presence("ada").await);
    let mut board = Board::open(&one, json!({})).await;
    let begun = board.socket().does(json!({ "type": "watch" })).await["epoch"].clone();
    assert_ne!(begun, epoch, "boards of the log before begin with a snapshot");
    let mut ada = two.signs_in("ada").await;
    ada.does(sets("busy")).await;
    board.sees_presence("ada", "busy").await;
}
