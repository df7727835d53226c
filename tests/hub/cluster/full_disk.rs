//! What one hub suffers, the others do not.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Cluster, hires, stays};
use crate::disk::Disk;
use crate::harness::{Board, Hub, event};
use crate::network::{changes_for, crowd, reads_little};

#[tokio::test]
async fn a_hub_whose_disk_is_full_says_so_and_the_others_go_on() {
    let (cluster, disk) = (Cluster::small().that_finds_out_soon(), Disk::new());
    let settings = cluster.settings("1");
    let (one, two) = tokio::join!(disk.hub(&settings), cluster.node("2"));
    hires(&two, "ada").await;
    let mut board = Board::open(&one, json!({})).await;
    let mut ada = two.signs_in("ada").await;
    board.sees_presence("ada", "available").await;
    disk.is_full();
    // Whoever is at another hub is served, and is told what is kept.
    let http = two.http();
    for presence in ["away", "busy"] {
        ada.does(json!({ "type": "setPresence", "presenceId": presence })).await;
    }
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    http.applies(&event("workitem.assigned", item.clone())).await;
    let before = http.presence("ada").await;
    stays(ada);
    // The hub itself keeps nothing, and says so to its boards and to whoever asks.
    board.socket().find(|frame| frame["type"] == "heartbeat" && frame["stale"] == true).await;
    let (ones, refused) = (one.http(), event("workitem.closed", item.clone()));
    let (status, answer) = ones.post("/api/v1/events", &refused).await;
    assert_eq!((status, &answer["results"][0]["status"]), (503, &json!("unavailable")), "{answer}");
    assert_eq!(ones.get("/readyz").await.0, 503);
    assert_eq!(http.presence("ada").await, before);
    assert_eq!(http.get("/readyz").await.0, 200);
    // It catches up.
    disk.works();
    board.sees("ada", |shown| shown["version"] == before["version"]).await;
    board.socket().find(|frame| frame["type"] == "heartbeat" && frame["stale"] != true).await;
    assert_eq!(ones.event(&refused).await["status"], "applied");
}

#[tokio::test]
async fn a_client_that_never_reads_is_closed_while_all_others_of_all_hubs_are_served() {
    let cluster = Cluster::small();
    let mut settings = cluster.settings("2");
    settings.push(("FEED__STALL_TIMEOUT", "1s"));
    let (one, two) = tokio::join!(cluster.node("1"), Hub::start_with(&settings));
    crowd(&one).await;
    let mut lazy = reads_little(&two).await;
    lazy.send(&json!({ "type": "watch", "id": 1, "filter": {} })).await;
    // Changes at either hub are seen at the other one, until the lazy one must have been given up, and longer.
    let asked = Instant::now();
    for hub in [&one, &two, &one] {
        let other = if hub.address() == one.address() { &two } else { &one };
        let mut board = Board::open(other, json!({ "agentIds": ["a0"] })).await;
        changes_for(hub, &mut board, Duration::from_millis(800), Instant::now()).await;
    }
    println!("changes went on for {:?}", asked.elapsed());
    assert_eq!(lazy.closed().await, Some(4408));
}
