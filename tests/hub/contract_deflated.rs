//! The sub-protocol `presence.v1.json.deflate`: the same frames in fewer bytes.

use serde_json::{Value, json};

use crate::harness::{Board, Hub, Socket};

async fn board(hub: &Hub, socket: Socket, filter: &Value) -> Board {
    let board = Board::watch(socket, json!({ "type": "watch", "filter": filter })).await;
    assert_eq!(board.len(), hub.http().get("/api/v1/agents").await.1["items"].as_array().unwrap().len());
    board
}

/// What all of them show of the agent once each has seen this.
async fn all_see(boards: &mut [Board], agent: &str, presence: &str) -> Vec<Value> {
    let mut shown = Vec::new();
    for board in boards {
        shown.push(board.sees_presence(agent, presence).await);
    }
    shown
}

#[tokio::test]
async fn boards_of_both_sub_protocols_always_hold_the_same() {
    let hub = Hub::start().await;
    let token = hub.token("sue", &["supervisor"]);
    let mut ada = hub.signs_in("ada").await;
    let mut boards = Vec::new();
    for round in 0..3 {
        // One of each form comes while the others are being told.
        boards.push(board(&hub, Socket::open(&hub, &token).await, &json!({})).await);
        boards.push(board(&hub, Socket::open_deflated(&hub, &token).await, &json!({})).await);
        for presence in ["away", "busy", "available"] {
            ada.does(json!({ "type": "setPresence", "presenceId": presence, "reason": format!("round {round}") }))
                .await;
            let shown = all_see(&mut boards, "ada", presence).await;
            assert!(shown.iter().all(|one| one["version"] == shown[0]["version"]), "{shown:?}");
        }
    }
    let deflated: Vec<[usize; 3]> = boards.iter_mut().map(|board| board.socket().deflated).collect();
    for (number, [wholes, begins, continues]) in deflated.into_iter().enumerate() {
        if number % 2 == 0 {
            assert_eq!([wholes, begins, continues], [0; 3], "texts are what they were");
        } else {
            assert!(wholes >= 1 && begins >= 1 && continues >= 1, "{wholes} {begins} {continues}");
        }
    }
    let (_, _, metrics) = hub.http().raw("GET", "/metrics", "", None).await;
    let counted = |name: &str| -> f64 {
        let line = metrics.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().next_back().unwrap().parse().unwrap()
    };
    let (sent, text) = (
        counted("presence_hub_deflated_frames_bytes_total "),
        counted("presence_hub_deflated_frames_as_text_bytes_total "),
    );
    assert!(0.0 < sent && sent < text / 2.0, "{sent} of {text}");
}

#[tokio::test]
async fn a_deflated_watch_goes_on_after_its_connection_was_lost_and_after_a_restart() {
    let hub = Hub::start().await;
    let token = hub.token("sue", &["supervisor"]);
    hub.signs_in("ada").await.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    let mut first =
        Board::watch(Socket::open_deflated(&hub, &token).await, json!({ "type": "watch", "filter": {} })).await;
    first.sees("ada", |shown| !shown["restore"].is_null()).await;
    let epoch = first.socket().welcome["epoch"].clone();
    let since = json!({ "epoch": epoch, "seq": first.seq, "watchId": first.watch_id });
    drop(first);
    let hub = hub.killed_and_started_again().await;
    let mut ben = hub.signs_in("ben").await;
    let watch = json!({ "type": "watch", "filter": {}, "since": since });
    let mut again = Board::watch(Socket::open_deflated(&hub, &token).await, watch).await;
    for presence in ["busy", "away", "busy"] {
        ben.does(json!({ "type": "setPresence", "presenceId": presence })).await;
        again.sees_presence("ben", presence).await;
    }
    let [_, begins, continues] = again.socket().deflated;
    assert!(begins >= 1 && continues >= 1, "{begins} {continues}");
}
