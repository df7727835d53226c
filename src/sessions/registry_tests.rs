//! Sessions come, and end in every way.

use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::domain::cause::SubEventName;
use crate::domain::command::Ended;
use crate::domain::network::Network;
use crate::sessions::test_world::{self, Ends};
use crate::sessions::{Limits, Socket};
use crate::wire::close::CloseCode;

async fn connection() -> (TcpStream, Outlet, Socket) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (outlet, socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default(), &Arc::default());
    (client, outlet, socket)
}

fn ana() -> AgentId {
    AgentId::new("ana").unwrap()
}

fn agent() -> Who {
    Who { subject: "ana".into(), agent: Some(ana()), roles: [Role::Agent].into_iter().collect(), network: None }
}

fn registry() -> (Registry, Ends) {
    test_world::registry(7, Clock::starting_at(Timestamp(100_000)))
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_its_task_takes_a_session_out_and_owes_its_end() {
    let (registry, mut ends) = registry();
    let (_client, outlet, _socket) = connection().await;
    let network = Some(Network::V4([203, 0, 113]));
    let registration = registry.register(Who { network, ..agent() }, outlet);
    let id = registration.session().id();
    assert!(!registry.of_agent(&ana()).is_empty() && ends.is_empty());
    let task = tokio::spawn(async move {
        let _registration = registration;
        panic!("a bug");
    });
    assert!(task.await.unwrap_err().is_panic());
    assert!(registry.of_agent(&ana()).is_empty() && registry.is_empty());
    assert!(registry.find(id).is_none() && registry.of_subject("ana").is_empty());
    let ended = Ended::At { at: Timestamp(100_000), how: SubEventName::Unknown, network };
    assert_eq!(ends.try_recv(), Ok(SessionEnd { session: id, agent: ana(), ended }));
}

#[tokio::test(start_paused = true)]
async fn an_end_is_owed_before_the_session_is_gone() {
    let (owe, owed) = std::sync::mpsc::sync_channel(1);
    let registry = std::sync::Arc::new(std::sync::OnceLock::<Registry>::new());
    let seen = registry.clone();
    let is_there = move |end: SessionEnd| owe.send(seen.get().unwrap().find(end.session).is_some()).unwrap();
    let registry = registry.get_or_init(|| Registry::new(0, 7, Clock::starting_at(Timestamp(0)), is_there));
    let (_client, outlet, _socket) = connection().await;
    drop(registry.register(agent(), outlet));
    assert_eq!((owed.recv(), registry.is_empty()), (Ok(true), true));
}

#[tokio::test(start_paused = true)]
async fn the_first_cause_that_a_session_is_told_stands() {
    let (registry, mut ends) = registry();
    let (_client, outlet, _socket) = connection().await;
    let registration = registry.register(agent(), outlet);
    registration.session().announce_refresh(Timestamp(99_000));
    registry.close_agent(&ana(), CloseCode::SignedOut, "signed out", EndCause::SignedOut);
    registration.session().ends_as(EndCause::TabClosed);
    assert!(registration.session().outlet().is_closed());
    drop(registration);
    let ended = ends.try_recv().unwrap().ended;
    assert_eq!(ended, Ended::At { at: Timestamp(100_000), how: SubEventName::SignedOut, network: None });
}

#[tokio::test(start_paused = true)]
async fn an_announced_reload_is_a_refresh_unless_the_page_stayed() {
    let (registry, mut ends) = registry();
    let mut ended = Vec::new();
    for announced in [Timestamp(99_000), Timestamp(60_000)] {
        let (_client, outlet, _socket) = connection().await;
        let registration = registry.register(agent(), outlet);
        registration.session().announce_refresh(announced);
        registration.session().ends_as(EndCause::TabClosed);
        drop(registration);
        ended.push(ends.try_recv().unwrap().ended);
    }
    let at = Timestamp(100_000);
    assert_eq!(ended[0], Ended::Refreshing { announced: Timestamp(99_000), at });
    assert_eq!(ended[1], Ended::At { at, how: SubEventName::TabClosed, network: None });
}

#[tokio::test(start_paused = true)]
async fn an_announced_reload_is_a_refresh_also_if_the_hub_stood_still_meanwhile() {
    let clock = Clock::starting_at(Timestamp(100_000));
    tokio::spawn(clock.clone().beat());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (registry, mut ends) = test_world::registry(7, clock.clone());
    let (_client, outlet, _socket) = connection().await;
    let registration = registry.register(agent(), outlet);
    registration.session().announce_refresh(clock.now());
    tokio::time::advance(Duration::from_secs(300)).await;
    registration.session().ends_as(EndCause::TabClosed);
    drop(registration);
    let Ended::Refreshing { announced, at } = ends.try_recv().unwrap().ended else { panic!("it reloaded") };
    assert!(at.since(announced) <= Duration::from_secs(1), "no longer ago than the hub lived through");
}

#[tokio::test(start_paused = true)]
async fn a_frame_reaches_those_it_is_meant_for() {
    let (registry, mut ends) = registry();
    let supervisor =
        Who { subject: "ana".into(), agent: None, roles: [Role::Supervisor].into_iter().collect(), network: None };
    let router =
        Who { subject: "router".into(), agent: None, roles: [Role::Integration].into_iter().collect(), network: None };
    let mut kept = Vec::new();
    for who in [agent(), supervisor, router] {
        let (client, outlet, socket) = connection().await;
        kept.push((registry.register(who, outlet), client, socket));
    }
    registry.send_to_agent(&ana(), &Bytes::from_static(b"before the welcome"));
    registry.send_to_integrations(&Bytes::from_static(b"before the welcome"));
    kept[0].0.session().welcome(Bytes::new());
    kept[2].0.session().welcome(Bytes::new());
    registry.send_to_agent(&ana(), &Bytes::from_static(b"agent"));
    registry.send_to_integrations(&Bytes::from_static(b"router"));
    let sent = |index: usize| {
        let stats = kept[index].0.session().outlet().stats();
        stats.written_bytes + stats.queued_bytes as u64
    };
    assert_eq!([sent(0), sent(1), sent(2)], [5, 0, 6]);
    assert_eq!((registry.of_subject("ana").len(), registry.of_agent(&ana()).len(), registry.len()), (2, 1, 3));
    kept.remove(2);
    assert_eq!(registry.len(), 2);
    assert!(ends.try_recv().is_err(), "only an agent's session owes its end");
}
