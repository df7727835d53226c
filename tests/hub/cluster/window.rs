//! What leaves the stream after a while is missed by nobody who was there, and nobody begins without it.

use serde_json::{Value, json};

use super::{Cluster, hires, stays};
use crate::harness::{Board, Http, Hub, event};

/// An agent's presence is set; the status of the answer.
async fn sets(http: &Http, presence: &str, version: &Value) -> u16 {
    let change = json!({ "presenceId": presence, "ifVersion": version });
    http.put("/api/v1/agents/ada/presence", &change).await.0
}

/// What an agent was, and since when.
async fn past(http: &Http) -> Vec<(Value, Value, Value)> {
    let (status, history) = http.get("/api/v1/agents/ada/history").await;
    assert_eq!(status, 200, "{history}");
    let items = history["items"].as_array().unwrap().iter();
    items.map(|item| (item["seq"].clone(), item["start"].clone(), item["presenceId"].clone())).collect()
}

#[tokio::test]
async fn what_has_left_the_stream_is_known_to_every_hub_that_goes_on_starts_again_or_begins_with_a_copy() {
    let cluster = Cluster::small();
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    let (ones, twos) = (one.http(), two.http());
    hires(&one, "ada").await;
    hires(&one, "ben").await;
    let (status, body) = ones.put("/api/v1/capacity-profiles/chats", &json!({ "defaultMax": 2 })).await;
    assert_eq!(status, 201, "{body}");
    let mut board = Board::open(&two, json!({})).await;
    stays(two.signs_in("ada").await);
    board.sees_presence("ada", "available").await;
    let assigned = event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1" }));
    ones.applies(&assigned).await;
    board.sees_presence("ada", "busy").await;
    // All goes, and hubs go on marking the log.
    cluster.log("STREAM.PURGE", json!({})).await;
    let state = cluster.log("STREAM.INFO", json!({ "subjects_filter": ">" })).await["state"].clone();
    let left = state["subjects"].as_object().cloned().unwrap_or_default();
    assert!(left.keys().all(|subject| subject.contains(".n.")), "{state}");

    // Who decides on the same state at two hubs is told apart, and an event is still known to be applied.
    let version = ones.presence("ada").await["version"].clone();
    let mut became =
        <[u16; 2]>::from(tokio::join!(sets(&ones, "away", &version), sets(&twos, "do-not-disturb", &version)));
    became.sort_unstable();
    assert_eq!(became, [200, 409]);
    assert_eq!(twos.event(&assigned).await["status"], "duplicate");
    // The directory is changed by whichever hub.
    let (status, body) = twos.put("/api/v1/capacity-profiles/calls", &json!({ "defaultMax": 1 })).await;
    assert_eq!(status, 201, "{body}");
    let (status, body) = ones.delete("/api/v1/capacity-profiles/chats").await;
    assert_eq!(status, 204, "{body}");

    // A hub starts again, and one begins with a copy.
    let one = one.killed_and_started_again().await;
    let three = cluster.with_a_copy_of(&two, "3").await;
    let shown = twos.presence("ada").await;
    for hub in [&one, &three] {
        assert_eq!(hub.http().presence("ada").await, shown);
        assert_eq!(past(&hub.http()).await, past(&twos).await);
    }
    let mut board = Board::open(&three, json!({})).await;
    let mut ben = one.signs_in("ben").await;
    ben.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    board.sees_presence("ben", "away").await;

    // One that knows nothing is told what it needs.
    let mut settings = cluster.settings("4");
    let empty = three.folder().join("nothing");
    settings.push(("STORAGE__PATH", empty.to_str().unwrap()));
    let (status, said) = Hub::refuses_settings(&settings);
    assert!(!status.success() && said.contains("fetch another node's database"), "{said}");
}
