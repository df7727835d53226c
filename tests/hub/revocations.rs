//! Tokens that are revoked: at once, on live sockets and streams, and after the hub was killed.

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, Socket};

const REVOCATIONS: &str = "/api/v1/revocations";

/// A token of this id that was issued so many seconds from now.
fn issued(hub: &Hub, subject: &str, roles: &[&str], jti: &str, from_now: i64) -> String {
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    hub.token_saying(&json!({ "sub": subject, "roles": roles, "jti": jti, "iat": now + from_now, "exp": now + 7_200 }))
}

async fn status(hub: &Hub, token: &str) -> u16 {
    hub.http_with(token).get("/api/v1/presences").await.0
}

async fn revoke(hub: &Hub, what: Value) -> Value {
    let (status, revocation) = hub.http().post(REVOCATIONS, &what).await;
    assert_eq!(status, 201, "{revocation}");
    revocation
}

#[tokio::test]
async fn signing_somebody_out_everywhere_holds_at_once_and_after_a_kill() {
    let hub = Hub::start().await;
    let (first, second) = (issued(&hub, "ada", &["agent"], "t1", -60), issued(&hub, "ada", &["agent"], "t2", 0));
    let later = issued(&hub, "ada", &["agent"], "t3", 60);
    let dateless = hub.token_saying(&json!({ "sub": "ada", "roles": ["agent"], "exp": 9_999_999_999_u64 }));
    let (mut desk, mut phone) = (Socket::open(&hub, &first).await, Socket::open(&hub, &second).await);
    let mut ben = hub.signs_in("ben").await;
    let mut board = Board::open(&hub, json!({})).await;
    let revocation = revoke(&hub, json!({ "subject": "ada", "reason": "a lost laptop" })).await;
    assert_eq!((&revocation["subject"], &revocation["revokedBy"]), (&json!("ada"), &json!("root")));
    assert_eq!(revocation["issuedBefore"], revocation["at"]);
    for socket in [&mut desk, &mut phone] {
        assert_eq!(socket.closed().await, Some(4401));
    }
    ben.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let gone = board.sees("ada", |shown| shown["eventName"] == "DISCONNECTED").await;
    assert_eq!(gone["subEventName"], "REVOKED");

    let hub = hub.killed_and_started_again().await;
    for token in [&first, &second, &dateless] {
        assert_eq!(status(&hub, token).await, 401);
    }
    assert_eq!(status(&hub, &later).await, 200, "what is issued later is believed");
    let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", &format!("Bearer {first}"))]).await;
    assert_eq!(socket.expect("error").await["error"]["code"], "unauthenticated");
    assert_eq!(socket.closed().await, Some(4401));
    Socket::open(&hub, &later).await;

    // Once more: one revocation of a subject is enough.
    let again = revoke(&hub, json!({ "subject": "ada" })).await;
    let (_, list) = hub.http().get(REVOCATIONS).await;
    assert_eq!(list, json!({ "items": [again] }));
    let path = format!("{REVOCATIONS}/{}", again["revocationId"].as_str().unwrap());
    assert_eq!(hub.http().delete(&path).await.0, 204);
    assert_eq!(hub.http().delete(&path).await.0, 404);
    assert_eq!(status(&hub, &first).await, 200, "it was taken back");
    let hub = hub.killed_and_started_again().await;
    assert_eq!(status(&hub, &first).await, 200, "and stays so");
}

#[tokio::test]
async fn one_token_is_revoked_by_its_id_and_its_owner_keeps_the_others() {
    let hub = Hub::start().await;
    let (first, second) =
        (issued(&hub, "sue", &["supervisor"], "t1", 0), issued(&hub, "sue", &["supervisor"], "t2", 0));
    let (mut one, mut other) = (Socket::open(&hub, &first).await, Socket::open(&hub, &second).await);
    let revocation = revoke(&hub, json!({ "tokenId": "t1", "expiresAt": "2199-01-01T00:00:00Z" })).await;
    assert_eq!(revocation["tokenId"], "t1");
    assert_eq!(one.closed().await, Some(4401));
    other.does(json!({ "type": "watch", "filter": {} })).await;
    assert_eq!(other.refused(json!({ "type": "authenticate", "token": first })).await, "unauthenticated");
    let hub = hub.killed_and_started_again().await;
    assert_eq!((status(&hub, &first).await, status(&hub, &second).await), (401, 200));
}

#[tokio::test]
async fn signing_out_ends_the_token_that_was_shown_with_its_sockets_alone() {
    let hub = Hub::start().await;
    let (desk, phone) = (issued(&hub, "ada", &["agent"], "t1", 0), issued(&hub, "ada", &["agent"], "t2", 0));
    let (mut at_desk, mut at_phone) = (Socket::open(&hub, &desk).await, Socket::open(&hub, &phone).await);
    assert_eq!(hub.http_with(&desk).delete("/session").await.0, 204);
    assert_eq!(at_desk.closed().await, Some(4410));
    at_phone.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert_eq!(hub.http().presence("ada").await["presence"]["presenceId"], "away", "still signed in on the phone");
    let hub = hub.killed_and_started_again().await;
    assert_eq!((status(&hub, &desk).await, status(&hub, &phone).await), (401, 200));
    let (_, list) = hub.http().get(REVOCATIONS).await;
    let [item] = list["items"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!((&item["tokenId"], &item["subject"], &item["revokedBy"]), (&json!("t1"), &json!("ada"), &json!("ada")));
    assert!(item["until"].is_string(), "{item}");

    let mut at_phone = Socket::open(&hub, &phone).await;
    assert_eq!(hub.http_with(&phone).delete("/session").await.0, 204);
    assert_eq!(at_phone.closed().await, Some(4410));
    assert_eq!(hub.http().presence("ada").await["eventName"], "LOGOUT", "the last one signs out");
}

#[tokio::test]
async fn a_revocation_is_forgotten_a_day_after_its_token_would_have_ended() {
    let hub = Hub::start().await;
    let token = issued(&hub, "ada", &["agent"], "t1", 0);
    assert_eq!(hub.http_with(&token).delete("/session").await.0, 204);
    hub.time_passes(std::time::Duration::from_secs(26 * 3_600 + 60)).await;
    revoke(&hub, json!({ "subject": "eve" })).await;
    let (_, list) = hub.http().get(REVOCATIONS).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
}

#[tokio::test]
async fn only_an_administrator_revokes_and_only_what_can_be() {
    let hub = Hub::start().await;
    for role in ["agent", "supervisor", "integration"] {
        let http = hub.http_as("x", &[role]);
        assert_eq!(http.post(REVOCATIONS, &json!({ "subject": "ada" })).await.0, 403);
        assert_eq!(http.get(REVOCATIONS).await.0, 403);
        assert_eq!(http.delete(&format!("{REVOCATIONS}/x")).await.0, 403);
    }
    assert_eq!(Http::anonymous(&hub).post(REVOCATIONS, &json!({ "subject": "ada" })).await.0, 401);
    for wrong in [
        json!({}),
        json!({ "subject": "ada", "tokenId": "t1" }),
        json!({ "subject": "" }),
        json!({ "tokenId": "a\nb" }),
        json!({ "subject": "ada", "expiresAt": "2026-11-22T12:00:00Z" }),
        json!({ "tokenId": "t1", "expiresAt": "tomorrow" }),
        json!({ "subject": "ada", "reason": "x".repeat(1_025) }),
        json!({ "subject": "ada", "before": "now" }),
    ] {
        let (status, problem) = hub.http().post(REVOCATIONS, &wrong).await;
        assert_eq!(status, 422, "{wrong} → {problem}");
    }
    assert_eq!(hub.http().get(REVOCATIONS).await.1, json!({ "items": [] }));
}
