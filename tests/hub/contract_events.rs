//! Assignment events: delivery, order, duplicates.

use serde_json::{Value, json};

use crate::harness::{Hub, event};

fn statuses(body: &Value) -> Vec<&str> {
    body["results"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect()
}

fn codes(body: &Value) -> Vec<&str> {
    body["results"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap_or("")).collect()
}

fn item(agent: &str, item: &str) -> Value {
    json!({ "agentId": agent, "workItemId": item })
}

async fn with_ada() -> Hub {
    let hub = Hub::start().await;
    assert_eq!(hub.http().put("/api/v1/agents/ada", &json!({ "units": 10 })).await.0, 201);
    hub
}

#[tokio::test]
async fn one_event_and_a_batch_are_taken_in_every_content_type() {
    let hub = with_ada().await;
    let http = hub.http();
    for (number, kind) in ["application/json", "application/cloudevents+json"].into_iter().enumerate() {
        let one = event("workitem.assigned", item("ada", &format!("one-{number}")));
        let headers = format!("content-type: {kind}\r\n");
        let (status, body) = http.request("POST", "/api/v1/events", &headers, Some(&one)).await;
        assert_eq!(status, 200, "{body}");
        let result = &body["results"][0];
        assert_eq!((&result["id"], &result["status"]), (&one["id"], &json!("applied")));
        assert_eq!((&result["agentId"], &result["presenceId"]), (&json!("ada"), &json!("offline")));
        assert!(result["version"].is_u64());
        assert!(result.get("code").is_none(), "{result}");
    }
    let batch = json!([event("workitem.assigned", item("ada", "a")), event("workitem.assigned", item("ada", "b"))]);
    let headers = "content-type: application/cloudevents-batch+json\r\n";
    let (status, body) = http.request("POST", "/api/v1/events", headers, Some(&batch)).await;
    assert_eq!((status, statuses(&body)), (200, vec!["applied", "applied"]));
    assert_eq!(http.post("/api/v1/events", &json!([])).await, (200, json!({ "results": [] })));
}

#[tokio::test]
async fn a_malformed_event_fails_alone_and_says_why() {
    let hub = with_ada().await;
    let good = |name: &str| event("workitem.assigned", item("ada", name));
    let mut old = good("old");
    old["specversion"] = json!("0.3");
    let mut nameless = good("nameless");
    nameless.as_object_mut().unwrap().remove("id");
    let batch = json!([
        good("w1"),
        7,
        old,
        nameless,
        event("workitem.juggled", item("ada", "w")),
        event("something.else", item("ada", "w")),
        event("workitem.assigned", json!({ "agentId": "ada" })),
        event("workitem.assigned", json!({ "workItemId": "w" })),
        event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w", "units": "many" })),
        event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w", "subEvent": "MAGIC" })),
        event("workitem.offered", json!({ "agentId": "ada", "workItemId": "w", "timeoutSeconds": 0 })),
        event("workitem.missed", json!({ "agentId": "ada", "workItemId": "w", "reason": "x".repeat(501) })),
        event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w", "workstreamId": "none" })),
        event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w", "profiles": ["none"] })),
        good("w2"),
    ]);
    let (status, body) = hub.http().post("/api/v1/events", &batch).await;
    assert_eq!(status, 200);
    let mut expected = vec!["rejected"; 15];
    (expected[0], expected[14]) = ("applied", "applied");
    assert_eq!(statuses(&body), expected, "{body}");
    let unknown = "unknown_type";
    let (workstream, profile) = ("unknown_workstream", "unknown_profile");
    let wrong = "malformed";
    let invalid = "invalid";
    assert_eq!(
        codes(&body),
        [
            "", wrong, wrong, wrong, unknown, unknown, invalid, invalid, invalid, invalid, invalid, invalid,
            workstream, profile, ""
        ],
        "{body}"
    );
    let fields = |place: usize| &body["results"][place]["field"];
    assert_eq!((fields(12), fields(13)), (&json!("data.workstreamId"), &json!("data.profiles")));
    assert_eq!(hub.http().presence("ada").await["capacity"]["openWorkItems"], 2);
}

#[tokio::test]
async fn order_holds_for_each_agent_of_a_batch() {
    let hub = with_ada().await;
    let _ada = hub.signs_in("ada").await;
    let mut acd = hub.work_system().await;
    let mut batch = Vec::new();
    for number in 0..20 {
        let name = format!("w{number}");
        batch.push(event("workitem.offered", item("ada", &name)));
        batch.push(event("workitem.assigned", item("ada", &name)));
        batch.push(event("workitem.closed", item("ada", &name)));
    }
    let body = acd.does(json!({ "type": "events", "events": batch })).await;
    assert!(statuses(&body).iter().all(|status| *status == "applied"), "{body}");
    let versions: Vec<u64> =
        body["results"].as_array().unwrap().iter().map(|one| one["version"].as_u64().unwrap()).collect();
    assert!(versions.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{versions:?}");
}

#[tokio::test]
async fn order_holds_from_batch_to_batch_of_one_socket() {
    let hub = with_ada().await;
    let _ada = hub.signs_in("ada").await;
    let mut acd = hub.work_system().await;
    let names: Vec<String> = (0..8).map(|number| format!("w{number}")).collect();
    let assigned: Vec<_> = names.iter().map(|name| event("workitem.assigned", item("ada", name))).collect();
    let closed: Vec<_> = names.iter().rev().map(|name| event("workitem.closed", item("ada", name))).collect();
    acd.send(&json!({ "type": "events", "id": "first", "events": assigned })).await;
    acd.send(&json!({ "type": "events", "id": "then", "events": closed })).await;
    for id in ["first", "then"] {
        let answer = acd.find(|frame| frame["id"] == id).await;
        assert!(statuses(&answer["result"]).iter().all(|status| *status == "applied"), "{answer}");
    }
}

#[tokio::test]
async fn a_work_system_of_whom_much_waits_is_told_to_slow_down() {
    let hub = Hub::start_with(&[("SESSIONS__MAX_WAITING_EVENTS", "1")]).await;
    let mut acd = hub.work_system().await;
    let batch: Vec<_> = (0..500).map(|n| event("workitem.closed", item(&format!("a{n}"), "w"))).collect();
    // The hub finds both there when it goes on.
    hub.stands_still();
    acd.send(&json!({ "type": "events", "id": "first", "events": batch })).await;
    acd.send(&json!({ "type": "events", "id": "more", "events": [] })).await;
    hub.goes_on();
    let refused = acd.find(|frame| frame["id"] == "more").await;
    assert_eq!(refused["error"]["code"], "rate_limited", "{refused}");
    let first = acd.find(|frame| frame["id"] == "first").await;
    assert_eq!(statuses(&first["result"]).len(), 500);
    acd.does(json!({ "type": "events", "events": [] })).await;
}

#[tokio::test]
async fn what_was_applied_happens_once_even_after_a_kill() {
    let mut hub = with_ada().await;
    let _ada = hub.signs_in("ada").await;
    let missed = event("workitem.missed", item("ada", "w1"));
    let first = hub.http().applies(&missed).await;
    assert_eq!(first["presenceId"], "inactive");
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "resetPresence" })).await;
    for restart in ["none", "stop", "kill"] {
        hub = match restart {
            "stop" => hub.stopped_and_started_again().await,
            "kill" => hub.killed_and_started_again().await,
            _ => hub,
        };
        let again = hub.http().event(&missed).await;
        assert_eq!((&again["status"], &again["version"]), (&json!("duplicate"), &first["version"]), "{restart}");
        assert!(hub.http().presence("ada").await["hold"].is_null(), "{restart}");
    }
    // The source is part of the name.
    let mut other = missed.clone();
    other["source"] = json!("/elsewhere");
    other["data"]["workItemId"] = json!("w2");
    hub.http().applies(&other).await;
    let batch = json!([event("workitem.assigned", item("ada", "w3")), missed]);
    let (_, body) = hub.http().post("/api/v1/events", &batch).await;
    assert_eq!(statuses(&body), ["applied", "duplicate"]);
}

#[tokio::test]
async fn what_was_rejected_is_judged_anew() {
    let hub = with_ada().await;
    let http = hub.http();
    let close = event("workitem.closed", item("ada", "w1"));
    assert_eq!(http.event(&close).await["code"], "unknown_work_item");
    http.applies(&event("workitem.assigned", item("ada", "w1"))).await;
    http.applies(&close).await;
}

#[tokio::test]
async fn the_time_that_a_work_system_reports_dates_nothing() {
    let hub = with_ada().await;
    let _ada = hub.signs_in("ada").await;
    let mut late = event("workitem.assigned", item("ada", "w1"));
    late["time"] = json!("2001-01-01T00:00:00Z");
    hub.http().applies(&late).await;
    let shown = hub.http().presence("ada").await;
    assert!(shown["since"].as_str().unwrap() > "2020", "{shown}");
    let (_, items) = hub.http().get("/api/v1/agents/ada/work-items").await;
    assert!(items["items"][0]["since"].as_str().unwrap() > "2020", "{items}");
}

#[tokio::test]
async fn an_unknown_agent_is_never_provisioned_by_an_event() {
    let hub = with_ada().await;
    let http = hub.http();
    assert_eq!(http.event(&event("workitem.assigned", item("nobody", "w"))).await["code"], "unknown_agent");
    assert_eq!(http.get("/api/v1/agents/nobody").await.0, 404);
    assert_eq!(http.event(&event("workitem.assigned", item("", "w"))).await["code"], "invalid");
}

#[tokio::test]
async fn a_disabled_agent_only_gives_work_back() {
    let hub = with_ada().await;
    let http = hub.http();
    http.applies(&event("workitem.assigned", item("ada", "w1"))).await;
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "enabled": false })).await.0, 200);
    for kind in ["workitem.offered", "workitem.assigned", "workitem.missed", "workitem.monitor_joined"] {
        assert_eq!(http.event(&event(kind, item("ada", "w2"))).await["code"], "agent_disabled", "{kind}");
    }
    http.applies(&event("workitem.wrap_up_started", item("ada", "w1"))).await;
    http.applies(&event("workitem.closed", item("ada", "w1"))).await;
}

#[tokio::test]
async fn a_batch_beyond_a_thousand_is_too_large() {
    let hub = with_ada().await;
    let batch: Vec<Value> = (0..1_001).map(|_| event("workitem.closed", item("ada", "w"))).collect();
    let (status, body) = hub.http().post("/api/v1/events", &json!(batch)).await;
    assert_eq!((status, &body["code"]), (413, &json!("too_large")));
    let mut acd = hub.work_system().await;
    assert_eq!(acd.refused(json!({ "type": "events", "events": batch })).await, "too_large");
    let (status, body) = hub.http().post("/api/v1/events", &json!(batch[..1_000])).await;
    assert_eq!((status, body["results"].as_array().unwrap().len()), (200, 1_000));
}

#[tokio::test]
async fn what_is_no_event_at_all_is_malformed() {
    let hub = with_ada().await;
    for body in [json!("text"), json!(7), Value::Null] {
        let (status, problem) = hub.http().post("/api/v1/events", &body).await;
        assert_eq!((status, &problem["code"]), (400, &json!("malformed")), "{body}");
    }
}
