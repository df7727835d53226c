//! Work systems are told which offers ended while they were away.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Hub, Socket, event};

async fn offers(hub: &Hub, agent: &str, item: &str) {
    hub.http().applies(&event("workitem.offered", json!({ "agentId": agent, "workItemId": item }))).await;
}

/// The agent's only tab closes, and everybody knows.
async fn leaves(hub: &Hub, agent: &str, tab: Socket) {
    let mut board = Board::open(hub, json!({})).await;
    tab.tab_closes().await;
    board.sees(agent, |shown| !shown["restore"].is_null()).await;
}

/// A work system's socket from its first frame, which is the welcome, up to the answer of a request.
async fn is_told_on_return(hub: &Hub, subject: &str) -> (Socket, Vec<(String, String, String)>) {
    let token = hub.token(subject, &["integration"]);
    let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", &format!("Bearer {token}"))]).await;
    assert_eq!(socket.next().await.unwrap()["type"], "welcome", "nothing comes before it");
    socket.send(&json!({ "type": "events", "id": 1, "events": [] })).await;
    let told = socket.until(|frame| frame["id"] == 1).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = told.iter().filter(|frame| frame["type"] == "offerWithdrawn");
    let told = told.map(|frame| (text(&frame["agentId"]), text(&frame["workItemId"]), text(&frame["reason"])));
    let told = told.collect();
    (socket, told)
}

fn withdrawn(agent: &str, item: &str, reason: &str) -> (String, String, String) {
    (agent.to_owned(), item.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn a_work_system_that_returns_is_told_which_offers_ended_while_it_was_away() {
    let hub = Hub::start().await;
    let (ada, bob) = (hub.signs_in("ada").await, hub.signs_in("bob").await);
    let (acd, told) = is_told_on_return(&hub, "acd").await;
    assert!(told.is_empty(), "{told:?}");
    offers(&hub, "ada", "w1").await;
    offers(&hub, "bob", "w2").await;
    acd.tab_closes().await;
    leaves(&hub, "ada", ada).await;
    leaves(&hub, "bob", bob).await;
    let _bob = hub.signs_in("bob").await;
    offers(&hub, "bob", "w2").await;
    let (_acd, told) = is_told_on_return(&hub, "acd").await;
    assert_eq!(told, [withdrawn("ada", "w1", "TAB_CLOSED")], "w2 rings again");
}

#[tokio::test]
async fn a_second_socket_is_told_what_the_first_may_not_have_heard() {
    let hub = Hub::start().await;
    let ada = hub.signs_in("ada").await;
    // Nobody can say of this one whether its network is still there.
    let (mut silent, _) = is_told_on_return(&hub, "acd").await;
    offers(&hub, "ada", "w1").await;
    leaves(&hub, "ada", ada).await;
    let (_acd, told) = is_told_on_return(&hub, "acd").await;
    assert_eq!(told, [withdrawn("ada", "w1", "TAB_CLOSED")]);
    assert_eq!(silent.expect("offerWithdrawn").await["workItemId"], "w1");
}

#[tokio::test]
async fn a_work_system_is_told_after_a_kill_what_ended_before_it_and_with_the_grace() {
    let hub = Hub::start().await;
    let (ada, _bob) = (hub.signs_in("ada").await, hub.signs_in("bob").await);
    offers(&hub, "ada", "w1").await;
    offers(&hub, "bob", "w2").await;
    leaves(&hub, "ada", ada).await;
    let hub = hub.killed_and_started_again().await;
    let (mut acd, told) = is_told_on_return(&hub, "acd").await;
    assert_eq!(told, [withdrawn("ada", "w1", "TAB_CLOSED")]);
    hub.time_passes(Duration::from_secs(11)).await;
    assert_eq!(acd.expect("offerWithdrawn").await["reason"], "HUB_RESTART", "bob did not return");
    let (_crm, told) = is_told_on_return(&hub, "crm").await;
    assert_eq!(told, [withdrawn("ada", "w1", "TAB_CLOSED"), withdrawn("bob", "w2", "HUB_RESTART")]);
}
