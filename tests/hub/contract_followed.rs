//! A change of the directory reaches whoever is there: agents' own sessions and boards.

use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::harness::{Board, Hub, Socket};

const PRESENCES: usize = 150;

fn choices(frame: &Value) -> Vec<&str> {
    frame["presences"].as_array().unwrap().iter().map(|one| one["presenceId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_edited_presence_reaches_the_open_indicator_of_who_holds_it() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut focus = json!({ "presenceName": "Focus", "basePresenceStatus": "BUSY_DO_NOT_DISTURB" });
    assert_eq!(http.put("/api/v1/presences/focus", &focus).await.0, 201);
    let (mut ada, mut ben) = (hub.signs_in("ada").await, hub.signs_in("ben").await);
    let chosen = ada.does(json!({ "type": "setPresence", "presenceId": "focus" })).await;
    focus["presenceText"] = json!("Deep work");
    assert_eq!(http.put("/api/v1/presences/focus", &focus).await.0, 200);
    let shown = ada.find(|frame| frame["agent"]["presence"]["presenceText"] == "Deep work").await;
    assert_eq!((&shown["type"], &shown["agent"]["version"]), (&json!("presence"), &chosen["version"]));
    // Who does not hold it is told what it may choose, and no more.
    ben.send(&json!({ "type": "resetPresence", "id": 1 })).await;
    let frames = ben.until(|frame| frame["id"] == 1).await;
    assert!(frames.iter().any(|frame| frame["type"] == "presenceOptions"), "{frames:?}");
    assert!(frames.iter().all(|frame| frame["type"] != "presence"), "{frames:?}");
}

#[tokio::test]
async fn a_changed_profile_reaches_indicators_and_boards_without_a_change_of_the_agent() {
    let hub = Hub::start().await;
    let http = hub.http();
    let profile = |max: u32| json!({ "name": "Chats", "defaultMax": max });
    assert_eq!(http.put("/api/v1/capacity-profiles/chats", &profile(3)).await.0, 201);
    let record = json!({ "profiles": [{ "profileId": "chats" }] });
    assert_eq!(http.put("/api/v1/agents/ada", &record).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    let watch = json!({ "type": "watch", "filter": {}, "include": ["capacity"] });
    let mut board = Board::watch(hub.supervisor().await, watch.clone()).await;
    assert_eq!(board.shows("ada")["capacity"]["profiles"][0]["max"], 3);
    let version = board.shows("ada")["version"].clone();
    assert_eq!(http.put("/api/v1/capacity-profiles/chats", &profile(5)).await.0, 200);
    let shown = board.sees("ada", |shown| shown["capacity"]["profiles"][0]["max"] == 5).await;
    assert_eq!(shown["version"], version);
    ada.find(|frame| frame["agent"]["capacity"]["profiles"][0]["max"] == 5).await;
    let later = Board::watch(hub.supervisor().await, watch).await;
    assert_eq!(later.shows("ada")["capacity"]["profiles"][0]["max"], 5);
}

#[tokio::test]
async fn who_may_choose_only_some_is_told_of_those() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "selectablePresenceIds": ["available"] })).await.0, 201);
    let (mut ada, mut ben) = (hub.signs_in("ada").await, hub.signs_in("ben").await);
    let focus = json!({ "presenceName": "Focus", "basePresenceStatus": "AWAY" });
    assert_eq!(http.put("/api/v1/presences/focus", &focus).await.0, 201);
    assert!(choices(&ben.expect("presenceOptions").await).contains(&"focus"));
    // They are told in the order in which they came.
    ada.send(&json!({ "type": "resetPresence", "id": 1 })).await;
    let frames = ada.until(|frame| frame["id"] == 1).await;
    assert!(frames.iter().all(|frame| frame["type"] != "presenceOptions"), "{frames:?}");
}

#[tokio::test]
async fn very_many_new_presences_close_nobody_who_reads_slowly() {
    let hub = Hub::start().await;
    let http = hub.http();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(hub.address().parse().unwrap()).await.unwrap();
    let bearer = format!("Bearer {}", hub.token("ada", &["agent"]));
    let mut ada = Socket::over(stream, hub.address(), "/ws", &[("authorization", &bearer)]).await;
    ada.expect("welcome").await;
    for number in 0..PRESENCES {
        let presence = json!({
            "presenceName": format!("Presence {number}"), "basePresenceStatus": "AWAY", "description": "d".repeat(500),
        });
        assert_eq!(http.put(&format!("/api/v1/presences/p{number}"), &presence).await.0, 201);
    }
    let newest = ada.find(|frame| frame["type"] == "presenceOptions" && choices(frame).len() >= PRESENCES + 5).await;
    assert!(choices(&newest).contains(&"p149"));
    ada.does(json!({ "type": "setPresence", "presenceId": "p149" })).await;
}

#[tokio::test]
async fn a_filter_with_a_list_that_is_too_long_is_refused_with_the_field() {
    let hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    let names: Vec<String> = (0..1_001).map(|number| format!("a{number}")).collect();
    let refused = sue.request(json!({ "type": "watch", "filter": { "agentIds": names } })).await;
    let error = &refused["error"];
    assert_eq!((&error["code"], &error["details"]["field"]), (&json!("too_large"), &json!("agentIds")), "{refused}");
    sue.does(json!({ "type": "watch", "filter": { "agentIds": &names[..1_000] } })).await;
}
