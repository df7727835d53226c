//! What a restart does to those who were there, killed (SIGKILL) or stopped (SIGTERM).

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Board, Hub, event};

const GRACE: Duration = Duration::from_secs(10);
const WINDOW: Duration = Duration::from_secs(150);

#[tokio::test]
async fn after_a_kill_who_returns_was_never_offline_and_who_does_not_is_disconnected_by_the_restart() {
    let hub = Hub::start().await;
    let (returns, stays_away) = (hub.signs_in("returns").await, hub.signs_in("stays-away").await);
    let mut returns = returns;
    returns.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "lunch" })).await;
    let mut board = Board::open(&hub, json!({})).await;
    board.sees_presence("returns", "away").await;
    let since = json!({ "epoch": returns.welcome["epoch"], "seq": board.seq, "watchId": board.watch_id });

    let hub = hub.killed_and_started_again().await;
    drop(stays_away);
    let returned = hub.signs_in("returns").await;
    assert_eq!(returned.welcome["agent"]["presence"]["presenceId"], "away");
    assert_eq!(returned.welcome["agent"]["reason"], "lunch");
    let mut board =
        Board::watch(hub.supervisor().await, json!({ "type": "watch", "filter": {}, "since": since })).await;
    let shown = board.sees("returns", |shown| shown["activeBrowserSessions"] == 1).await;
    assert_eq!(shown["presenceId"], "away");
    let held = board.shows("stays-away");
    assert_eq!(held["presenceId"], "available", "held back: {held}");
    let held = hub.http().presence("stays-away").await;
    assert_eq!(held["isAgentLoggedIn"], true);
    assert_eq!(held["activeBrowserSessions"], 0);

    let before = instant(&hub.http().presence("returns").await["since"]);
    hub.time_passes(GRACE).await;
    let gone = board.sees_presence("stays-away", "offline").await;
    assert_eq!((&gone["eventName"], &gone["subEventName"]), (&json!("DISCONNECTED"), &json!("HUB_RESTART")));
    let gone = hub.http().presence("stays-away").await;
    assert_eq!((&gone["eventName"], &gone["subEventName"]), (&json!("DISCONNECTED"), &json!("HUB_RESTART")), "{gone}");
    let window = instant(&gone["restore"]["until"]) - instant(&gone["since"]);
    assert_eq!(window, millis(WINDOW), "the restore window counts from the end of the grace: {gone}");
    assert_eq!(instant(&hub.http().presence("returns").await["since"]), before, "nothing changed for others");
}

#[tokio::test]
async fn a_kill_keeps_offers_and_deadlines_and_moves_only_what_had_to_wait_for_the_hub() {
    let hub = Hub::start().await;
    let http = hub.http();
    for agent in ["offered", "wraps-up", "until", "gone"] {
        let (status, body) = http.put(&format!("/api/v1/agents/{agent}"), &json!({ "name": agent, "units": 5 })).await;
        assert_eq!(status, 201, "{body}");
    }
    let mut board = Board::open(&hub, json!({})).await;
    let gone = hub.signs_in("gone").await;
    gone.tab_closes().await;
    board.sees("gone", |shown| !shown["restore"].is_null()).await;
    let restore = instant(&http.presence("gone").await["restore"]["until"]);

    let (_offered, _wraps_up, mut until) =
        (hub.signs_in("offered").await, hub.signs_in("wraps-up").await, hub.signs_in("until").await);
    http.applies(&event("workitem.offered", json!({ "agentId": "offered", "workItemId": "w1", "timeoutSeconds": 60 })))
        .await;
    let offered = http.get("/api/v1/agents/offered/work-items").await.1;
    let item = json!({ "agentId": "wraps-up", "workItemId": "w2" });
    http.applies(&event("workitem.assigned", item.clone())).await;
    let wrap_up =
        json!({ "agentId": "wraps-up", "workItemId": "w2", "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": 60 });
    http.applies(&event("workitem.wrap_up_started", wrap_up)).await;
    let wraps_up = http.get("/api/v1/agents/wraps-up/work-items").await.1;
    assert!(!wraps_up["items"][0]["deadline"].is_null(), "{wraps_up}");
    let instant_of_until = "2099-01-01T12:00:00.000Z";
    let last_sign_of_life = Instant::now();
    until
        .does(
            json!({ "type": "setPresence", "presenceId": "away", "until": instant_of_until, "nextPresenceId": "busy" }),
        )
        .await;

    kill(&hub);
    let killed = Instant::now();
    // Something that takes a while and needs no hub.
    hub.token("nobody", &["agent"]);
    let at_least = millis(killed.elapsed());
    let hub = hub.killed_and_started_again().await;
    let at_most = millis(last_sign_of_life.elapsed()) + 1;
    let http = hub.http();
    let still = http.get("/api/v1/agents/offered/work-items").await.1;
    let moved = instant(&still["items"][0]["deadline"]) - instant(&offered["items"][0]["deadline"]);
    assert!((at_least..=at_most).contains(&moved), "the offer's time-out moved by {moved} ms");
    assert_eq!(http.presence("offered").await["capacity"]["units"]["reserved"], 1);
    assert_eq!(http.get("/api/v1/agents/wraps-up/work-items").await.1["items"], wraps_up["items"]);
    let until = http.presence("until").await;
    assert_eq!((&until["until"], &until["nextPresenceId"]), (&json!(instant_of_until), &json!("busy")));
    let moved = instant(&http.presence("gone").await["restore"]["until"]) - restore;
    println!("the restore window moved by {moved} ms, the hub was away for {at_least} to {at_most} ms");
    assert!((at_least..=at_most).contains(&moved), "moved by {moved} ms");
    // The wrap-up ends at its instant, and nobody has to be there for it.
    hub.time_passes(Duration::from_secs(60)).await;
    let watch = json!({ "type": "watch", "filter": { "agentIds": ["wraps-up"] }, "include": ["capacity"] });
    let mut board = Board::watch(hub.supervisor().await, watch).await;
    board.sees("wraps-up", |shown| shown["capacity"]["units"]["used"] == 0).await;
}

#[tokio::test]
async fn a_stop_says_when_to_come_back_answers_what_is_under_way_and_shows_nobody_offline() {
    let mut hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    let mut board = Board::open(&hub, json!({})).await;
    board.sees_presence("ada", "available").await;
    let mut work_system = hub.work_system().await;
    let events: Vec<Value> = (0..40)
        .map(|item| event("workitem.assigned", json!({ "agentId": "ada", "workItemId": format!("w{item}") })))
        .collect();
    let batch = json!({ "type": "events", "id": "batch", "events": events });
    work_system.send(&batch).await;
    // The first of its changes is shown: the batch is under way.
    board.sees("ada", |shown| !shown["openWorkItems"].is_null()).await;
    hub.terminate();

    let restarting = ada.expect("restarting").await;
    let [min, max] = [0, 1].map(|place| restarting["reconnectAfterMs"][place].as_u64().unwrap());
    assert!(min < max, "a spread: {restarting}");
    let answer = work_system.find(|frame| frame["id"] == "batch").await;
    let results = answer["result"]["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["status"] == "applied"), "{answer}");
    for socket in [&mut ada, &mut work_system, board.socket()] {
        let closed = socket.closed().await;
        assert!(matches!(closed, Some(1012 | 1001)), "{closed:?}");
    }
    let since = json!({ "epoch": ada.welcome["epoch"], "seq": board.seq, "watchId": board.watch_id });
    assert!(hub.ended().await.success(), "a stop is no failure");

    let hub = hub.killed_and_started_again().await;
    let mut board =
        Board::watch(hub.supervisor().await, json!({ "type": "watch", "filter": {}, "since": since })).await;
    let ada = board.shows("ada");
    assert_eq!(
        (&ada["presenceId"], &ada["openWorkItems"]),
        (&json!("do-not-disturb"), &json!(40)),
        "beyond the limit: {ada}"
    );
    let ada = hub.signs_in("ada").await;
    assert_eq!(hub.http().get("/api/v1/agents/ada/work-items").await.1["items"].as_array().unwrap().len(), 40);
    board.sees("ada", |shown| shown["activeBrowserSessions"] == 1).await;
    assert_eq!(board.shows("ada")["presenceId"], "do-not-disturb");
    hub.time_passes(GRACE * 2).await;
    let (status, shown) = hub.http().get("/api/v1/agents/ada/presence").await;
    assert_eq!((status, &shown["presence"]["presenceId"]), (200, &json!("do-not-disturb")));
    // Who has left before a stop is not held.
    ada.tab_closes().await;
    board.sees_presence("ada", "offline").await;
    let hub = hub.stopped_and_started_again().await;
    let board = Board::open(&hub, json!({})).await;
    assert_eq!(board.shows("ada")["presenceId"], "offline");
}

fn kill(hub: &Hub) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(hub.pid()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

fn instant(time: &Value) -> i64 {
    let time: jiff::Timestamp = time.as_str().unwrap_or_else(|| panic!("no time: {time}")).parse().unwrap();
    time.as_millisecond()
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap()
}
