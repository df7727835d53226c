//! A hub is copied while it works, killed, and restored from the copy.

use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::harness::{Hub, event};

async fn epoch(hub: &Hub) -> Value {
    hub.supervisor().await.does(json!({ "type": "watch" })).await["epoch"].take()
}

#[tokio::test]
async fn a_hub_that_is_killed_and_restored_from_a_copy_made_under_load_is_what_it_was_then() {
    let mut hub = Hub::start().await;
    let http = hub.http();
    for name in ["ada", "ben"] {
        let record = json!({ "agentId": name, "name": name, "units": 10_000, "enabled": true });
        assert_eq!(http.put(&format!("/api/v1/agents/{name}"), &record).await.0, 201);
    }
    let work = |kind: &str, agent: &str, item: &str| event(kind, json!({ "agentId": agent, "workItemId": item }));
    let before = http.applies(&work("workitem.assigned", "ada", "w0")).await;
    let epoch_then = epoch(&hub).await;

    // Until the copy is there, work comes and goes.
    let copy = hub.folder().join("copy.db").to_str().unwrap().to_owned();
    let mut backup = hub.command();
    backup.args(["backup", &copy]);
    let copying = spawn_blocking(move || backup.output().unwrap());
    loop {
        http.applies(&work("workitem.assigned", "ben", "w1")).await;
        http.applies(&work("workitem.closed", "ben", "w1")).await;
        if copying.is_finished() {
            break;
        }
    }
    let said = copying.await.unwrap();
    assert!(said.status.success() && said.stdout.starts_with(b"ok: "), "{said:?}");
    let after = http.applies(&work("workitem.closed", "ada", "w0")).await;
    hub.kill();

    let said = hub.says(&["restore", &copy, "--replace"]);
    assert!(said.contains("hub.db.before-1"), "{said}");
    let hub = hub.start_again().await;
    let version = hub.http().presence("ada").await["version"].take();
    assert_eq!(version, before["version"]);
    assert_ne!(version, after["version"]);
    assert_ne!(epoch(&hub).await, epoch_then, "a board of the other past does not go on");
    assert!(hub.says(&["check"]).starts_with("ok: "));
}
