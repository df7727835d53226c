//! Resumption: what was missed and no more, across restarts, and a snapshot when that cannot be.

use serde_json::{Value, json};

use crate::harness::{Board, Hub};

fn since(watch: &Value, seq: u64) -> Value {
    json!({ "epoch": watch["epoch"], "seq": seq, "watchId": watch["watchId"] })
}

async fn away(hub: &Hub, agent: &str) {
    let mut socket = hub.signs_in(agent).await;
    socket.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
}

#[tokio::test]
async fn a_resumed_watch_brings_the_newest_state_of_what_changed_since() {
    let hub = Hub::start().await;
    let http = hub.http();
    for agent in ["ada", "ben", "cleo", "dan"] {
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &json!({ "teams": ["x"] })).await.0, 201);
    }
    let filter = json!({ "teams": ["x"] });
    let mut sue = hub.supervisor().await;
    let watch = sue.does(json!({ "type": "watch", "filter": filter })).await;
    let position = sue.expect("snapshot").await["seq"].as_u64().unwrap();
    drop(sue);

    away(&hub, "ada").await;
    assert_eq!(http.delete("/api/v1/agents/ben").await.0, 204);
    assert_eq!(http.patch("/api/v1/agents/cleo", &json!({ "teams": ["y"] })).await.0, 200);
    let mut sue = hub.supervisor().await;
    sue.send(&json!({ "type": "watch", "id": 1, "filter": filter, "since": since(&watch, position) })).await;
    let frames = sue.until(|frame| frame["type"] == "changes").await;
    let (result, changes) = (&frames[0]["result"], &frames[1]);
    assert_eq!((&result["mode"], &result["watchId"]), (&json!("resumed"), &watch["watchId"]));
    let agents = changes["agents"].as_array().unwrap();
    assert_eq!(agents.len(), 1, "{changes}");
    assert_eq!(
        (&agents[0]["agentId"], &agents[0]["presenceId"]),
        (&json!("ada"), &http.presence("ada").await["presence"]["presenceId"])
    );
    let left = changes["left"].as_array().unwrap();
    assert!(left.contains(&json!("ben")) && left.contains(&json!("cleo")), "{changes}");
    assert_eq!(changes["presences"].as_array().unwrap().len(), 6);
    assert_eq!(changes["summary"]["total"], 2);
}

#[tokio::test]
async fn nothing_new_is_told_as_nothing_new() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let board = Board::open(&hub, json!({})).await;
    let request = json!({ "type": "watch", "filter": {} });
    let mut sue = hub.supervisor().await;
    let watch = sue.does(request.clone()).await;
    let mut again = request;
    again["since"] = since(&watch, sue.expect("snapshot").await["seq"].as_u64().unwrap());
    let mut sam = hub.supervisor().await;
    assert_eq!(sam.does(again).await["mode"], "resumed");
    let changes = sam.expect("changes").await;
    assert_eq!(changes["left"], json!([]));
    assert_eq!(changes["summary"], board.summary);
}

#[tokio::test]
async fn a_watch_resumes_across_a_stop_and_a_kill() {
    let mut hub = Hub::start().await;
    for restart in ["stop", "kill"] {
        let agent = format!("agent-{restart}");
        away(&hub, &agent).await;
        let mut board = Board::open(&hub, json!({})).await;
        board.sees(&agent, |shown| !shown["restore"].is_null()).await;
        let watch = hub.supervisor().await.does(json!({ "type": "watch", "filter": {} })).await;
        let before = hub.http().presence(&agent).await;
        let position = board.seq;
        hub = match restart {
            "stop" => hub.stopped_and_started_again().await,
            _ => hub.killed_and_started_again().await,
        };
        assert_eq!(hub.http().put("/api/v1/agents/later", &json!({ "name": restart })).await.0 / 100, 2);
        let request = json!({ "type": "watch", "filter": {}, "since": since(&watch, position) });
        let mut sue = hub.supervisor().await;
        let resumed = sue.does(request).await;
        assert_eq!(resumed["mode"], "resumed", "{restart}");
        assert_eq!((&resumed["epoch"], &resumed["watchId"]), (&watch["epoch"], &watch["watchId"]));
        let changes = sue.expect("changes").await;
        let later = changes["agents"].as_array().unwrap().iter().find(|one| one["agentId"] == "later");
        assert_eq!(later.unwrap()["name"], restart, "{changes}");
        assert!(changes["seq"].as_u64().unwrap() > position);
        let after = hub.http().presence(&agent).await;
        assert!(after["version"].as_u64() >= before["version"].as_u64(), "{before} → {after}");
        assert_eq!(after["restore"]["presence"]["presenceId"], "away");
    }
}

#[tokio::test]
async fn what_cannot_be_resumed_begins_with_a_snapshot() {
    let hub = Hub::start().await;
    away(&hub, "ada").await;
    let mut sue = hub.supervisor().await;
    let watch = sue.does(json!({ "type": "watch", "filter": {} })).await;
    let seq = watch["seq"].as_u64().unwrap();
    let right = since(&watch, seq);
    for (name, value) in [("epoch", json!("another")), ("seq", json!(seq + 1_000_000)), ("watchId", json!("another"))] {
        let mut wrong = right.clone();
        wrong[name] = value;
        let mut sam = hub.supervisor().await;
        let result = sam.does(json!({ "type": "watch", "filter": {}, "since": wrong })).await;
        assert_eq!(result["mode"], "snapshot", "{name}");
        assert_eq!(sam.expect("snapshot").await["agents"].as_array().unwrap().len(), 1);
    }
    let other = json!({ "type": "watch", "filter": { "agentIds": ["ada"] }, "since": right });
    assert_eq!(hub.supervisor().await.does(other).await["mode"], "snapshot", "another filter");
    let unnamed = json!({ "epoch": watch["epoch"], "seq": seq });
    let result = hub.supervisor().await.does(json!({ "type": "watch", "filter": {}, "since": unnamed })).await;
    assert_eq!(result["mode"], "resumed", "a watchId may be left out");
}

#[tokio::test]
async fn who_returns_in_the_restart_grace_was_never_shown_offline() {
    let mut hub = Hub::start().await;
    for restart in ["stop", "kill"] {
        let mut ada = hub.signs_in("ada").await;
        ada.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
        let before = hub.http().presence("ada").await;
        hub = match restart {
            "stop" => hub.stopped_and_started_again().await,
            _ => hub.killed_and_started_again().await,
        };
        let mut board = Board::open(&hub, json!({})).await;
        let shown = board.shows("ada");
        assert_eq!((&shown["presenceId"], &shown["since"]), (&json!("busy"), &before["since"]), "{restart}");
        let ada = hub.signs_in("ada").await;
        assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "busy");
        assert_eq!(ada.welcome["agent"]["since"], before["since"]);
        board
            .sees("ada", |shown| {
                assert_eq!(shown["presenceId"], "busy", "{shown}");
                shown["activeBrowserSessions"] == 1
            })
            .await;
        // Who does not come back is disconnected by the restart.
        drop(ada);
    }
    let _ben = hub.signs_in("ben").await;
    let hub = hub.killed_and_started_again().await;
    let mut board = Board::open(&hub, json!({})).await;
    hub.time_passes(std::time::Duration::from_secs(11)).await;
    let gone = board.sees_presence("ben", "offline").await;
    assert_eq!((&gone["eventName"], &gone["subEventName"]), (&json!("DISCONNECTED"), &json!("HUB_RESTART")));
    assert_eq!(gone["restore"]["presenceId"], "available");
}
