//! Sessions come, and end in every way.

use futures::FutureExt;
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::sessions::{Limits, Socket};

async fn connection() -> (TcpStream, Outlet, Socket) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (outlet, socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default());
    (client, outlet, socket)
}

fn ana() -> AgentId {
    AgentId::new("ana").unwrap()
}

fn agent() -> Who {
    Who { subject: "ana".into(), agent: Some(ana()), roles: [Role::Agent].into_iter().collect() }
}

fn registry() -> Registry {
    Registry::new(0, 7, Clock::starting_at(Timestamp(100_000)))
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_its_task_takes_a_session_out_and_owes_its_end() {
    let registry = registry();
    let (_client, outlet, _socket) = connection().await;
    let registration = registry.register(agent(), outlet);
    let id = registration.session().id();
    assert!(!registry.of_agent(&ana()).is_empty() && !registry.owes_end(&ana()));
    let task = tokio::spawn(async move {
        let _registration = registration;
        panic!("a bug");
    });
    assert!(task.await.unwrap_err().is_panic());
    assert!(registry.of_agent(&ana()).is_empty() && registry.owes_end(&ana()) && registry.is_empty());
    assert!(registry.find(id).is_none() && registry.of_subject("ana").is_empty());
    let [owed] = &registry.ends().take().await[..] else { panic!("one end is owed") };
    assert_eq!((owed.session(), owed.agent()), (id, &ana()));
    assert_eq!(owed.ended(), Ended::At { at: Timestamp(100_000), how: SubEventName::Unknown });
}

#[tokio::test(start_paused = true)]
async fn an_end_is_owed_until_it_is_settled_however_often_it_is_taken() {
    let registry = registry();
    for _ in 0..2 {
        let (_client, outlet, _socket) = connection().await;
        drop(registry.register(agent(), outlet));
    }
    drop(registry.ends().take().await);
    let mut taken = registry.ends().take().await;
    assert_eq!((taken.len(), registry.ends().len()), (2, 2));
    taken.remove(0).settle();
    assert!(registry.owes_end(&ana()));
    taken.remove(0).settle();
    assert!(!registry.owes_end(&ana()) && registry.ends().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_end_whose_keeping_panics_stays_owed_and_is_not_tried_for_ever() {
    let registry = registry();
    let (_client, outlet, _socket) = connection().await;
    drop(registry.register(agent(), outlet));
    let owed = registry.ends().take().await;
    let keeping = tokio::spawn(async move {
        let _owed = owed;
        panic!("a bug");
    });
    assert!(keeping.await.unwrap_err().is_panic() && registry.owes_end(&ana()));
    assert!(registry.ends().take().now_or_never().is_none());
}

#[tokio::test(start_paused = true)]
async fn the_first_word_on_how_a_session_ends_stands() {
    let registry = registry();
    let (_client, outlet, _socket) = connection().await;
    let registration = registry.register(agent(), outlet);
    registration.session().announce_refresh(Timestamp(99_000));
    registry.close_agent(&ana(), 4410, "signed out", SubEventName::SignedOut);
    registration.session().ends_as(SubEventName::TabClosed);
    assert!(registration.session().outlet().is_closed());
    drop(registration);
    let owed = registry.ends().take().await;
    assert_eq!(owed[0].ended(), Ended::At { at: Timestamp(100_000), how: SubEventName::SignedOut });
}

#[tokio::test(start_paused = true)]
async fn an_announced_reload_is_a_refresh_unless_the_page_stayed() {
    let registry = registry();
    let mut ended = Vec::new();
    for announced in [Timestamp(99_000), Timestamp(60_000)] {
        let (_client, outlet, _socket) = connection().await;
        let registration = registry.register(agent(), outlet);
        registration.session().announce_refresh(announced);
        registration.session().ends_as(SubEventName::TabClosed);
        drop(registration);
        for owed in registry.ends().take().await {
            ended.push(owed.ended());
            owed.settle();
        }
    }
    let at = Timestamp(100_000);
    assert_eq!(ended[0], Ended::Refreshing { announced: Timestamp(99_000), at });
    assert_eq!(ended[1], Ended::At { at, how: SubEventName::TabClosed });
}

#[tokio::test(start_paused = true)]
async fn an_announced_reload_is_a_refresh_also_if_the_hub_stood_still_meanwhile() {
    let clock = Clock::starting_at(Timestamp(100_000));
    tokio::spawn(clock.clone().beat());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let registry = Registry::new(0, 7, clock.clone());
    let (_client, outlet, _socket) = connection().await;
    let registration = registry.register(agent(), outlet);
    registration.session().announce_refresh(clock.now());
    tokio::time::advance(Duration::from_secs(300)).await;
    registration.session().ends_as(SubEventName::TabClosed);
    drop(registration);
    let Ended::Refreshing { announced, at } = registry.ends().take().await[0].ended() else { panic!("it reloaded") };
    assert!(at.since(announced) <= Duration::from_secs(1), "no longer ago than the hub lived through");
}

#[tokio::test(start_paused = true)]
async fn a_frame_reaches_those_it_is_meant_for() {
    let registry = registry();
    let supervisor = Who { subject: "ana".into(), agent: None, roles: [Role::Supervisor].into_iter().collect() };
    let router = Who { subject: "router".into(), agent: None, roles: [Role::Integration].into_iter().collect() };
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
    assert!(registry.ends().is_empty(), "only an agent's session owes its end");
}
