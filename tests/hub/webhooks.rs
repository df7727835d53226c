//! Webhooks: each change reaches its endpoint at least once, in the order of its agent, whatever fails.

pub mod endpoint;

use std::collections::BTreeMap;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::harness::{Http, Hub, event, within};
use crate::integrate::{Language, Running};
use endpoint::Endpoint;

const WEBHOOKS: &str = "/api/v1/webhooks";

fn admin(hub: &Hub) -> Http {
    hub.http_as("root", &["admin"])
}

async fn two_agents(hub: &Hub) {
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "units": 10 });
        assert_eq!(hub.http().put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
}

/// Creates a webhook: its address in the API, and its secret.
async fn created(hub: &Hub, settings: Value) -> (String, String) {
    let (status, webhook) = admin(hub).post(WEBHOOKS, &settings).await;
    assert_eq!(status, 201, "{webhook}");
    let (id, secret) = (webhook["webhookId"].as_str().unwrap(), webhook["secret"].as_str().unwrap());
    assert!(secret.starts_with("whsec_"));
    (format!("{WEBHOOKS}/{id}"), secret.to_owned())
}

/// The webhook, once it has this status: nothing tells it but being asked.
async fn becomes(hub: &Hub, webhook: &str, status: &str) -> Value {
    let (http, asking) = (admin(hub), async |http: &Http| http.get(webhook).await.1);
    within(async {
        loop {
            let webhook = asking(&http).await;
            if webhook["status"] == status {
                return webhook;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn what_fails_is_sent_again_with_the_same_id_until_it_is_taken() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let mut endpoint = Endpoint::open().await;
    let (webhook, _) = created(&hub, json!({ "url": endpoint.url, "teams": ["billing"] })).await;
    let _ben = hub.signs_in("ben").await;
    let _ada = hub.signs_in("ada").await;
    let first = endpoint.next().await;
    assert_eq!(first.headers["content-type"], "application/cloudevents+json; charset=utf-8");
    let (id, body) = (first.id().to_owned(), first.body.clone());
    let told = first.event();
    assert_eq!((&told["type"], &told["subject"]), (&json!("agent.presence_changed"), &json!("ada")));
    assert_eq!((&told["id"], &told["data"]["presenceId"]), (&json!(id), &json!("available")));
    first.answers(500, "");
    let failing = becomes(&hub, &webhook, "failing").await;
    assert_eq!(failing["problem"], "it answered 500");
    // Broken, moved elsewhere, and told to come back: all are failures.
    for failure in [None, Some((302, "location: http://127.0.0.1:1/\r\n")), Some((503, "retry-after: 1\r\n"))] {
        let again = endpoint.next().await;
        assert_eq!((again.id(), &again.body), (&*id, &body));
        match failure {
            Some((status, headers)) => again.answers(status, headers),
            None => drop(again),
        }
    }
    assert_eq!(endpoint.takes().await["id"], id);
    becomes(&hub, &webhook, "active").await;
    let (_, deliveries) = admin(&hub).get(&format!("{webhook}/deliveries")).await;
    let items = deliveries["items"].as_array().unwrap();
    let tried: Vec<_> = items.iter().map(|one| (one["attempt"].as_u64().unwrap(), one["status"].as_u64())).collect();
    assert_eq!(tried, [(5, Some(204)), (4, Some(503)), (3, Some(302)), (2, None), (1, Some(500))]);
    assert!(items.iter().all(|one| one["id"] == id));
    assert!(items[3]["error"].as_str().unwrap().contains("connection"), "{deliveries}");
}

#[tokio::test]
async fn nothing_is_lost_and_the_order_of_an_agent_holds_when_the_hub_is_killed() {
    let hub = Hub::start_with(&[("PRESENCE__RESTART_GRACE", "60s")]).await;
    two_agents(&hub).await;
    let mut endpoint = Endpoint::open().await;
    let (webhook, _) = created(&hub, json!({ "url": endpoint.url })).await;
    let mut ada = hub.signs_in("ada").await;
    let mut versions: BTreeMap<String, u64> = BTreeMap::new();
    let mut note = |event: &Value| {
        let (agent, version) =
            (event["subject"].as_str().unwrap().to_owned(), event["data"]["version"].as_u64().unwrap());
        let newest = versions.entry(agent).or_insert(version - 1);
        // What came before may come again; nothing is left out.
        assert!(version <= *newest + 1, "{event} after {newest}");
        *newest = version.max(*newest);
    };
    note(&endpoint.takes().await);
    for number in 0..40 {
        let presence = if number % 2 == 0 { "away" } else { "busy" };
        ada.does(json!({ "type": "setPresence", "presenceId": presence })).await;
    }
    let held = endpoint.next().await;
    note(&held.event());
    let held_id = held.id().to_owned();
    let hub = hub.killed_and_started_again().await;
    drop((ada, held));
    // Once more what was not answered for, and everything after it.
    let again = endpoint.next().await;
    let seq = |id: &str| id.split_once('-').unwrap().0.parse::<u64>().unwrap();
    assert!(seq(again.id()) <= seq(&held_id));
    note(&again.event());
    again.answers(200, "");
    let mut ada = hub.signs_in("ada").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "do-not-disturb" })).await;
    let newest = hub.http().presence("ada").await;
    loop {
        let event = endpoint.takes().await;
        note(&event);
        if event["data"]["version"] == newest["version"] {
            break;
        }
    }
    // A planned stop keeps how far it came: nothing is sent twice.
    becomes(&hub, &webhook, "active").await;
    let hub = hub.stopped_and_started_again().await;
    let (_, after) = admin(&hub).get(&webhook).await;
    assert!(seq(after["after"].as_str().unwrap()) >= newest["seq"].as_u64().unwrap(), "{after}");
}

#[tokio::test]
async fn a_dead_endpoint_is_switched_off_says_why_and_goes_on_from_where_it_stopped() {
    let hub = Hub::start_with(&[("WEBHOOKS__GIVE_UP_AFTER", "1s"), ("WEBHOOKS__TIMEOUT", "200ms")]).await;
    two_agents(&hub).await;
    let mut endpoint = Endpoint::open().await;
    let (webhook, _) = created(&hub, json!({ "url": endpoint.url, "types": ["agent.presence_changed"] })).await;
    let mut ada = hub.signs_in("ada").await;
    endpoint.next().await.answers(410, "");
    let off = becomes(&hub, &webhook, "off").await;
    assert_eq!(off["problem"], "the endpoint answered 410: it is gone");
    let hub = hub.killed_and_started_again().await;
    assert_eq!(becomes(&hub, &webhook, "off").await["problem"], off["problem"]);
    let (_, _, metrics) = Http::anonymous(&hub).raw("GET", "/metrics", "", None).await;
    assert!(metrics.contains("presence_hub_webhooks{status=\"off\"} 1\n"), "{metrics}");
    drop(ada);
    ada = hub.signs_in("ada").await;
    assert_eq!(admin(&hub).post(&format!("{webhook}/resume"), &json!({})).await.0, 200);
    let login = endpoint.next().await;
    assert_eq!(login.event()["data"]["eventName"], "LOGIN");
    login.answers(200, "");
    let after = login_position(&off);

    // It answers nothing any more.
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let (off, mut letters) = (becomes(&hub, &webhook, "off"), Vec::new());
    let off = tokio::select! {
        off = off => off,
        () = async { loop { letters.push(endpoint.next().await) } } => unreachable!(),
    };
    assert!(letters.len() > 1);
    let problem = off["problem"].as_str().unwrap();
    assert!(problem.contains("could not be delivered") && problem.contains("no answer within 200 ms"), "{problem}");
    // From a position of before it all comes again.
    let (status, resumed) = admin(&hub).post(&format!("{webhook}/resume"), &json!({ "after": after })).await;
    assert_eq!((status, &resumed["status"]), (200, &json!("active")));
    endpoint.takes_presence("ada", "available").await;
    endpoint.takes_presence("ada", "away").await;
    for (after, status) in [("9000000", 410), ("7-another", 410), ("noon", 422)] {
        let (refused, problem) = admin(&hub).post(&format!("{webhook}/resume"), &json!({ "after": after })).await;
        assert_eq!(refused, status, "{problem}");
    }
}

fn login_position(off: &Value) -> Value {
    off["after"].clone()
}

#[tokio::test]
async fn a_slow_endpoint_holds_up_no_other_and_an_agents_change_only_its_own() {
    let hub = Hub::start().await;
    two_agents(&hub).await;
    let (mut slow, mut quick) = (Endpoint::open().await, Endpoint::open().await);
    let (at_slow, _) = created(&hub, json!({ "url": slow.url })).await;
    created(&hub, json!({ "url": quick.url })).await;
    let mut ada = hub.signs_in("ada").await;
    let held = slow.next().await;
    for _ in 0..3 {
        ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
        ada.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
    }
    let _ben = hub.signs_in("ben").await;
    quick.takes_presence("ben", "available").await;
    let behind = admin(&hub).get(&at_slow).await.1;
    assert_eq!(behind["status"], "active", "a slow one is not a failing one");
    held.answers(200, "");
    slow.takes_presence("ben", "available").await;
}

#[tokio::test]
async fn only_administrators_see_webhooks_and_a_secret_is_shown_once() {
    let hub = Hub::start().await;
    let endpoint = Endpoint::open().await;
    let (webhook, secret) = created(&hub, json!({ "url": endpoint.url, "description": "WFM" })).await;
    for roles in [&["supervisor"], &["integration"], &["agent"]] {
        assert_eq!(hub.http_as("sue", roles).get(&webhook).await.0, 403);
        assert_eq!(hub.http_as("sue", roles).post(WEBHOOKS, &json!({ "url": endpoint.url })).await.0, 403);
    }
    let http = admin(&hub);
    let (_, read) = http.get(&webhook).await;
    assert!(read["secret"].is_null() && read["formerSecretUntil"].is_null(), "{read}");
    let (status, rotated) = http.request("POST", &format!("{webhook}/rotate-secret"), "", None).await;
    assert_eq!(status, 200, "{rotated}");
    assert!(rotated["secret"] != json!(secret) && rotated["formerSecretUntil"].is_string());
    let (_, patched) = http.patch(&webhook, &json!({ "enabled": false, "description": null })).await;
    assert_eq!((&patched["status"], &patched["description"]), (&json!("disabled"), &Value::Null));
    let (_, listed) = http.get(WEBHOOKS).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    for (settings, field) in [
        (json!({ "url": "ftp://example.com/" }), "url"),
        (json!({ "url": "/changes" }), "url"),
        (json!({ "url": "https://user:secret@example.com/" }), "url"),
        (json!({ "url": endpoint.url, "types": ["all"] }), "types[0]"),
        (json!({ "url": endpoint.url, "event": "all" }), "event"),
        (json!({}), "url"),
    ] {
        let (status, problem) = http.post(WEBHOOKS, &settings).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{problem}");
    }
    assert_eq!(http.delete(&webhook).await.0, 204);
    assert_eq!(http.get(&webhook).await.0, 404);
    for _ in 0..50 {
        created(&hub, json!({ "url": endpoint.url, "enabled": true })).await;
    }
    assert_eq!(http.post(WEBHOOKS, &json!({ "url": endpoint.url })).await.0, 413);
}

/// The published verifier of Standard Webhooks judges the signatures, also while the secret is being replaced.
#[tokio::test]
async fn the_example_believes_what_the_hub_signed() {
    Language::ready();
    let hub = Hub::start().await;
    two_agents(&hub).await;
    // The address is known once the receiver listens, and the receiver begins once the secret is.
    let (webhook, secret) = created(&hub, json!({ "url": "http://127.0.0.1:1/", "enabled": false })).await;
    let mut receiver = Running::start_with(Language::Python, "webhook", &["0"], &[("SECRET", &secret)]);
    let port = receiver.says("listening on port ").await;
    let port = port.rsplit(' ').next().unwrap();
    let mut ada = hub.signs_in("ada").await;
    let on = json!({ "url": format!("http://127.0.0.1:{port}/"), "enabled": true });
    // It was switched off when it was created, so it goes on from there.
    assert_eq!(admin(&hub).patch(&webhook, &on).await.0, 200);
    receiver.says("ada available").await;
    let (status, _) = admin(&hub).request("POST", &format!("{webhook}/rotate-secret"), "", None).await;
    assert_eq!(status, 200);
    let work = json!({ "agentId": "ada", "workItemId": "c-1", "units": 4 });
    hub.http().applies(&event("workitem.assigned", work)).await;
    receiver.says("ada busy").await;
    let (status, _) = admin(&hub).request("POST", &format!("{webhook}/rotate-secret"), "", None).await;
    assert_eq!(status, 200);
    // Nobody has the first secret now.
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert_eq!(becomes(&hub, &webhook, "failing").await["problem"], "it answered 401");
}

#[tokio::test]
async fn https_needs_a_certificate_that_the_system_trusts() {
    let tls = |file: &str| format!("{}/tests/hub/webhooks/tls/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut server = tokio::process::Command::new("python3");
    server.arg("-B").arg(tls("endpoint.py")).arg(tls("endpoint.pem")).arg(tls("endpoint.key.pem"));
    let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let port = within(lines.next_line()).await.unwrap().unwrap();
    let url = format!("https://localhost:{port}/");
    let trusting = tls("authority.pem");
    for (certificates, is_trusted) in [(&*trusting, true), (&*tls("endpoint.key.pem"), false)] {
        let hub = Hub::start_with(&[("env:SSL_CERT_FILE", certificates)]).await;
        let (webhook, _) = created(&hub, json!({ "url": url })).await;
        two_agents(&hub).await;
        if is_trusted {
            let told: Value = serde_json::from_str(&within(lines.next_line()).await.unwrap().unwrap()).unwrap();
            assert_eq!(told["type"], "agent.changed");
        } else {
            let failing = becomes(&hub, &webhook, "failing").await;
            assert!(failing["problem"].as_str().unwrap().contains("certificate"), "{failing}");
        }
    }
}
