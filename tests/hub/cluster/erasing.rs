//! A person who is erased at one hub is gone from all, also from one that was away.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Cluster, hires, stays};
use crate::erasing::{ADA, done, erase, is_said_nowhere, ok};
use crate::harness::{Board, Hub, event, until};

/// The subjects of the stream that have messages.
async fn subjects(cluster: &Cluster) -> Vec<String> {
    let state = cluster.log("STREAM.INFO", json!({ "subjects_filter": ">" })).await["state"]["subjects"].clone();
    state.as_object().unwrap().keys().cloned().collect()
}

/// All that a hub tells of what was and is.
async fn all_that_is_told(hub: &Hub) -> Vec<Value> {
    let (http, auditor) = (hub.http(), hub.http_as("otto", &["auditor"]));
    let mut told = vec![ok(&auditor, "/api/v1/audit").await];
    for path in ["changes?after=0&limit=1000", "tokens", "people?ids=ben", "agents/ben/history", "revocations"] {
        told.push(ok(&http, &format!("/api/v1/{path}")).await);
    }
    told
}

#[tokio::test]
async fn who_is_erased_at_one_hub_is_named_by_none() {
    let cluster = Cluster::small();
    let (one, two, mut three) = tokio::join!(cluster.node("1"), cluster.node("2"), cluster.node("3"));
    let (http, mut board) = (one.http(), Board::open(&one, json!({})).await);
    hires(&one, ADA).await;
    hires(&one, "ben").await;
    let mut ada = two.signs_in(ADA).await;
    stays(three.signs_in("ben").await);
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "ward nine" })).await;
    let work = json!({ "agentId": ADA, "workItemId": "case of ada" });
    two.http().applies(&event("workitem.assigned", work)).await;
    let set = json!({ "presenceId": "busy", "reason": "lunch" });
    let as_ada = three.http_as(ADA, &["supervisor", "admin"]);
    assert_eq!(as_ada.put("/api/v1/agents/ben/presence", &set).await.0, 200);
    for subject in [ADA, "dialler"] {
        let until = (jiff::Timestamp::now() + Duration::from_hours(24)).to_string();
        let token = json!({ "name": "a token", "subject": subject, "roles": ["integration"], "expiresAt": until });
        assert_eq!(as_ada.post("/api/v1/tokens", &token).await.0, 201);
    }
    board.sees("ben", |shown| shown["reason"] == "lunch").await;
    assert!(subjects(&cluster).await.iter().any(|subject| subject.contains(".a.ada")));
    // One hub is away when it happens.
    three.kill();
    let mut supervisor = one.supervisor().await;
    supervisor.does(json!({ "type": "signOutAgent", "agentIds": [ADA], "reason": "the end" })).await;
    board.sees_presence(ADA, "offline").await;
    assert_eq!(http.delete(&format!("/api/v1/agents/{ADA}")).await.0, 204);
    let (status, erasure) = erase(&http, ADA).await;
    assert_eq!(status, 200, "{erasure}");
    let three = three.start_again().await;
    let mut beats = one.supervisor().await;
    until("that her messages leave the stream", &mut beats, async || {
        !subjects(&cluster).await.iter().any(|subject| subject.contains(".a.ada"))
    })
    .await;
    let mut hubs = [one, two, three];
    for hub in &hubs {
        let mut beats = hub.supervisor().await;
        let at = hub.http();
        until("that the erasure is heard", &mut beats, async || {
            ok(&at, "/api/v1/erasures").await["items"][0]["pseudonym"] == erasure["pseudonym"]
        })
        .await;
        done(hub).await;
        let told = json!(all_that_is_told(hub).await).to_string();
        assert!(!told.contains(ADA) && !told.contains("ward nine"), "{told}");
        assert!(told.contains("lunch") && told.contains("dialler"), "{told}");
        assert_eq!(hub.http().get(&format!("/api/v1/agents/{ADA}/history")).await.0, 404);
    }
    for hub in &mut hubs {
        hub.terminate();
        assert!(hub.ended().await.success());
        is_said_nowhere(hub);
    }
}
