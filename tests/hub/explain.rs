//! Explanations of the past: what was answered then is answered for ever.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Hub, event};

const HOUR: Duration = Duration::from_secs(3_600);

/// What was answered, and when.
struct Told {
    at: String,
    explanation: Value,
}

async fn explained(hub: &Hub, told: &mut Vec<Told>) {
    let (_, clock) = hub.http().post("/test/clock", &json!({ "advanceMs": 60_000 })).await;
    let (status, explanation) = hub.http().get("/api/v1/agents/ada/presence/explain").await;
    assert_eq!(status, 200, "{explanation}");
    told.push(Told { at: clock["serverTime"].as_str().unwrap().to_owned(), explanation });
}

#[tokio::test]
async fn an_instant_is_explained_as_it_was_then_whatever_changed_since() {
    let hub = Hub::start().await;
    let http = hub.http();
    let lunch = |text: &str| json!({ "presenceName": "Lunch", "presenceText": text, "basePresenceStatus": "AWAY" });
    let chat = |most: u32, blocks: bool| json!({ "name": "Chat", "defaultMax": most, "blockAssignment": blocks });
    assert_eq!(http.put("/api/v1/presences/lunch", &lunch("Lunch")).await.0, 201);
    assert_eq!(http.put("/api/v1/capacity-profiles/chat", &chat(3, false)).await.0, 201);
    let record = json!({ "agentId": "ada", "name": "Ada", "teams": ["billing"], "units": 10,
                         "profiles": [{ "profileId": "chat" }], "enabled": true });
    let (status, body) = http.put("/api/v1/agents/ada", &record).await;
    assert_eq!(status, 201, "{body}");
    let mut told = Vec::new();
    explained(&hub, &mut told).await;
    let mut ada = hub.signs_in("ada").await;
    explained(&hub, &mut told).await;
    let work = json!({ "agentId": "ada", "workItemId": "c-1", "units": 4, "profiles": ["chat"] });
    http.applies(&event("workitem.assigned", work)).await;
    explained(&hub, &mut told).await;
    // Less capacity: what the rules considered stays, and the sums of then do too.
    assert_eq!(http.put("/api/v1/capacity-profiles/chat", &chat(1, true)).await.0, 200);
    explained(&hub, &mut told).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "lunch", "reason": "hungry" })).await;
    explained(&hub, &mut told).await;
    assert_eq!(http.put("/api/v1/presences/lunch", &lunch("Meal")).await.0, 200);
    explained(&hub, &mut told).await;
    assert_eq!(http.patch("/api/v1/settings", &json!({ "missedNotifications": false })).await.0, 200);
    ada.tab_closes().await;
    let mut board = Board::open(&hub, json!({})).await;
    hub.time_passes(HOUR).await;
    board.sees("ada", |shown| shown["eventName"] == "RESTORE_LAPSED").await;
    drop(board);
    explained(&hub, &mut told).await;
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "name": "Ada Lindqvist", "units": 20 })).await.0, 200);
    explained(&hub, &mut told).await;

    let texts: Vec<_> =
        told.iter().map(|told| told.explanation["presence"]["presence"]["presenceText"].as_str().unwrap()).collect();
    assert!(texts.contains(&"Lunch") && texts.contains(&"Meal"), "{texts:?}");
    compare(&hub, &told).await;
    let hub = hub.killed_and_started_again().await;
    // It goes on with the wall clock.
    hub.time_passes(HOUR * 2).await;
    compare(&hub, &told).await;
}

async fn compare(hub: &Hub, told: &[Told]) {
    for Told { at, explanation } in told {
        let (status, found) = hub.http().get(&format!("/api/v1/agents/ada/presence/explain?at={at}")).await;
        assert_eq!((status, &found), (200, explanation), "{at}");
    }
}

#[tokio::test]
async fn an_instant_at_which_the_agent_was_not_there_or_that_has_not_come_is_refused() {
    let hub = Hub::start().await;
    let ask = async |subject: &str, roles: &[&str], at: &str| {
        hub.http_as(subject, roles).get(&format!("/api/v1/agents/ada/presence/explain?at={at}")).await
    };
    assert_eq!(hub.http().put("/api/v1/agents/ada", &json!({ "name": "Ada", "enabled": true })).await.0, 201);
    let (status, problem) = ask("ada", &["agent"], "2020-01-01T00:00:00Z").await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("unknown_agent")), "{problem}");
    for at in ["2100-01-01T00:00:00Z", "noon"] {
        let (status, problem) = ask("ada", &["agent"], at).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some("at")), "{problem}");
    }
    assert_eq!(ask("acd", &["integration"], "2020-01-01T00:00:00Z").await.0, 403);
}
