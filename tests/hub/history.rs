//! A day that was lived, asked for afterwards: the history is what the board was shown.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, event};

const HOUR: Duration = Duration::from_secs(3_600);

fn millis(time: &Value) -> i64 {
    time.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

async fn items(http: &Http, path: &str) -> Vec<Value> {
    let (status, body) = http.get(path).await;
    assert_eq!(status, 200, "{path} → {body}");
    assert!(body["nextCursor"].is_null(), "{body}");
    body["items"].as_array().unwrap().clone()
}

/// Ada of billing and Ben of sales.
async fn two_agents(hub: &Hub) {
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "units": 10, "enabled": true });
        assert_eq!(hub.http().put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
}

/// Each state that the board shows is compared with the interval of its version.
fn compare(intervals: &[Value], shown: &Value) {
    let version = &shown["version"];
    let interval = intervals.iter().find(|interval| interval["version"] == *version);
    let interval = interval.unwrap_or_else(|| panic!("version {version} is in no interval"));
    for field in ["presenceId", "origin", "hold", "seq", "reason"] {
        assert_eq!(interval[field], shown[field], "{field} of version {version}");
    }
}

#[tokio::test]
async fn the_history_of_a_day_is_what_the_board_was_shown_also_after_the_hub_was_killed() {
    let hub = Hub::start_with(&[("PRESENCE__RESTART_GRACE", "60s")]).await;
    two_agents(&hub).await;
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    let mut shown = vec![board.sees_presence("ada", "available").await];
    hub.time_passes(HOUR).await;
    let work = json!({ "agentId": "ada", "workItemId": "c-1", "subEvent": "ASSIGNMENT_ACCEPT", "units": 4 });
    hub.http().applies(&event("workitem.assigned", work)).await;
    shown.push(board.sees_presence("ada", "busy").await);
    let more = json!({ "agentId": "ada", "workItemId": "c-2", "subEvent": "PICK", "units": 3 });
    hub.http().applies(&event("workitem.assigned", more)).await;
    shown.push(board.sees("ada", |shown| shown["openWorkItems"] == 2).await);
    hub.time_passes(HOUR).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "dentist" })).await;
    shown.push(board.sees_presence("ada", "away").await);
    let hub = hub.killed_and_started_again().await;
    drop((ada, board));
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    hub.time_passes(HOUR).await;
    ada.does(json!({ "type": "signOut" })).await;
    shown.push(board.sees_presence("ada", "offline").await);

    let http = hub.http();
    let intervals = items(&http, "/api/v1/agents/ada/history?limit=1000").await;
    shown.iter().for_each(|shown| compare(&intervals, shown));
    for two in intervals.windows(2) {
        assert_eq!(two[0]["end"], two[1]["start"], "no gap, no overlap");
        assert_eq!(two[1]["version"].as_u64(), two[0]["version"].as_u64().map(|version| version + 1));
        let lasted = millis(&two[0]["end"]) - millis(&two[0]["start"]);
        assert_eq!(two[0]["durationMs"], lasted);
    }
    assert!(intervals.last().unwrap()["end"].is_null());
    let by_work = intervals.iter().find(|interval| interval["eventName"] == "SESSION_ASSIGNED").unwrap();
    assert_eq!(by_work["modifiedBy"], json!({ "type": "INTEGRATION", "id": "root" }));
    assert_eq!(by_work["availableUnitsCapacity"], 6);

    let merged = items(&http, "/api/v1/agents/ada/history?merge=presence").await;
    let presences: Vec<_> = merged.iter().map(|interval| interval["presenceId"].as_str().unwrap()).collect();
    assert_eq!(presences, ["offline", "available", "busy", "away", "offline"]);
    let busy = (millis(&merged[2]["start"]), millis(&merged[2]["end"]));

    // Cut to an hour of it, page by page, and at an instant.
    let (from, to) = (&merged[1]["start"], &merged[2]["start"]);
    let path = format!("/api/v1/agents/ada/history?from={0}&to={1}", from.as_str().unwrap(), to.as_str().unwrap());
    let of_the_hour = items(&http, &path).await;
    assert!(of_the_hour.iter().all(|interval| interval["presenceId"] == "available"), "{of_the_hour:?}");
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = http.get(&format!("/api/v1/agents/ada/history?limit=2{cursor}")).await;
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let without_duration = |intervals: &[Value]| intervals.iter().map(|one| one["seq"].clone()).collect::<Vec<_>>();
    assert_eq!(without_duration(&paged), without_duration(&intervals));
    let at = jiff::Timestamp::from_millisecond(i64::midpoint(busy.0, busy.1)).unwrap();
    let floor = items(&http, &format!("/api/v1/presence?at={at}")).await;
    assert_eq!(floor.iter().map(|was| &was["presenceId"]).collect::<Vec<_>>(), ["busy", "offline"]);
    assert_eq!(floor[0]["teams"], json!(["billing"]));

    // The sums are those of the intervals.
    let from = intervals[0]["start"].as_str().unwrap();
    let path = format!("/api/v1/reports/time-in-status?agentIds=ada&from={from}");
    let (_, report) = http.get(&path).await;
    let sum: i64 = report["items"].as_array().unwrap().iter().map(|line| line["durationMs"].as_i64().unwrap()).sum();
    assert_eq!(sum, millis(&report["to"]) - millis(&report["from"]));
    let of_busy = report["items"].as_array().unwrap().iter().find(|line| line["presenceId"] == "busy").unwrap();
    assert_eq!(of_busy["durationMs"], busy.1 - busy.0);
    let (_, by_hour) = http.get(&format!("{path}&by=hour&tz=Asia/Kolkata&to={}", report["to"].as_str().unwrap())).await;
    let hours = by_hour["items"].as_array().unwrap();
    assert_eq!(hours.iter().map(|line| line["durationMs"].as_i64().unwrap()).sum::<i64>(), sum);
    let (status, head, table) = http.raw("GET", &path, "accept: text/csv\r\n", None).await;
    assert!(status == 200 && head.to_lowercase().contains("content-type: text/csv"), "{head}");
    assert!(table.starts_with("agentId,name,team,start,end,presenceId,"), "{table}");
    assert!(table.contains(&format!("\r\nada,ada,,,,busy,Busy,BUSY,{}\r\n", busy.1 - busy.0)), "{table}");
}

#[tokio::test]
async fn names_and_teams_are_those_of_then_and_a_deleted_agent_was_there() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let http = hub.http();
    let lunch = |text: &str| json!({ "presenceName": "Lunch", "presenceText": text, "basePresenceStatus": "AWAY" });
    assert_eq!(http.put("/api/v1/presences/lunch", &lunch("Lunch")).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "lunch" })).await;
    hub.time_passes(HOUR).await;
    let before = items(&http, "/api/v1/agents/ada/history?merge=presence").await;
    let start = before.last().unwrap()["start"].as_str().unwrap().to_owned();
    let (from, at) = (before[0]["start"].as_str().unwrap(), &start);
    let asked = [
        format!("/api/v1/presence?at={at}"),
        format!("/api/v1/presence?at={at}&teams=billing"),
        format!("/api/v1/reports/time-in-status?from={from}&to={at}&by=team"),
    ];
    let mut told = Vec::new();
    for path in &asked {
        told.push(http.get(path).await);
    }
    assert_eq!(told[0].1["items"][0]["presenceText"], "Lunch", "{told:?}");
    assert_eq!(told[1].1["items"].as_array().unwrap().len(), 1);

    assert_eq!(http.put("/api/v1/presences/lunch", &lunch("Meal")).await.0, 200);
    let moved = json!({ "name": "Ada Lindqvist", "teams": ["sales"] });
    assert_eq!(http.patch("/api/v1/agents/ada", &moved).await.0, 200);
    assert_eq!(http.delete("/api/v1/agents/ben").await.0, 204);
    hub.time_passes(HOUR).await;
    for (path, told) in asked.iter().zip(told) {
        assert_eq!(http.get(path).await, told, "{path}");
    }
    // The deletion ends what Ben was, and nothing follows.
    let (_, report) = http.get(&format!("/api/v1/reports/time-in-status?from={from}&by=team")).await;
    let of_team = |team: &str| report["items"].as_array().unwrap().iter().filter(|line| line["team"] == team).count();
    assert!(of_team("billing") > 0 && of_team("sales") > 1, "{report}");
    let floor = items(&http, &format!("/api/v1/presence?at={}", report["to"].as_str().unwrap())).await;
    assert_eq!(floor.iter().map(|was| &was["agentId"]).collect::<Vec<_>>(), ["ada"]);
}

#[tokio::test]
async fn who_may_ask_is_decided_by_teams_and_what_cannot_be_is_named() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let now = "2100-01-01T00:00:00Z";
    let (status, mine) = hub.http_as("ada", &["agent"]).get("/api/v1/agents/ada/history").await;
    assert_eq!((status, mine["items"][0]["eventName"].as_str()), (200, Some("NEW_USER")), "{mine}");
    let agent = hub.http_as("ada", &["agent"]);
    assert_eq!(agent.get("/api/v1/agents/ben/history").await.0, 403);
    let past = mine["items"][0]["start"].as_str().unwrap();
    assert_eq!(agent.get(&format!("/api/v1/presence?at={past}")).await.0, 403);
    assert_eq!(agent.get(&format!("/api/v1/reports/time-in-status?from={past}")).await.0, 403);
    assert_eq!(hub.http_as("acd", &["integration"]).get("/api/v1/agents/ada/history").await.0, 403);
    assert_eq!(hub.http().get("/api/v1/agents/nobody/history").await.0, 404);

    let of_sales = hub.http_with(&hub.token_of("sam", &["supervisor"], &["sales"]));
    assert_eq!(of_sales.get("/api/v1/agents/ada/history").await.0, 403);
    let soon = hub.http().presence("ben").await;
    let at = soon["since"].as_str().unwrap();
    for path in [format!("/api/v1/presence?at={at}"), format!("/api/v1/presence?at={at}&teams=sales&teams=billing")] {
        let floor = items(&of_sales, &path).await;
        assert_eq!(floor.iter().map(|was| &was["agentId"]).collect::<Vec<_>>(), ["ben"], "{path}");
    }
    assert!(items(&of_sales, &format!("/api/v1/presence?at={at}&teams=billing")).await.is_empty());
    let (_, report) = of_sales.get(&format!("/api/v1/reports/time-in-status?from={past}&agentIds=ada")).await;
    assert_eq!(report["items"], json!([]));

    let http = hub.http();
    for (path, field) in [
        ("agents/ada/history?from=yesterday", "from"),
        ("agents/ada/history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("agents/ada/history?merge=all", "merge"),
        ("agents/ada/history?cursor=7", "cursor"),
        ("agents/ada/history?limit=0", "limit"),
        (&format!("presence?at={now}"), "at"),
        ("presence?at=noon", "at"),
        ("presence", "at"),
        ("reports/time-in-status", "from"),
        ("reports/time-in-status?from=noon", "from"),
        ("reports/time-in-status?from=2026-01-01T00:00:00Z&tz=Europe/Atlantis", "tz"),
        ("reports/time-in-status?from=2026-01-01T00:00:00Z&by=year", "by"),
        ("reports/time-in-status?from=1026-01-01T00:00:00Z&by=hour", "from"),
    ] {
        let (status, problem) = http.get(&format!("/api/v1/{path}")).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{path} → {problem}");
    }
}

#[tokio::test]
async fn a_deleted_agent_is_told_of_to_those_who_supervised_it_last() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let http = hub.http();
    drop(hub.signs_in("ada").await);
    let before = items(&http, "/api/v1/agents/ada/history").await;
    let at = before[0]["start"].as_str().unwrap();
    let explain = format!("/api/v1/agents/ada/presence/explain?at={at}");
    let (status, explained) = http.get(&explain).await;
    assert_eq!(status, 200, "{explained}");
    assert_eq!(http.delete("/api/v1/agents/ada").await.0, 204);
    let mut hub = hub;
    for _ in 0..2 {
        let http = hub.http();
        let after = items(&http, "/api/v1/agents/ada/history").await;
        assert_eq!(after[0], before[0]);
        assert!(!after.last().unwrap()["end"].is_null(), "nothing lasts: {after:?}");
        assert_eq!(http.get(&explain).await, (200, explained.clone()));
        assert_eq!(http.get("/api/v1/agents/ada/presence/explain").await.0, 404, "nothing holds now");
        let of = |team: &str| hub.http_with(&hub.token_of("sam", &["supervisor"], &[team]));
        for (path, billing, sales) in [("/api/v1/agents/ada/history", 200, 403), (explain.as_str(), 200, 403)] {
            assert_eq!((of("billing").get(path).await.0, of("sales").get(path).await.0), (billing, sales), "{path}");
            assert_eq!(hub.http_as("ada", &["agent"]).get(path).await.0, 200);
            assert_eq!(hub.http_as("ben", &["agent"]).get(path).await.0, 403);
        }
        let (status, problem) = http.get("/api/v1/agents/nobody/presence/explain?at=2026-01-01T00:00:00Z").await;
        assert_eq!((status, problem["code"].as_str()), (404, Some("unknown_agent")), "{problem}");
        hub = hub.killed_and_started_again().await;
    }
}
