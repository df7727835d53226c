//! HTTP: problem documents, roles, pages of lists, settings, explanations, health.

use serde_json::{Value, json};

use crate::harness::{Http, Hub, event};

#[tokio::test]
async fn every_refusal_is_a_problem_document_with_a_stable_code() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({})).await.0, 201);
    let agent = hub.http_as("ada", &["agent"]);
    let anonymous = Http::anonymous(&hub);
    let away = json!({ "presenceId": "away" });
    for (who, method, path, body, status, code) in [
        (&anonymous, "GET", "/api/v1/agents", None, 401, "unauthenticated"),
        (&agent, "POST", "/api/v1/events", Some(json!([])), 403, "forbidden"),
        (&http, "GET", "/api/v1/agents/nobody/presence", None, 404, "unknown_agent"),
        (&http, "GET", "/api/v1/agents/no%20body/presence", None, 404, "unknown_agent"),
        (&http, "GET", "/api/v1/presences/none", None, 404, "unknown_presence"),
        (&http, "GET", "/api/v1/workstreams/none", None, 404, "unknown_workstream"),
        (&http, "GET", "/api/v1/workstreams/none/eligible-agents", None, 404, "unknown_workstream"),
        (&http, "PUT", "/api/v1/agents/ada/presence", Some(json!({})), 422, "invalid"),
        (&http, "PUT", "/api/v1/agents/ada/presence", Some(away.clone()), 409, "agent_not_connected"),
        (&http, "POST", "/api/v1/agents/ada/presence/reset", Some(json!({})), 409, "nothing_to_reset"),
        (&http, "GET", "/api/v1/agents?limit=none", None, 422, "invalid"),
    ] {
        let (got, head, text) = who.raw(method, path, "", body.as_ref()).await;
        assert_eq!(got, status, "{method} {path}: {text}");
        assert!(head.to_lowercase().contains("content-type: application/problem+json"), "{head}");
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{problem}");
        for field in ["type", "title", "detail"] {
            assert!(problem[field].is_string(), "{field}: {problem}");
        }
        assert_eq!(head.to_lowercase().contains("www-authenticate"), status == 401);
    }
    let refused = http.put("/api/v1/agents/ada", &json!({ "name": "x".repeat(257) })).await;
    assert_eq!((refused.0, &refused.1["code"], &refused.1["field"]), (422, &json!("invalid"), &json!("name")));
}

#[tokio::test]
async fn what_is_no_json_no_route_or_no_method_is_a_problem_too() {
    let hub = Hub::start().await;
    let http = hub.http();
    let token = hub.token("root", &["admin"]);
    let request = format!(
        "PUT /api/v1/agents/ada HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-length: 7\r\n\r\nrubbish",
        hub.address()
    );
    let (status, _, text) = http.speaks(&request).await;
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!("malformed")));
    for (method, path, status, code) in
        [("GET", "/api/v1/nothing", 404, "not_found"), ("DELETE", "/api/v1/settings", 405, "method_not_allowed")]
    {
        let (got, head, text) = http.raw(method, path, "", None).await;
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((got, &body["code"]), (status, &json!(code)), "{method} {path}: {body}");
        assert_eq!(head.to_lowercase().contains("\nallow:"), status == 405, "{head}");
    }
}

#[tokio::test]
async fn lists_come_page_by_page() {
    let hub = Hub::start().await;
    let http = hub.http();
    let items: Vec<Value> = (0..250).map(|number| json!({ "agentId": format!("a{number:03}") })).collect();
    assert_eq!(http.put("/api/v1/agents", &json!(items)).await.0, 200);
    let mut path = "/api/v1/agents?limit=99".to_owned();
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let (status, page) = http.get(&path).await;
        assert_eq!(status, 200, "{page}");
        pages += 1;
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["agentId"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/api/v1/agents?limit=99&cursor={cursor}");
    }
    assert_eq!((pages, seen.len()), (3, 250));
    assert!(seen.is_sorted());
    let (_, page) = http.get("/api/v1/presences?limit=4").await;
    let cursor = page["nextCursor"].as_str().unwrap();
    let (_, rest) = http.get(&format!("/api/v1/presences?limit=4&cursor={cursor}")).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("nextCursor")), (2, None));
}

#[tokio::test]
async fn settings_are_read_changed_kept_and_given_back_to_the_file() {
    let hub = Hub::start_with(&[("PRESENCE__REFRESH_GRACE", "7s")]).await;
    let http = hub.http();
    let before = json!({
        "restoreWindow": "150s", "restoreAfterSignOut": true, "refreshGrace": "7s", "restartGrace": "10s",
        "signInPolicy": "capacity_first", "missedNotifications": true, "rejectNotifications": true,
        "maxOpenWorkItems": 10, "workItemLimitAutoClear": false, "dailyReset": "", "autoProvisionAgents": true,
    });
    assert_eq!(http.get("/api/v1/settings").await, (200, before.clone()));
    let after = json!({
        "restoreWindow": "60s", "restoreAfterSignOut": false, "refreshGrace": "500ms", "restartGrace": "1s",
        "signInPolicy": "default_first", "missedNotifications": false, "rejectNotifications": false,
        "maxOpenWorkItems": 3, "workItemLimitAutoClear": true, "dailyReset": "03:00 Europe/Berlin",
        "autoProvisionAgents": false,
    });
    assert_eq!(http.patch("/api/v1/settings", &after).await, (200, after.clone()));
    let hub = hub.stopped_and_started_again().await;
    let http = hub.http();
    assert_eq!(http.get("/api/v1/settings").await, (200, after.clone()), "kept");
    for (field, wrong) in [
        ("restoreWindow", json!("long")),
        ("restoreWindow", json!(150)),
        ("refreshGrace", json!("-1s")),
        ("signInPolicy", json!("mood")),
        ("missedNotifications", json!("yes")),
        ("maxOpenWorkItems", json!(0)),
        ("dailyReset", json!("at night")),
    ] {
        let (status, body) = http.patch("/api/v1/settings", &json!({ field: wrong })).await;
        assert_eq!((status, &body["code"], &body["field"]), (422, &json!("invalid"), &json!(field)), "{wrong}");
    }
    assert_eq!(http.patch("/api/v1/settings", &json!({ "colour": "red" })).await.0, 422);
    let half = json!({ "restoreWindow": "30s", "maxOpenWorkItems": 0 });
    assert_eq!(http.patch("/api/v1/settings", &half).await.0, 422);
    assert_eq!(http.get("/api/v1/settings").await.1, after, "all or nothing");
    let nothing: Value = after.as_object().unwrap().keys().map(|name| (name.clone(), Value::Null)).collect();
    assert_eq!(http.patch("/api/v1/settings", &nothing).await, (200, before));
}

#[tokio::test]
async fn an_explanation_names_the_rule_that_decided_and_the_sums() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "units": 2 })).await.0, 201);
    let path = "/api/v1/agents/ada/presence/explain";
    let _ada = hub.signs_in("ada").await;
    let decided = |explained: &Value| -> String {
        let rules = explained["rules"].as_array().unwrap();
        let decided = rules.iter().rfind(|rule| rule["applied"] == true);
        decided.unwrap_or_else(|| panic!("nothing decided: {explained}"))["says"].as_str().unwrap().to_owned()
    };
    let unused = http.get(path).await.1;
    http.applies(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1", "units": 1 }))).await;
    let partly = http.get(path).await.1;
    assert_eq!(partly["presence"]["presence"]["presenceId"], "busy");
    assert_eq!(partly["holdingCapacity"][0]["workItemId"], "w1");
    assert_eq!(partly["capacity"]["units"], json!({ "max": 2, "used": 1, "reserved": 0, "available": 1 }));
    assert_eq!((&partly["connection"]["state"], &partly["hold"]), (&json!("CONNECTED"), &Value::Null));
    assert_eq!(partly["connection"]["sessions"].as_array().unwrap().len(), 1);
    assert!(partly["rules"].as_array().unwrap().iter().any(|rule| rule["applied"] == false), "{partly}");
    http.applies(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w2", "units": 2 }))).await;
    let negative = http.get(path).await.1;
    http.applies(&event("workitem.missed", json!({ "agentId": "ada", "workItemId": "w3" }))).await;
    let missed = http.get(path).await.1;
    assert_eq!(missed["hold"], "MISSED");
    let rules = [decided(&unused), decided(&partly), decided(&negative), decided(&missed)];
    let different: std::collections::BTreeSet<&String> = rules.iter().collect();
    assert_eq!(different.len(), 4, "{rules:?}");
    for rule in partly["rules"].as_array().unwrap() {
        assert!(rule["rule"].is_string() && rule["says"].is_string(), "{rule}");
    }
}

#[tokio::test]
async fn health_is_told_to_anyone_who_asks() {
    let hub = Hub::start().await;
    let anyone = Http::anonymous(&hub);
    assert_eq!(anyone.get("/healthz").await.0, 200);
    assert_eq!(anyone.get("/readyz").await.0, 200);
}

#[tokio::test]
async fn there_is_no_test_clock_unless_the_settings_say_so() {
    let hub = Hub::start_with(&[("SERVER__TEST_CLOCK", "false")]).await;
    let http = hub.http();
    for path in ["/test/clock", "/api/v1/test/clock"] {
        assert_eq!(http.post(path, &json!({ "advanceMs": 1 })).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_ask_first_and_read_the_answer_and_no_other_page_may() {
    let hub = Hub::start_with(&[("SERVER__ALLOWED_ORIGINS", "https://crm.example")]).await;
    let asks = "origin: https://crm.example\r\naccess-control-request-method: PUT\r\n\
                access-control-request-headers: authorization,traceparent\r\n";
    let (status, head, _) = Http::anonymous(&hub).raw("OPTIONS", "/api/v1/agents/a1/presence", asks, None).await;
    assert_eq!(status, 204);
    assert!(head.contains("access-control-allow-origin: https://crm.example"), "{head}");
    assert!(head.to_lowercase().contains("access-control-allow-headers: authorization,traceparent"), "{head}");
    let (status, head, _) = hub.http().raw("GET", "/api/v1/agents", "origin: https://crm.example\r\n", None).await;
    assert!(status == 200 && head.contains("access-control-allow-origin: https://crm.example"), "{head}");
    let (status, head, _) = hub.http().raw("GET", "/api/v1/agents", "origin: https://evil.example\r\n", None).await;
    assert!(status == 403 && !head.contains("access-control"), "{head}");
}
