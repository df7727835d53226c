//! Clocks that are wrong, and hubs that stand still.
//!
//! The wall clock is wrong where the hub reads it, by a small library that is preloaded into its
//! process (`wrong_clock.c`).

use serde_json::{Value, json};

use crate::harness::{Board, Hub, Preload, Socket, event};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Nothing here takes a real minute, so what is an hour apart is told apart.
const MINUTE_MILLIS: i64 = 60_000;

#[tokio::test]
async fn one_start_with_tomorrows_clock_is_over_with_the_next_start() {
    let clock = WallClock::new();
    clock.is_wrong_by(DAY);
    let hub = clock.hub().await;
    let mut ada = hub.signs_in("ada").await;
    let mut board = Board::open(&hub, json!({})).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "lunch" })).await;
    let tomorrow = instant(&board.sees_presence("ada", "away").await["since"]);
    let leaves = hub.signs_in("leaves").await;
    leaves.tab_closes().await;
    board.sees("leaves", |shown| !shown["restore"].is_null()).await;
    hub.http().put("/api/v1/agents/idle", &json!({ "name": "Idle" })).await;
    let position = ada.welcome["seq"].as_u64().unwrap();
    assert!(tomorrow - real_now() > DAY * 1_000 - MINUTE_MILLIS);
    drop((ada, board));

    hub.stands_still();
    clock.is_right();
    let hub = hub.killed_and_started_again().await;
    let token = hub.token_for("ada", &["agent"], "1h");
    let mut ada = Socket::open(&hub, &token).await;
    let welcome = ada.welcome.clone();
    assert!((instant(&welcome["serverTime"]) - real_now()).abs() < MINUTE_MILLIS, "{welcome}");
    assert!(welcome["seq"].as_u64().unwrap() > position, "positions rise all the same");
    assert_eq!(
        (&welcome["agent"]["presence"]["presenceId"], &welcome["agent"]["reason"]),
        (&json!("away"), &json!("lunch"))
    );
    let http = hub.http();
    for agent in ["ada", "leaves", "idle"] {
        let presence = http.presence(agent).await;
        assert!(instant(&presence["since"]) < real_now() + MINUTE_MILLIS, "{presence}");
    }
    let restore = instant(&http.presence("leaves").await["restore"]["until"]) - real_now();
    assert!((0..5 * MINUTE_MILLIS).contains(&restore), "{restore} ms left of a window of 150 s");
    ada.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
    let busy = http.presence("ada").await;
    assert!((instant(&busy["since"]) - real_now()).abs() < MINUTE_MILLIS, "{busy}");
}

#[tokio::test]
async fn a_wall_clock_put_forward_is_followed_at_once_by_tokens_and_times_and_ends_no_offer() {
    let clock = WallClock::new();
    let hub = clock.hub().await;
    let mut ada = hub.signs_in("ada").await;
    let http = hub.http();
    let offered = json!({ "agentId": "ada", "workItemId": "w1", "timeoutSeconds": 60 });
    http.applies(&event("workitem.offered", offered)).await;
    let of_an_hour = hub.token_for("sue", &["supervisor"], "1h");
    assert_eq!(hub.http_with(&of_an_hour).get("/api/v1/agents").await.0, 200);

    clock.is_wrong_by(8 * HOUR);
    assert_eq!(hub.http_with(&of_an_hour).get("/api/v1/agents").await.0, 401, "it expired seven hours ago");
    let fresh = hub.token_for("sue", &["supervisor"], "1h");
    assert_eq!(hub.http_with(&fresh).get("/api/v1/agents").await.0, 200);
    let accepted = json!({ "agentId": "ada", "workItemId": "w1" });
    assert_eq!(http.event(&event("workitem.assigned", accepted)).await["status"], "applied");
    let busy = http.presence("ada").await;
    assert_eq!(busy["presence"]["presenceId"], "busy", "{busy}");
    assert!(instant(&busy["since"]) - real_now() > 8 * HOUR * 1_000 - MINUTE_MILLIS, "{busy}");
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
}

#[tokio::test]
async fn a_wall_clock_put_back_is_followed_by_tokens_and_no_time_goes_back() {
    let clock = WallClock::new();
    let hub = clock.hub().await;
    let mut ada = hub.signs_in("ada").await;
    let http = hub.http();
    let before = instant(&http.presence("ada").await["since"]);
    clock.is_wrong_by(-8 * HOUR);
    let fresh = hub.token_for("sue", &["supervisor"], "1h");
    assert_eq!(hub.http_with(&fresh).get("/api/v1/agents").await.0, 200);
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert!(instant(&http.presence("ada").await["since"]) >= before);
}

#[tokio::test]
async fn an_acceptance_that_waits_in_its_socket_while_the_hub_is_stopped_is_applied_and_not_missed() {
    let clock = WallClock::new();
    let hub = clock.hub().await;
    let ada = hub.signs_in("ada").await;
    let mut work_system = hub.work_system().await;
    let mut board = Board::open(&hub, json!({})).await;
    board.sees_presence("ada", "available").await;
    let offered = json!({ "agentId": "ada", "workItemId": "w1", "timeoutSeconds": 60 });
    work_system.does(json!({ "type": "events", "events": [event("workitem.offered", offered)] })).await;

    hub.stands_still();
    let accepted = event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1" }));
    work_system.send(&json!({ "type": "events", "id": "late", "events": [accepted] })).await;
    clock.is_wrong_by(300);
    hub.goes_on();
    let answer = work_system.find(|frame| frame["id"] == "late").await;
    assert_eq!(answer["result"]["results"][0]["status"], "applied", "{answer}");
    let shown = board.sees("ada", |shown| shown["presenceId"] != "available").await;
    assert_eq!(shown["presenceId"], "busy", "{shown}");
    drop(ada);
}

#[tokio::test]
async fn a_tab_that_came_back_while_the_hub_was_stopped_is_restored() {
    let clock = WallClock::new();
    let hub = clock.hub().await;
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "lunch" })).await;
    let mut board = Board::open(&hub, json!({})).await;
    ada.tab_closes().await;
    board.sees("ada", |shown| !shown["restore"].is_null()).await;
    let token = hub.token("ada", &["agent"]);

    hub.stands_still();
    // The kernel takes the connection, and its request waits there.
    let stream = tokio::net::TcpStream::connect(hub.address()).await.unwrap();
    clock.is_wrong_by(300);
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    let (mut back, ()) = tokio::join!(Socket::over(stream, hub.address(), "/ws", &headers), async { hub.goes_on() });
    let welcome = back.expect("welcome").await;
    let agent = &welcome["agent"];
    assert_eq!((&agent["presence"]["presenceId"], &agent["reason"]), (&json!("away"), &json!("lunch")), "{welcome}");
}

/// The wall clock of a hub.
struct WallClock(Preload);

impl WallClock {
    fn new() -> Self {
        Self(Preload::new("wrong_clock.c", "env:WRONG_CLOCK"))
    }

    async fn hub(&self) -> Hub {
        self.0.hub(&[("SERVER__TEST_CLOCK", "false")]).await
    }

    fn is_wrong_by(&self, seconds: i64) {
        self.0.tell(&seconds.to_string());
    }

    fn is_right(&self) {
        self.is_wrong_by(0);
    }
}

fn instant(time: &Value) -> i64 {
    let time: jiff::Timestamp = time.as_str().unwrap_or_else(|| panic!("no time: {time}")).parse().unwrap();
    time.as_millisecond()
}

fn real_now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
