//! Tickets: what a page of another origin opens its socket with.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Http, Hub, Socket};

const TICKETS: &str = "/api/v1/tickets";

async fn ticket(hub: &Hub, token: &str) -> String {
    let (status, made) = hub.http_with(token).post(TICKETS, &Value::Null).await;
    assert_eq!(status, 201, "{made}");
    made["ticket"].as_str().unwrap().to_owned()
}

async fn opens(hub: &Hub, ticket: &str) -> Socket {
    let protocols = format!("presence.v1.json, bearer.{ticket}");
    Socket::connect(hub.address(), "/ws", &[("sec-websocket-protocol", &protocols)]).await
}

async fn is_refused(hub: &Hub, ticket: &str) {
    let mut socket = opens(hub, ticket).await;
    assert_eq!(socket.expect("error").await["error"]["code"], "unauthenticated");
    assert_eq!(socket.closed().await, Some(4401));
}

#[tokio::test]
async fn a_ticket_opens_one_socket_of_whoever_asked_within_a_minute_and_nothing_else() {
    let hub = Hub::start().await;
    let token = hub.token("ada", &["agent"]);
    let first = ticket(&hub, &token).await;
    assert!(first.starts_with("phk_") && first.len() == 47, "{first}");
    assert_eq!(hub.http_with(&first).get("/api/v1/presences").await.0, 401, "it is for sockets");
    let own = format!("origin: http://{}\r\n", hub.address());
    let session = Http::anonymous(&hub).request("POST", "/session", &own, Some(&json!({ "token": first }))).await;
    assert_eq!(session.0, 401);
    let welcome = opens(&hub, &first).await.expect("welcome").await;
    assert_eq!((&welcome["subject"], &welcome["roles"]), (&json!("ada"), &json!(["agent"])));
    is_refused(&hub, &first).await;
    let late = ticket(&hub, &token).await;
    hub.time_passes(Duration::from_secs(60)).await;
    is_refused(&hub, &late).await;
    is_refused(&hub, &format!("phk_{}", "A".repeat(43))).await;
    let forgotten = ticket(&hub, &token).await;
    let hub = hub.killed_and_started_again().await;
    is_refused(&hub, &forgotten).await;
}

#[tokio::test]
async fn a_ticket_ends_with_the_token_that_it_came_from() {
    let hub = Hub::start().await;
    let token =
        hub.token_saying(&json!({ "sub": "sue", "roles": ["supervisor"], "jti": "t1", "exp": 9_999_999_999_u64 }));
    let (used, unused) = (ticket(&hub, &token).await, ticket(&hub, &token).await);
    let mut socket = opens(&hub, &used).await;
    socket.expect("welcome").await;
    assert_eq!(hub.http().post("/api/v1/revocations", &json!({ "tokenId": "t1" })).await.0, 201);
    assert_eq!(socket.closed().await, Some(4401));
    is_refused(&hub, &unused).await;
}
