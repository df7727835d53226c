//! Deadlines come when they are due, over restarts too, and waiting for them costs nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Board, Hub, Socket, event};

/// What a deadline may be late by.
const LATE: Duration = Duration::from_millis(100);
/// What a machine that has no processor for us may add. The lateness is printed.
const NOISE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn deadlines_come_in_their_order_and_date_from_their_instants() {
    let settings =
        [("PRESENCE__RESTORE_WINDOW", "1500ms"), ("PRESENCE__REFRESH_GRACE", "1s"), ("SERVER__TEST_CLOCK", "false")];
    let hub = Hub::start_with(&settings).await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut chooses = hub.signs_in("chooses").await;
    let mut reloads = hub.signs_in("reloads").await;
    let leaves = hub.signs_in("leaves").await;
    let now: jiff::Timestamp =
        hub.signs_in("tells-the-time").await.welcome["serverTime"].as_str().unwrap().parse().unwrap();
    let until = (now + Duration::from_millis(1_000)).to_string();
    chooses
        .does(json!({ "type": "setPresence", "presenceId": "away", "until": until, "nextPresenceId": "busy" }))
        .await;
    reloads.send(&json!({ "type": "refreshing" })).await;
    reloads.tab_closes().await;
    leaves.tab_closes().await;
    let until = board.sees("chooses", |shown| !shown["until"].is_null()).await["until"].clone();
    board.sees_presence("leaves", "offline").await;

    let expired = board.sees_presence("chooses", "busy").await;
    on_time("an `until`", &until, &hub).await;
    assert_eq!(expired["since"], until, "it dates from its instant, whenever it was noticed");
    board.sees_presence("reloads", "offline").await;
    let left = board.sees("leaves", |shown| shown["restore"].is_null() && shown["isAgentLoggedIn"].is_null()).await;
    assert_eq!(left["eventName"], "RESTORE_LAPSED");
}

#[tokio::test]
async fn a_deadline_that_passed_while_the_hub_was_away_is_made_up_for_at_its_instant() {
    let hub = Hub::start_with(&[("PRESENCE__RESTART_GRACE", "60s")]).await;
    let mut ada = hub.signs_in("ada").await;
    let now: jiff::Timestamp = ada.welcome["serverTime"].as_str().unwrap().parse().unwrap();
    // Long enough for the answer, and short enough to pass while the hub is away.
    let until = (now + Duration::from_millis(300)).to_string();
    let chosen = ada
        .does(json!({ "type": "setPresence", "presenceId": "away", "until": until, "nextPresenceId": "busy" }))
        .await;
    let hub = hub.killed_and_started_again().await;
    let mut board = Board::open(&hub, json!({})).await;
    let shown = board.sees_presence("ada", "busy").await;
    assert_eq!((&shown["eventName"], &shown["since"]), (&json!("EXPIRED"), &chosen["until"]));
}

#[tokio::test]
async fn two_hundred_quiet_agents_and_their_windows_cost_hardly_any_processor_time() {
    let hub = Hub::start_with(&[("SESSIONS__MAX_SESSIONS_PER_SUBJECT", "1000"), ("SERVER__TEST_CLOCK", "false")]).await;
    let mut here: Vec<Socket> = Vec::new();
    for number in 0..200 {
        let socket = hub.signs_in(&format!("a{number}")).await;
        // Every other one leaves, and its window runs.
        if number % 2 == 0 { here.push(socket) } else { socket.tab_closes().await }
    }
    let http = hub.http();
    for number in (0..200).step_by(2) {
        http.applies(&event(
            "workitem.offered",
            json!({ "agentId": format!("a{number}"), "workItemId": "w", "timeoutSeconds": 600 }),
        ))
        .await;
    }
    let before = processor_time(&hub);
    let began = Instant::now();
    // Heartbeats come every ten seconds; until the next one, nothing happens but pings.
    let quiet = tokio::time::timeout(Duration::from_secs(3), async {
        let reading = here.iter_mut().map(|socket| async { while socket.next().await.is_ok() {} });
        futures::future::join_all(reading).await
    });
    assert!(quiet.await.is_err(), "nobody is closed");
    let (spent, span) = (processor_time(&hub) - before, began.elapsed());
    println!("{spent:?} of processor time in {span:?}, 100 agents here and 100 windows running");
    assert!(spent < span / 10, "{spent:?} in {span:?} is a busy hub, not an idle one (debug build)");
}

/// Compares a deadline with the hub's time now.
async fn on_time(what: &str, deadline: &Value, hub: &Hub) {
    let deadline: jiff::Timestamp = deadline.as_str().unwrap().parse().unwrap();
    let seen = Instant::now();
    let welcome = hub.signs_in("tells-the-time").await.welcome;
    let now: jiff::Timestamp = welcome["serverTime"].as_str().unwrap().parse().unwrap();
    let since = Duration::try_from(now.duration_since(deadline)).expect("not before its time");
    let late = since.saturating_sub(seen.elapsed());
    println!("{what} was on the board about {late:?} after its time; {LATE:?} is allowed on a quiet machine");
    assert!(late <= LATE + NOISE, "{late:?}");
}

/// What the hub's threads have used of the processor.
fn processor_time(hub: &Hub) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{}/task", hub.pid())).unwrap();
    let nanos = threads.map(|thread| {
        let used = std::fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
        used.split(' ').next().unwrap().parse::<u64>().unwrap()
    });
    Duration::from_nanos(nanos.sum())
}
