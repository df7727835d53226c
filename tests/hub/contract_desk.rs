//! The agent's own frames, and what the agent is told.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Hub, Socket, event};

const MINUTE: Duration = Duration::from_secs(60);

/// The hub's time and a span from it, as a text of the contract.
async fn from_now(hub: &Hub, minutes: i64) -> String {
    let (_, body) = hub.http().post("/test/clock", &json!({ "advanceMs": 0 })).await;
    let now: jiff::Timestamp = body["serverTime"].as_str().unwrap().parse().unwrap();
    (now + jiff::Span::new().minutes(minutes)).to_string()
}

fn choose(presence: &str) -> Value {
    json!({ "type": "setPresence", "presenceId": presence })
}

async fn notice(socket: &mut Socket, code: &str) -> Value {
    socket.find(|frame| frame["type"] == "notice" && frame["code"] == code).await
}

#[tokio::test]
async fn a_choice_is_answered_told_to_all_tabs_and_shown() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    let mut other = hub.signs_in("ada").await;
    let result = ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "lunch" })).await;
    assert_eq!(result["presence"]["presenceId"], "away");
    assert_eq!((&result["origin"], &result["eventName"]), (&json!("AGENT"), &json!("SET_PRESENCE")));
    assert_eq!(result["modifiedBy"], json!({ "type": "AGENT", "id": "ada" }));
    assert_eq!((&result["reason"], &result["activeBrowserSessions"]), (&json!("lunch"), &json!(2)));
    for tab in [&mut ada, &mut other] {
        let told = tab.find(|frame| frame["type"] == "presence" && frame["agent"]["reason"] == "lunch").await;
        assert_eq!(told["agent"], result);
    }
    let shown = board.sees_presence("ada", "away").await;
    assert_eq!((&shown["version"], &shown["seq"]), (&result["version"], &result["seq"]));
    assert_eq!(hub.http().presence("ada").await, result);
}

#[tokio::test]
async fn a_choice_that_cannot_be_is_refused_with_its_code_and_changes_nothing() {
    let hub = Hub::start().await;
    let http = hub.http();
    let record = json!({ "selectablePresenceIds": ["available", "away"] });
    assert_eq!(http.put("/api/v1/agents/ada", &record).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    let before = http.presence("ada").await;
    for (presence, code) in [
        ("nowhere", "unknown_presence"),
        ("", "unknown_presence"),
        ("inactive", "presence_not_settable"),
        ("busy", "presence_not_allowed"),
    ] {
        assert_eq!(ada.refused(choose(presence)).await, code, "{presence}");
        let answer = hub.http_as("ada", &["agent"]);
        let (status, body) = answer.put("/api/v1/agents/ada/presence", &json!({ "presenceId": presence })).await;
        assert_eq!((status, &body["code"]), (422, &json!(code)));
    }
    let stale =
        json!({ "type": "setPresence", "presenceId": "away", "ifVersion": before["version"].as_u64().unwrap() - 1 });
    assert_eq!(ada.refused(stale).await, "version_conflict");
    for (wrong, field) in [
        (json!({ "until": "yesterday" }), "until"),
        (json!({ "until": "2020-01-01T00:00:00.000Z" }), "until"),
        (json!({ "nextPresenceId": "available" }), "nextPresenceId"),
        (json!({ "reason": "x".repeat(501) }), "reason"),
    ] {
        let mut frame = choose("away");
        frame.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let answer = ada.request(frame).await;
        assert_eq!(answer["error"]["code"], "invalid", "{answer}");
        assert_eq!(answer["error"]["details"]["field"], field, "{answer}");
    }
    let follows = json!({ "type": "setPresence", "presenceId": "away", "nextPresenceId": "nowhere" });
    let answer = ada.request(follows).await;
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["details"]["field"]),
        (&json!("unknown_presence"), &json!("nextPresenceId"))
    );
    assert_eq!(http.presence("ada").await, before);
    let fresh = json!({ "type": "setPresence", "presenceId": "away", "ifVersion": before["version"] });
    ada.does(fresh).await;
}

#[tokio::test]
async fn the_well_known_ids_are_accepted_for_the_built_in_presences() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    for (asked, got) in [
        ("efdeb843-c07a-e811-8162-000d3aa11f50", "busy"),
        ("08971864-C07A-E811-8162-000D3AA11F50", "do-not-disturb"),
        ("3dacae76-c07a-e811-8162-000d3aa11f50", "away"),
        ("70139190-c07a-e811-8162-000d3aa11f50", "offline"),
        ("f523f628-c07a-e811-8162-000d3aa11f50", "available"),
    ] {
        assert_eq!(ada.does(choose(asked)).await["presence"]["presenceId"], got);
    }
    assert_eq!(ada.refused(choose("a89ee9cf-453a-4b52-8d7a-ad647feecd5d")).await, "presence_not_settable");
}

#[tokio::test]
async fn a_choice_with_an_end_gives_way_to_what_was_planned_or_to_capacity() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    let until = from_now(&hub, 5).await;
    let lunch = json!({
        "type": "setPresence", "presenceId": "away", "until": until, "nextPresenceId": "busy", "reason": "lunch",
    });
    let result = ada.does(lunch).await;
    assert_eq!(result["nextPresenceId"], "busy");
    assert!(board.sees_presence("ada", "away").await["until"].is_string());
    hub.time_passes(5 * MINUTE).await;
    let busy = board.sees_presence("ada", "busy").await;
    assert_eq!(busy["eventName"], "EXPIRED");
    assert!(busy.get("until").is_none() && busy.get("reason").is_none(), "{busy}");
    assert_eq!(notice(&mut ada, "presenceExpired").await["actor"], json!({ "type": "SYSTEM" }));
    let until = from_now(&hub, 5).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "until": until })).await;
    hub.time_passes(5 * MINUTE).await;
    assert_eq!(board.sees_presence("ada", "available").await["origin"], "AUTOMATIC");
}

#[tokio::test]
async fn a_miss_and_a_rejection_are_told_with_a_way_back() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut ada = hub.signs_in("ada").await;
    assert_eq!(ada.refused(json!({ "type": "resetPresence" })).await, "nothing_to_reset");
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    for (kind, code, presence, hold, cause) in [
        ("workitem.missed", "missedNotification", "inactive", "MISSED", "MISSED_NOTIFICATION"),
        ("workitem.rejected", "rejectedNotification", "do-not-disturb", "REJECTED", "REJECTED_NOTIFICATION"),
    ] {
        http.applies(&event("workitem.offered", item.clone())).await;
        assert_eq!(http.applies(&event(kind, item.clone())).await["presenceId"], presence);
        assert_eq!(notice(&mut ada, code).await["workItemId"], "w1");
        let shown = http.presence("ada").await;
        assert_eq!((&shown["hold"], &shown["eventName"]), (&json!(hold), &json!(cause)));
        let back = ada.does(json!({ "type": "resetPresence" })).await;
        assert_eq!(back["presence"]["presenceId"], "available");
        assert_eq!(back["eventName"], "RESET_MISSED_REJECTED_NOTIFICATION_PRESENCE");
        assert!(back["hold"].is_null());
    }
}

#[tokio::test]
async fn an_offer_that_rings_too_long_is_missed_once() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut ada = hub.signs_in("ada").await;
    let item = json!({ "agentId": "ada", "workItemId": "w1", "timeoutSeconds": 60 });
    http.applies(&event("workitem.offered", item)).await;
    hub.time_passes(MINUTE).await;
    notice(&mut ada, "missedNotification").await;
    let late = json!({ "agentId": "ada", "workItemId": "w1" });
    assert_eq!(http.event(&event("workitem.missed", late)).await["status"], "duplicate");
    assert_eq!(http.presence("ada").await["hold"], "MISSED");
}

#[tokio::test]
async fn signing_out_is_answered_and_then_closes_every_tab() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    let mut other = hub.signs_in("ada").await;
    assert_eq!(ada.does(json!({ "type": "signOut" })).await, json!({}));
    assert_eq!(ada.closed().await, Some(4410));
    assert_eq!(other.closed().await, Some(4410));
    let shown = hub.http().presence("ada").await;
    assert_eq!((&shown["eventName"], &shown["subEventName"]), (&json!("LOGOUT"), &json!("SIGNED_OUT")));
    assert_eq!((&shown["isAgentLoggedIn"], &shown["activeBrowserSessions"]), (&json!(true), &json!(0)));
    assert_eq!(shown["restore"]["presence"]["presenceId"], "available");
}

#[tokio::test]
async fn only_the_last_tab_counts() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let first = hub.signs_in("ada").await;
    let second = hub.signs_in("ada").await;
    board.sees("ada", |shown| shown["activeBrowserSessions"] == 2).await;
    first.loses_its_network();
    let one = board.sees("ada", |shown| shown["activeBrowserSessions"] == 1).await;
    assert_eq!((&one["presenceId"], &one["eventName"]), (&json!("available"), &json!("LOGIN")));
    second.loses_its_network();
    assert_eq!(board.sees_presence("ada", "offline").await["eventName"], "DISCONNECTED");
}

#[tokio::test]
async fn a_page_that_reloads_is_never_shown_offline() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut page = hub.signs_in("ada").await;
    board.sees_presence("ada", "available").await;
    page.send(&json!({ "type": "refreshing" })).await;
    page.tab_closes().await;
    board
        .sees("ada", |shown| {
            assert_eq!(shown["presenceId"], "available", "{shown}");
            shown["activeBrowserSessions"].is_null()
        })
        .await;
    let page = hub.signs_in("ada").await;
    assert_eq!(page.welcome["agent"]["eventName"], "LOGIN", "others were shown a change");
    board
        .sees("ada", |shown| {
            assert_eq!(shown["presenceId"], "available", "{shown}");
            shown["activeBrowserSessions"] == 1
        })
        .await;
}

#[tokio::test]
async fn a_page_that_never_comes_back_was_disconnected_when_it_announced() {
    let hub = Hub::start().await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut page = hub.signs_in("ada").await;
    page.send(&json!({ "type": "refreshing" })).await;
    page.tab_closes().await;
    board.sees("ada", |shown| shown["presenceId"] == "available" && shown["activeBrowserSessions"].is_null()).await;
    let announced_before: jiff::Timestamp = from_now(&hub, 0).await.parse().unwrap();
    hub.time_passes(Duration::from_secs(6)).await;
    let gone = board.sees_presence("ada", "offline").await;
    let restore: jiff::Timestamp = gone["restore"]["until"].as_str().unwrap().parse().unwrap();
    assert!(restore <= announced_before + jiff::Span::new().seconds(150), "{gone}");
}

#[tokio::test]
async fn what_an_agent_may_choose_is_told_whenever_it_changes() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut ada = hub.signs_in("ada").await;
    let names = |frame: &Value| -> Vec<String> {
        let presences = frame["presences"].as_array().unwrap().iter();
        presences.map(|one| one["presenceId"].as_str().unwrap().to_owned()).collect()
    };
    let focus = json!({ "presenceName": "Focus", "basePresenceStatus": "BUSY_DO_NOT_DISTURB" });
    assert_eq!(http.put("/api/v1/presences/focus", &focus).await.0, 201);
    assert!(names(&ada.expect("presenceOptions").await).contains(&"focus".to_owned()));
    ada.does(choose("focus")).await;
    let only = json!({ "selectablePresenceIds": ["available", "focus"] });
    assert_eq!(http.patch("/api/v1/agents/ada", &only).await.0, 200);
    let mut told = names(&ada.expect("presenceOptions").await);
    told.sort();
    assert_eq!(told, ["available", "focus"]);
}

#[tokio::test]
async fn the_limit_of_open_work_items_holds_new_work_back_and_says_so() {
    let hub = Hub::start_with(&[("PRESENCE__MAX_OPEN_WORK_ITEMS", "2")]).await;
    let http = hub.http();
    let mut ada = hub.signs_in("ada").await;
    for item in ["w1", "w2"] {
        http.applies(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": item }))).await;
    }
    let over = json!({ "agentId": "ada", "workItemId": "w3" });
    let result = http.applies(&event("workitem.offered", over)).await;
    assert_eq!((&result["code"], &result["presenceId"]), (&json!("work_item_limit"), &json!("do-not-disturb")));
    assert_eq!(notice(&mut ada, "workItemLimit").await["workItemId"], "w3");
    let (_, items) = http.get("/api/v1/agents/ada/work-items").await;
    assert_eq!(items["items"].as_array().unwrap().len(), 2, "{items}");
    assert_eq!(http.presence("ada").await["hold"], "WORK_ITEM_LIMIT");
}

#[tokio::test]
async fn an_agent_that_is_disabled_or_deleted_is_closed() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut ada = hub.signs_in("ada").await;
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "enabled": false })).await.0, 200);
    assert_eq!(ada.closed().await, Some(4404));
    let mut ben = hub.signs_in("ben").await;
    assert_eq!(http.delete("/api/v1/agents/ben").await.0, 204);
    assert_eq!(ben.closed().await, Some(4404));
}
