//! Administration of agents, capacity profiles and workstreams.

use serde_json::{Value, json};

use crate::harness::{Http, Hub, event};

async fn refused(http: &Http, path: &str, record: Value, field: &str) {
    let (status, body) = http.put(path, &record).await;
    assert_eq!((status, &body["code"], &body["field"]), (422, &json!("invalid"), &json!(field)), "{record} → {body}");
}

#[tokio::test]
async fn an_agents_record_is_created_read_replaced_patched_and_deleted() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/capacity-profiles/chat", &json!({ "defaultMax": 3 })).await.0, 201);
    let path = "/api/v1/agents/ada";
    let record = json!({
        "agentId": "ada", "name": "Ada", "teams": ["billing"], "queues": ["q"], "skills": ["de"],
        "defaultPresenceId": "away", "selectablePresenceIds": ["available", "away"],
        "profiles": [{ "profileId": "chat", "max": 5 }], "enabled": true,
    });
    let (status, created) = http.post("/api/v1/agents", &record).await;
    assert_eq!((status, &created["version"]), (201, &json!(1)), "{created}");
    let (status, mut read) = http.get(path).await;
    assert_eq!(status, 200);
    for field in ["version", "seq"] {
        assert!(read.as_object_mut().unwrap().remove(field).unwrap().is_u64());
    }
    assert_eq!(read, record);
    assert_eq!(http.post("/api/v1/agents", &record).await.1["code"], "in_use");
    let (status, patched) = http.patch(path, &json!({ "units": 4, "defaultPresenceId": null, "profiles": [] })).await;
    assert_eq!((status, &patched["units"], &patched["name"]), (200, &json!(4), &json!("Ada")));
    assert!(patched.get("defaultPresenceId").is_none(), "{patched}");
    let (status, replaced) = http.put(path, &json!({})).await;
    assert_eq!((status, &replaced["name"], &replaced["teams"]), (200, &json!("ada"), &json!([])));
    assert!(replaced.get("units").is_none(), "{replaced}");
    assert_eq!(http.delete(path).await.0, 204);
    for gone in [path.to_owned(), format!("{path}/presence"), format!("{path}/work-items")] {
        assert_eq!(http.get(&gone).await.0, 404, "{gone}");
    }
    assert_eq!(http.delete(path).await.0, 404);
    let (status, again) = http.put(path, &json!({})).await;
    assert_eq!(status, 201);
    assert!(again["version"].as_u64() > replaced["version"].as_u64(), "{again}");
    assert_eq!(http.presence("ada").await["isAgentLoggedIn"], false);
}

#[tokio::test]
async fn an_agents_record_that_cannot_be_is_refused_with_the_field() {
    let hub = Hub::start().await;
    let http = hub.http();
    let path = "/api/v1/agents/ada";
    let long: Vec<String> = (0..51).map(|number| number.to_string()).collect();
    for (record, field) in [
        (json!({ "name": "x".repeat(257) }), "name"),
        (json!({ "teams": [""] }), "teams"),
        (json!({ "queues": long }), "queues"),
        (json!({ "defaultPresenceId": "inactive" }), "defaultPresenceId"),
        (json!({ "defaultPresenceId": "nowhere" }), "defaultPresenceId"),
        (json!({ "selectablePresenceIds": ["nowhere"] }), "selectablePresenceIds"),
        (json!({ "profiles": [{ "profileId": "a" }, { "profileId": "a" }] }), "profiles"),
    ] {
        refused(&http, path, record, field).await;
    }
    let (status, body) = http.put(path, &json!({ "profiles": [{ "profileId": "none" }] })).await;
    assert_eq!((status, &body["code"]), (422, &json!("unknown_profile")));
    for record in
        [json!({ "units": -1 }), json!({ "units": 1.5 }), json!({ "team": ["x"] }), json!({ "enabled": "yes" })]
    {
        assert_eq!(http.put(path, &record).await.1["code"], "invalid", "{record}");
    }
    refused(&http, path, json!({ "agentId": "ben" }), "agentId").await;
    assert_eq!(http.get(path).await.0, 404);
}

#[tokio::test]
async fn a_bulk_is_checked_whole_before_anything_is_kept() {
    let hub = Hub::start().await;
    let http = hub.http();
    let wrong = json!([{ "agentId": "a" }, { "agentId": "b", "defaultPresenceId": "inactive" }]);
    assert_eq!(http.put("/api/v1/agents", &wrong).await.0, 422);
    assert_eq!(http.get("/api/v1/agents").await.1["items"], json!([]));
    let right = json!({ "items": [{ "agentId": "a" }, { "agentId": "b", "units": 3 }] });
    let (status, body) = http.put("/api/v1/agents", &right).await;
    assert_eq!(status, 200, "{body}");
    let expected = json!([
        { "agentId": "a", "status": "applied", "version": 1 },
        { "agentId": "b", "status": "applied", "version": 1 },
    ]);
    assert_eq!(body["results"], expected);
}

#[tokio::test]
async fn what_the_product_advises_against_is_kept_with_a_warning() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/capacity-profiles/chat", &json!({ "defaultMax": 3 })).await.0, 201);
    let both = json!({ "units": 3, "profiles": [{ "profileId": "chat" }] });
    for (path, record, warns) in [
        ("/api/v1/agents/none", json!({}), true),
        ("/api/v1/agents/both", both, true),
        ("/api/v1/agents/units", json!({ "units": 3 }), false),
        ("/api/v1/workstreams/nobody", json!({ "allowedPresences": [] }), true),
        (
            "/api/v1/workstreams/short",
            json!({ "allowedPresences": ["BUSY"], "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": 29 }),
            true,
        ),
        ("/api/v1/workstreams/fine", json!({ "allowedPresences": ["BUSY"] }), false),
    ] {
        let (status, body) = http.put(path, &record).await;
        assert_eq!((status, body.get("warnings").is_some()), (201, warns), "{path}: {body}");
    }
}

#[tokio::test]
async fn a_capacity_profile_keeps_its_reset_and_stays_while_it_is_used() {
    let hub = Hub::start().await;
    let http = hub.http();
    let path = "/api/v1/capacity-profiles/chat";
    let record = json!({
        "profileId": "chat", "name": "Chat", "defaultMax": 3, "blockAssignment": true, "resetDuration": "DAILY",
    });
    assert_eq!(http.post("/api/v1/capacity-profiles", &record).await, (201, record.clone()));
    assert_eq!(http.get(path).await, (200, record.clone()));
    assert_eq!(http.post("/api/v1/capacity-profiles", &record).await.0, 409);
    let (status, patched) = http.patch(path, &json!({ "defaultMax": 4 })).await;
    assert_eq!((status, &patched["defaultMax"], &patched["name"]), (200, &json!(4), &json!("Chat")));
    refused(&http, path, json!({ "defaultMax": 3, "resetDuration": "IMMEDIATE" }), "resetDuration").await;
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "profiles": [{ "profileId": "chat" }] })).await.0, 201);
    assert_eq!(http.presence("ada").await["capacity"]["profiles"][0]["max"], 4);
    let (status, body) = http.delete(path).await;
    assert_eq!((status, &body["code"]), (409, &json!("in_use")));
    assert_eq!(http.put("/api/v1/agents/ada", &json!({})).await.0, 200);
    let stream = json!({ "allowedPresences": ["BUSY"], "profiles": ["chat"] });
    assert_eq!(http.put("/api/v1/workstreams/w", &stream).await.0, 201);
    assert_eq!(http.delete(path).await.0, 409);
    assert_eq!(http.delete("/api/v1/workstreams/w").await.0, 204);
    assert_eq!(http.delete(path).await.0, 204);
    assert_eq!(http.get(path).await.0, 404);
    assert_eq!(http.delete(path).await.0, 404);
}

#[tokio::test]
async fn a_changed_limit_counts_at_once() {
    let hub = Hub::start().await;
    let http = hub.http();
    let path = "/api/v1/capacity-profiles/chat";
    assert_eq!(http.put(path, &json!({ "defaultMax": 1 })).await.0, 201);
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "profiles": [{ "profileId": "chat" }] })).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    let work = json!({ "agentId": "ada", "workItemId": "w", "profiles": ["chat"] });
    assert_eq!(http.applies(&event("workitem.assigned", work)).await["presenceId"], "do-not-disturb");
    assert_eq!(http.patch(path, &json!({ "defaultMax": 2 })).await.0, 200);
    let told = ada.find(|frame| frame["agent"]["eventName"] == "CONFIGURATION_UPDATE").await;
    assert_eq!(told["agent"]["presence"]["presenceId"], "busy");
}

#[tokio::test]
async fn a_workstream_is_checked_and_stays_while_it_has_work() {
    let hub = Hub::start().await;
    let http = hub.http();
    let path = "/api/v1/workstreams/chat";
    for (record, field) in [
        (json!({ "allowedPresences": [], "blockCapacityForWrapUp": "CUSTOM" }), "wrapUpSeconds"),
        (json!({ "allowedPresences": [], "wrapUpSeconds": 60 }), "wrapUpSeconds"),
        (json!({ "allowedPresences": [], "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": 3601 }), "wrapUpSeconds"),
    ] {
        refused(&http, path, record, field).await;
    }
    for record in [json!({ "allowedPresences": ["INACTIVE"] }), json!({ "allowedPresences": ["busy"] }), json!({})] {
        assert_eq!(http.put(path, &record).await.1["code"], "invalid", "{record}");
    }
    let unknown = json!({ "allowedPresences": [], "profiles": ["none"] });
    assert_eq!(http.put(path, &unknown).await.1["code"], "unknown_profile");
    let record = json!({
        "workstreamId": "chat", "name": "Chat", "allowedPresences": ["AVAILABLE"], "units": 20, "profiles": [],
        "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": 60, "affectsPresence": false,
    });
    assert_eq!(http.post("/api/v1/workstreams", &record).await, (201, record.clone()));
    assert_eq!(http.get("/api/v1/workstreams").await.1["items"], json!([record]));
    assert_eq!(http.patch(path, &json!({ "units": 10 })).await.1["units"], 10);
    let _ada = hub.signs_in("ada").await;
    let work = json!({ "agentId": "ada", "workItemId": "w", "workstreamId": "chat" });
    let applied = http.applies(&event("workitem.assigned", work)).await;
    assert_eq!(applied["presenceId"], "available", "this workstream moves no presence");
    assert_eq!(http.delete(path).await.1["code"], "in_use");
    http.applies(&event("workitem.closed", json!({ "agentId": "ada", "workItemId": "w" }))).await;
    assert_eq!(http.delete(path).await.0, 204);
    assert_eq!(http.delete(path).await.0, 404);
}
