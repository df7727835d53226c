//! No text that people read can be anything else than it seems, whoever wrote it.

use serde_json::{Value, json};

use crate::harness::{Hub, Socket, event};

/// Turns what follows: "nimda" is read as "admin".
const TURNED: &str = "\u{202e}nimda";

#[tokio::test]
async fn names_reasons_and_labels_that_mislead_are_refused_by_their_field() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({})).await.0, 201);
    let _ada = hub.signs_in("ada").await;
    let long = "x".repeat(257);
    let presence = |field: &str, value: Value| {
        let mut record = json!({ "presenceName": "Tea", "basePresenceStatus": "AWAY" });
        record[field] = value;
        record
    };
    let time = json!({ "start": "2026-01-01T00:00:00Z", "end": "2026-01-01T01:00:00Z", "reason": TURNED });
    for (method, path, body, field) in [
        ("PUT", "agents/bob", json!({ "name": TURNED }), "name"),
        ("PUT", "agents/bob", json!({ "teams": [TURNED] }), "teams"),
        ("POST", "agents", json!({ "agentId": TURNED }), "agentId"),
        ("PATCH", "agents/ada", json!({ "skills": ["two\nlines"] }), "skills"),
        ("PUT", "presences/tea", presence("presenceName", json!(TURNED)), "presenceName"),
        ("PUT", "presences/tea", presence("presenceText", json!("tab\t")), "presenceText"),
        ("PUT", "presences/tea", presence("description", json!(TURNED)), "description"),
        ("PUT", "presences/tea", presence("labels", json!({ "de": TURNED })), "labels"),
        ("PUT", "presences/tea", presence("labels", json!({ (TURNED): "Tee" })), "labels"),
        ("PUT", "capacity-profiles/p", json!({ "name": TURNED, "defaultMax": 1 }), "name"),
        ("PUT", "capacity-profiles/p", json!({ "name": long, "defaultMax": 1 }), "name"),
        ("PUT", "workstreams/w", json!({ "name": TURNED, "allowedPresences": [] }), "name"),
        ("PUT", "workstreams/w", json!({ "name": long, "allowedPresences": [] }), "name"),
        ("PUT", "activities/a", json!({ "text": TURNED, "presenceIds": ["away"] }), "text"),
        ("PUT", "agents/ada/presence", json!({ "presenceId": "away", "reason": TURNED }), "reason"),
        ("POST", "agents/ada/adherence-exceptions", time, "reason"),
        ("POST", "webhooks", json!({ "url": "https://example.com/", "description": TURNED }), "description"),
    ] {
        let (status, answer) = http.request(method, &format!("/api/v1/{path}"), "", Some(&body)).await;
        assert_eq!((status, &answer["field"]), (422, &json!(field)), "{method} {path} {body} → {answer}");
    }
    let disputed = json!({ "start": "2026-01-01T00:00:00Z", "seq": 1, "note": TURNED });
    let (status, answer) = hub.http_as("ada", &["agent"]).post("/api/v1/agents/ada/disputes", &disputed).await;
    assert_eq!((status, &answer["field"]), (422, &json!("note")), "{answer}");
    let told = json!({ "agentId": "ada", "workItemId": "w1", "reason": TURNED });
    let refused = http.event(&event("workitem.assigned", told)).await;
    assert_eq!((&refused["status"], &refused["field"]), (&json!("rejected"), &json!("data.reason")), "{refused}");
    let mut sue = hub.supervisor().await;
    let signs_out = json!({ "type": "signOutAgent", "agentIds": ["ada"], "reason": TURNED });
    let answer = sue.does(signs_out).await;
    assert_eq!(answer["results"][0]["code"], "invalid", "{answer}");
}

#[tokio::test]
async fn a_token_makes_no_record_that_an_administrator_may_not_write() {
    let hub = Hub::start().await;
    let many: Vec<String> = (0..51).map(|number| format!("t{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    // What stands for somebody who was erased names nobody.
    let pseudonym = "erased-5d41402abc4b";
    for (subject, teams, field) in
        [(pseudonym, &["a"][..], "agentId"), ("bob", &[TURNED], "teams"), ("bob", &many, "teams")]
    {
        let bearer = format!("Bearer {}", hub.token_of(subject, &["agent"], teams));
        let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", &bearer)]).await;
        let error = socket.expect("error").await["error"].clone();
        assert_eq!((&error["code"], &error["details"]["field"]), (&json!("invalid"), &json!(field)), "{error}");
        assert_eq!(socket.closed().await, Some(4404));
        assert_eq!(hub.http().get("/api/v1/agents/bob").await.0, 404);
    }
    // In whatever role: it would be shown as somebody else.
    for role in ["agent", "supervisor"] {
        let bearer = format!("Bearer {}", hub.token(TURNED, &[role]));
        let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", &bearer)]).await;
        let error = socket.expect("error").await["error"].clone();
        assert!(error["message"].as_str().unwrap().contains("claim `sub` is no id"), "{error}");
        assert_eq!(socket.closed().await, Some(4401));
    }
    assert_eq!(hub.signs_in("bob").await.welcome["agent"]["agentId"], "bob");
}
