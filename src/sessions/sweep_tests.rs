//! Silence, stalls and quiet, in a tenth of the usual time.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use futures::StreamExt;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role as Side;

use super::*;
use crate::clock::Clock;
use crate::domain::command::Ended;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::domain::role::Role;
use crate::sessions::{Limits, Outlet, Who, frame, websocket};

const QUICK: Settings = Settings {
    ping_interval: Duration::from_millis(100),
    ping_timeout: Duration::from_millis(240),
    heartbeat: Duration::from_millis(150),
    stall_limit: Duration::from_millis(240),
    close_timeout: Duration::from_millis(100),
};

struct Beat;

impl Heartbeats for Beat {
    fn heartbeat(&self, _: SessionId) -> Option<Bytes> {
        Some(frame::text(b"beat"))
    }
}

/// An agent's connection to a hub that sweeps.
async fn connected() -> (TcpStream, Outlet, Registry) {
    let registry = Registry::new(0, 1, Clock::starting_at(Timestamp(0)));
    tokio::spawn(run(registry.clone(), QUICK, Arc::new(Beat)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (outlet, socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default());
    let agent = AgentId::new("ana").unwrap();
    let who = Who { subject: "ana".into(), agent: Some(agent), roles: [Role::Agent].into_iter().collect() };
    let registration = registry.register(who, outlet.clone());
    tokio::spawn(async move {
        let _registration = registration;
        let mut hub = websocket(socket, Vec::new(), 1024).await;
        while let Some(Ok(_)) = hub.next().await {}
    });
    (client, outlet, registry)
}

async fn how_it_ended(registry: &Registry) -> SubEventName {
    let owed = tokio::time::timeout(Duration::from_secs(5), registry.ends().take()).await.unwrap();
    match owed[0].ended() {
        Ended::At { how, .. } => how,
        Ended::Refreshing { .. } => panic!("nothing was announced"),
    }
}

#[tokio::test]
async fn a_silent_connection_is_asked_and_then_lost() {
    let (mut client, _outlet, registry) = connected().await;
    assert_eq!(how_it_ended(&registry).await, SubEventName::NetworkLost);
    let mut all = Vec::new();
    client.read_to_end(&mut all).await.unwrap();
    assert_eq!(&all[..2], &frame::PING_FRAME[..]);
    assert!(all.ends_with(&frame::close(LOST, "no sign of life")));
}

#[tokio::test]
async fn who_answers_stays_and_hears_a_quiet_hub_beat() {
    let (client, _outlet, registry) = connected().await;
    let mut client = WebSocketStream::from_raw_socket(client, Side::Client, None).await;
    let mut beats = 0;
    while beats < 5 {
        match client.next().await.unwrap().unwrap() {
            Message::Text(text) => beats += usize::from(text.as_str() == "beat"),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(registry.len(), 1);
    client.close(None).await.unwrap();
    assert_eq!(how_it_ended(&registry).await, SubEventName::Unknown);
}

#[tokio::test]
async fn a_socket_that_takes_nothing_is_closed_although_it_never_answers() {
    let (_client, outlet, registry) = connected().await;
    while !outlet.is_blocked() {
        outlet.send(frame::text(&[b'x'; 60_000]));
        tokio::task::yield_now().await;
    }
    how_it_ended(&registry).await;
    assert!(outlet.was_too_slow());
}
