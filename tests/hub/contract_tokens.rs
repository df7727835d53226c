//! Tokens of live sockets: renewed, refused, expired.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Board, Hub, Socket};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn credentials_are_renewed_on_the_live_socket_by_the_same_person_only() {
    let hub = Hub::start().await;
    let mut sue = Socket::open(&hub, &hub.token_for("sue", &["supervisor"], "10m")).await;
    let longer = hub.token_for("sue", &["supervisor", "admin"], "20m");
    let result = sue.does(json!({ "type": "authenticate", "token": longer })).await;
    assert!(result["tokenExpiresAt"].as_str() > sue.welcome["tokenExpiresAt"].as_str(), "{result}");
    for (token, code) in [
        (hub.token("sam", &["supervisor"]), "forbidden"),
        (hub.token("sue", &["integration"]), "forbidden"),
        (hub.token_of("sue", &["supervisor"], &["billing"]), "forbidden"),
        ("rubbish".to_owned(), "unauthenticated"),
    ] {
        assert_eq!(sue.refused(json!({ "type": "authenticate", "token": token })).await, code);
    }
    sue.does(json!({ "type": "watch", "filter": {} })).await;
}

#[tokio::test]
async fn a_token_that_ends_is_announced_and_then_closes_the_socket_unless_renewed() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let token = || hub.token_for("ada", &["agent"], "5m");
    let mut renews = Socket::open(&hub, &hub.token_for("ben", &["agent"], "5m")).await;
    let mut ends = Socket::open(&hub, &token()).await;
    hub.time_passes(4 * MINUTE + Duration::from_secs(30)).await;
    let told = ends.expect("tokenExpiring").await;
    assert_eq!(told["expiresAt"], ends.welcome["tokenExpiresAt"]);
    renews.expect("tokenExpiring").await;
    // The command line dates tokens by the machine's time, which the test clock has left behind.
    let later = hub.token_for("ben", &["agent"], "30m");
    renews.does(json!({ "type": "authenticate", "token": later })).await;
    hub.time_passes(MINUTE).await;
    assert_eq!(ends.closed().await, Some(4401));
    let gone = board.sees("ada", |shown| shown["eventName"] == "DISCONNECTED").await;
    assert_eq!((&gone["presenceId"], &gone["subEventName"]), (&json!("offline"), &json!("REVOKED")));
    renews.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let header = format!("Bearer {}", token());
    let mut late = Socket::connect(hub.address(), "/ws", &[("authorization", header.as_str())]).await;
    assert_eq!(late.expect("error").await["error"]["code"], "unauthenticated");
    assert_eq!(late.closed().await, Some(4401));
}
