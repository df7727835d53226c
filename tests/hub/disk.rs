//! Disks that are full or broken, and folders that cannot be used.
//!
//! The disk fails where the hub meets it: in the system calls, by a small library that is preloaded
//! into the hub's process (`failing_disk.c`). That needs no rights, and gives the real errors.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Board, Hub, Preload, Socket, event};

#[tokio::test]
async fn a_full_disk_is_said_and_once_there_is_room_what_was_owed_is_kept_with_its_true_time() {
    let disk = Disk::new();
    let hub = disk.hub(&[("SESSIONS__HEARTBEAT_INTERVAL", "1s")]).await;
    let http = hub.http();
    let (status, body) = http.put("/api/v1/workstreams/chat", &everything_allowed()).await;
    assert!(status < 300, "{body}");
    let (mut ada, leaves) = (hub.signs_in("ada").await, hub.signs_in("leaves").await);
    let mut board = Board::open(&hub, json!({})).await;
    board.sees_presence("leaves", "available").await;
    assert_eq!(eligible(&hub).await, ["ada", "leaves"]);
    let before = http.presence("ada").await;

    disk.is_full();
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    let lost = event("workitem.assigned", item.clone());
    let (status, answer) = http.post("/api/v1/events", &lost).await;
    assert_eq!((status, &answer["results"][0]["status"]), (503, &json!("unavailable")), "{answer}");
    let mut work_system = hub.work_system().await;
    let answer = work_system.does(json!({ "type": "events", "events": [lost] })).await;
    assert_eq!(answer["results"][0]["status"], "unavailable", "{answer}");
    let refused = ada.request(json!({ "type": "setPresence", "presenceId": "away" })).await;
    assert_eq!((&refused["type"], &refused["error"]["code"]), (&json!("error"), &json!("unavailable")), "{refused}");
    let (status, readiness) = http.get("/readyz").await;
    assert_eq!(status, 503, "{readiness}");
    assert_eq!(http.get("/healthz").await.0, 200, "alive all the same");

    // Someone leaves: it cannot be kept, so it is not shown, but nobody is sent there.
    leaves.tab_closes().await;
    let stale = board.socket().find(|frame| frame["type"] == "heartbeat" && frame["stale"] == true).await;
    assert_eq!(board.shows("leaves")["presenceId"], "available");
    assert_eq!(eligible(&hub).await, ["ada"]);
    // The socket stays open, and pongs go on.
    ada.send_raw(Message::Ping("still there?".into())).await;
    assert_eq!(ada.pong().await, "still there?");
    // Nothing was half applied.
    assert_eq!(http.presence("ada").await, before);

    let left_before = stale["serverTime"].as_str().unwrap().to_owned();
    disk.works();
    let offline = board.sees_presence("leaves", "offline").await;
    assert!(*offline["since"].as_str().unwrap() <= *left_before, "{offline} dates from the end, before {left_before}");
    let fresh = board.socket().find(|frame| frame["type"] == "heartbeat" && frame["stale"] != true).await;
    assert_ne!(fresh["serverTime"], left_before.as_str());
    assert_eq!(http.get("/readyz").await.0, 200);
    assert_eq!(http.event(&lost).await["status"], "applied", "it had not happened");
    assert_eq!(http.event(&lost).await["status"], "duplicate");
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    board.sees_presence("ada", "away").await;
}

#[tokio::test]
async fn a_full_disk_is_said_when_it_is_a_credential_or_a_revocation_that_is_not_kept() {
    let disk = Disk::new();
    let hub = disk.hub(&[]).await;
    let http = hub.http();
    let token = hub.token("ada", &["agent"]);
    let mut ada = Socket::open(&hub, &token).await;
    disk.is_full();
    let machine = json!({ "subject": "acd", "name": "Router", "roles": ["integration"] });
    for (path, body) in [("tokens", machine), ("revocations", json!({ "subject": "ada" }))] {
        let (status, answer) = http.post(&format!("/api/v1/{path}"), &body).await;
        assert_eq!((status, &answer["code"]), (503, &json!("unavailable")), "{answer}");
    }
    // The second was refused after the engine had tried what became of the first.
    let (status, readiness) = http.get("/readyz").await;
    assert_eq!(status, 503, "{readiness}");
    // What was not kept does not count.
    assert_eq!(hub.http_with(&token).get("/session").await.1["session"]["subject"], "ada");
    assert_eq!(http.get("/api/v1/tokens").await.1["items"], json!([]));
    disk.works();
    assert_eq!(http.post("/api/v1/revocations", &json!({ "subject": "ada" })).await.0, 201);
    assert_eq!(ada.closed().await, Some(4401));
    let _ben = hub.signs_in("ben").await;
    assert_eq!(http.get("/readyz").await.0, 200);
}

#[tokio::test]
async fn an_offer_that_meets_the_freed_disk_first_does_not_go_to_an_agent_who_is_gone() {
    let disk = Disk::new();
    let hub = disk.hub(&[("SESSIONS__HEARTBEAT_INTERVAL", "1s")]).await;
    let http = hub.http();
    http.put("/api/v1/workstreams/chat", &everything_allowed()).await;
    let leaves = hub.signs_in("leaves").await;
    let mut board = Board::open(&hub, json!({})).await;
    disk.is_full();
    leaves.tab_closes().await;
    board.socket().find(|frame| frame["type"] == "heartbeat" && frame["stale"] == true).await;
    let offer = json!({ "agentId": "leaves", "workItemId": "w1", "workstreamId": "chat", "ifEligible": true });
    let offers: Vec<Value> = (0..200).map(|_| event("workitem.offered", offer.clone())).collect();
    let mut work_system = hub.work_system().await;
    disk.works();
    for offer in &offers {
        let answer = work_system.does(json!({ "type": "events", "events": [offer] })).await;
        assert_ne!(answer["results"][0]["status"], "applied", "offered to somebody who had left: {answer}");
    }
    board.sees_presence("leaves", "offline").await;
}

#[tokio::test]
async fn after_a_commit_that_nobody_knows_of_the_same_id_settles_what_became_of_it() {
    let disk = Disk::new();
    let hub = disk.hub(&[]).await;
    let http = hub.http();
    let (status, _) = http.put("/api/v1/agents/ada", &json!({ "name": "Ada", "units": 100 })).await;
    assert_eq!(status, 201);
    let mut work_system = hub.work_system().await;
    let leaves = hub.signs_in("leaves").await;
    let mut board = Board::open(&hub, json!({})).await;
    let events: Vec<Value> = (0..5)
        .map(|item| {
            event("workitem.assigned", json!({ "agentId": "ada", "workItemId": format!("w{item}"), "units": 1 }))
        })
        .collect();
    let batch = json!({ "type": "events", "events": events });
    disk.is_broken();
    let answer = work_system.does(batch.clone()).await;
    for result in answer["results"].as_array().unwrap() {
        assert_eq!(result["status"], "unavailable", "{answer}");
    }
    assert_eq!(http.get("/readyz").await.0, 503);
    // What is owed is kept once the hub can keep again.
    leaves.tab_closes().await;
    disk.works();
    board.sees_presence("leaves", "offline").await;
    let answer = work_system.does(batch).await;
    for result in answer["results"].as_array().unwrap() {
        assert!(matches!(result["status"].as_str().unwrap(), "applied" | "duplicate"), "{answer}");
    }
    assert_eq!(http.presence("ada").await["capacity"]["units"]["used"], 5, "each exactly once");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_and_one_that_is_taken_are_named() {
    let hub = Hub::start().await;
    let taken = hub.folder().join("data");
    let (status, said) = Hub::refuses_to_start(&taken);
    assert!(!status.success(), "{said}");
    assert!(said.contains("another hub") && said.contains(taken.to_str().unwrap()), "{said}");
    assert_eq!(hub.http().get("/readyz").await.0, 200, "the first hub serves on");

    // A file where the folder should be cannot be written to even by those who may write everywhere.
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("data");
    fs::write(&file, "").unwrap();
    let (status, said) = Hub::refuses_to_start(&file);
    assert!(!status.success(), "{said}");
    assert!(said.contains("data folder") && said.contains(file.to_str().unwrap()), "{said}");

    let locked = parent.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(locked.join("probe"), "").is_err() {
        let (status, said) = Hub::refuses_to_start(&locked);
        assert!(!status.success(), "{said}");
        assert!(said.contains("data folder") && said.contains(locked.to_str().unwrap()), "{said}");
    }
}

fn everything_allowed() -> Value {
    let all = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"];
    json!({ "name": "Chat", "allowedPresences": all, "blockCapacityForWrapUp": "DONT" })
}

#[tokio::test]
async fn a_socket_may_have_64_requests_under_way_while_the_disk_stands_still() {
    let disk = Disk::new();
    let hub = disk.hub(&[]).await;
    let mut ada = hub.signs_in("ada").await;
    disk.stands_still();
    let chosen = ["away", "busy"].iter().cycle().take(70).enumerate();
    for (id, presence) in chosen {
        ada.send(&json!({ "type": "setPresence", "id": id, "presenceId": presence })).await;
    }
    for id in 64..70 {
        let refused = ada.expect("error").await;
        let error = &refused["error"];
        assert_eq!((&refused["id"], &error["code"]), (&json!(id), &json!("rate_limited")), "{refused}");
        assert!(error["message"].as_str().unwrap().contains("64 requests are under way"), "{refused}");
    }
    disk.works();
    for id in 0..64 {
        assert_eq!(ada.expect("result").await["id"], id, "served in the order they came");
    }
}

async fn eligible(hub: &Hub) -> Vec<String> {
    let (status, body) = hub.http().get("/api/v1/workstreams/chat/eligible-agents").await;
    assert_eq!(status, 200, "{body}");
    let mut agents: Vec<String> =
        body["items"].as_array().unwrap().iter().map(|item| item["agentId"].as_str().unwrap().to_owned()).collect();
    agents.sort_unstable();
    agents
}

/// A disk that fails when told to.
pub struct Disk(Preload);

impl Disk {
    pub fn new() -> Self {
        Self(Preload::new("failing_disk.c", "env:FAILING_DISK"))
    }

    pub async fn hub(&self, settings: &[(&'static str, &str)]) -> Hub {
        self.0.hub(settings).await
    }

    pub fn is_full(&self) {
        self.0.tell("full");
    }

    fn is_broken(&self) {
        self.0.tell("broken");
    }

    fn stands_still(&self) {
        self.0.tell("still");
    }

    pub fn works(&self) {
        self.0.tell("");
    }
}
