//! What clients and libraries send that integrators use.

use serde_json::{Value, json};

use crate::harness::{Http, Hub, event};

async fn with_ada() -> Hub {
    let hub = Hub::start().await;
    assert_eq!(hub.http().put("/api/v1/agents/ada", &json!({ "units": 10 })).await.0, 201);
    hub
}

/// A request with these headers and this body as it is.
async fn posts(hub: &Hub, headers: impl AsRef<[u8]>, body: &str) -> (u16, String, Value) {
    let token = hub.token("acd", &["integration"]);
    let begin = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n",
        hub.address(),
    );
    let end = format!("content-length: {}\r\n\r\n{body}", body.len());
    let request = [begin.as_bytes(), headers.as_ref(), end.as_bytes()].concat();
    let (status, head, text) = hub.http().speaks(&request).await;
    (status, head, serde_json::from_str(&text).unwrap_or_default())
}

const ATTRIBUTES: &str = "ce-specversion: 1.0\r\nce-id: b%2d1\r\nce-source: /acd\r\nce-type: workitem.assigned\r\n\
                          ce-time: 2026-11-22T09:30:00Z\r\nce-traceparent: 00-ab-cd-01\r\n";

#[tokio::test]
async fn an_event_may_stand_in_headers_with_its_data_in_the_body() {
    let hub = with_ada().await;
    let json = "content-type: application/json; charset=utf-8\r\n";
    let data = r#"{"agentId":"ada","workItemId":"w1","units":2.0}"#;
    let (status, _, body) = posts(&hub, &format!("{ATTRIBUTES}{json}"), data).await;
    assert_eq!((status, &body["results"][0]["status"]), (200, &json!("applied")), "{body}");
    assert_eq!(body["results"][0]["id"], "b-1");
    assert_eq!(hub.http().presence("ada").await["capacity"]["units"]["used"], 2);
    let nameless = "ce-specversion: 1.0\r\nce-source: /acd\r\nce-type: workitem.assigned\r\n";
    let (_, _, body) = posts(&hub, &format!("{nameless}{json}"), data).await;
    assert_eq!((&body["results"][0]["code"], &body["results"][0]["field"]), (&json!("malformed"), &json!("id")));
    let (status, _, body) = posts(&hub, &format!("{ATTRIBUTES}{json}"), "{").await;
    assert_eq!((status, &body["code"]), (400, &json!("malformed")));
}

/// The SDK for JavaScript writes attributes into headers as they are, and `fetch` sends them in ISO 8859-1; the
/// newer SDK for Python escapes them.
#[tokio::test]
async fn attributes_beyond_ascii_mean_the_same_however_an_sdk_writes_them_in_headers() {
    let hub = with_ada().await;
    let sdks: [&[u8]; 3] =
        [b"ce-id: caf\xe9 % 1\r\n", "ce-id: café % 1\r\n".as_bytes(), b"ce-id: caf%C3%A9%20%25 1\r\n"];
    for (id, became) in sdks.into_iter().zip(["applied", "duplicate", "duplicate"]) {
        let headers: [&[u8]; 2] = [
            id,
            b"ce-time: 2026-11-22T09:30:00.000Z\r\nce-type: workitem.assigned\r\nce-source: /sdk\r\n\
              ce-specversion: 1.0\r\nce-traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\
              content-type: application/json; charset=utf-8\r\n",
        ];
        let (status, _, body) = posts(&hub, headers.concat(), r#"{"agentId":"ada","workItemId":"w1"}"#).await;
        let result = &body["results"][0];
        assert_eq!((status, &result["id"], &result["status"]), (200, &json!("café % 1"), &json!(became)), "{body}");
    }
}

#[tokio::test]
async fn an_agent_with_the_longest_id_is_read_and_written_like_any_other() {
    let hub = with_ada().await;
    let http = hub.http();
    let id = "x".repeat(256);
    let (status, record) = http.post("/api/v1/agents", &json!({ "agentId": id })).await;
    assert_eq!((status, &record["name"]), (201, &json!(id)));
    assert_eq!(http.put(&format!("/api/v1/agents/{id}"), &record).await.0, 200);
    let change = json!({ "filter": {}, "change": { "units": 5 } });
    let (status, body) = http.patch("/api/v1/agents", &change).await;
    assert_eq!((status, body["results"].as_array().map(Vec::len)), (200, Some(2)), "{body}");
}

#[tokio::test]
async fn a_change_that_is_wrong_is_refused_although_it_concerns_nobody() {
    let hub = with_ada().await;
    for wrong in [json!({ "units": {} }), json!({ "teams": [""] }), json!({ "agentId": 7 }), json!({ "team": [] })] {
        let body = json!({ "filter": { "agentIds": [] }, "change": wrong });
        assert_eq!(hub.http().patch("/api/v1/agents", &body).await.0, 422, "{body}");
    }
    let right = json!({ "filter": { "agentIds": [] }, "change": { "units": 5 } });
    assert_eq!(hub.http().patch("/api/v1/agents", &right).await, (200, json!({ "results": [] })));
}

/// RFC 9110, 13.2.1: a precondition counts only for a request that would succeed without it.
#[tokio::test]
async fn what_is_wrong_by_itself_is_so_whatever_was_expected_of_the_record() {
    let hub = with_ada().await;
    let http = hub.http();
    for (method, path, wrong, right) in [
        ("PUT", "/api/v1/agents/ada", json!({ "teams": [""] }), json!({})),
        ("PATCH", "/api/v1/agents/ada", json!({ "units": "ten" }), json!({ "units": 11 })),
        ("PATCH", "/api/v1/settings", json!({ "restoreWindow": "ever" }), json!({ "restoreWindow": "1m" })),
    ] {
        for (body, expected) in [(wrong, 422), (right, 412)] {
            let (status, answer) = http.request(method, path, "if-match: \"other\"\r\n", Some(&body)).await;
            assert_eq!(status, expected, "{method} {path} {body} → {answer}");
        }
    }
}

#[tokio::test]
async fn events_are_taken_as_libraries_write_them() {
    let hub = with_ada().await;
    let data = "eyJhZ2VudElkIjoiYWRhIiwid29ya0l0ZW1JZCI6IncyIn0=";
    let mut packed = event("workitem.assigned", Value::Null);
    packed.as_object_mut().unwrap().remove("data");
    packed["data_base64"] = json!(data);
    let marked = format!("\u{feff}{packed}");
    let structured = "content-type: application/cloudevents+json; charset=UTF-8\r\n";
    let (_, _, body) = posts(&hub, structured, &marked).await;
    assert_eq!(body["results"][0]["status"], "applied", "{body}");
    let batch = json!([event("workitem.closed", json!({ "agentId": "ada", "workItemId": "w2" }))]).to_string();
    let (_, _, body) = posts(&hub, "content-type: application/cloudevents-batch+json\r\n", &batch).await;
    assert_eq!(body["results"][0]["status"], "applied", "{body}");
    for (field, value) in
        [("time", "x".repeat(25_000)), ("datacontenttype", "text/xml".into()), ("data_base64", "?".into())]
    {
        let mut wrong = event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w3" }));
        wrong[field] = json!(value);
        let result = hub.http().event(&wrong).await;
        assert_eq!((&result["code"], &result["field"]), (&json!("malformed"), &json!(field)), "{result}");
        assert!(result["message"].as_str().unwrap().chars().count() < 300);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_or_packed_is_refused_by_its_headers() {
    let hub = with_ada().await;
    let body = event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w" })).to_string();
    for headers in ["content-type: application/x-www-form-urlencoded\r\n", "content-encoding: gzip\r\n"] {
        let (status, _, answer) = posts(&hub, headers, &body).await;
        assert_eq!((status, &answer["code"]), (415, &json!("unsupported_media_type")), "{headers}");
    }
    for headers in ["", "content-type: application/json\r\ncontent-encoding: identity\r\n"] {
        assert_eq!(posts(&hub, headers, &body).await.0, 200, "{headers}");
    }
}

#[tokio::test]
async fn a_webhook_may_ask_whether_it_may_send() {
    let hub = Hub::start().await;
    let asks = "webhook-request-origin: eventemitter.example\r\n";
    let (status, head, _) = Http::anonymous(&hub).raw("OPTIONS", "/api/v1/events", asks, None).await;
    let head = head.to_lowercase();
    assert_eq!(status, 200, "{head}");
    assert!(head.contains("webhook-allowed-origin: eventemitter.example") && head.contains("webhook-allowed-rate: *"));
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_told_with_those_it_has() {
    let hub = Hub::start().await;
    let (status, head, _) = hub.http().raw("DELETE", "/api/v1/settings", "", None).await;
    let head = head.to_lowercase();
    assert!(status == 405 && head.contains("allow: ") && head.contains("patch"), "{head}");
}

#[tokio::test]
async fn an_upgrade_holds_to_the_protocol() {
    let hub = Hub::start().await;
    let token = hub.token("sue", &["supervisor"]);
    for (version, key, status) in [("13", "short", 400), ("8", "dGhlIHNhbXBsZSBub25jZQ==", 426)] {
        let request = format!(
            "GET /ws HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\
             sec-websocket-version: {version}\r\nsec-websocket-key: {key}\r\n\r\n",
            hub.address()
        );
        let (got, head, _) = hub.http().speaks(&request).await;
        assert_eq!(got, status, "{head}");
        let head = head.to_lowercase();
        assert_eq!(head.contains("sec-websocket-version: 13"), status == 426, "{head}");
    }
}

#[tokio::test]
async fn lists_go_on_behind_any_id_and_filters_name_any_team() {
    let hub = Hub::start().await;
    let http = hub.http();
    let ids = [" lead", "a,1", "a,2", "b c", "z"];
    for id in ids {
        let record = json!({ "agentId": id, "teams": ["sales, north"] });
        assert_eq!(http.post("/api/v1/agents", &record).await.0, 201);
    }
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let (_, page) = http.get(&format!("/api/v1/agents?limit=1&teams=sales,%20north{cursor}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["agentId"].as_str().unwrap().to_owned()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        let encoded: String = next.bytes().map(|byte| format!("%{byte:02x}")).collect();
        cursor = format!("&cursor={encoded}");
    }
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn ids_may_be_as_long_as_those_of_other_products_and_not_blank() {
    let hub = Hub::start().await;
    let http = hub.http();
    let arn = format!("arn:aws:connect:eu-central-1:123456789012:instance/{}", "x".repeat(200));
    assert_eq!(http.post("/api/v1/agents", &json!({ "agentId": &arn[..250] })).await.0, 201);
    for id in ["  ", ".", ".."] {
        for (path, record) in [
            ("/api/v1/agents", json!({ "agentId": id })),
            ("/api/v1/workstreams", json!({ "workstreamId": id, "allowedPresences": [] })),
            ("/api/v1/capacity-profiles", json!({ "profileId": id, "defaultMax": 1 })),
            ("/api/v1/presences", json!({ "presenceId": id, "presenceName": "x", "basePresenceStatus": "AWAY" })),
        ] {
            let (status, body) = http.post(path, &record).await;
            assert_eq!((status, &body["code"]), (422, &json!("invalid")), "{path} {id:?}: {body}");
            assert!(body["field"].as_str().unwrap().ends_with("Id"), "{body}");
        }
    }
}

#[tokio::test]
async fn a_presence_may_be_named_by_its_well_known_id_however_it_is_written() {
    let hub = Hub::start().await;
    let http = hub.http();
    let busy = "{EFDEB843-C07A-E811-8162-000D3AA11F50}";
    let record = json!({ "defaultPresenceId": busy, "selectablePresenceIds": [busy.to_lowercase(), "away"] });
    let (status, kept) = http.put("/api/v1/agents/ada", &record).await;
    assert_eq!(status, 201, "{kept}");
    assert_eq!((&kept["defaultPresenceId"], &kept["selectablePresenceIds"][1]), (&json!("busy"), &json!("busy")));
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": busy })).await;
    assert_eq!(http.presence("ada").await["presence"]["presenceId"], "busy");
}

#[tokio::test]
async fn work_that_takes_a_profile_finds_no_capacity_where_the_agent_has_none_of_it() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/capacity-profiles/voice", &json!({ "defaultMax": 1 })).await.0, 201);
    let stream = json!({ "allowedPresences": ["AVAILABLE"], "profiles": ["voice"] });
    assert_eq!(http.put("/api/v1/workstreams/calls", &stream).await.0, 201);
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "units": 10 })).await.0, 201);
    let _ada = hub.signs_in("ada").await;
    let path = "/api/v1/workstreams/calls/eligible-agents";
    assert_eq!(http.get(path).await.1["items"], json!([]));
    let (_, explained) = http.get(&format!("{path}?explain=true")).await;
    assert_eq!(explained["items"][0]["reasons"], json!(["PROFILE_MISSING"]));
    let item = |name: &str| json!({ "agentId": "ada", "workItemId": name, "workstreamId": "calls" });
    let mut asks = item("w1");
    asks["ifEligible"] = json!(true);
    assert_eq!(http.event(&event("workitem.offered", asks)).await["code"], "not_eligible");
    // What happened still applies.
    http.applies(&event("workitem.assigned", item("w1"))).await;
}

#[tokio::test]
async fn an_offer_that_is_applied_and_not_kept_says_so() {
    let hub = with_ada().await;
    let http = hub.http();
    let offered = event("workitem.offered", json!({ "agentId": "ada", "workItemId": "w" }));
    let result = http.applies(&offered).await;
    assert_eq!((&result["kept"], &result["code"]), (&json!(false), &json!("agent_not_connected")), "{result}");
    let _ada = hub.signs_in("ada").await;
    let again = event("workitem.offered", json!({ "agentId": "ada", "workItemId": "w2" }));
    assert_eq!(http.applies(&again).await.get("kept"), None);
}

#[tokio::test]
async fn many_records_are_changed_in_parts_by_a_list_or_by_a_filter() {
    let hub = Hub::start().await;
    let http = hub.http();
    for agent in ["a", "b", "c"] {
        let teams = if agent == "c" { json!(["sales"]) } else { json!(["billing"]) };
        let record = json!({ "agentId": agent, "name": agent.to_uppercase(), "units": 5, "teams": teams });
        assert_eq!(http.post("/api/v1/agents", &record).await.0, 201);
    }
    let each = json!([{ "agentId": "a", "defaultPresenceId": "away" }, { "agentId": "b", "units": null }]);
    let (status, body) = http.patch("/api/v1/agents", &each).await;
    assert_eq!((status, &body["results"][1]["status"]), (200, &json!("applied")), "{body}");
    let a = http.get("/api/v1/agents/a").await.1;
    assert_eq!((&a["name"], &a["units"], &a["defaultPresenceId"]), (&json!("A"), &json!(5), &json!("away")));
    assert_eq!(http.get("/api/v1/agents/b").await.1.get("units"), None);

    let all = json!({ "filter": { "teams": ["billing"] }, "change": { "skills": ["german"] } });
    let (status, body) = http.patch("/api/v1/agents", &all).await;
    assert_eq!((status, body["results"].as_array().unwrap().len()), (200, 2), "{body}");
    assert_eq!(http.get("/api/v1/agents/c").await.1["skills"], json!([]));

    for (wrong, agent, field) in [
        (json!([{ "agentId": "a", "units": 9 }, { "agentId": "b", "units": -1 }]), "b", "units"),
        (json!([{ "agentId": "a", "units": 9 }, { "agentId": "b", "team": [] }]), "b", "team"),
        (json!([{ "agentId": "a", "units": 9 }, { "agentId": "a" }]), "a", "agentId"),
    ] {
        let (status, body) = http.patch("/api/v1/agents", &wrong).await;
        assert_eq!((status, &body["index"], &body["agentId"]), (422, &json!(1), &json!(agent)), "{body}");
        assert_eq!(body["field"], field);
    }
    let (status, body) = http.patch("/api/v1/agents", &json!([{ "agentId": "nobody" }])).await;
    assert_eq!((status, &body["code"], &body["index"]), (422, &json!("unknown_agent"), &json!(0)));
    assert_eq!(http.get("/api/v1/agents/a").await.1["units"], 5, "nothing was half-applied");
}

#[tokio::test]
async fn a_record_that_was_read_can_be_written_back() {
    let hub = with_ada().await;
    let http = hub.http();
    let read = http.get("/api/v1/agents/ada").await.1;
    let (status, kept) = http.put("/api/v1/agents/ada", &read).await;
    assert_eq!((status, &kept["units"]), (200, &json!(10)), "{kept}");
    for list in [json!([]), json!([["ada"]])] {
        assert_eq!(http.put("/api/v1/agents/ada", &list).await.0, 400);
    }
    let nested = json!({ "profiles": [["chat", 3]] });
    let (status, body) = http.put("/api/v1/agents/ada", &nested).await;
    assert_eq!((status, &body["field"]), (422, &json!("profiles[0]")), "{body}");
}

#[tokio::test]
async fn an_id_of_a_request_is_repeated_exactly_or_refused() {
    let hub = Hub::start().await;
    let mut sue = hub.supervisor().await;
    let big = r#"{"type":"watch","id":9007199254740993,"filter":{}}"#;
    sue.send_raw(tokio_tungstenite::tungstenite::Message::text(big)).await;
    assert_eq!(sue.expect("result").await["id"], json!(9_007_199_254_740_993_u64));
    let huge = r#"{"type":"watch","id":123456789012345678901234567890,"filter":{}}"#;
    sue.send_raw(tokio_tungstenite::tungstenite::Message::text(huge)).await;
    let error = sue.expect("error").await;
    assert_eq!((&error["error"]["code"], &error["error"]["details"]["field"]), (&json!("malformed"), &json!("id")));
}
