//! Many at once: only so many sockets may be opening, the others are told to come back, and do.

use serde_json::json;

use crate::harness::{Board, Hub, Socket};

const CROWD: usize = 60;

/// One of the crowd comes until it is let in. Says how often it was told to come back.
async fn comes_until_let_in(address: &str, token: &str) -> (Socket, usize) {
    let header = format!("Bearer {token}");
    let mut told_to_come_back = 0;
    loop {
        let mut socket = Socket::connect(address, "/ws", &[("authorization", header.as_str())]).await;
        let first = socket.next().await.unwrap();
        if first["type"] == "welcome" {
            return (socket, told_to_come_back);
        }
        assert_eq!(first["error"]["code"], "rate_limited", "{first}");
        assert_eq!(socket.closed().await, Some(1013));
        told_to_come_back += 1;
    }
}

#[tokio::test]
async fn of_a_crowd_some_are_told_to_come_back_and_in_the_end_all_are_in() {
    let hub = Hub::start_with(&[("SERVER__MAX_OPENING", "2")]).await;
    let mut board = Board::open(&hub, json!({})).await;
    let tokens: Vec<_> = (0..CROWD).map(|number| hub.token(&format!("a{number}"), &["agent"])).collect();
    let crowd = tokens.iter().map(|token| comes_until_let_in(hub.address(), token));
    let (mut sockets, told_to_come_back): (Vec<_>, Vec<_>) = futures::future::join_all(crowd).await.into_iter().unzip();
    assert!(told_to_come_back.iter().sum::<usize>() > 0, "nobody was told to come back");
    for number in 0..CROWD {
        let agent = format!("a{number}");
        let shown = board.sees(&agent, |shown| shown["isAgentLoggedIn"] == true).await;
        assert_eq!(shown["activeBrowserSessions"], 1, "{shown}");
    }
    // Whoever is in keeps its place: the limit is for those on their way.
    let last = hub.signs_in("late").await;
    assert_eq!(last.welcome["agent"]["agentId"], "late");
    for socket in &mut sockets {
        socket.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    }
}
