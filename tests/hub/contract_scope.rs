//! Supervisors of some teams see, hear and set only those.

use serde_json::{Value, json};

use crate::harness::{Http, Hub, Socket};

/// A hub with Ada in billing and Sam in sales, and a supervisor of billing.
async fn floor() -> (Hub, String) {
    let hub = Hub::start().await;
    let http = hub.http();
    for (agent, team) in [("ada", "billing"), ("secret", "sales")] {
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &json!({ "teams": [team] })).await.0, 201);
    }
    let token = hub.token_of("tim", &["supervisor"], &["billing"]);
    (hub, token)
}

fn never_named(frames: &[Value]) {
    assert!(frames.iter().all(|frame| !frame.to_string().contains("secret")), "{frames:?}");
}

#[tokio::test]
async fn others_are_neither_shown_nor_heard_of() {
    let (hub, token) = floor().await;
    let http = hub.http();
    let mut tim = Socket::open(&hub, &token).await;
    let named = json!({ "agentIds": ["ada", "secret"] });
    for filter in [json!({}), json!({ "teams": ["billing", "sales"] }), named] {
        tim.does(json!({ "type": "watch", "filter": filter })).await;
        let part = tim.expect("snapshot").await;
        assert_eq!(part["summary"]["total"], 1);
        never_named(&[part]);
    }
    let mut secret = hub.signs_in("secret").await;
    secret.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert_eq!(http.delete("/api/v1/agents/secret").await.0, 204);
    let _ada = hub.signs_in("ada").await;
    never_named(&tim.until(|frame| frame["agents"][0]["presenceId"] == "available").await);
    let (_, list) = hub.http_with(&token).get("/api/v1/agents").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn others_are_not_named_after_a_resumption_either() {
    let (hub, token) = floor().await;
    let mut tim = Socket::open(&hub, &token).await;
    let watch = tim.does(json!({ "type": "watch", "filter": {} })).await;
    let seq = tim.expect("snapshot").await["seq"].clone();
    drop(tim);
    assert_eq!(hub.http().delete("/api/v1/agents/secret").await.0, 204);
    let hub = hub.stopped_and_started_again().await;
    let mut tim = Socket::open(&hub, &token).await;
    let since = json!({ "epoch": watch["epoch"], "seq": seq, "watchId": watch["watchId"] });
    tim.send(&json!({ "type": "watch", "id": 1, "filter": {}, "since": since })).await;
    let frames = tim.until(|frame| frame["type"] == "changes").await;
    assert_eq!(frames[0]["result"]["mode"], "resumed");
    never_named(&frames);
}

#[tokio::test]
async fn who_leaves_the_team_is_told_as_left() {
    let (hub, token) = floor().await;
    let http = hub.http();
    let mut tim = Socket::open(&hub, &token).await;
    let watch = tim.does(json!({ "type": "watch", "filter": {} })).await;
    let seq = tim.expect("snapshot").await["seq"].clone();
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "teams": ["sales"] })).await.0, 200);
    assert_eq!(tim.expect("changes").await["left"], json!(["ada"]));
    let mut again = Socket::open(&hub, &token).await;
    let since = json!({ "epoch": watch["epoch"], "seq": seq, "watchId": watch["watchId"] });
    again.does(json!({ "type": "watch", "filter": {}, "since": since })).await;
    assert_eq!(again.expect("changes").await["left"], json!(["ada"]));
}

#[tokio::test]
async fn others_cannot_be_set_or_read() {
    let (hub, token) = floor().await;
    let _secret = hub.signs_in("secret").await;
    let _ada = hub.signs_in("ada").await;
    let mut tim = Socket::open(&hub, &token).await;
    for request in [
        json!({ "type": "setAgentPresence", "agentIds": ["secret"], "presenceId": "away" }),
        json!({ "type": "resetAgentPresence", "agentIds": ["secret"] }),
        json!({ "type": "signOutAgent", "agentIds": ["secret"] }),
    ] {
        let result = tim.does(request.clone()).await;
        assert_eq!(result["results"][0]["code"], "forbidden", "{request}");
    }
    let http = hub.http_with(&token);
    let agent = "/api/v1/agents/secret";
    for path in ["presence", "presence/explain", "work-items"] {
        assert_eq!(http.get(&format!("{agent}/{path}")).await.0, 403, "{path}");
        assert_eq!(http.get(&format!("/api/v1/agents/ada/{path}")).await.0, 200, "{path}");
    }
    assert_eq!(http.put(&format!("{agent}/presence"), &json!({ "presenceId": "away" })).await.0, 403);
    assert_eq!(http.post(&format!("{agent}/presence/reset"), &json!({})).await.0, 403);
    let stream = json!({ "allowedPresences": ["AVAILABLE"] });
    assert_eq!(hub.http().put("/api/v1/workstreams/chat", &stream).await.0, 201);
    let (_, eligible) = http.get("/api/v1/workstreams/chat/eligible-agents?explain=true").await;
    assert!(eligible.to_string().contains("ada") && !eligible.to_string().contains("secret"), "{eligible}");
}

#[tokio::test]
async fn no_question_about_one_agent_however_it_is_asked_tells_others_from_nobody() {
    let (hub, _) = floor().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/past", &json!({ "teams": ["sales"] })).await.0, 201);
    assert_eq!(http.delete("/api/v1/agents/past").await.0, 204);
    let tim = hub.http_with(&of_every_role(&hub));
    let day = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    let times = ["", "?from=x", "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "?other=1", &format!("?{day}")];
    let asks = [
        "history",
        "adherence",
        "plan",
        "adherence-exceptions",
        "disputes",
        "presence",
        "presence/explain",
        "work-items",
        "",
    ];
    for ask in asks {
        for query in times.into_iter().chain(["?at=x", "?at=2026-01-01T00:00:00Z", "?limit=0"]) {
            tells_nobody_apart(&tim, "GET", &format!("{ask}{query}"), None).await;
        }
    }
    let excuse = json!({ "start": "2026-01-01T08:00:00Z", "end": "2026-01-01T09:00:00Z", "reason": "fire alarm" });
    for body in [json!({}), json!({ "presenceId": 1 }), json!({ "presenceId": "away" }), excuse, json!([])] {
        for (method, ask) in [
            ("PUT", "presence"),
            ("POST", "presence/reset"),
            ("POST", "adherence-exceptions"),
            ("POST", "disputes"),
            ("PUT", "work-items"),
            ("PUT", &format!("plan?{day}")),
            ("PATCH", ""),
            ("DELETE", ""),
        ] {
            tells_nobody_apart(&tim, method, ask, Some(&body)).await;
        }
    }
}

/// Asks the same of an agent of another team, of one that was there, and of nobody.
async fn tells_nobody_apart(http: &Http, method: &str, ask: &str, body: Option<&Value>) {
    let mut answers = Vec::new();
    for id in ["secret", "past", "nobody"] {
        let path = format!("/api/v1/agents/{id}/{ask}");
        let path = path.strip_suffix('/').unwrap_or(&path).replace("/?", "?");
        let (status, answer) = http.request(method, &path, "", body).await;
        assert!([400, 403, 405, 422].contains(&status), "{method} {path}: {status} {answer}");
        answers.push((status, answer.to_string().replace(id, "…")));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{method} {ask} {body:?}: {answers:#?}");
}

#[tokio::test]
async fn an_agent_sees_itself_alone() {
    let (hub, _) = floor().await;
    let ada = hub.http_as("ada", &["agent"]);
    let (status, list) = ada.get("/api/v1/agents").await;
    assert_eq!(status, 200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    for path in ["presence", "presence/explain", "work-items"] {
        assert_eq!(ada.get(&format!("/api/v1/agents/ada/{path}")).await.0, 200, "{path}");
        assert_eq!(ada.get(&format!("/api/v1/agents/secret/{path}")).await.0, 403, "{path}");
    }
}

/// A supervisor of billing who is an administrator and a work system too.
fn of_every_role(hub: &Hub) -> String {
    hub.token_of("tim", &["supervisor", "admin", "integration"], &["billing"])
}

#[tokio::test]
async fn whoever_is_limited_stays_so_in_every_other_role() {
    let (hub, _) = floor().await;
    let token = of_every_role(&hub);
    let http = hub.http_with(&token);
    for roles in ["", "?roles=supervisor", "?roles=integration"] {
        let bearer = format!("Bearer {token}");
        let mut tim = Socket::connect(hub.address(), &format!("/ws{roles}"), &[("authorization", &bearer)]).await;
        tim.does(json!({ "type": "watch", "filter": {} })).await;
        let part = tim.expect("snapshot").await;
        assert_eq!(part["summary"]["total"], 1, "{roles}");
        never_named(&[part]);
        assert_eq!(tim.refused(json!({ "type": "events", "events": [] })).await, "forbidden", "{roles}");
    }
    let (_, list) = http.get("/api/v1/agents").await;
    never_named(&[list]);
    for (path, status) in [
        ("agents/secret", 403),
        ("agents/ada", 200),
        ("agents/secret/plan?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", 403),
        ("webhooks", 403),
        ("erasures", 403),
        ("settings", 200),
        ("presences", 200),
    ] {
        assert_eq!(http.get(&format!("/api/v1/{path}")).await.0, status, "{path}");
    }
    let event = json!([{ "specversion": "1.0" }]);
    assert_eq!(http.post("/api/v1/events", &event).await.0, 403);
    assert_eq!(http.put("/api/v1/agents/secret/work-items", &json!({ "items": [] })).await.0, 403);
}

#[tokio::test]
async fn an_administrator_who_is_limited_writes_records_of_its_teams_and_puts_nobody_into_another() {
    let (hub, _) = floor().await;
    let http = hub.http_with(&of_every_role(&hub));
    let (billing, both) = (json!({ "teams": ["billing"] }), json!({ "teams": ["billing", "sales"] }));
    for (agent, record, status) in [
        ("new", &billing, 201),
        ("ada", &billing, 200),
        ("ada", &both, 403),
        ("other", &both, 403),
        ("other", &json!({}), 403),
        ("secret", &billing, 403),
    ] {
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), record).await.0, status, "{agent} {record}");
    }
    assert_eq!(http.patch("/api/v1/agents/secret", &json!({ "name": "S" })).await.0, 403);
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "name": "A" })).await.0, 200);
    assert_eq!(http.delete("/api/v1/agents/secret").await.0, 403);
    let bulk = json!([{ "agentId": "ada", "teams": ["billing"] }, { "agentId": "secret", "teams": ["billing"] }]);
    let (status, problem) = http.put("/api/v1/agents", &bulk).await;
    assert_eq!((status, &problem["code"]), (403, &json!("forbidden")), "{problem}");
    let patches = json!([{ "agentId": "secret", "name": "S" }]);
    assert_eq!(http.patch("/api/v1/agents", &patches).await.0, 403);
    let for_all = json!({ "filter": {}, "change": { "queues": ["q1"] } });
    let (status, answer) = http.patch("/api/v1/agents", &for_all).await;
    assert_eq!(status, 200, "{answer}");
    never_named(&[answer]);
    // Somebody who was in another team already stays there.
    assert_eq!(hub.http().put("/api/v1/agents/ada", &both).await.0, 200);
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "name": "Ada" })).await.0, 200);
    let plan = json!({ "items": [] });
    let time = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    assert_eq!(http.put(&format!("/api/v1/agents/secret/plan?{time}"), &plan).await.0, 403);
    let item = |agent| json!({ "agentId": agent, "start": "2026-01-01T08:00:00Z", "end": "2026-01-01T09:00:00Z", "activityId": "work" });
    let (status, problem) = http.post(&format!("/api/v1/plans?{time}"), &json!({ "items": [item("secret")] })).await;
    assert_eq!((status, &problem["agentId"]), (403, &json!("secret")), "{problem}");
    assert_eq!(http.delete("/api/v1/agents/ada").await.0, 204);
}

#[tokio::test]
async fn a_limited_caller_is_answered_alike_about_another_teams_agent_and_about_nobody() {
    let (hub, _) = floor().await;
    let token = of_every_role(&hub);
    let http = hub.http_with(&token);
    let time = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    let paths = [
        String::new(),
        "/presence".to_owned(),
        "/presence/explain".to_owned(),
        "/presence/explain?at=2026-01-01T00:00:00Z".to_owned(),
        "/work-items".to_owned(),
        format!("/history?{time}"),
        format!("/adherence?{time}"),
        format!("/plan?{time}"),
        format!("/adherence-exceptions?{time}"),
        "/disputes".to_owned(),
    ];
    for path in paths {
        let of = async |agent: &str| {
            let (status, answer) = http.get(&format!("/api/v1/agents/{agent}{path}")).await;
            (status, answer["code"].clone(), answer["detail"].clone())
        };
        let (secret, nobody) = (of("secret").await, of("nobody").await);
        assert_eq!(secret.0, 403, "{path} {secret:?}");
        assert_eq!(secret, nobody, "{path}");
    }
    let mut tim = Socket::open(&hub, &token).await;
    let both = json!({ "type": "setAgentPresence", "agentIds": ["secret", "nobody"], "presenceId": "away" });
    let results = tim.does(both).await["results"].clone();
    assert_eq!(results[0]["code"], "forbidden");
    assert_eq!(
        (&results[0]["code"], &results[0]["message"]),
        (&results[1]["code"], &results[1]["message"]),
        "{results}"
    );
}

#[tokio::test]
async fn an_observer_sees_the_board_and_changes_nothing_and_an_analyst_reads_the_past_alone() {
    let (hub, _) = floor().await;
    let _ada = hub.signs_in("ada").await;
    let mut olga = Socket::open(&hub, &hub.token("olga", &["observer"])).await;
    olga.does(json!({ "type": "watch", "filter": {} })).await;
    assert_eq!(olga.expect("snapshot").await["summary"]["total"], 2);
    let set = json!({ "type": "setAgentPresence", "agentIds": ["ada"], "presenceId": "away" });
    assert_eq!(olga.refused(set).await, "forbidden");
    let mut anna = Socket::open(&hub, &hub.token("anna", &["analyst"])).await;
    assert_eq!(anna.refused(json!({ "type": "watch", "filter": {} })).await, "forbidden");
    let (observer, analyst) = (hub.http_as("olga", &["observer"]), hub.http_as("anna", &["analyst"]));
    let time = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    for (path, of_observer, of_analyst) in [
        ("agents/ada/presence".to_owned(), 200, 403),
        ("agents/ada/work-items".to_owned(), 200, 403),
        (format!("agents/ada/history?{time}"), 200, 200),
        (format!("reports/time-in-status?{time}&by=agent"), 200, 200),
        (format!("agents/ada/adherence-exceptions?{time}"), 403, 403),
        ("webhooks".to_owned(), 403, 403),
    ] {
        assert_eq!(observer.get(&format!("/api/v1/{path}")).await.0, of_observer, "{path}");
        assert_eq!(analyst.get(&format!("/api/v1/{path}")).await.0, of_analyst, "{path}");
    }
    let away = json!({ "presenceId": "away" });
    assert_eq!(observer.put("/api/v1/agents/ada/presence", &away).await.0, 403);
    assert_eq!(observer.post("/api/v1/agents/ada/presence/reset", &json!({})).await.0, 403);
    let limited = hub.http_with(&hub.token_of("anna", &["analyst"], &["billing"]));
    assert_eq!(limited.get(&format!("/api/v1/agents/ada/history?{time}")).await.0, 200);
    assert_eq!(limited.get(&format!("/api/v1/agents/secret/history?{time}")).await.0, 403);
}

#[tokio::test]
async fn a_limited_administrator_cannot_recreate_an_agent_of_another_team() {
    let (hub, _) = floor().await;
    let root = hub.http();
    let token = of_every_role(&hub);
    let http = hub.http_with(&token);
    let ours = json!({ "teams": ["billing"] });
    let bulk = json!([{ "agentId": "secret", "teams": ["billing"] }]);
    for deleted in [false, true] {
        if deleted {
            assert_eq!(root.delete("/api/v1/agents/secret").await.0, 204);
        }
        let named = json!({ "agentId": "secret", "teams": ["billing"] });
        let (created, put) =
            (http.post("/api/v1/agents", &named).await, http.put("/api/v1/agents/secret", &ours).await);
        assert_eq!((created.0, put.0), (403, 403), "deleted: {deleted} {created:?} {put:?}");
        let (status, answer) = http.put("/api/v1/agents", &bulk).await;
        let code = if deleted { &answer["results"][0]["code"] } else { &answer["code"] };
        assert_eq!((status, code), (if deleted { 200 } else { 403 }, &json!("forbidden")), "{answer}");
    }
    assert_eq!(root.put("/api/v1/agents/secret", &ours).await.0, 201);
    assert_eq!(http.put("/api/v1/agents/secret", &ours).await.0, 200);
    let mut tim = Socket::open(&hub, &token).await;
    assert_eq!(root.patch("/api/v1/agents/secret", &json!({ "teams": ["sales"] })).await.0, 200);
    let both = json!({ "type": "signOutAgent", "agentIds": ["secret", "nobody"] });
    let mut results = tim.does(both).await["results"].take();
    for result in results.as_array_mut().unwrap() {
        result.as_object_mut().unwrap().remove("agentId");
    }
    assert_eq!(results[0], results[1]);
}

#[tokio::test]
async fn a_refused_deletion_names_no_agent_of_another_team_to_a_limited_administrator() {
    let (hub, _) = floor().await;
    let root = hub.http();
    assert_eq!(root.put("/api/v1/capacity-profiles/p", &json!({ "defaultMax": 1 })).await.0, 201);
    assert_eq!(root.patch("/api/v1/agents/secret", &json!({ "profiles": [{ "profileId": "p" }] })).await.0, 200);
    let (status, problem) = hub.http_with(&of_every_role(&hub)).delete("/api/v1/capacity-profiles/p").await;
    assert_eq!(status, 409, "{problem}");
    never_named(&[problem]);
    let (_, problem) = root.delete("/api/v1/capacity-profiles/p").await;
    assert!(problem["detail"].as_str().unwrap().contains("secret"), "{problem}");
}
