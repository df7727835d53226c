//! Hubs of a cluster that were told different things: they go on, and say so.

use serde_json::Value;

use crate::cluster::Cluster;
use crate::harness::{Http, Hub, Log};

/// What `/readyz` warns of, once it is as expected. Looked at again with each heartbeat.
async fn warns(hub: &Hub, expected: impl Fn(Option<&str>) -> bool) {
    let (anyone, mut beats) = (Http::anonymous(hub), hub.supervisor().await);
    loop {
        let (status, health) = anyone.get("/readyz").await;
        assert_eq!(status, 200, "it serves on: {health}");
        if expected(health.get("warning").and_then(Value::as_str)) {
            return;
        }
        beats.expect("heartbeat").await;
    }
}

async fn others_by_metrics(hub: &Hub) -> String {
    let (_, _, text) = Http::anonymous(hub).raw("GET", "/metrics", "", None).await;
    let line = text.lines().find(|line| line.starts_with("presence_hub_cluster_nodes_with_other_settings "));
    line.unwrap().rsplit(' ').next().unwrap().to_owned()
}

/// Node 2, with this limit of open work items.
async fn two(cluster: &Cluster, limit: &str) -> (Hub, Log) {
    let mut settings = cluster.settings("2");
    settings.push(("PRESENCE__MAX_OPEN_WORK_ITEMS", limit));
    Hub::start_heard(&settings).await
}

#[tokio::test]
async fn hubs_of_other_rules_say_so_of_each_other_until_they_are_alike_again() {
    let cluster = Cluster::small();
    let (one, mut ones_log) = Hub::start_heard(&cluster.settings("1")).await;
    let (mut other, mut twos_log) = two(&cluster, "1").await;

    let said = ones_log.says("a node has other settings").await;
    assert!(said.contains("ERROR") && said.contains("node=2") && said.contains("presence"), "{said}");
    let said = twos_log.says("a node has other settings").await;
    assert!(said.contains("node=1"), "{said}");
    warns(&one, |warning| warning == Some("node 2 has other settings than this one in [presence]")).await;
    warns(&other, |warning| warning == Some("node 1 has other settings than this one in [presence]")).await;
    assert_eq!(others_by_metrics(&one).await, "1");
    let status = one.says(&["cluster", "status"]);
    assert_eq!(status.matches("its settings differ from these in [presence]").count(), 1, "{status}");

    // It leaves, and with it the warning; it comes back with the settings of the first.
    other.terminate();
    other.ended().await;
    warns(&one, |warning| warning.is_none()).await;
    drop(other);
    let (again, _log) = two(&cluster, "10").await;
    warns(&again, |warning| warning.is_none()).await;
    warns(&one, |warning| warning.is_none()).await;
    assert_eq!(others_by_metrics(&one).await, "0");
    assert!(!one.says(&["cluster", "status"]).contains("settings differ"));
}
