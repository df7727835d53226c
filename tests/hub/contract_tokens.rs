//! Tokens of live sockets: renewed, refused, expired.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Board, Http, Hub, Socket};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn credentials_are_renewed_on_the_live_socket_by_the_same_person_only() {
    let hub = Hub::start().await;
    let mut sue = Socket::open(&hub, &hub.token_for("sue", &["supervisor"], "10m")).await;
    let longer = hub.token_for("sue", &["supervisor"], "20m");
    let result = sue.does(json!({ "type": "authenticate", "token": longer })).await;
    assert!(result["tokenExpiresAt"].as_str() > sue.welcome["tokenExpiresAt"].as_str(), "{result}");
    for (token, code) in [(hub.token("sam", &["supervisor"]), "forbidden"), ("rubbish".to_owned(), "unauthenticated")] {
        assert_eq!(sue.refused(json!({ "type": "authenticate", "token": token })).await, code);
    }
    sue.does(json!({ "type": "watch", "filter": {} })).await;
}

#[tokio::test]
async fn roles_and_teams_that_have_changed_count_from_the_renewal_on() {
    let hub = Hub::start().await;
    let before = hub.token("sue", &["supervisor"]);
    for after in [
        hub.token("sue", &["integration"]),
        hub.token("sue", &["supervisor", "admin"]),
        hub.token_of("sue", &["supervisor"], &["billing"]),
    ] {
        let mut sue = Socket::open(&hub, &before).await;
        sue.does(json!({ "type": "authenticate", "token": after })).await;
        assert_eq!(sue.closed().await, Some(4412));
    }
    let header = ("authorization", format!("Bearer {before}"));
    let headers = [(header.0, header.1.as_str())];
    let mut board = Socket::connect(hub.address(), "/ws?roles=supervisor", &headers).await;
    board.expect("welcome").await;
    board.does(json!({ "type": "authenticate", "token": hub.token("sue", &["supervisor", "admin"]) })).await;
    board.does(json!({ "type": "watch", "filter": {} })).await;
    board.does(json!({ "type": "authenticate", "token": hub.token("sue", &["admin"]) })).await;
    assert_eq!(board.closed().await, Some(4412), "the role that it was opened for is gone");
}

#[tokio::test]
async fn what_is_sent_right_behind_a_token_that_takes_the_right_to_it_is_not_done() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    let mut sue = Socket::open(&hub, &hub.token("sue", &["supervisor"])).await;
    let away = json!({ "type": "setAgentPresence", "id": 2, "agentIds": ["ada"], "presenceId": "away" });
    sue.send(&json!({ "type": "authenticate", "id": 1, "token": hub.token("sue", &["integration"]) })).await;
    sue.send(&away).await;
    assert_eq!(sue.closed().await, Some(4412));
    // Ada was never anything but what she signed in as.
    ada.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
    let busy = board.sees("ada", |shown| {
        assert_ne!(shown["presenceId"], "away");
        shown["presenceId"] == "busy"
    });
    assert_eq!(busy.await["modifiedBy"]["type"], "AGENT");
}

#[tokio::test]
async fn an_agent_whose_roles_change_stays_present() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = Socket::open(&hub, &hub.token("ada", &["agent", "supervisor"])).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let away = board.sees_presence("ada", "away").await;
    let after = hub.token("ada", &["agent"]);
    ada.does(json!({ "type": "authenticate", "token": after })).await;
    assert_eq!(ada.closed().await, Some(4412));
    let mut again = Socket::open(&hub, &after).await;
    again.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
    let busy = board.sees("ada", |shown| {
        assert_ne!(shown["presenceId"], "offline");
        shown["presenceId"] == "busy"
    });
    assert_eq!(busy.await["agentId"], away["agentId"]);
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

#[tokio::test]
async fn a_token_whose_roles_mean_nothing_here_is_refused_with_the_reason() {
    let hub = Hub::start_with(&[
        ("AUTH__JWT__ROLES_CLAIM", "realm_access.roles"),
        ("AUTH__ROLES__AGENT", "Presence.Agent"),
        ("AUTH__ROLES__ADMIN", ""),
    ])
    .await;
    let mut ada = hub.signs_in("ada").await;
    // No value means admin, so this token gives nothing.
    let nobody = hub.token("ada", &["admin"]);
    let http = hub.http_with(&nobody);
    let session = Http::anonymous(&hub).post("/session", &json!({ "token": nobody })).await;
    for (status, body) in [http.get("/api/v1/agents/ada/presence").await, http.delete("/session").await, session] {
        assert_eq!((status, &body["code"]), (403, &json!("forbidden")), "{body}");
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.contains("`realm_access.roles`") && detail.contains("\"Presence.Agent\""), "{detail}");
    }
    let header = format!("Bearer {nobody}");
    let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", header.as_str())]).await;
    let error = socket.expect("error").await;
    assert!(error["error"]["message"].as_str().unwrap().contains("`realm_access.roles`"), "{error}");
    assert_eq!(error["error"]["code"], "forbidden");
    assert_eq!(socket.closed().await, Some(4403));
    assert_eq!(ada.refused(json!({ "type": "authenticate", "token": nobody })).await, "forbidden");
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
}
