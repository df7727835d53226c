//! Supervisors of some teams see, hear and set only those.

use serde_json::{Value, json};

use crate::harness::{Hub, Socket};

/// A hub with Ada in billing and Sam in sales, and a supervisor of billing.
async fn floor() -> (Hub, String) {
    let hub = Hub::start().await;
    let http = hub.http();
    for (agent, team) in [("ada", "billing"), ("secret", "sales")] {
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &json!({ "teams": [team] })).await.0, 201);
    }
    let token = hub.token_of("tim", &["supervisor"], &["billing"]);
    (hub, token)
}

fn never_named(frames: &[Value]) {
    assert!(frames.iter().all(|frame| !frame.to_string().contains("secret")), "{frames:?}");
}

#[tokio::test]
async fn others_are_neither_shown_nor_heard_of() {
    let (hub, token) = floor().await;
    let http = hub.http();
    let mut tim = Socket::open(&hub, &token).await;
    let named = json!({ "agentIds": ["ada", "secret"] });
    for filter in [json!({}), json!({ "teams": ["billing", "sales"] }), named] {
        tim.does(json!({ "type": "watch", "filter": filter })).await;
        let part = tim.expect("snapshot").await;
        assert_eq!(part["summary"]["total"], 1);
        never_named(&[part]);
    }
    let mut secret = hub.signs_in("secret").await;
    secret.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert_eq!(http.delete("/api/v1/agents/secret").await.0, 204);
    let _ada = hub.signs_in("ada").await;
    never_named(&tim.until(|frame| frame["agents"][0]["presenceId"] == "available").await);
    let (_, list) = hub.http_with(&token).get("/api/v1/agents").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn others_are_not_named_after_a_resumption_either() {
    let (hub, token) = floor().await;
    let mut tim = Socket::open(&hub, &token).await;
    let watch = tim.does(json!({ "type": "watch", "filter": {} })).await;
    let seq = tim.expect("snapshot").await["seq"].clone();
    drop(tim);
    assert_eq!(hub.http().delete("/api/v1/agents/secret").await.0, 204);
    let hub = hub.stopped_and_started_again().await;
    let mut tim = Socket::open(&hub, &token).await;
    let since = json!({ "epoch": watch["epoch"], "seq": seq, "watchId": watch["watchId"] });
    tim.send(&json!({ "type": "watch", "id": 1, "filter": {}, "since": since })).await;
    let frames = tim.until(|frame| frame["type"] == "changes").await;
    assert_eq!(frames[0]["result"]["mode"], "resumed");
    never_named(&frames);
}

#[tokio::test]
async fn who_leaves_the_team_is_told_as_left() {
    let (hub, token) = floor().await;
    let http = hub.http();
    let mut tim = Socket::open(&hub, &token).await;
    let watch = tim.does(json!({ "type": "watch", "filter": {} })).await;
    let seq = tim.expect("snapshot").await["seq"].clone();
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "teams": ["sales"] })).await.0, 200);
    assert_eq!(tim.expect("changes").await["left"], json!(["ada"]));
    let mut again = Socket::open(&hub, &token).await;
    let since = json!({ "epoch": watch["epoch"], "seq": seq, "watchId": watch["watchId"] });
    again.does(json!({ "type": "watch", "filter": {}, "since": since })).await;
    assert_eq!(again.expect("changes").await["left"], json!(["ada"]));
}

#[tokio::test]
async fn others_cannot_be_set_or_read() {
    let (hub, token) = floor().await;
    let _secret = hub.signs_in("secret").await;
    let _ada = hub.signs_in("ada").await;
    let mut tim = Socket::open(&hub, &token).await;
    for request in [
        json!({ "type": "setAgentPresence", "agentIds": ["secret"], "presenceId": "away" }),
        json!({ "type": "resetAgentPresence", "agentIds": ["secret"] }),
        json!({ "type": "signOutAgent", "agentIds": ["secret"] }),
    ] {
        let result = tim.does(request.clone()).await;
        assert_eq!(result["results"][0]["code"], "forbidden", "{request}");
    }
    let http = hub.http_with(&token);
    let agent = "/api/v1/agents/secret";
    for path in ["presence", "presence/explain", "work-items"] {
        assert_eq!(http.get(&format!("{agent}/{path}")).await.0, 403, "{path}");
        assert_eq!(http.get(&format!("/api/v1/agents/ada/{path}")).await.0, 200, "{path}");
    }
    assert_eq!(http.put(&format!("{agent}/presence"), &json!({ "presenceId": "away" })).await.0, 403);
    assert_eq!(http.post(&format!("{agent}/presence/reset"), &json!({})).await.0, 403);
    let stream = json!({ "allowedPresences": ["AVAILABLE"] });
    assert_eq!(hub.http().put("/api/v1/workstreams/chat", &stream).await.0, 201);
    let (_, eligible) = http.get("/api/v1/workstreams/chat/eligible-agents?explain=true").await;
    assert!(eligible.to_string().contains("ada") && !eligible.to_string().contains("secret"), "{eligible}");
}

#[tokio::test]
async fn an_agent_sees_itself_alone() {
    let (hub, _) = floor().await;
    let ada = hub.http_as("ada", &["agent"]);
    let (status, list) = ada.get("/api/v1/agents").await;
    assert_eq!(status, 200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    for path in ["presence", "presence/explain", "work-items"] {
        assert_eq!(ada.get(&format!("/api/v1/agents/ada/{path}")).await.0, 200, "{path}");
        assert_eq!(ada.get(&format!("/api/v1/agents/secret/{path}")).await.0, 403, "{path}");
    }
}
