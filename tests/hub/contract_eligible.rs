//! Who may get work of a workstream: reasons, order, conditions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Hub, event};

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|one| one["agentId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_most_free_comes_first_then_who_waits_longest() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(
        http.put("/api/v1/workstreams/chat", &json!({ "allowedPresences": ["AVAILABLE", "BUSY"] })).await.0,
        201
    );
    let mut sockets = Vec::new();
    for (agent, units) in [("late", 3), ("early", 3), ("roomy", 9), ("small", 1)] {
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &json!({ "units": units })).await.0, 201);
    }
    for agent in ["early", "late", "roomy", "small"] {
        sockets.push(hub.signs_in(agent).await);
        hub.time_passes(Duration::from_secs(1)).await;
    }
    let path = "/api/v1/workstreams/chat/eligible-agents";
    let (status, list) = http.get(path).await;
    assert_eq!(status, 200);
    assert_eq!(names(&list), ["roomy", "early", "late", "small"]);
    let first = &list["items"][0];
    assert_eq!((&first["eligible"], &first["reasons"]), (&json!(true), &json!([])));
    assert_eq!((&first["presenceId"], &first["capacity"]["units"]["available"]), (&json!("available"), &json!(9)));
    let shown = http.presence("roomy").await;
    assert_eq!((&first["version"], &first["seq"]), (&shown["version"], &shown["seq"]));
    http.applies(&event("workitem.assigned", json!({ "agentId": "roomy", "workItemId": "w", "units": 8 }))).await;
    assert_eq!(names(&http.get(path).await.1), ["early", "late", "small", "roomy"]);
    assert_eq!(names(&http.get(&format!("{path}?limit=2")).await.1), ["early", "late"]);
    assert_eq!(names(&http.get(&format!("{path}?presenceIds=busy")).await.1), ["roomy"]);
    assert_eq!(names(&http.get(&format!("{path}?baseStatuses=AVAILABLE&limit=1")).await.1), ["early"]);
    for query in ["explain=perhaps", "limit=x", "limit=0", "cursor=x", "colour=red", "baseStatuses=HAPPY"] {
        assert_eq!(http.get(&format!("{path}?{query}")).await.0, 422, "{query}");
    }
}

#[tokio::test]
async fn pages_go_through_the_eligible_and_then_through_the_others() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/workstreams/chat", &json!({ "allowedPresences": ["AVAILABLE"] })).await.0, 201);
    let mut sockets = Vec::new();
    for (agent, units, team, skill) in
        [("a,1", 3, "billing", "german"), ("b.2", 9, "sales", "german"), ("c", 9, "billing", "french")]
    {
        let record = json!({ "agentId": agent, "units": units, "teams": [team], "queues": [team], "skills": [skill] });
        assert_eq!(http.post("/api/v1/agents", &record).await.0, 201);
        sockets.push(hub.signs_in(agent).await);
        hub.time_passes(Duration::from_secs(1)).await;
    }
    for agent in ["absent", "zoe"] {
        assert_eq!(http.post("/api/v1/agents", &json!({ "agentId": agent })).await.0, 201);
    }
    let path = "/api/v1/workstreams/chat/eligible-agents";
    for (query, expected) in [
        ("", &["b.2", "c", "a,1"][..]),
        ("&explain=true", &["b.2", "c", "a,1", "absent", "zoe"][..]),
        ("&skills=german", &["b.2", "a,1"][..]),
        ("&teams=billing&queues=billing&queues=sales", &["c", "a,1"][..]),
        ("&teams=billing&skills=french&explain=true", &["c"][..]),
    ] {
        for limit in 1..=6 {
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let (status, page) = http.get(&format!("{path}?limit={limit}{query}{cursor}")).await;
                assert_eq!(status, 200, "{page}");
                assert!(names(&page).len() <= limit);
                seen.extend(names(&page).into_iter().map(str::to_owned));
                let Some(next) = page["nextCursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(seen, expected, "{query}, {limit} a page");
        }
    }
}

#[tokio::test]
async fn everyone_else_is_explained_by_every_reason_that_applies() {
    let hub = Hub::start_with(&[("PRESENCE__MAX_OPEN_WORK_ITEMS", "2")]).await;
    let http = hub.http();
    let blocking = json!({ "defaultMax": 1, "blockAssignment": true });
    assert_eq!(http.put("/api/v1/capacity-profiles/voice", &blocking).await.0, 201);
    let stream = json!({ "allowedPresences": ["AVAILABLE", "BUSY", "AWAY"], "units": 5 });
    assert_eq!(http.put("/api/v1/workstreams/chat", &stream).await.0, 201);
    for (agent, record) in [
        ("free", json!({ "units": 9 })),
        ("unlimited", json!({})),
        ("short", json!({ "units": 4 })),
        ("dnd", json!({ "units": 9 })),
        ("held", json!({ "units": 9 })),
        ("blocked", json!({ "units": 9, "profiles": [{ "profileId": "voice" }] })),
        ("full", json!({ "units": 9 })),
        ("absent", json!({ "units": 9 })),
        ("disabled", json!({ "units": 9, "enabled": false })),
    ] {
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
    let mut sockets = Vec::new();
    for agent in ["free", "unlimited", "short", "dnd", "held", "blocked", "full"] {
        let mut socket = hub.signs_in(agent).await;
        if agent == "dnd" {
            socket.does(json!({ "type": "setPresence", "presenceId": "do-not-disturb" })).await;
        }
        sockets.push(socket);
    }
    let work = |agent: &str, item: &str, more: Value| {
        let mut data = json!({ "agentId": agent, "workItemId": item, "units": 0 });
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        data
    };
    http.applies(&event("workitem.missed", work("held", "w", json!({})))).await;
    http.applies(&event("workitem.assigned", work("blocked", "w", json!({ "profiles": ["voice"] })))).await;
    for item in ["w1", "w2"] {
        http.applies(&event("workitem.assigned", work("full", item, json!({})))).await;
    }
    let path = "/api/v1/workstreams/chat/eligible-agents";
    let (_, list) = http.get(&format!("{path}?explain=true")).await;
    for (agent, reasons) in [
        ("free", json!([])),
        ("unlimited", json!([])),
        ("short", json!(["CAPACITY"])),
        ("dnd", json!(["PRESENCE_NOT_ALLOWED"])),
        ("held", json!(["HOLD"])),
        ("blocked", json!(["BLOCKED_BY_PROFILE"])),
        ("full", json!(["WORK_ITEM_LIMIT"])),
        ("absent", json!(["NOT_CONNECTED", "PRESENCE_NOT_ALLOWED"])),
        ("disabled", json!(["DISABLED", "NOT_CONNECTED", "PRESENCE_NOT_ALLOWED"])),
    ] {
        let one = list["items"].as_array().unwrap().iter().find(|one| one["agentId"] == agent).unwrap();
        assert_eq!((&one["reasons"], &one["eligible"]), (&reasons, &json!(reasons == json!([]))), "{agent}");
    }
    let (_, eligible) = http.get(path).await;
    assert_eq!(names(&eligible), ["unlimited", "free"]);
}

#[tokio::test]
async fn an_agent_without_a_session_is_never_eligible_whatever_is_shown() {
    let hub = Hub::start().await;
    let http = hub.http();
    let stream = json!({ "allowedPresences": ["AVAILABLE", "OFFLINE"] });
    assert_eq!(http.put("/api/v1/workstreams/chat", &stream).await.0, 201);
    let path = "/api/v1/workstreams/chat/eligible-agents";
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    assert_eq!(names(&http.get(path).await.1), ["ada"]);
    ada.send(&json!({ "type": "refreshing" })).await;
    ada.tab_closes().await;
    board.sees("ada", |shown| shown["presenceId"] == "available" && shown["activeBrowserSessions"].is_null()).await;
    assert_eq!(http.get(path).await.1["items"], json!([]), "while the page reloads");
    hub.time_passes(Duration::from_secs(6)).await;
    board.sees_presence("ada", "offline").await;
    assert_eq!(http.get(path).await.1["items"], json!([]), "while disconnected");
}
