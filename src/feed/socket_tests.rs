//! The feed at its boundary: real sockets, real WebSocket clients.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::test_world::{agent, away, in_team, loaded};
use super::*;
use crate::domain::ids::PresenceId;
use crate::domain::presence::{BaseStatus, BuiltIn, Presence};
use crate::domain::record::{PresenceEffect, Workstream, WrapUpBlock};
use crate::sessions::{Limits, Reading, websocket};
use crate::wire::shapes::{BasePresenceStatus, HubFrame, WatchMode, WatchResult};

/// A board: a client, and the hub's end of its connection.
struct Board {
    client: WebSocketStream<TcpStream>,
    outlet: Outlet,
    watches: Watches,
}

impl Board {
    async fn of(feed: &Feed, number: u64) -> Self {
        Self::with_receive_buffer(feed, number, None).await
    }

    async fn with_receive_buffer(feed: &Feed, number: u64, bytes: Option<u32>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        if let Some(bytes) = bytes {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let client = socket.connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        if bytes.is_some() {
            socket2::SockRef::from(&stream).set_send_buffer_size(8 * 1024).unwrap();
        }
        let (outlet, socket) = Outlet::split(stream, Limits::default(), &Arc::default());
        let mut hub = websocket(socket, Vec::new(), Reading::Requests, 64 * 1024);
        tokio::spawn(async move { while let Some(Ok(_)) = hub.next().await {} });
        let client = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        let session = SessionId { node: 0, boot: 1, number };
        Self { client, watches: feed.watches_of(session, "sam", outlet.clone(), Form::Text), outlet }
    }

    fn asks(&self, filter: serde_json::Value, scope: Scope, since: Option<Since>) {
        let request =
            WatchRequest { filter: serde_json::from_value(filter).unwrap(), scope, include: Vec::new(), since };
        self.watches.watch(request, &json!(1)).unwrap();
    }

    async fn watches(&mut self, filter: serde_json::Value, scope: Scope, since: Option<Since>) -> WatchResult {
        self.asks(filter, scope, since);
        loop {
            if let HubFrame::Result { id, result } = self.next().await {
                assert_eq!(id, json!(1));
                return serde_json::from_value(result).unwrap();
            }
        }
    }

    async fn next(&mut self) -> HubFrame {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(5), self.client.next()).await.expect("a frame");
            match message.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn changes(&mut self) -> (Seq, Vec<String>, Vec<String>) {
        match self.next().await {
            HubFrame::Changes { seq, agents, left, .. } => {
                (seq, agents.into_iter().map(|agent| agent.agent_id).collect(), left)
            }
            other => panic!("{other:?}"),
        }
    }

    async fn begins(&mut self) {
        loop {
            match self.next().await {
                HubFrame::Snapshot { part, parts, .. } if part == parts => return,
                HubFrame::Result { .. } | HubFrame::Snapshot { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

fn feed_of(agents: &[Agent]) -> Feed {
    let feed = Feed::new(Settings::default(), &loaded(agents), Arc::default());
    tokio::spawn(feed.clone().run());
    feed
}

#[tokio::test]
async fn a_watch_begins_with_its_result_then_the_state_then_changes() {
    let feed = feed_of(&[agent("a1"), agent("a2")]);
    let mut board = Board::of(&feed, 1).await;
    let result = board.watches(json!({}), Scope::All, None).await;
    assert_eq!(result.mode, WatchMode::Snapshot);
    let HubFrame::Snapshot { seq, part: 1, parts: 1, agents, presences, summary, .. } = board.next().await else {
        panic!("then the state")
    };
    assert_eq!((seq, agents.len(), presences.unwrap().len()), (2, 2, 6));
    assert_eq!(summary.unwrap().by_base_status[&BasePresenceStatus::Offline], 2);

    feed.publish(10, Arc::new(away(agent("a2"))));
    let HubFrame::Changes { seq, agents, left, summary, presences, .. } = board.next().await else {
        panic!("then changes")
    };
    assert_eq!((seq, agents.len(), left.len(), presences), (10, 1, 0, None));
    assert_eq!((agents[0].presence_id.as_str(), agents[0].seq), ("away", 10));
    assert_eq!(summary.unwrap().by_presence, [("away".to_owned(), 1), ("offline".to_owned(), 1)].into());
}

#[tokio::test]
async fn who_leaves_the_filter_is_named_once_and_strangers_never() {
    let feed = feed_of(&[in_team(agent("a1"), "red"), in_team(agent("a2"), "blue")]);
    let mut board = Board::of(&feed, 1).await;
    board.asks(json!({"baseStatuses": ["OFFLINE"]}), Scope::Teams(["red".to_owned()].into()), None);
    board.begins().await;
    feed.publish(11, Arc::new(away(in_team(agent("a2"), "blue"))));
    feed.publish(12, Arc::new(away(in_team(agent("a1"), "red"))));
    assert_eq!(board.changes().await, (12, vec![], vec!["a1".to_owned()]));
    feed.publish(13, Arc::new(away(in_team(agent("a1"), "red"))));
    feed.publish(14, Arc::new(in_team(agent("a1"), "red")));
    assert_eq!(board.changes().await, (14, vec!["a1".to_owned()], vec![]));
}

#[tokio::test]
async fn a_new_presence_is_told_before_anyone_holds_it() {
    let feed = feed_of(&[agent("a1")]);
    let mut board = Board::of(&feed, 1).await;
    board.asks(json!({}), Scope::All, None);
    board.begins().await;
    let mut presence = Presence::built_in(BuiltIn::Away);
    presence.id = PresenceId::new("lunch").unwrap();
    presence.built_in = false;
    let mut directory = Directory::default();
    directory.catalog.put(presence.clone());
    feed.directory_changed(20, Arc::new(directory), &DirectoryChange::Presence(presence));
    let mut eating = away(agent("a1"));
    eating.standing.presence = PresenceId::new("lunch").unwrap();
    feed.publish(21, Arc::new(eating));
    let HubFrame::Presences { presences } = board.next().await else { panic!("the catalog comes first") };
    assert!(presences.iter().any(|presence| presence.presence_id == "lunch"));
    assert_eq!(board.changes().await.0, 21);
}

#[tokio::test]
async fn a_changed_workstream_begins_its_watches_anew() {
    let workstream = |allowed: &[BaseStatus]| Workstream {
        id: crate::domain::ids::WorkstreamId::new("chat").unwrap(),
        name: "Chat".to_owned(),
        allowed: allowed.iter().copied().collect(),
        units: None,
        profiles: Vec::new(),
        wrap_up: WrapUpBlock::Always,
        presence_effect: PresenceEffect::Moves,
    };
    let directory = |workstream: Workstream| {
        let mut directory = Directory::default();
        directory.workstreams.insert(workstream.id.clone(), workstream);
        Arc::new(directory)
    };
    let first = workstream(&[BaseStatus::Available]);
    let feed = Feed::new(Settings::default(), &loaded(&[agent("a1")]), directory(first));
    tokio::spawn(feed.clone().run());
    let mut board = Board::of(&feed, 1).await;
    let result = board.watches(json!({"workstreamId": "chat"}), Scope::All, None).await;
    board.begins().await;
    let second = workstream(&[BaseStatus::Available, BaseStatus::Offline]);
    feed.directory_changed(30, directory(second.clone()), &DirectoryChange::Workstream(second));
    assert!(matches!(board.next().await, HubFrame::Resync { watch_id, .. } if watch_id == result.watch_id));
    assert!(matches!(board.next().await, HubFrame::Snapshot { seq: 30, agents, .. } if agents.len() == 1));
    let since = Since { epoch: "e".to_owned(), seq: 29, watch_id: None };
    assert_eq!(board.watches(json!({"workstreamId": "chat"}), Scope::All, Some(since)).await.mode, WatchMode::Snapshot);
}

#[tokio::test]
async fn a_resumed_watch_is_told_what_changed_and_who_left_while_it_was_away() {
    let mut was_red = away(agent("a2"));
    was_red.former_teams = vec![("red".to_owned(), crate::domain::time::Timestamp(5))];
    let mut gone = in_team(agent("a3"), "red");
    gone.deleted = Some(crate::domain::time::Timestamp(5));
    let agents =
        [in_team(agent("a1"), "red"), was_red, gone, in_team(agent("a4"), "red"), in_team(agent("a5"), "blue")];
    let feed = feed_of(&agents);
    let red = || Scope::Teams(["red".to_owned()].into());
    let mut board = Board::of(&feed, 1).await;
    let since = |seq| Some(Since { epoch: "e".to_owned(), seq, watch_id: None });
    let result = board.watches(json!({}), red(), since(1)).await;
    assert_eq!((result.mode, result.seq), (WatchMode::Resumed, 1));
    let HubFrame::Changes { seq, agents, left, presences, summary, .. } = board.next().await else { panic!("changes") };
    assert_eq!((seq, agents.len(), presences.is_some(), summary.unwrap().total), (5, 1, true, 2));
    assert_eq!(left, ["a2", "a3"]);
    for refused in [Since { epoch: "other".to_owned(), ..since(1).unwrap() }, since(6).unwrap()] {
        assert_eq!(board.watches(json!({}), red(), Some(refused)).await.mode, WatchMode::Snapshot);
    }
    feed.forget(&AgentId::new("a3").unwrap(), 3);
    assert_eq!(board.watches(json!({}), red(), since(2)).await.mode, WatchMode::Snapshot);
}

#[tokio::test]
async fn who_is_erased_as_soon_as_deleted_is_let_go_once_boards_were_told() {
    let mut gone = agent("gone");
    gone.deleted = Some(crate::domain::time::Timestamp(5));
    let feed = feed_of(&[agent("a1"), agent("gone")]);
    let mut board = Board::of(&feed, 1).await;
    board.watches(json!({}), Scope::All, Some(Since { epoch: "e".to_owned(), seq: 2, watch_id: None })).await;
    board.changes().await;
    feed.publish(3, Arc::new(gone.clone()));
    feed.forget(&gone.record.agent, 3);
    assert_eq!(board.changes().await.2, ["gone"]);
    feed.publish(4, Arc::new(agent("a1")));
    board.changes().await;
    let state = feed.state();
    assert!(state.leaving.is_empty());
    state.assert_consistent();
}

#[tokio::test]
async fn the_place_of_an_agent_that_was_forgotten_is_the_next_new_ones() {
    let mut gone = in_team(agent("gone"), "red");
    gone.deleted = Some(crate::domain::time::Timestamp(5));
    let feed = feed_of(&[in_team(agent("a1"), "red"), in_team(agent("gone"), "red")]);
    let mut board = Board::of(&feed, 1).await;
    board.watches(json!({}), Scope::All, Some(Since { epoch: "e".to_owned(), seq: 2, watch_id: None })).await;
    board.changes().await;
    feed.publish(3, Arc::new(gone.clone()));
    assert_eq!(board.changes().await.2, ["gone"]);
    feed.forget(&gone.record.agent, 3);
    feed.publish(4, Arc::new(in_team(agent("new"), "blue")));
    let (seq, agents, left) = board.changes().await;
    assert_eq!((seq, agents.len(), left.len()), (4, 1, 0));
    feed.publish(5, Arc::new(agent("gone")));
    assert_eq!(board.changes().await.1.len(), 1);
    let state = feed.state();
    state.assert_consistent();
    assert_eq!(state.roster.len(), 3);
}

#[tokio::test]
async fn a_resumption_longer_than_a_frame_names_everyone_who_left() {
    let mut agents: Vec<Agent> = (0..50).map(|number| agent(&format!("a{number}"))).collect();
    let mut gone = agent("gone");
    gone.deleted = Some(crate::domain::time::Timestamp(0));
    agents.push(gone.clone());
    let feed = Feed::new(Settings { frame_bytes: 1000, ..Settings::default() }, &loaded(&agents), Arc::default());
    tokio::spawn(feed.clone().run());
    let first = Board::of(&feed, 1).await;
    first.asks(json!({}), Scope::All, None);
    feed.publish(60, Arc::new(gone));
    let mut board = Board::of(&feed, 2).await;
    board.watches(json!({}), Scope::All, Some(Since { epoch: "e".to_owned(), seq: 0, watch_id: None })).await;
    let (mut seen, mut named, mut position) = (0, Vec::new(), 0);
    while position < 50 {
        let (seq, agents, left) = board.changes().await;
        assert!(agents.len() < 10);
        seen += agents.len();
        named.extend(left);
        position = seq;
    }
    named.dedup();
    assert_eq!((seen, named), (50, vec!["gone".to_owned()]));
    drop(first);
}

#[tokio::test]
async fn a_reader_that_stops_costs_nobody_anything_and_ends_at_the_newest_state() {
    const AGENTS: usize = 300;
    let name = |number: usize| format!("agent-{number:04}");
    let agents: Vec<Agent> = (0..AGENTS).map(|number| agent(&name(number))).collect();
    let feed = feed_of(&agents);
    let mut slow = Board::with_receive_buffer(&feed, 1, Some(4096)).await;
    let mut quick = Board::of(&feed, 2).await;
    slow.asks(json!({}), Scope::All, None);
    quick.asks(json!({}), Scope::All, None);
    quick.begins().await;
    let mut newest = AGENTS as u64;
    for round in 0..30_u64 {
        for number in 0..AGENTS {
            newest += 1;
            let mut changed = agent(&name(number));
            changed.version = 2 + round;
            feed.publish(newest, Arc::new(changed));
        }
        loop {
            let (seq, ..) = quick.changes().await;
            if seq == newest {
                break;
            }
        }
    }
    assert!(slow.outlet.is_blocked());
    assert!(slow.outlet.stats().queued_bytes < Limits::default().queued_bytes);
    assert_eq!(feed.position(SessionId { node: 0, boot: 1, number: 1 }), None);
    let mut held = std::collections::HashMap::new();
    let mut position = 0;
    assert!(matches!(slow.next().await, HubFrame::Result { .. }));
    let mut bytes_of_changes = 0;
    while position < newest {
        match slow.next().await {
            HubFrame::Snapshot { agents, seq, part, parts, .. } => {
                held.extend(agents.into_iter().map(|agent| (agent.agent_id, agent.version)));
                if part == parts {
                    position = seq;
                }
            }
            HubFrame::Changes { seq, agents, .. } => {
                assert!(seq > position);
                position = seq;
                bytes_of_changes += agents.len();
                held.extend(agents.into_iter().map(|agent| (agent.agent_id, agent.version)));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(held.values().all(|version| *version == 31));
    assert_eq!((held.len(), bytes_of_changes), (AGENTS, AGENTS), "thirty rounds reach a slow reader as one");
}

#[tokio::test]
async fn a_dropped_connection_watches_nothing() {
    let feed = feed_of(&[agent("a1")]);
    let mut board = Board::of(&feed, 1).await;
    let result = board.watches(json!({}), Scope::All, None).await;
    board.begins().await;
    board.watches.unwatch(&result.watch_id).unwrap();
    assert_eq!(board.watches.unwatch(&result.watch_id), Err(FeedError::UnknownWatch));
    board.asks(json!({}), Scope::All, None);
    board.begins().await;
    let Board { watches, mut client, .. } = board;
    drop(watches);
    assert_eq!(feed.state().watched(), 0);
    client.close(None).await.unwrap();
}
