//! An agent's day, from outside.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Board, Hub, event};

#[tokio::test]
async fn sign_in_offer_assign_close_drop_restore_and_lapse() {
    let hub = Hub::start().await;
    let http = hub.http();
    let (status, body) =
        http.put("/api/v1/agents/a17", &json!({ "name": "Ada", "teams": ["billing"], "units": 2 })).await;
    assert_eq!(status, 201, "{body}");
    let mut board = Board::open(&hub, json!({ "teams": ["billing"] })).await;
    assert_eq!(board.shows("a17")["presenceId"], "offline");

    let mut ada = hub.signs_in("a17").await;
    assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "available");
    assert_eq!(ada.welcome["agent"]["eventName"], "LOGIN");
    board.sees_presence("a17", "available").await;

    let item = json!({ "agentId": "a17", "workItemId": "w1" });
    assert_eq!(http.applies(&event("workitem.offered", item.clone())).await["presenceId"], "available");
    let reserved = http.presence("a17").await["capacity"]["units"]["reserved"].clone();
    assert_eq!(reserved, 1);
    assert_eq!(http.applies(&event("workitem.assigned", item.clone())).await["presenceId"], "busy");
    board.sees_presence("a17", "busy").await;
    let told =
        ada.find(|frame| frame["type"] == "presence" && frame["agent"]["presence"]["presenceId"] == "busy").await;
    assert_eq!(told["agent"]["eventName"], "SESSION_ASSIGNED");
    assert_eq!(http.applies(&event("workitem.closed", item)).await["presenceId"], "available");
    board.sees_presence("a17", "available").await;

    ada.does(json!({ "type": "setPresence", "presenceId": "do-not-disturb", "reason": "paperwork" })).await;
    board.sees_presence("a17", "do-not-disturb").await;
    ada.loses_its_network();
    let offline = board.sees_presence("a17", "offline").await;
    assert_eq!(offline["restore"]["presenceId"], "do-not-disturb");
    assert_eq!(offline["eventName"], "DISCONNECTED");
    assert_eq!(offline["isAgentLoggedIn"], true);

    hub.time_passes(Duration::from_secs(120)).await;
    let ada = hub.signs_in("a17").await;
    assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "do-not-disturb");
    assert_eq!(ada.welcome["agent"]["reason"], "paperwork");
    assert_eq!(ada.welcome["agent"]["eventName"], "RECONNECT");
    board.sees_presence("a17", "do-not-disturb").await;

    ada.tab_closes().await;
    let offline = board.sees_presence("a17", "offline").await;
    assert_eq!(offline["subEventName"], "TAB_CLOSED");
    hub.time_passes(Duration::from_millis(151_000)).await;
    let gone = board.sees("a17", |shown| shown["isAgentLoggedIn"].is_null()).await;
    assert_eq!(gone["eventName"], "RESTORE_LAPSED");
    let ada = hub.signs_in("a17").await;
    assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "available");
}
