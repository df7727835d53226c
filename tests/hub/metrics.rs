//! `GET /metrics`: what is counted, and who may read it.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Board, Http, Hub, Socket, event};

/// What a hub counts, as text of Prometheus.
pub struct Figures(pub String);

impl Figures {
    pub async fn of(hub: &Hub) -> Self {
        let (status, head, text) = Http::anonymous(hub).raw("GET", "/metrics", "", None).await;
        assert!(status == 200 && head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{head}");
        Self(text)
    }

    /// The value of a sample, named with its labels.
    fn value(&self, sample: &str) -> f64 {
        let line = self.0.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("there is no {sample}\n{}", self.0)).parse().unwrap()
    }

    #[track_caller]
    pub fn assert(&self, expected: &[(&str, f64)]) {
        for (sample, value) in expected {
            assert_eq!(self.value(&format!("presence_hub_{sample}")), *value, "{sample}");
        }
    }
}

/// A hub with some life: Ada has an offer; Ben lost his socket twice, came back in time and too late; a board, and
/// what was refused.
pub async fn lively() -> (Hub, Vec<Socket>, Board) {
    let hub = Hub::start().await;
    let mut sockets = vec![hub.signs_in("ada").await];
    let mut board = Board::open(&hub, json!({})).await;
    for away in [0, 300] {
        hub.signs_in("ben").await.tab_closes().await;
        board.sees_presence("ben", "offline").await;
        hub.time_passes(Duration::from_secs(away)).await;
    }
    let mut ben = hub.signs_in("ben").await;
    board.sees_presence("ben", "available").await;
    assert_eq!(ben.refused(json!({ "type": "watch", "filter": {} })).await, "forbidden");
    sockets.push(ben);
    let http = hub.http();
    let work = json!({ "agentId": "ada", "workItemId": "w1", "units": 1 });
    http.applies(&event("workitem.offered", work.clone())).await;
    assert_eq!(http.event(&event("workitem.offered", work)).await["status"], "rejected");
    assert_eq!(http.event(&event("workitem.juggled", json!({}))).await["status"], "rejected");
    assert_eq!(Http::anonymous(&hub).get("/api/v1/agents/ada/presence").await.0, 401);
    assert_eq!(http.request("BREW", "/nowhere", "", None).await.0, 404);
    (hub, sockets, board)
}

#[tokio::test]
async fn what_happens_is_counted() {
    let (hub, _sockets, _board) = lively().await;
    let figures = Figures::of(&hub).await;
    figures.assert(&[
        ("agents{status=\"AVAILABLE\"}", 2.0),
        ("agents{status=\"OFFLINE\"}", 0.0),
        ("sign_ins_total", 3.0),
        ("sign_outs_total", 0.0),
        ("drops_total{cause=\"TAB_CLOSED\"}", 2.0),
        ("drops_total{cause=\"NETWORK_LOST\"}", 0.0),
        ("restores_total{within=\"restore_window\"}", 1.0),
        ("lapses_total", 1.0),
        ("late_changes", 0.0),
        ("sessions{role=\"agent\"}", 2.0),
        ("sessions{role=\"supervisor\"}", 1.0),
        ("closes_total{code=\"4408\"}", 0.0),
        ("queued_bytes", 0.0),
        ("watches", 1.0),
        ("http_requests_total{method=\"GET\",route=\"/api/v1/agents/{agentId}/presence\",status=\"401\"}", 1.0),
        ("http_requests_total{method=\"POST\",route=\"/api/v1/events\",status=\"200\"}", 3.0),
        ("http_requests_total{method=\"GET\",route=\"/ws\",status=\"101\"}", 5.0),
        ("http_requests_total{method=\"other\",route=\"other\",status=\"404\"}", 1.0),
        ("refusals_total{channel=\"http\",code=\"unauthenticated\"}", 1.0),
        ("refusals_total{channel=\"socket\",code=\"forbidden\"}", 1.0),
        ("events_total{type=\"workitem.offered\",result=\"applied\"}", 1.0),
        ("events_total{type=\"workitem.offered\",result=\"rejected\"}", 1.0),
        ("events_total{type=\"unreadable\",result=\"rejected\"}", 1.0),
        ("engine_serving", 1.0),
        ("standstills_total", 0.0),
        ("build_info{version=\"0.1.0\"}", 1.0),
    ]);
    let position = figures.value("presence_hub_log_position");
    assert_eq!(figures.value("presence_hub_commit_entries_sum"), position, "what was kept, in this first life");
    assert!(figures.value("presence_hub_change_kept_seconds_count") > 5.0);
    assert!(figures.value("presence_hub_change_written_seconds_count") >= 4.0);
    assert!(figures.value("presence_hub_database_bytes") > 0.0);
    assert!(figures.value("presence_hub_disk_free_bytes") > 0.0);
    assert!(figures.value("presence_hub_longest_bite_seconds") > 0.0);
    assert!(figures.value("process_start_time_seconds") > 1.6e9);
}

#[tokio::test]
async fn a_hub_that_starts_again_counts_its_agents_and_where_its_log_is() {
    let hub = Hub::start().await;
    let _ada = hub.signs_in("ada").await;
    let position = Figures::of(&hub).await.value("presence_hub_log_position");
    assert!(position > 0.0);
    let hub = hub.killed_and_started_again().await;
    let figures = Figures::of(&hub).await;
    figures.assert(&[
        ("agents{status=\"AVAILABLE\"}", 1.0),
        ("sessions{role=\"agent\"}", 0.0),
        ("sign_ins_total", 0.0),
    ]);
    assert!(figures.value("presence_hub_log_position") > position, "the return of the hub was kept");
}

#[tokio::test]
async fn a_hub_that_has_kept_nothing_yet_knows_its_disk() {
    let figures = Figures::of(&Hub::start().await).await;
    figures.assert(&[("engine_serving", 1.0), ("log_position", 0.0), ("commit_seconds_count", 0.0)]);
    assert!(figures.value("presence_hub_disk_free_bytes") > 0.0);
    assert!(figures.value("presence_hub_database_bytes") > 0.0);
}

/// The status of `GET /metrics` with these headers.
async fn asks(http: &Http, headers: &str) -> u16 {
    http.raw("GET", "/metrics", headers, None).await.0
}

#[tokio::test]
async fn by_itself_only_a_program_of_the_same_machine_needs_no_token() {
    let hub = Hub::start().await;
    let anyone = Http::anonymous(&hub);
    assert_eq!(asks(&anyone, "").await, 200);
    for proxied in
        ["x-forwarded-for: 192.0.2.1\r\n", "forwarded: for=192.0.2.1\r\n", "origin: http://localhost:7350\r\n"]
    {
        assert_eq!(asks(&anyone, proxied).await, 401, "{proxied}");
    }
    let rebound = "GET /metrics HTTP/1.1\r\nhost: rebound.example\r\nconnection: close\r\n\r\n";
    assert_eq!(anyone.speaks(rebound).await.0, 401);
    // The command of `docs/metrics.md`.
    let said =
        hub.says(&["token", "--sub", "prometheus", "--role", "supervisor", "--team", "nobody", "--ttl", "8760h"]);
    let prometheus = hub.http_with(said.trim());
    assert_eq!(asks(&prometheus, "x-forwarded-for: 192.0.2.1\r\n").await, 200);
    let _ada = hub.signs_in("ada").await;
    assert_eq!(prometheus.get("/api/v1/agents").await.1["items"], json!([]), "and learns of nobody");
    assert_eq!(prometheus.get("/api/v1/agents/ada/presence").await.0, 403);
    let agent = hub.http_with(&hub.token("ada", &["agent"]));
    assert_eq!(asks(&agent, "x-forwarded-for: 192.0.2.1\r\n").await, 403);
}

#[tokio::test]
async fn the_settings_say_that_everyone_needs_a_token_or_nobody() {
    let hub = Hub::start_with(&[("SERVER__METRICS", "token")]).await;
    assert_eq!(asks(&Http::anonymous(&hub), "").await, 401);
    assert_eq!(asks(&hub.http_as("alex", &["admin"]), "").await, 200);
    let hub = Hub::start_with(&[("SERVER__METRICS", "anyone")]).await;
    assert_eq!(asks(&Http::anonymous(&hub), "x-forwarded-for: 192.0.2.1\r\n").await, 200);
}

#[tokio::test]
async fn who_asks_for_open_metrics_gets_them_with_their_end() {
    let hub = Hub::start().await;
    let accept = "accept: application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5\r\n";
    let (status, head, text) = Http::anonymous(&hub).raw("GET", "/metrics", accept, None).await;
    let kind = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert!(status == 200 && head.contains(kind), "{head}");
    assert!(text.ends_with("# EOF\n") && text.contains("# UNIT presence_hub_commit_seconds seconds\n"));
}
