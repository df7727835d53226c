//! The feed of changes: pages that wait, streams, and positions that are gone.

mod stream;

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Http, Hub, event};
pub use stream::EventStream;

async fn page(http: &Http, query: &str) -> (Vec<Value>, String) {
    let (status, body) = http.get(&format!("/api/v1/changes{query}")).await;
    assert_eq!(status, 200, "{query} → {body}");
    (body["items"].as_array().unwrap().clone(), body["nextAfter"].as_str().unwrap().to_owned())
}

fn integration(hub: &Hub) -> Http {
    hub.http_as("wfm", &["integration"])
}

fn seqs(items: &[Value]) -> Vec<u64> {
    items.iter().map(|item| item["data"]["seq"].as_u64().unwrap()).collect()
}

/// Ada of billing and Ben of sales.
async fn two_agents(hub: &Hub) {
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "units": 10 });
        assert_eq!(hub.http().put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
}

fn database(hub: &Hub) -> rusqlite::Connection {
    rusqlite::Connection::open(hub.folder().join("data/hub.db")).unwrap()
}

#[tokio::test]
async fn a_replica_that_follows_page_by_page_has_what_the_list_shows_also_across_a_kill() {
    let hub = Hub::start_with(&[("PRESENCE__RESTART_GRACE", "60s")]).await;
    let (none, begin) = page(&integration(&hub), "").await;
    assert!(none.is_empty());
    two_agents(&hub).await;
    let mut ada = hub.signs_in("ada").await;
    let work = json!({ "agentId": "ada", "workItemId": "c-1", "subEvent": "PICK", "units": 4 });
    hub.http().applies(&event("workitem.assigned", work)).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "dentist" })).await;
    let (mut told, mut after) = (Vec::new(), begin.clone());
    // The pages of before and after the kill: from memory, then from the log.
    loop {
        let (items, next) = page(&integration(&hub), &format!("?after={after}&limit=2")).await;
        after = next;
        if items.is_empty() {
            break;
        }
        told.extend(items);
    }
    let hub = hub.killed_and_started_again().await;
    drop(ada);
    let _ada = hub.signs_in("ada").await;
    let (more, _) = page(&integration(&hub), &format!("?after={after}&limit=1000")).await;
    told.extend(more);
    let (again, end) = page(&integration(&hub), &format!("?after={begin}&limit=1000")).await;
    assert_eq!(again, told, "the same again");
    let order = seqs(&told);
    assert!(order.is_sorted_by(|one, next| one < next), "{order:?}");
    assert!(page(&integration(&hub), &format!("?after={end}")).await.0.is_empty());

    let newest = told.iter().rev().find(|item| item["subject"] == "ada").unwrap();
    let shown = hub.http().presence("ada").await;
    for field in ["version", "seq", "origin", "hold", "reason", "since", "teams", "isAgentLoggedIn"] {
        assert_eq!(newest["data"][field], shown[field], "{field}");
    }
    assert_eq!(newest["data"]["presenceId"], shown["presence"]["presenceId"]);
    let epoch = end.split_once('-').unwrap().1;
    assert_eq!(newest["id"], format!("{}-{epoch}", newest["data"]["seq"]));
    let of_type = |kind: &str| told.iter().filter(|item| item["type"] == kind).count();
    assert!(of_type("agent.presence_changed") >= 3 && of_type("agent.changed") >= 2, "{told:?}");
    let by_work = told.iter().find(|item| item["data"]["eventName"] == "SESSION_ASSIGNED").unwrap();
    assert_eq!(by_work["data"]["modifiedBy"], json!({ "type": "INTEGRATION", "id": "root" }));
    assert_eq!((&by_work["type"], &by_work["data"]["openWorkItems"]), (&json!("agent.presence_changed"), &json!(1)));
}

#[tokio::test]
async fn a_page_waits_for_what_is_wanted_and_moves_on_over_what_is_not() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let (_, after) = page(&integration(&hub), "").await;
    let waiting = tokio::spawn({
        let (http, query) = (integration(&hub), format!("?after={after}&wait=50&agentIds=ben"));
        async move { page(&http, &query).await }
    });
    let _ada = hub.signs_in("ada").await;
    let _ben = hub.signs_in("ben").await;
    let (items, next) = crate::harness::within(waiting).await.unwrap();
    assert_eq!(items[0]["subject"], "ben");
    assert_eq!(items[0]["type"], "agent.presence_changed");
    // Nothing is wanted of what is there, and the position is beyond it all the same.
    let (nobody, beyond) = page(&integration(&hub), &format!("?after={after}&agentIds=nobody&wait=1")).await;
    let seq = |position: &str| position.split_once('-').unwrap().0.parse::<u64>().unwrap();
    assert!(nobody.is_empty() && seq(&beyond) >= seq(&next) && seq(&beyond) > seq(&after));
    let (deleted, _) = page(&integration(&hub), &format!("?after={after}&types=agent.deleted")).await;
    assert!(deleted.is_empty());
    assert_eq!(hub.http().delete("/api/v1/agents/ben").await.0, 204);
    let (deleted, _) = page(&integration(&hub), &format!("?after={after}&types=agent.deleted")).await;
    assert_eq!((deleted.len(), &deleted[0]["subject"]), (1, &json!("ben")));
}

#[tokio::test]
async fn a_supervisor_is_told_of_its_teams_and_that_an_agent_left_them() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let of_billing = hub.http_with(&hub.token_of("sam", &["supervisor"], &["billing"]));
    assert_eq!(hub.http().patch("/api/v1/agents/ada", &json!({ "teams": ["sales"] })).await.0, 200);
    assert_eq!(hub.http().patch("/api/v1/agents/ada", &json!({ "name": "Ada Lindqvist" })).await.0, 200);
    let (items, _) = page(&of_billing, "?after=0").await;
    let told = items.iter().map(|item| (item["subject"].as_str().unwrap(), item["type"].as_str().unwrap()));
    assert_eq!(told.collect::<Vec<_>>(), [("ada", "agent.changed"), ("ada", "agent.left")]);
    assert!(items[1]["data"]["teams"].is_null());
    let (none, _) = page(&of_billing, "?after=0&teams=sales").await;
    assert!(none.is_empty());
    for (subject, roles) in [("ada", &["agent"]), ("root", &["admin"])] {
        assert_eq!(hub.http_as(subject, roles).get("/api/v1/changes").await.0, 403);
    }
}

#[tokio::test]
async fn a_position_that_is_gone_is_told_with_where_to_begin() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let _ada = hub.signs_in("ada").await;
    let (all, end) = page(&integration(&hub), "?after=0").await;
    let first = seqs(&all)[1];
    let hub = hub.killed_and_started_again().await;
    // As if blocks had been packed and dropped.
    let dropped = format!("UPDATE hub SET packed = {}; DELETE FROM log WHERE seq < {first}", first - 1);
    database(&hub).execute_batch(&dropped).unwrap();
    let http = integration(&hub);
    let (status, problem) = http.get("/api/v1/changes?after=0").await;
    assert_eq!((status, problem["code"].as_str()), (410, Some("position_gone")), "{problem}");
    let begin = problem["beginAfter"].as_str().unwrap();
    let (kept, _) = page(&http, &format!("?after={begin}&limit=1000")).await;
    assert_eq!(seqs(&kept)[0], first);
    for after in ["9000000".to_owned(), end.replace('-', "-0")] {
        for accept in ["", "accept: text/event-stream\r\n"] {
            let (status, problem) = http.request("GET", &format!("/api/v1/changes?after={after}"), accept, None).await;
            assert_eq!((status, &problem["beginAfter"]), (410, &json!(begin)), "{problem}");
        }
    }
    for (query, field) in
        [("after=yesterday", "after"), ("wait=51", "wait"), ("limit=0", "limit"), ("types=all", "types[0]")]
    {
        let (status, problem) = http.get(&format!("/api/v1/changes?{query}")).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{problem}");
    }
}

#[tokio::test]
async fn a_stream_goes_on_from_the_last_event_that_was_read_and_its_heartbeats_move_the_position() {
    let hub = Hub::start_with(&[("SESSIONS__HEARTBEAT_INTERVAL", "1s")]).await;
    two_agents(&hub).await;
    let token = hub.token("wfm", &["integration"]);
    let mut stream = EventStream::open(&hub, &token, "?agentIds=ada", None).await;
    let begin = stream.next("heartbeat").await;
    assert_eq!(stream.come_back_after(), Some(2_000));
    let _ada = hub.signs_in("ada").await;
    let login = stream.next("agent.presence_changed").await;
    assert_eq!(login.data["data"]["eventName"], "LOGIN");
    let _ben = hub.signs_in("ben").await;
    let quiet = stream.next("heartbeat").await;
    let seq = |id: &str| id.split_once('-').unwrap().0.parse::<u64>().unwrap();
    assert!(seq(&begin.id) < seq(&login.id) && seq(&login.id) < seq(&quiet.id), "it moves over what is not wanted");
    assert_eq!(quiet.data["seq"], seq(&quiet.id));
    drop(stream);
    let mut again = EventStream::open(&hub, &token, "?agentIds=ada&after=0", Some(&begin.id)).await;
    assert_eq!(again.next("agent.presence_changed").await.id, login.id);
    // From the beginning, across what is in memory and what is not.
    let mut all = EventStream::open(&hub, &token, "?after=0", None).await;
    assert_eq!(all.next("agent.changed").await.data["data"]["eventName"], "NEW_USER");
}

#[tokio::test]
async fn streams_end_with_the_session_the_token_and_the_hub() {
    let hub = Hub::start().await;
    let (token, other) = (hub.token("wfm", &["integration"]), hub.token("wfm", &["integration"]));
    let mut of_one = EventStream::open(&hub, &token, "", None).await;
    let mut of_other = EventStream::open(&hub, &other, "", None).await;
    of_one.next("heartbeat").await;
    of_other.next("heartbeat").await;
    assert_eq!(hub.http_with(&token).delete("/session").await.0, 204);
    assert!(of_one.rest().await.is_empty());
    assert_eq!(hub.http().post("/api/v1/revocations", &json!({ "subject": "wfm" })).await.0, 201);
    of_other.rest().await;

    let short = hub.token_for("brief", &["integration"], "2s");
    let mut brief = EventStream::open(&hub, &short, "", None).await;
    brief.next("heartbeat").await;
    hub.time_passes(Duration::from_secs(1)).await;
    brief.rest().await;

    let mut stream = EventStream::open(&hub, &hub.token("bi", &["integration"]), "", None).await;
    stream.next("heartbeat").await;
    let mut hub = hub;
    hub.terminate();
    stream.rest().await;
    assert!((500..4_000).contains(&stream.come_back_after().unwrap()));
    assert!(hub.ended().await.success());
}

#[tokio::test]
async fn a_thousand_who_wait_are_all_told_of_one_change() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let mut streams = Vec::new();
    for subject in 0..50 {
        let token = hub.token(&format!("wfm-{subject}"), &["integration"]);
        for _ in 0..20 {
            streams.push(EventStream::open(&hub, &token, "", None).await);
        }
        if subject == 0 {
            let (status, problem) = hub.http_with(&token).get("/api/v1/changes").await;
            assert_eq!((status, problem["code"].as_str()), (429, Some("rate_limited")), "{problem}");
        }
    }
    let _ada = hub.signs_in("ada").await;
    for stream in &mut streams {
        assert_eq!(stream.next("agent.presence_changed").await.data["subject"], "ada");
    }
}

#[tokio::test]
async fn a_stream_that_nobody_reads_is_given_up_and_its_place_is_free() {
    let hub = Hub::start_with(&[("SESSIONS__MAX_SESSIONS_PER_SUBJECT", "1"), ("SERVER__BODY_TIMEOUT", "1s")]).await;
    // More than the buffers of both ends take.
    for part in 0..4 {
        let name = "n".repeat(250);
        let records: Vec<_> =
            (0..5_000).map(|number| json!({ "agentId": format!("a{part}-{number}"), "name": name })).collect();
        assert_eq!(hub.http().put("/api/v1/agents", &json!(records)).await.0, 200);
    }
    let token = hub.token("wfm", &["integration"]);
    let _unread = EventStream::open(&hub, &token, "?after=0", None).await;
    let http = hub.http_with(&token);
    assert_eq!(http.get("/api/v1/changes").await.0, 429);
    // Nothing tells that the place is free but being let in.
    crate::harness::within(async { while http.get("/api/v1/changes").await.0 != 200 {} }).await;
}
