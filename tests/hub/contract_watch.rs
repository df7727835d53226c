//! Watches: filters, snapshots in parts, changes, summaries, the catalog.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, Socket, event};

fn ids(agents: &Value) -> BTreeSet<String> {
    agents.as_array().unwrap().iter().map(|agent| agent["agentId"].as_str().unwrap().to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Begins a watch; its result and the frames up to the last part of the snapshot.
async fn snapshot(socket: &mut Socket, request: Value) -> (Value, Vec<Value>) {
    let result = socket.does(request).await;
    assert_eq!(result["mode"], "snapshot");
    let id = result["watchId"].clone();
    let mut parts = Vec::new();
    loop {
        let part = socket.find(|frame| frame["type"] == "snapshot" && frame["watchId"] == id).await;
        let last = part["part"] == part["parts"];
        parts.push(part);
        if last {
            return (result, parts);
        }
    }
}

async fn put(http: &Http, agent: &str, record: Value) {
    let (status, body) = http.put(&format!("/api/v1/agents/{agent}"), &record).await;
    assert_eq!(status, 201, "{body}");
}

#[tokio::test]
async fn every_field_of_the_filter_narrows_watches_and_lists_alike() {
    let hub = Hub::start().await;
    let http = hub.http();
    put(&http, "ada", json!({ "teams": ["billing"], "queues": ["q1"], "skills": ["de", "en"] })).await;
    put(&http, "ben", json!({ "teams": ["billing", "sales"], "queues": ["q2"], "skills": ["en"] })).await;
    put(&http, "cleo", json!({ "teams": ["sales"], "queues": ["q1", "q2"] })).await;
    let stream = json!({ "allowedPresences": ["AVAILABLE"] });
    assert_eq!(http.put("/api/v1/workstreams/chat", &stream).await.0, 201);
    let _ada = hub.signs_in("ada").await;
    let mut ben = hub.signs_in("ben").await;
    ben.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    for (filter, query, expected) in [
        (json!({}), "", set(&["ada", "ben", "cleo"])),
        (json!({ "teams": ["billing"] }), "teams=billing", set(&["ada", "ben"])),
        (json!({ "teams": ["billing", "sales"] }), "teams=billing&teams=sales", set(&["ada", "ben", "cleo"])),
        (json!({ "teams": [] }), "teams=", set(&[])),
        (json!({ "queues": ["q1"] }), "queues=q1", set(&["ada", "cleo"])),
        (json!({ "skills": ["de", "fr"] }), "skills=de&skills=fr", set(&["ada"])),
        (json!({ "agentIds": ["ben", "nobody"] }), "agentIds=ben&agentIds=nobody", set(&["ben"])),
        (
            json!({ "baseStatuses": ["AWAY", "OFFLINE"] }),
            "baseStatuses=AWAY&baseStatuses=OFFLINE",
            set(&["ben", "cleo"]),
        ),
        (json!({ "presenceIds": ["available"] }), "presenceIds=available", set(&["ada"])),
        (json!({ "workstreamId": "chat" }), "workstreamId=chat", set(&["ada"])),
        (
            json!({ "teams": ["sales"], "queues": ["q2"], "presenceIds": ["away"] }),
            "teams=sales&queues=q2&presenceIds=away",
            set(&["ben"]),
        ),
    ] {
        let mut sue = hub.supervisor().await;
        let (_, parts) = snapshot(&mut sue, json!({ "type": "watch", "filter": filter })).await;
        assert_eq!(ids(&parts[0]["agents"]), expected, "{filter}");
        assert_eq!(parts[0]["summary"]["total"], expected.len(), "{filter}");
        let (status, list) = http.get(&format!("/api/v1/agents?{query}")).await;
        assert_eq!(status, 200, "{list}");
        assert_eq!(ids(&list["items"]), expected, "{query}");
    }
    let mut sue = hub.supervisor().await;
    let unknown = json!({ "type": "watch", "filter": { "workstreamId": "none" } });
    assert_eq!(sue.refused(unknown).await, "unknown_workstream");
    for query in ["team=x", "baseStatuses=ASLEEP", "limit=0", "limit=many", "workstreamId=none"] {
        assert_eq!(http.get(&format!("/api/v1/agents?{query}")).await.0, 422, "{query}");
    }
}

#[tokio::test]
async fn a_watch_follows_who_enters_and_who_leaves_it() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    let mut sue = hub.supervisor().await;
    let request = json!({ "type": "watch", "filter": { "baseStatuses": ["AVAILABLE"] } });
    let (result, _) = snapshot(&mut sue, request).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let left = sue.expect("changes").await;
    assert_eq!((&left["watchId"], &left["left"], &left["agents"]), (&result["watchId"], &json!(["ada"]), &json!([])));
    assert_eq!(left["summary"]["total"], 0);
    assert!(left["seq"].as_u64() > result["seq"].as_u64());
    ada.does(json!({ "type": "setPresence", "presenceId": "available" })).await;
    let entered = sue.expect("changes").await;
    assert_eq!((ids(&entered["agents"]), &entered["left"]), (set(&["ada"]), &json!([])));
    assert!(entered["seq"].as_u64() > left["seq"].as_u64());
    let summary = &entered["summary"];
    assert_eq!((&summary["total"], &summary["byBaseStatus"]["AVAILABLE"]), (&json!(1), &json!(1)));
    assert_eq!(summary["byPresence"], json!({ "available": 1 }));
    assert_eq!(hub.http().delete("/api/v1/agents/ada").await.0, 204);
    assert_eq!(sue.expect("changes").await["left"], json!(["ada"]));
}

#[tokio::test]
async fn three_hundred_agents_come_in_numbered_parts_that_add_up() {
    let hub = Hub::start().await;
    let items: Vec<Value> = (0..300)
        .map(|number| json!({ "agentId": format!("a{number:03}"), "name": "n".repeat(60), "teams": ["billing"] }))
        .collect();
    let (status, body) = hub.http().put("/api/v1/agents", &json!({ "items": items })).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["results"].as_array().unwrap().iter().all(|one| one["status"] == "applied" && one["version"] == 1));
    let mut sue = hub.supervisor().await;
    sue.send(&json!({ "type": "watch", "id": "w", "filter": {} })).await;
    let frames = sue.until(|frame| frame["type"] == "snapshot" && frame["part"] == frame["parts"]).await;
    assert_eq!(frames[0]["type"], "result", "the result comes before the first frame");
    let parts = &frames[1..];
    assert!(parts.len() > 1);
    let mut seen = BTreeSet::new();
    for (index, part) in parts.iter().enumerate() {
        assert_eq!((&part["part"], &part["parts"]), (&json!(index + 1), &json!(parts.len())));
        for field in ["watchId", "epoch", "seq"] {
            assert_eq!(part[field], frames[0]["result"][field], "{field}");
        }
        for field in ["presences", "summary"] {
            assert_eq!(part.get(field).is_some(), index == 0, "{field} of part {}", index + 1);
        }
        seen.extend(ids(&part["agents"]));
    }
    assert_eq!(seen.len(), 300);
    assert_eq!(parts[0]["presences"].as_array().unwrap().len(), 6);
    assert_eq!(parts[0]["summary"]["byPresence"], json!({ "offline": 300 }));
}

#[tokio::test]
async fn capacity_and_work_items_come_only_if_they_are_included() {
    let hub = Hub::start().await;
    let http = hub.http();
    put(&http, "ada", json!({ "units": 3 })).await;
    let _ada = hub.signs_in("ada").await;
    http.applies(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1" }))).await;
    for (include, capacity, items) in [
        (json!([]), false, false),
        (json!(["capacity"]), true, false),
        (json!(["workItems"]), false, true),
        (json!(["workItems", "capacity"]), true, true),
    ] {
        let mut sue = hub.supervisor().await;
        let (_, parts) = snapshot(&mut sue, json!({ "type": "watch", "filter": {}, "include": include })).await;
        let shown = &parts[0]["agents"][0];
        assert_eq!((shown.get("capacity").is_some(), shown.get("workItems").is_some()), (capacity, items), "{shown}");
        assert_eq!(shown["openWorkItems"], 1);
        // Nothing that is null, false, zero or empty.
        for absent in ["teams", "hold", "reason", "until", "nextPresenceId", "restore", "isBlockedBySomeProfile"] {
            assert!(shown.get(absent).is_none(), "{absent}: {shown}");
        }
        if capacity {
            assert_eq!(shown["capacity"]["units"], json!({ "max": 3, "used": 1, "reserved": 0, "available": 2 }));
            assert_eq!(shown["capacity"]["utilization"], "PARTIAL");
        }
        if items {
            let item = &shown["workItems"][0];
            assert_eq!(
                (&item["workItemId"], &item["state"], &item["units"]),
                (&json!("w1"), &json!("ACTIVE"), &json!(1))
            );
            assert_eq!((&item["holdsCapacity"], &item["profiles"]), (&json!(true), &json!([])));
        }
    }
}

#[tokio::test]
async fn whoever_watches_the_same_has_the_same_watch_id() {
    let hub = Hub::start().await;
    let watch = async |token: &str, request: Value| {
        Socket::open(&hub, token).await.does(request).await["watchId"].as_str().unwrap().to_owned()
    };
    let sue = hub.token("sue", &["supervisor"]);
    let sam = hub.token("sam", &["supervisor"]);
    let limited = hub.token_of("tim", &["supervisor"], &["billing"]);
    let request = json!({ "type": "watch", "filter": { "teams": ["billing", "sales"] } });
    let id = watch(&sue, request.clone()).await;
    assert_eq!(watch(&sam, json!({ "type": "watch", "filter": { "teams": ["sales", "billing"] } })).await, id);
    assert_ne!(watch(&limited, request).await, id);
    let more = json!({ "type": "watch", "filter": { "teams": ["billing", "sales"] }, "include": ["capacity"] });
    assert_ne!(watch(&sue, more).await, id);
}

#[tokio::test]
async fn an_ended_watch_is_silent_and_unknown() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    let mut sue = hub.supervisor().await;
    let (ended, _) = snapshot(&mut sue, json!({ "type": "watch", "filter": { "agentIds": ["ada"] } })).await;
    let (other, _) = snapshot(&mut sue, json!({ "type": "watch", "filter": {} })).await;
    let unwatch = json!({ "type": "unwatch", "watchId": ended["watchId"] });
    assert_eq!(sue.does(unwatch.clone()).await, json!({}));
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let frames = sue.until(|frame| frame["type"] == "changes" && frame["watchId"] == other["watchId"]).await;
    assert!(frames.iter().all(|frame| frame["watchId"] != ended["watchId"]), "{frames:?}");
    assert_eq!(sue.refused(unwatch).await, "unknown_watch");
}

#[tokio::test]
async fn a_connection_has_a_bounded_number_of_watches() {
    let hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    for number in 0..16 {
        sue.does(json!({ "type": "watch", "filter": { "teams": [number.to_string()] } })).await;
    }
    assert_eq!(sue.refused(json!({ "type": "watch", "filter": {} })).await, "rate_limited");
}

#[tokio::test]
async fn the_catalog_comes_before_a_frame_that_names_a_new_presence() {
    let hub = Hub::start().await;
    let mut ada = hub.signs_in("ada").await;
    let mut sue = hub.supervisor().await;
    snapshot(&mut sue, json!({ "type": "watch", "filter": {} })).await;
    let focus = json!({ "presenceName": "Focus", "basePresenceStatus": "BUSY_DO_NOT_DISTURB" });
    assert_eq!(hub.http().put("/api/v1/presences/focus", &focus).await.0, 201);
    ada.does(json!({ "type": "setPresence", "presenceId": "focus" })).await;
    let frames = sue.until(|frame| frame["agents"][0]["presenceId"] == "focus").await;
    let told = frames.iter().any(|frame| {
        frame["type"] == "presences"
            && frame["presences"].as_array().unwrap().iter().any(|one| one["presenceId"] == "focus")
    });
    assert!(told, "{frames:?}");
}

#[tokio::test]
async fn a_workstream_that_allows_others_makes_its_watchers_start_anew() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/workstreams/chat", &json!({ "allowedPresences": ["BUSY"] })).await.0, 201);
    let _ada = hub.signs_in("ada").await;
    let mut sue = hub.supervisor().await;
    let request = json!({ "type": "watch", "filter": { "workstreamId": "chat" } });
    let (result, parts) = snapshot(&mut sue, request).await;
    assert_eq!(parts[0]["agents"], json!([]));
    let wider = json!({ "allowedPresences": ["AVAILABLE", "BUSY"] });
    assert_eq!(http.put("/api/v1/workstreams/chat", &wider).await.0, 200);
    let resync = sue.expect("resync").await;
    assert_eq!(resync["watchId"], result["watchId"]);
    assert!(resync["reason"].is_string());
    assert_eq!(ids(&sue.expect("snapshot").await["agents"]), set(&["ada"]));
}

#[tokio::test]
async fn a_routing_engine_may_watch() {
    let hub = Hub::start().await;
    let _ada = hub.signs_in("ada").await;
    let mut acd = hub.work_system().await;
    let mut board = Board::watch(hub.work_system().await, json!({ "type": "watch", "filter": {} })).await;
    board.sees_presence("ada", "available").await;
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    let result = acd.does(json!({ "type": "events", "events": [event("workitem.assigned", item)] })).await;
    assert_eq!(result["results"][0]["status"], "applied");
    let shown = board.sees_presence("ada", "busy").await;
    assert_eq!(shown["version"], result["results"][0]["version"]);
    assert_eq!(board.len(), 1);
    assert_eq!(board.summary["byPresence"], json!({ "busy": 1 }));
}
