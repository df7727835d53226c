//! Several hubs over one log in NATS: each a process of its own, over real servers.

mod copying;
mod directory;
mod erasing;
mod full_disk;
mod lost_log;
mod servers;
mod webhooks;
mod window;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Board, Hub, LONGEST, Log, Socket, event, until, within};
use crate::metrics::Figures;
use crate::nats_server::{self, NatsServer};

/// Hubs that share a log.
pub struct Cluster {
    servers: Arc<Vec<NatsServer>>,
    addresses: String,
    stream: String,
    silent_after: &'static str,
}

impl Cluster {
    /// Over three servers.
    fn start() -> Self {
        Self::over(nats_server::shared_three())
    }

    /// Over one server.
    pub fn small() -> Self {
        Self::over(nats_server::shared_one())
    }

    fn over(servers: Arc<Vec<NatsServer>>) -> Self {
        static STREAMS: AtomicUsize = AtomicUsize::new(0);
        let addresses: Vec<String> = servers.iter().map(|server| format!("{:?}", server.address())).collect();
        let stream = format!("TEST_{}", STREAMS.fetch_add(1, Ordering::Relaxed));
        // Long, so that a machine that is busy with other tests is taken for no lost one.
        Self { servers, addresses: format!("[{}]", addresses.join(", ")), stream, silent_after: "12s" }
    }

    /// With a shorter time after which a node is silent: twice the default, for the machine may be busy.
    fn that_finds_out_soon(self) -> Self {
        Self { silent_after: "6s", ..self }
    }

    /// The settings of a node.
    pub fn settings(&self, node: &'static str) -> Vec<(&'static str, &str)> {
        vec![
            ("STORAGE__ENGINE", "nats"),
            ("SESSIONS__HEARTBEAT_INTERVAL", "1s"),
            ("CLUSTER__NODE", node),
            ("CLUSTER__SERVERS", &self.addresses),
            ("CLUSTER__STREAM", &self.stream),
            ("CLUSTER__SILENT_AFTER", self.silent_after),
            ("CLUSTER__REPLICAS", if self.servers.len() == 1 { "1" } else { "3" }),
        ]
    }

    /// A node.
    async fn node(&self, node: &'static str) -> Hub {
        Hub::start_with(&self.settings(node)).await
    }

    /// A node whose log is listened to.
    async fn heard_node(&self, node: &'static str) -> (Hub, Log) {
        Hub::start_heard(&self.settings(node)).await
    }

    /// A new node that begins with a copy of the database of one that serves, beside whose folder it has its own.
    async fn with_a_copy_of(&self, hub: &Hub, node: &'static str) -> Hub {
        let (copy, data) = (copy_of(hub), hub.folder().join(format!("data of {node}")));
        let mut restore = hub.command();
        let said = restore.env("PRESENCE_HUB__STORAGE__PATH", &data).args(["restore", &copy]).output().unwrap();
        assert!(said.status.success(), "{said:?}");
        let mut settings = self.settings(node);
        settings.push(("STORAGE__PATH", data.to_str().unwrap()));
        Hub::start_with(&settings).await
    }

    /// Asks JetStream for something about the stream.
    async fn log(&self, what: &str, request: Value) -> Value {
        let client = async_nats::connect(self.servers[0].address()).await.unwrap();
        let asked = client.request(format!("$JS.API.{what}.{}", self.stream), request.to_string().into());
        let answer: Value = serde_json::from_slice(&within(asked).await.unwrap().payload).unwrap();
        assert!(answer["error"].is_null(), "{what} {request} → {answer}");
        answer
    }
}

/// A copy of the database of a hub that serves.
fn copy_of(hub: &Hub) -> String {
    let copy = hub.folder().join("copy.db").to_str().unwrap().to_owned();
    hub.says(&["backup", &copy]);
    copy
}

/// A page that stays and answers pings.
fn stays(mut socket: Socket) {
    tokio::spawn(async move { while socket.next().await.is_ok() {} });
}

/// Asks for a presence with each heartbeat until that is kept.
async fn is_kept_in_the_end(ada: &mut Socket, presence: &str) {
    let began = Instant::now();
    while ada.request(json!({ "type": "setPresence", "presenceId": presence })).await["type"] != "result" {
        assert!(began.elapsed() < LONGEST, "{presence} is not kept");
        ada.expect("heartbeat").await;
    }
}

async fn hires(hub: &Hub, agent: &str) {
    let (status, body) =
        hub.http().put(&format!("/api/v1/agents/{agent}"), &json!({ "name": agent, "units": 2 })).await;
    assert!(status == 201 || status == 200, "{body}");
}

#[tokio::test]
async fn what_happens_on_one_node_is_shown_and_counts_on_all() {
    let cluster = Cluster::start();
    let (one, two, three) = tokio::join!(cluster.node("1"), cluster.node("2"), cluster.node("3"));
    let mut board = Board::open(&three, json!({})).await;
    hires(&one, "ada").await;
    board.sees_presence("ada", "offline").await;
    let mut ada = two.signs_in("ada").await;
    board.sees_presence("ada", "available").await;
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    one.http().applies(&event("workitem.assigned", item.clone())).await;
    board.sees_presence("ada", "busy").await;
    ada.find(|frame| frame["agent"]["presence"]["presenceId"] == "busy").await;
    three.http().applies(&event("workitem.closed", item)).await;
    ada.find(|frame| frame["agent"]["presence"]["presenceId"] == "available").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "do-not-disturb" })).await;
    board.sees_presence("ada", "do-not-disturb").await;

    // Another tab on another node shares the presence; a supervisor on a third signs both out.
    let mut tab = three.signs_in("ada").await;
    assert_eq!(tab.welcome["agent"]["presence"]["presenceId"], "do-not-disturb");
    let mut supervisor = one.supervisor().await;
    supervisor.does(json!({ "type": "signOutAgent", "agentIds": ["ada"], "reason": "the end" })).await;
    assert_eq!(ada.closed().await, Some(4410));
    assert_eq!(tab.closed().await, Some(4410));
    board.sees_presence("ada", "offline").await;
}

#[tokio::test]
async fn an_event_that_is_sent_to_two_nodes_is_applied_once() {
    let cluster = Cluster::small();
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&one, "ada").await;
    let assigned = event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1" }));
    let (one_http, two_http) = (one.http(), two.http());
    let (first, second) = tokio::join!(one_http.event(&assigned), two_http.event(&assigned));
    let mut statuses = [first["status"].clone(), second["status"].clone()];
    statuses.sort_by_key(ToString::to_string);
    assert_eq!(statuses, ["applied", "duplicate"], "{first} {second}");
    assert_eq!(one_http.presence("ada").await, two_http.presence("ada").await);
}

#[tokio::test]
async fn a_killed_nodes_agents_get_no_work_at_once_and_are_offline_only_if_they_do_not_return() {
    let cluster = Cluster::start().that_finds_out_soon();
    let (one, mut two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    let http = one.http();
    let (status, body) = http
        .put(
            "/api/v1/workstreams/calls",
            &json!({ "name": "Calls", "units": 1, "allowedPresences": ["AVAILABLE", "BUSY"] }),
        )
        .await;
    assert_eq!(status, 201, "{body}");
    for agent in ["ada", "bob"] {
        hires(&one, agent).await;
    }
    let mut board = Board::open(&one, json!({})).await;
    let (_ada, _bob) = tokio::join!(two.signs_in("ada"), two.signs_in("bob"));
    board.sees_presence("ada", "available").await;
    board.sees_presence("bob", "available").await;
    two.kill();
    let killed = Instant::now();
    let eligible = async || {
        let (status, body) = http.get("/api/v1/workstreams/calls/eligible-agents").await;
        assert_eq!(status, 200, "{body}");
        body["items"].as_array().unwrap().len()
    };
    let mut beats = one.supervisor().await;
    until("that nobody is eligible", &mut beats, async || eligible().await == 0).await;
    println!("a killed node's agents get no work after {:?}", killed.elapsed());
    let ada = one.signs_in("ada").await;
    assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "available");
    stays(ada);
    let offline = board.sees_presence("bob", "offline").await;
    println!("who does not return is offline after {:?}", killed.elapsed());
    assert_eq!(offline["eventName"], "DISCONNECTED");
    assert_eq!(board.shows("ada")["presenceId"], "available");
    assert_eq!(eligible().await, 1);
}

#[tokio::test]
async fn a_node_that_stood_still_is_gone_and_sends_its_agents_away_when_it_wakes() {
    let cluster = Cluster::small().that_finds_out_soon();
    let (one, mut two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&one, "ada").await;
    let mut board = Board::open(&one, json!({})).await;
    let mut ada = two.signs_in("ada").await;
    board.sees_presence("ada", "available").await;
    two.stands_still();
    board.sees_presence("ada", "offline").await;
    two.goes_on();
    assert_eq!(ada.closed().await, Some(1012));
    assert!(!two.ended().await.success());
    let two = two.start_again().await;
    let ada = two.signs_in("ada").await;
    assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "available");
}

#[tokio::test]
async fn nodes_that_are_stopped_one_after_the_other_show_nobody_offline() {
    let cluster = Cluster::start();
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&one, "ada").await;
    let mut board = Board::open(&one, json!({})).await;
    let mut ada = two.signs_in("ada").await;
    board.sees_presence("ada", "available").await;
    two.terminate();
    assert_eq!(ada.closed().await, Some(1012));
    let ada = one.signs_in("ada").await;
    assert_eq!(ada.welcome["agent"]["presence"]["presenceId"], "available");
    let two = two.start_again().await;
    assert_eq!(two.http().presence("ada").await["presence"]["presenceId"], "available");
    let history = two.http().get("/api/v1/agents/ada/history").await.1;
    let shown: Vec<&str> =
        history["items"].as_array().unwrap().iter().map(|one| one["presenceId"].as_str().unwrap()).collect();
    assert!(shown.iter().filter(|presence| **presence == "offline").count() <= 1, "{history}");
}

#[tokio::test]
async fn what_is_kept_beside_the_log_counts_on_every_node() {
    let cluster = Cluster::small();
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    let made = json!({
        "name": "the dialler",
        "subject": "dialler",
        "roles": ["integration"],
        "expiresAt": (jiff::Timestamp::now() + Duration::from_hours(24)).to_string(),
    });
    let (status, made) = one.http().post("/api/v1/tokens", &made).await;
    assert_eq!(status, 201, "{made}");
    hires(&one, "ada").await;
    let dialler = two.http_with(made["token"].as_str().unwrap());
    let assigned = event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1" }));
    assert_eq!(dialler.event(&assigned).await["status"], "applied");
    let activity = json!({ "text": "Calls", "basePresenceStatuses": ["AVAILABLE"] });
    let (status, body) = two.http().put("/api/v1/activities/calls", &activity).await;
    assert_eq!(status, 201, "{body}");
    let (status, audit) = one.http_as("otto", &["auditor"]).get("/api/v1/audit").await;
    assert_eq!(status, 200, "{audit}");
    assert!(audit.to_string().contains("activity/calls"), "{audit}");
}

#[tokio::test]
async fn the_log_without_a_leader_is_said_and_it_goes_on_with_the_next() {
    // Servers of its own, as one of them is killed.
    let cluster = Cluster::over(Arc::new(NatsServer::three()));
    let (one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&one, "ada").await;
    let mut ada = two.signs_in("ada").await;
    cluster.servers[0].kill();
    let began = Instant::now();
    // Whichever server was the leader.
    is_kept_in_the_end(&mut ada, "away").await;
    Board::open(&one, json!({})).await.sees_presence("ada", "away").await;
    println!("kept again {:?} after a server was killed", began.elapsed());
    cluster.servers[0].start_again();
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn an_outage_is_told_to_everybody_at_once_and_figures_and_status_say_so() {
    // Servers of its own, as two of them are killed.
    let cluster = Cluster::over(Arc::new(NatsServer::three())).that_finds_out_soon();
    let mut settings = cluster.settings("1");
    // Nobody waits for the next heartbeat.
    settings.extend([("SESSIONS__HEARTBEAT_INTERVAL", "5m"), ("LOG__LEVEL", "info")]);
    let (one, mut log) = Hub::start_heard(&settings).await;
    log.says("so it was made").await;
    let joined = log.says("joined the cluster").await;
    assert!(joined.contains(&cluster.stream) && joined.contains("epoch"), "{joined}");
    let _two = cluster.node("2").await;
    hires(&one, "ada").await;
    let mut board = Board::open(&one, json!({})).await;
    assert!(one.says(&["cluster", "status"]).contains("node 2, boot 1: "));

    for server in &cluster.servers[1..] {
        server.kill();
    }
    board.socket().find(|frame| frame["type"] == "heartbeat" && frame["stale"] == true).await;
    log.says("this node is not current").await;
    Figures::of(&one).await.assert(&[("engine_serving", 0.0), ("cluster_current", 0.0), ("cluster_nodes_alive", 0.0)]);
    let status = one.command().args(["cluster", "status"]).output().unwrap();
    let said = [&status.stdout[..], &status.stderr].map(String::from_utf8_lossy).concat();
    println!("{said}");
    assert!(!status.status.success(), "{said}");
    assert!(cluster.servers[1..].iter().all(|server| said.contains(&server.address())), "{said}");

    cluster.servers[1].start_again();
    board.socket().find(|frame| frame["type"] == "heartbeat" && frame.get("stale").is_none()).await;
    log.says("this node is current").await;
    Figures::of(&one).await.assert(&[("engine_serving", 1.0), ("cluster_current", 1.0)]);
    let said = one.says(&["cluster", "status"]);
    println!("{said}");
    assert!(said.contains(&format!("no server answers at {}", cluster.servers[2].address())), "{said}");
}
