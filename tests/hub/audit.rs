//! The audit: who did what, chained.

mod changes;

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, Socket, within};

const MINUTE: Duration = Duration::from_secs(60);

/// All entries that a query names, newest first.
async fn audit(http: &Http, query: &str) -> Vec<Value> {
    newest(http, 1_000, query).await
}

/// The newest entries that a query names. A page of 20 costs one request of the caller's allowance, larger ones several.
async fn newest(http: &Http, most: u32, query: &str) -> Vec<Value> {
    let (status, mut body) = http.get(&format!("/api/v1/audit?limit={most}&{query}")).await;
    assert_eq!(status, 200, "{body}");
    let Value::Array(items) = body["items"].take() else { panic!("no list") };
    items
}

/// The newest entry of a query, once there is one that holds: what nobody waits for is kept soon.
async fn entry(http: &Http, query: &str, holds: impl Fn(&Value) -> bool) -> Value {
    within(async {
        loop {
            if let Some(entry) = newest(http, 20, query).await.into_iter().find(&holds) {
                return entry;
            }
        }
    })
    .await
}

fn says_audit(hub: &Hub) -> String {
    let said = hub.says(&["check"]);
    assert!(said.starts_with("ok: "), "{said}");
    said.lines().find(|line| line.starts_with("audit: ")).unwrap().to_owned()
}

#[tokio::test]
async fn sign_ins_and_what_supervisors_do_over_a_socket_are_entries() {
    let hub = Hub::start().await;
    let http = hub.http();
    let ada = hub.signs_in("ada").await;
    let of_ada = audit(&http, "about=agent/ada").await;
    assert_eq!(of_ada.len(), 1, "a record that the hub made itself is no entry: {of_ada:?}");
    assert_eq!(
        (&of_ada[0]["action"], &of_ada[0]["actor"], &of_ada[0]["roles"]),
        (&json!("SIGN_IN"), &json!("ada"), &json!(["agent"]))
    );
    // A further tab, and a return in time, are no new sign-in.
    let tab = hub.signs_in("ada").await;
    drop((ada, tab));
    let _ada = hub.signs_in("ada").await;
    assert_eq!(audit(&http, "about=agent/ada").await.len(), 1);
    let mut sue = hub.supervisor().await;
    let sign_in = entry(&http, "actor=sue", |_| true).await;
    assert_eq!((&sign_in["action"], &sign_in["roles"]), (&json!("SIGN_IN"), &json!(["supervisor"])));
    sue.does(json!({ "type": "setAgentPresence", "agentIds": ["ada"], "presenceId": "busy" })).await;
    sue.does(json!({ "type": "signOutAgent", "agentIds": ["ada"], "reason": "shift is over" })).await;
    let did = audit(&http, "actor=sue&about=agent/ada").await;
    let said: Vec<_> = did.iter().map(|entry| (&entry["action"], &entry["before"], &entry["after"])).collect();
    let (available, busy) = (json!({ "presenceId": "available" }), json!({ "presenceId": "busy" }));
    let offline = json!({ "presenceId": "offline", "reason": "shift is over" });
    assert_eq!(said, [(&json!("SIGN_OUT_AGENT"), &busy, &offline), (&json!("SET_PRESENCE"), &available, &busy)]);
    // Whoever is away is shown Offline, and has what was set once back.
    hub.signs_in("ben").await.loses_its_network();
    Board::open(&hub, json!({ "agentIds": ["ben"] })).await.sees_presence("ben", "offline").await;
    let training =
        json!({ "type": "setAgentPresence", "agentIds": ["ben"], "presenceId": "busy", "reason": "training" });
    sue.does(training).await;
    let did = audit(&http, "actor=sue&about=agent/ben").await;
    let (before, after) = (&did[0]["before"], &did[0]["after"]);
    assert_eq!(before, &json!({ "presenceId": "offline", "onReturn": "available" }));
    assert_eq!(after, &json!({ "presenceId": "offline", "onReturn": "busy", "reason": "training" }));
    let (_, told) = http.get("/api/v1/agents/ben/history?from=2020-01-01T00:00:00Z").await;
    let last = told["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["presenceId"], &last["reason"]), (&json!("offline"), &json!("training")), "{last}");
    // What agents choose for themselves is in their history.
    let mut ada = Socket::open_by_hand(&hub, &hub.token("ada", &["agent"])).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert_eq!(audit(&http, "actor=ada").await.len(), 2, "two sign-ins");
    says_audit(&hub);
}

#[tokio::test]
async fn a_token_that_is_not_believed_is_an_entry_of_its_address_and_a_flood_of_them_one() {
    let hub = Hub::start_with(&[("SERVER__TRUSTED_PROXIES", "127.0.0.1")]).await;
    let http = hub.http();
    let claims = json!({ "sub": "mallory", "roles": ["admin"], "exp": 4_000_000_000_u64 });
    let key = jsonwebtoken::EncodingKey::from_secret(b"a secret of somebody else, who would like to be believed");
    let forged = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap();
    let from = |address: &str| format!("x-forwarded-for: {address}\r\n");
    for address in ["203.0.113.7", "203.0.113.7", "198.51.100.4"] {
        let (status, body) = hub.http_with(&forged).request("GET", "/api/v1/agents", &from(address), None).await;
        assert_eq!(status, 401, "{body}");
    }
    let other = entry(&http, "about=address/198.51.100.4", |_| true).await;
    let why = json!({ "because": "the token was not signed with a key of this hub" });
    assert_eq!((&other["action"], &other["outcome"], &other["after"]), (&json!("SIGN_IN"), &json!("REFUSED"), &why));
    assert!(other.get("actor").is_none() && other["roles"] == json!([]), "who it was nobody knows: {other}");
    assert_eq!(audit(&http, "about=address/203.0.113.7").await.len(), 1);
    assert!(!json!(audit(&http, "").await).to_string().contains("mallory"));
    says_audit(&hub);
}

#[tokio::test]
async fn who_is_refused_for_want_of_permission_is_an_entry_and_a_flood_of_it_a_few() {
    let hub = Hub::start().await;
    let http = hub.http();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "teams": ["billing"] })).await.0, 201);
    let refused = |actor: &'static str, asked: &'static str| {
        let http = http.clone();
        async move {
            let query = format!("action=REFUSAL&actor={actor}");
            let found = entry(&http, &query, |entry| entry["after"]["asked"] == asked).await;
            assert_eq!((&found["outcome"], &found["address"]), (&json!("REFUSED"), &json!("127.0.0.1")), "{found}");
            found
        }
    };
    let sam = hub.http_with(&hub.token_of("sam", &["supervisor"], &["sales"]));
    assert_eq!(sam.delete("/api/v1/agents/ada").await.0, 403);
    refused("sam", "DELETE /api/v1/agents/{agentId}").await;
    assert_eq!(sam.get("/api/v1/agents/ada/presence").await.0, 403);
    let about = refused("sam", "GET /api/v1/agents/{agentId}/presence").await;
    assert_eq!(about["about"], "agent/ada");
    assert_eq!(sam.get("/api/v1/audit").await.0, 403);
    refused("sam", "GET /api/v1/audit").await;
    let mut socket = Socket::open(&hub, &hub.token_of("sam", &["supervisor"], &["sales"])).await;
    socket.does(json!({ "type": "signOutAgent", "agentIds": ["ada"] })).await;
    let about = refused("sam", "supervise").await;
    assert_eq!(about["about"], "agent/ada");
    let another = hub.token("somebody-else", &["supervisor"]);
    assert_eq!(socket.refused(json!({ "type": "authenticate", "token": another })).await, "forbidden");
    refused("sam", "authenticate").await;
    let mut work_system = hub.work_system().await;
    assert_eq!(work_system.refused(json!({ "type": "signOutAgent", "agentIds": ["ada"] })).await, "forbidden");
    let actor = entry(&http, "action=REFUSAL", |entry| entry["after"]["asked"] == "signOutAgent").await;
    assert_eq!(actor["roles"], json!(["integration"]));
    let token = format!("Bearer {}", hub.token("kim", &["supervisor"]));
    let mut narrowed = Socket::connect(hub.address(), "/ws?roles=admin", &[("authorization", &token)]).await;
    narrowed.closed().await;
    refused("kim", "GET /ws").await;

    let mallory = hub.http_as("mallory", &["agent"]);
    for _ in 0..40 {
        assert_eq!(mallory.get("/api/v1/audit").await.0, 403);
    }
    assert_eq!(http.put("/api/v1/agents/ben", &json!({})).await.0, 201);
    // Notes are kept in their order, so all that will be are there.
    assert_eq!(audit(&http, "actor=mallory").await.len(), 10);
    says_audit(&hub);
}

#[tokio::test]
async fn exports_are_entries_before_their_first_byte_and_at_their_end() {
    let hub = Hub::start().await;
    let (http, sue) = (hub.http(), hub.http_as("sue", &["supervisor"]));
    let _ada = hub.signs_in("ada").await;
    hub.time_passes(MINUTE).await;
    let (status, _) = sue.get("/api/v1/history/export?from=2026-01-01T00:00:00Z&agentIds=ada&agentIds=ben").await;
    assert_eq!(status, 200);
    let done = entry(&http, "action=EXPORT&actor=sue", |entry| entry["outcome"] == "DONE").await;
    assert_eq!(
        (&done["after"]["export"], &done["after"]["agentIds"]),
        (&json!("history"), &json!(["ada", "ben"])),
        "{done}"
    );
    assert!(done["after"]["rows"].as_u64() > Some(0) && done["after"]["bytes"].as_u64() > Some(0), "{done}");
    let began = audit(&http, "action=EXPORT&actor=sue").await.remove(1);
    assert_eq!((&began["outcome"], began["position"].as_u64() < done["position"].as_u64()), (&json!("STARTED"), true));

    let (status, head, text) = http.raw("GET", "/api/v1/audit/export?actor=ada", "accept: text/csv\r\n", None).await;
    assert_eq!(status, 200, "{text}");
    assert!(head.to_lowercase().contains("audit.csv") && text.contains("position,at,actor,roles"), "{head} {text}");
    assert!(text.contains("SIGN_IN"), "{text}");
    let done =
        entry(&http, "action=EXPORT", |entry| entry["after"]["export"] == "audit" && entry["outcome"] == "DONE").await;
    assert_eq!((&done["after"]["actor"], &done["after"]["rows"]), (&json!("ada"), &json!(1)));
    let (status, _, text) = http.raw("GET", "/api/v1/audit/export", "", None).await;
    let mut positions =
        text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).map(|line| line["position"].as_u64());
    assert!(status == 200 && positions.next() > Some(Some(5)), "{text}");
}

#[tokio::test]
async fn what_was_answered_is_in_the_audit_after_a_kill_and_a_restored_copy_says_so() {
    let mut hub = Hub::start().await;
    for number in 0..20 {
        assert_eq!(hub.http().put(&format!("/api/v1/agents/a{number}"), &json!({})).await.0, 201);
    }
    hub.kill();
    let mut hub = hub.start_again().await;
    assert_eq!(audit(&hub.http(), "action=CREATE").await.len(), 20);
    let newest = says_audit(&hub);
    assert!(newest.contains("20 entries; the newest is 20, its hash "), "{newest}");
    let copy = hub.folder().join("copy.db").to_str().unwrap().to_owned();
    hub.says(&["backup", &copy]);
    assert!(hub.says(&["check", &copy]).contains(&newest), "the copy says the same");
    hub.terminate();
    hub.ended().await;
    hub.says(&["restore", &copy, "--replace"]);
    let mut hub = hub.start_again().await;
    let restored = audit(&hub.http(), "").await.remove(0);
    assert_eq!(
        (&restored["action"], &restored["position"], restored.get("actor")),
        (&json!("RESTORE"), &json!(21), None)
    );
    assert!(restored["after"]["epoch"].is_string(), "{restored}");
    says_audit(&hub);
    hub.terminate();
    hub.ended().await;
    let database = rusqlite::Connection::open(hub.folder().join("data/hub.db")).unwrap();
    database.execute("UPDATE audit SET after = '{}' WHERE position = 7", []).unwrap();
    let said = hub.command().arg("check").output().unwrap();
    let wrong = String::from_utf8(said.stderr).unwrap();
    assert!(!said.status.success() && wrong.contains("entry 7 of the audit is not what was kept"), "{wrong}");
}

#[tokio::test]
async fn the_address_is_what_a_trusted_proxy_says_and_nobody_else() {
    let forwarded = "x-forwarded-for: 192.0.2.1, 198.51.100.4\r\n";
    for (trusted, address) in [("127.0.0.1", "198.51.100.4"), ("10.0.0.0/8", "127.0.0.1")] {
        let hub = Hub::start_with(&[("SERVER__TRUSTED_PROXIES", trusted)]).await;
        let http = hub.http();
        let ada = json!({ "agentId": "ada" });
        assert_eq!(http.request("POST", "/api/v1/agents", forwarded, Some(&ada)).await.0, 201);
        assert_eq!(audit(&http, "about=agent/ada").await[0]["address"], address, "{trusted}");
    }
}
