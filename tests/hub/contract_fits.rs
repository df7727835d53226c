//! Which event fits which work item, wrap-up, and reconciliation.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, event};

fn about(item: &str) -> Value {
    json!({ "agentId": "ada", "workItemId": item })
}

async fn answer(http: &Http, kind: &str, item: &str) -> String {
    let result = http.event(&event(&format!("workitem.{kind}"), about(item))).await;
    let text = |field: &str| result[field].as_str().unwrap_or_default().to_owned();
    if result["code"].is_null() { text("status") } else { text("code") }
}

async fn with_ada(record: Value) -> Hub {
    let hub = Hub::start().await;
    assert_eq!(hub.http().put("/api/v1/agents/ada", &record).await.0, 201);
    hub
}

#[tokio::test]
async fn each_event_is_answered_by_what_the_agent_has() {
    let hub = with_ada(json!({ "units": 10 })).await;
    let http = hub.http();
    let _ada = hub.signs_in("ada").await;
    for (item, story) in [
        (
            "unknown",
            &[
                ("closed", "unknown_work_item"),
                ("waiting", "unknown_work_item"),
                ("requeued", "unknown_work_item"),
                ("transferred", "unknown_work_item"),
                ("wrap_up_started", "unknown_work_item"),
                ("missed", "applied"),
                ("missed", "duplicate"),
                ("rejected", "duplicate"),
                ("withdrawn", "duplicate"),
            ][..],
        ),
        (
            "offered",
            &[
                ("offered", "applied"),
                ("offered", "already_offered"),
                ("wrap_up_started", "unknown_work_item"),
                ("withdrawn", "applied"),
                ("withdrawn", "duplicate"),
                ("offered", "applied"),
                ("closed", "applied"),
                ("missed", "duplicate"),
            ],
        ),
        (
            "assigned",
            &[
                ("offered", "applied"),
                ("assigned", "applied"),
                ("assigned", "already_assigned"),
                ("offered", "already_assigned"),
                ("missed", "already_assigned"),
                ("rejected", "already_assigned"),
                ("withdrawn", "already_assigned"),
                ("consult_joined", "applied"),
                ("consult_left", "applied"),
                ("monitor_joined", "applied"),
                ("monitor_left", "applied"),
                ("wrap_up_started", "applied"),
                ("assigned", "already_assigned"),
                ("closed", "applied"),
                ("closed", "unknown_work_item"),
            ],
        ),
        (
            "waits",
            &[
                ("assigned", "applied"),
                ("waiting", "applied"),
                ("assigned", "applied"),
                ("requeued", "applied"),
                ("assigned", "applied"),
                ("transferred", "applied"),
            ],
        ),
    ] {
        for (kind, expected) in story {
            assert_eq!(answer(&http, kind, item).await, *expected, "{kind} of `{item}`");
        }
    }
    assert_eq!(http.presence("ada").await["capacity"]["openWorkItems"], 0);
}

#[tokio::test]
async fn an_item_takes_what_the_event_names_else_what_the_workstream_says_else_one_unit() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/capacity-profiles/chat", &json!({ "defaultMax": 3 })).await.0, 201);
    let record = json!({ "units": 100, "profiles": [{ "profileId": "chat", "max": 5 }] });
    assert_eq!(http.put("/api/v1/agents/ada", &record).await.0, 201);
    let stream = json!({ "allowedPresences": ["AVAILABLE"], "units": 20, "profiles": ["chat"] });
    assert_eq!(http.put("/api/v1/workstreams/chats", &stream).await.0, 201);
    let _ada = hub.signs_in("ada").await;
    let mut expected = (0, 0);
    for (terms, units, chats) in [
        (json!({}), 1, 0),
        (json!({ "units": 7 }), 7, 0),
        (json!({ "profiles": ["chat"] }), 0, 1),
        (json!({ "units": 3, "profiles": ["chat"] }), 3, 1),
        (json!({ "workstreamId": "chats" }), 20, 1),
        (json!({ "workstreamId": "chats", "units": 2 }), 2, 1),
    ] {
        let mut data = about(&format!("w{}-{}", expected.0, expected.1));
        data.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
        http.applies(&event("workitem.assigned", data)).await;
        expected = (expected.0 + units, expected.1 + chats);
        let capacity = http.presence("ada").await["capacity"].take();
        let used = (&capacity["units"]["used"], &capacity["profiles"][0]["used"]);
        assert_eq!(used, (&json!(expected.0), &json!(expected.1)), "{terms}");
        assert_eq!(capacity["profiles"][0]["max"], 5);
    }
    // An offer's consumption is kept by the assignment.
    let mut offer = about("offered");
    offer["units"] = json!(30);
    http.applies(&event("workitem.offered", offer)).await;
    assert_eq!(http.presence("ada").await["capacity"]["units"]["reserved"], 30);
    let mut assigned = about("offered");
    assigned["units"] = json!(1);
    http.applies(&event("workitem.assigned", assigned)).await;
    assert_eq!(http.presence("ada").await["capacity"]["units"]["used"], expected.0 + 30);
}

#[tokio::test]
async fn an_event_may_ask_for_eligibility_and_is_told_what_is_in_the_way() {
    let hub = with_ada(json!({ "units": 1 })).await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/workstreams/chat", &json!({ "allowedPresences": ["AVAILABLE"] })).await.0, 201);
    let offer = |item: &str| {
        let mut data = about(item);
        data["workstreamId"] = json!("chat");
        data["ifEligible"] = json!(true);
        event("workitem.offered", data)
    };
    assert_eq!(http.event(&offer("w0")).await["code"], "not_eligible", "not connected");
    let mut ada = hub.signs_in("ada").await;
    http.applies(&offer("w1")).await;
    assert_eq!(http.event(&offer("w2")).await["code"], "not_eligible", "the reservation counts");
    http.applies(&event("workitem.withdrawn", about("w1"))).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let refused = http.event(&offer("w2")).await;
    assert_eq!((&refused["status"], &refused["code"]), (&json!("rejected"), &json!("not_eligible")));
    assert!(refused["message"].as_str().unwrap().contains("PRESENCE_NOT_ALLOWED"), "{refused}");
    ada.does(json!({ "type": "setPresence", "presenceId": "available" })).await;
    http.applies(&offer("w2")).await;
    let without = json!({ "agentId": "ada", "workItemId": "w3", "ifEligible": true });
    assert_eq!(http.event(&event("workitem.offered", without)).await["code"], "invalid");
}

#[tokio::test]
async fn wrap_up_gives_back_when_event_or_workstream_say_so() {
    let hub = with_ada(json!({ "units": 1 })).await;
    let http = hub.http();
    let mut board = Board::open(&hub, json!({})).await;
    let _ada = hub.signs_in("ada").await;
    for (stream, wrap_up) in [
        ("always", json!({ "blockCapacityForWrapUp": "ALWAYS" })),
        ("dont", json!({ "blockCapacityForWrapUp": "DONT" })),
        ("custom", json!({ "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": 60 })),
    ] {
        let mut record = wrap_up.clone();
        record["allowedPresences"] = json!(["AVAILABLE"]);
        assert_eq!(http.put(&format!("/api/v1/workstreams/{stream}"), &record).await.0, 201);
        for by_event in [false, true] {
            let mut data = about(stream);
            data["workstreamId"] = json!(if by_event { "always" } else { stream });
            http.applies(&event("workitem.assigned", data)).await;
            let mut end = about(stream);
            if by_event {
                end.as_object_mut().unwrap().extend(wrap_up.as_object().unwrap().clone());
            }
            let ended = http.applies(&event("workitem.wrap_up_started", end)).await;
            let expected = if stream == "dont" { "available" } else { "do-not-disturb" };
            assert_eq!(ended["presenceId"], expected, "{stream} {by_event}");
            let (_, items) = http.get("/api/v1/agents/ada/work-items").await;
            let item = &items["items"][0];
            assert_eq!((&item["state"], &item["holdsCapacity"]), (&json!("WRAP_UP"), &json!(stream != "dont")));
            assert_eq!(item["deadline"].is_string(), stream == "custom", "{item}");
            if stream == "custom" {
                let version = ended["version"].as_u64();
                board.sees("ada", |shown| shown["version"].as_u64() >= version).await;
                hub.time_passes(Duration::from_secs(60)).await;
                assert_eq!(board.sees_presence("ada", "available").await["eventName"], "WRAP_UP_ENDED");
            }
            assert_eq!(http.applies(&event("workitem.closed", about(stream))).await["presenceId"], "available");
        }
    }
    http.applies(&event("workitem.assigned", about("w"))).await;
    for wrong in [json!({ "wrapUpSeconds": 0 }), json!({ "wrapUpSeconds": 3601 }), json!({})] {
        let mut end = about("w");
        end["blockCapacityForWrapUp"] = json!("CUSTOM");
        end.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(http.event(&event("workitem.wrap_up_started", end)).await["code"], "invalid", "{wrong}");
    }
}

#[tokio::test]
async fn the_whole_truth_of_the_work_system_replaces_what_the_hub_had() {
    let hub = with_ada(json!({ "units": 10 })).await;
    let http = hub.http();
    let mut ada = hub.signs_in("ada").await;
    for item in ["stays", "stuck"] {
        http.applies(&event("workitem.assigned", about(item))).await;
    }
    let path = "/api/v1/agents/ada/work-items";
    let (_, before) = http.get(path).await;
    let version = before["version"].clone();
    let truth = json!({
        "items": [
            { "workItemId": "stays", "state": "ACTIVE" },
            { "workItemId": "new", "state": "WRAP_UP", "units": 3 },
            { "workItemId": "rings", "state": "OFFERED" },
        ],
        "ifVersion": version,
    });
    let (status, after) = http.put(path, &truth).await;
    assert_eq!(status, 200, "{after}");
    let names: Vec<&str> =
        after["items"].as_array().unwrap().iter().map(|one| one["workItemId"].as_str().unwrap()).collect();
    assert_eq!(names, ["stays", "new", "rings"]);
    assert_eq!(after["items"][0]["since"], before["items"][0]["since"], "what stays keeps its beginning");
    let shown = http.presence("ada").await;
    assert_eq!(shown["capacity"]["units"], json!({ "max": 10, "used": 4, "reserved": 1, "available": 6 }));
    let (status, conflict) = http.put(path, &truth).await;
    assert_eq!((status, &conflict["code"]), (409, &json!("version_conflict")));
    let (status, _) = http.put(path, &json!({ "items": [] })).await;
    assert_eq!(status, 200);
    let told = ada.find(|frame| frame["agent"]["eventName"] == "RECONCILED").await;
    assert_eq!(told["agent"]["presence"]["presenceId"], "available");
    assert_eq!(http.get(path).await.1["items"], json!([]));
    for (wrong, status, code) in [
        (
            json!({ "items": [{ "workItemId": "a", "state": "ACTIVE" }, { "workItemId": "a", "state": "ACTIVE" }] }),
            422,
            "invalid",
        ),
        (json!({ "items": [{ "workItemId": "a", "state": "LOST" }] }), 422, "invalid"),
        (json!({ "items": [{ "workItemId": "a", "state": "ACTIVE", "profiles": ["none"] }] }), 422, "unknown_profile"),
        (
            json!({ "items": [{ "workItemId": "a", "state": "ACTIVE", "workstreamId": "none" }] }),
            422,
            "unknown_workstream",
        ),
        (json!({}), 422, "invalid"),
    ] {
        let (got, body) = http.put(path, &wrong).await;
        assert_eq!((got, &body["code"]), (status, &json!(code)), "{wrong} → {body}");
    }
    assert_eq!(http.put("/api/v1/agents/nobody/work-items", &json!({ "items": [] })).await.0, 404);
}

#[tokio::test]
async fn daily_profiles_are_given_back_at_the_end_of_the_day_alone() {
    let hub = Hub::start().await;
    let http = hub.http();
    let daily = json!({ "defaultMax": 1, "resetDuration": "DAILY" });
    assert_eq!(http.put("/api/v1/capacity-profiles/cases", &daily).await.0, 201);
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "profiles": [{ "profileId": "cases" }] })).await.0, 201);
    let _ada = hub.signs_in("ada").await;
    let mut data = about("w1");
    data["profiles"] = json!(["cases"]);
    assert_eq!(http.applies(&event("workitem.assigned", data)).await["presenceId"], "do-not-disturb");
    assert_eq!(http.applies(&event("workitem.closed", about("w1"))).await["presenceId"], "do-not-disturb");
    let end = event("capacity.end_of_day", json!({ "agentId": "ada" }));
    assert_eq!(http.applies(&end).await["presenceId"], "available");
    assert_eq!(http.presence("ada").await["eventName"], "END_OF_DAY_CAPACITY_RESET");
}
