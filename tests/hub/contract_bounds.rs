//! No request costs more than it was let in for: who asks is judged first, and how much is asked
//! before it is looked at.

use serde_json::{Value, json};

use crate::harness::{Hub, event};

/// More than any body may have.
const HUGE: usize = 100_000_000;

/// The status of a request whose body never comes.
async fn answer_without_body(hub: &Hub, roles: &[&str], method: &str, path: &str, length: usize) -> u16 {
    let token = hub.token("someone", roles);
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n",
        hub.address()
    );
    hub.http().speaks(&request).await.0
}

#[tokio::test]
async fn who_asks_is_judged_before_a_body_is_read() {
    let hub = Hub::start().await;
    let ada = json!({ "agentId": "ada" });
    assert_eq!(hub.http().post("/api/v1/agents", &ada).await.0, 201);
    for (method, path) in [
        ("POST", "/api/v1/events"),
        ("PUT", "/api/v1/agents"),
        ("POST", "/api/v1/agents"),
        ("PUT", "/api/v1/agents/ada"),
        ("PATCH", "/api/v1/agents/ada"),
        ("PUT", "/api/v1/agents/ada/presence"),
        ("PUT", "/api/v1/agents/ada/work-items"),
        ("POST", "/api/v1/presences"),
        ("PUT", "/api/v1/capacity-profiles/p"),
        ("PATCH", "/api/v1/settings"),
    ] {
        assert_eq!(answer_without_body(&hub, &["agent"], method, path, 1_000).await, 403, "{method} {path}");
        let all = ["supervisor", "integration", "admin"];
        assert_eq!(answer_without_body(&hub, &all, method, path, HUGE).await, 413, "{method} {path}");
    }
}

#[tokio::test]
async fn a_long_list_is_refused_where_it_stands() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({})).await.0, 201);
    let many = |count: usize| (0..count).map(|number| format!("n{number}")).collect::<Vec<_>>();
    let work = |profiles: Vec<String>| {
        event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w", "profiles": profiles }))
    };
    let refused = http.event(&work(many(5_000))).await;
    assert_eq!((&refused["code"], &refused["status"]), (&json!("invalid"), &json!("rejected")), "{refused}");
    let items: Vec<Value> = (0..101).map(|n| json!({ "workItemId": format!("w{n}"), "state": "ACTIVE" })).collect();
    for (method, path, body, field) in [
        ("PUT", "/api/v1/agents/ada/work-items", json!({ "items": items }), "items"),
        ("PATCH", "/api/v1/agents/ada", json!({ "selectablePresenceIds": many(501) }), "selectablePresenceIds"),
        ("PATCH", "/api/v1/agents/ada", json!({ "teams": many(51) }), "teams"),
        (
            "PUT",
            "/api/v1/workstreams/w",
            json!({ "allowedPresences": ["AVAILABLE"], "profiles": many(51) }),
            "profiles",
        ),
    ] {
        let (status, problem) = http.request(method, path, "", Some(&body)).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{problem}");
    }
}

#[tokio::test]
async fn an_answer_repeats_only_the_beginning_of_what_was_wrong() {
    let hub = Hub::start().await;
    let long = "x".repeat(30_000);
    let mut batch = Vec::new();
    for (field, value) in [("specversion", &long), ("id", &long), ("type", &long), ("time", &long)] {
        let mut wrong = event("workitem.closed", json!({ "agentId": "ada", "workItemId": "w" }));
        wrong[field] = json!(value);
        batch.push(wrong);
    }
    batch.push(event("workitem.closed", json!({ "agentId": long, "workItemId": "w" })));
    batch.push(event("workitem.closed", json!({ "agentId": "ada", "workItemId": "w", "subEvent": long })));
    let (status, answer) = hub.http().post("/api/v1/events", &json!(batch)).await;
    assert_eq!(status, 200);
    assert!(answer.to_string().len() < 5_000, "{answer}");
}
