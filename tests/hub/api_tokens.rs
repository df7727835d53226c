//! API tokens: what machines show, made and deleted by an administrator.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Hub, Socket};

const TOKENS: &str = "/api/v1/tokens";

async fn make(hub: &Hub, wanted: Value) -> Value {
    let (status, made) = hub.http().post(TOKENS, &wanted).await;
    assert_eq!(status, 201, "{made}");
    made
}

fn text<'a>(made: &'a Value, field: &str) -> &'a str {
    made[field].as_str().unwrap()
}

#[tokio::test]
async fn a_machine_works_with_its_token_until_it_is_deleted_also_after_a_kill() {
    let hub = Hub::start().await;
    let made = make(&hub, json!({ "subject": "crm", "name": "CRM", "roles": ["integration"] })).await;
    let token = text(&made, "token").to_owned();
    assert!(token.starts_with("pht_") && token.len() == 47, "{token}");
    let (_, list) = hub.http().get(TOKENS).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["token"], Value::Null, "it is told once");
    assert_eq!(list["items"][0]["usedAt"], Value::Null);

    let hub = hub.killed_and_started_again().await;
    let (status, said) = hub.http_with(&token).get("/session").await;
    assert_eq!((status, &said["session"]["subject"], &said["session"]["name"]), (200, &json!("crm"), &json!("CRM")));
    assert_eq!(hub.http_with(&token).get("/api/v1/audit").await.0, 403, "it allows no more than it says");
    let mut socket = Socket::open(&hub, &token).await;
    socket.does(json!({ "type": "watch", "filter": {} })).await;
    let (_, list) = hub.http().get(TOKENS).await;
    assert!(list["items"][0]["usedAt"].is_string(), "{list}");

    let path = format!("{TOKENS}/{}", text(&made, "tokenId"));
    assert_eq!(hub.http().delete(&path).await.0, 204);
    assert_eq!(hub.http_with(&token).get("/api/v1/presences").await.0, 401);
    assert_eq!(socket.closed().await, Some(4401));
    assert_eq!(hub.http().delete(&path).await.0, 404);
    let hub = hub.killed_and_started_again().await;
    assert_eq!(hub.http_with(&token).get("/api/v1/presences").await.0, 401, "it stays deleted");
}

#[tokio::test]
async fn a_token_ends_at_its_time_and_is_listed_no_more() {
    let hub = Hub::start().await;
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(10);
    let wanted = json!({
        "subject": "wall", "name": "Wallboard", "roles": ["observer"], "teams": ["billing"],
        "expiresAt": ends.to_string(),
    });
    let made = make(&hub, wanted).await;
    let token = text(&made, "token");
    let mut socket = Socket::open(&hub, token).await;
    let (_, said) = hub.http_with(token).get("/session").await;
    assert_eq!(said["session"]["teams"], json!(["billing"]));
    assert_eq!(hub.http_with(token).get("/api/v1/agents/nobody").await.0, 403, "it is limited to its team");
    hub.time_passes(Duration::from_secs(9 * 60 + 30)).await;
    socket.expect("tokenExpiring").await;
    hub.time_passes(Duration::from_secs(31)).await;
    assert_eq!(socket.closed().await, Some(4401));
    assert_eq!(hub.http_with(token).get("/api/v1/presences").await.0, 401);
    let (_, list) = hub.http().get(TOKENS).await;
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn what_would_be_no_good_token_is_refused_with_what_would_be_right() {
    let hub = Hub::start().await;
    let right = json!({ "subject": "crm", "name": "CRM", "roles": ["integration"] });
    for (field, wrong) in [
        ("subject", json!("")),
        ("subject", json!("a\u{202e}nimda")),
        ("name", json!(" ")),
        ("name", json!("two\nlines")),
        ("roles", json!([])),
        ("roles", json!(["root"])),
        ("teams", json!(["billing"])),
        ("expiresAt", json!("2001-01-01T00:00:00Z")),
        ("expiresAt", json!("2199-01-01T00:00:00Z")),
        ("expiresAt", json!("tomorrow")),
        ("expires", json!("2199-01-01T00:00:00Z")),
    ] {
        let mut wanted = right.clone();
        wanted[field] = wrong;
        let (status, problem) = hub.http().post(TOKENS, &wanted).await;
        assert!(matches!(status, 400 | 422), "{field}: {problem}");
        assert!(problem.to_string().contains(field), "{field}: {problem}");
    }
    let (_, list) = hub.http().get(TOKENS).await;
    assert_eq!(list["items"], json!([]), "nothing was made");
    let made_up = format!("pht_{}", "A".repeat(43));
    assert_eq!(hub.http_with(&made_up).get("/api/v1/presences").await.0, 401);
}

#[tokio::test]
async fn signing_a_machine_out_everywhere_covers_its_tokens_and_a_new_one_is_believed_at_once() {
    let hub = Hub::start().await;
    let wanted = json!({ "subject": "crm", "name": "CRM", "roles": ["integration"] });
    let old = make(&hub, wanted.clone()).await;
    let (status, _) = hub.http().post("/api/v1/revocations", &json!({ "subject": "crm" })).await;
    assert_eq!(status, 201);
    assert_eq!(hub.http_with(text(&old, "token")).get("/api/v1/presences").await.0, 401);
    let new = make(&hub, wanted).await;
    assert_eq!(hub.http_with(text(&new, "token")).get("/api/v1/presences").await.0, 200);
}
