//! Silence, stalls and quiet, in a tenth of the usual time.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role as Side;

use super::*;
use crate::clock::Clock;
use crate::domain::cause::SubEventName;
use crate::domain::command::Ended;
use crate::domain::ids::AgentId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::sessions::stream::memory;
use crate::sessions::test_world::{self, Ends};
use crate::sessions::{Limits, Messages, Outlet, Reading, Registration, Stream, Who, frame, websocket};
use crate::wire::close::CloseCode;

const QUICK: Settings = Settings {
    ping_interval: Duration::from_millis(100),
    ping_timeout: Duration::from_millis(240),
    heartbeat: Duration::from_millis(150),
    page_timeout: Duration::from_millis(200),
    stall_limit: Duration::from_millis(240),
    close_timeout: Duration::from_millis(100),
    too_slow_timeout: Duration::from_millis(400),
};

const USUAL: Settings = Settings {
    ping_interval: Duration::from_secs(4),
    ping_timeout: Duration::from_secs(8),
    heartbeat: Duration::from_secs(15),
    page_timeout: Duration::from_secs(30),
    stall_limit: Duration::from_secs(8),
    close_timeout: CLOSE_TIMEOUT,
    too_slow_timeout: TOO_SLOW_TIMEOUT,
};

struct Beat;

impl Heartbeats for Beat {
    fn shown(&self) -> Shown {
        Shown::Current
    }

    fn heartbeat(&self, _: SessionId, _: Shown) -> Bytes {
        frame::text(b"beat")
    }
}

fn registry() -> (Registry, Ends) {
    test_world::registry(1, Clock::starting_at(Timestamp(0)))
}

/// A connection to a hub that sweeps.
async fn connected(who: Who) -> (TcpStream, Outlet, Registry, Ends) {
    let (registry, ends) = registry();
    tokio::spawn(run(registry.clone(), QUICK, Arc::new(Beat)));
    let (client, outlet) = connected_to(&registry, who).await;
    (client, outlet, registry, ends)
}

async fn connected_to(registry: &Registry, who: Who) -> (TcpStream, Outlet) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let outlet = take_in(registry, who, listener.accept().await.unwrap().0);
    (client, outlet)
}

/// A session over this stream, which is read for as long as it lasts.
fn take_in(registry: &Registry, who: Who, stream: impl Into<Stream>) -> Outlet {
    let (outlet, socket) = Outlet::split(stream, Limits::default(), &Arc::default());
    let registration = registry.register(who, outlet.clone());
    registration.session().welcome(frame::text(b"welcome"));
    tokio::spawn(async move {
        let _registration = registration;
        let mut hub = websocket(socket, Vec::new(), Reading::Requests, 1024);
        while let Some(Ok(_)) = hub.next().await {}
    });
    outlet
}

async fn how_it_ended(ends: &mut Ends) -> SubEventName {
    let end = tokio::time::timeout(Duration::from_secs(5), ends.recv()).await.unwrap();
    match end.unwrap().ended {
        Ended::At { how, .. } => how,
        Ended::Refreshing { .. } => panic!("nothing was announced"),
    }
}

#[tokio::test]
async fn a_silent_connection_is_asked_and_then_lost() {
    let (mut client, _outlet, _registry, mut ends) = connected(agent()).await;
    assert_eq!(how_it_ended(&mut ends).await, SubEventName::NetworkLost);
    let mut all = Vec::new();
    client.read_to_end(&mut all).await.unwrap();
    assert!(all.starts_with(&[frame::text(b"welcome"), frame::PING_FRAME].concat()));
    assert!(all.ends_with(&frame::close(CloseCode::Silent.number(), "no sign of life")));
}

#[tokio::test]
async fn sessions_that_come_together_are_asked_apart_even_right_after_the_start() {
    let settings = USUAL;
    let laps_between = (settings.ping_interval.as_millis() / LAP.as_millis()) as u32;
    let (registry, _ends) = registry();
    let mut connections = Vec::new();
    for _ in 0..2 * laps_between {
        connections.push(connected_to(&registry, agent()).await);
    }
    let written = |(_, outlet): &(_, Outlet)| outlet.stats().written_bytes;
    // Two intervals, less than anyone may be silent for.
    for lap in 1..2 * laps_between {
        let before: Vec<_> = connections.iter().map(written).collect();
        for session in registry.bite(0) {
            look_at(&session, Counted::default().plus(LAP * lap), Instant::now(), &settings, &Beat);
        }
        let asked = connections.iter().map(written).zip(before).filter(|(after, before)| after > before).count();
        assert_eq!(asked, 2, "in lap {lap}");
    }
}

#[tokio::test]
async fn a_client_that_answers_pings_stays_and_gets_heartbeats_from_a_quiet_hub() {
    let (client, _outlet, registry, mut ends) = connected(agent()).await;
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
    assert_eq!(how_it_ended(&mut ends).await, SubEventName::Unknown);
}

#[tokio::test]
async fn a_board_that_takes_nothing_is_closed_as_too_slow_and_an_agent_as_lost() {
    for (who, closed_as_too_slow) in [(supervisor(), true), (agent(), false)] {
        let (_client, outlet, registry, _ends) = connected(who).await;
        while !outlet.is_blocked() {
            outlet.send(frame::text(&[b'x'; 60_000]));
            tokio::task::yield_now().await;
        }
        while !registry.is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(outlet.was_too_slow(), closed_as_too_slow);
    }
}

#[tokio::test(start_paused = true)]
async fn a_board_that_reads_again_finds_out_why_it_was_closed() {
    let (registry, _ends) = registry();
    tokio::spawn(run(registry.clone(), QUICK, Arc::new(Beat)));
    let (hub, mut client) = memory::connection(64 * 1024);
    let outlet = take_in(&registry, supervisor(), Stream::Memory(hub));
    while !outlet.is_blocked() {
        outlet.send(frame::text(&[b'x'; 60_000]));
        tokio::task::yield_now().await;
    }
    while !outlet.is_closed() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // Longer than anyone else may take to answer a close.
    tokio::time::sleep(QUICK.close_timeout * 2).await;
    let mut all = Vec::new();
    client.read_to_end(&mut all).await.unwrap();
    assert!(all.ends_with(&frame::close(CloseCode::TooSlow.number(), "the client stopped reading")));
    drop(client);
    while !registry.is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_session_that_was_not_welcomed_yet_is_not_silent() {
    let (registry, _ends) = registry();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (outlet, _socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default(), &Arc::default());
    let registration = registry.register(agent(), outlet.clone());
    for lap in 0..100 {
        look_at(
            registration.session(),
            Counted::default().plus(Duration::from_secs(lap)),
            Instant::now(),
            &QUICK,
            &Beat,
        );
    }
    assert!(!outlet.is_closed());
    assert_eq!(outlet.stats().written_bytes + outlet.stats().queued_bytes as u64, 0, "the first frame is the welcome");
    drop(client);
}

/// A session without a task: a test looks at it lap by lap, and reads what its client says.
struct Held {
    client: TcpStream,
    hub: Messages,
    registration: Registration,
}

impl Held {
    async fn by(registry: &Registry) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (outlet, socket) = Outlet::split(listener.accept().await.unwrap().0, Limits::default(), &Arc::default());
        let registration = registry.register(agent(), outlet);
        registration.session().welcome(frame::text(b"welcome"));
        Self { client, hub: websocket(socket, Vec::new(), Reading::Requests, 1024), registration }
    }

    /// A pong comes.
    async fn shows_life(&mut self) {
        self.client.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.unwrap();
        assert!(matches!(self.hub.next().await.unwrap().unwrap(), Message::Pong(_)));
    }

    fn is_gone(&self) -> bool {
        self.registration.session().outlet().is_dead()
    }
}

fn look_at_all(registry: &Registry, counted: Duration, settings: &Settings) {
    for session in registry.bite(0) {
        look_at(&session, Counted::default().plus(counted), Instant::now(), settings, &Beat);
    }
}

#[tokio::test]
async fn a_new_session_replaces_one_that_is_silent_and_none_that_lives() {
    let settings = Settings { ping_timeout: Duration::from_secs(60), ..USUAL };
    let (registry, mut ends) = registry();
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(Held::by(&registry).await);
    }
    let one_more = |most| make_room(&registry, "ana", most, settings.ping_interval);
    assert!(one_more(5), "there is room");
    look_at_all(&registry, Duration::ZERO, &settings);
    assert!(!one_more(4), "all have just come, and nobody was asked");
    // Within an interval and a lap, all were asked.
    for second in 1..=4 {
        look_at_all(&registry, Duration::from_secs(second), &settings);
    }
    held[0].shows_life().await;
    held[1].shows_life().await;
    assert!(one_more(4), "the third was asked and never answered");
    assert_eq!(held.iter().map(Held::is_gone).collect::<Vec<_>>(), [false, false, true, false]);
    assert!(one_more(4), "whoever is dead does not count");
    held[3].shows_life().await;
    look_at_all(&registry, Duration::from_secs(6), &settings);
    held[1].shows_life().await;
    assert!(!one_more(3), "a pong may be that late");
    look_at_all(&registry, Duration::from_secs(9), &settings);
    held[3].shows_life().await;
    assert!(one_more(3), "the first has been silent for longer than an interval");
    assert_eq!(held.iter().map(Held::is_gone).collect::<Vec<_>>(), [true, false, true, false]);
    drop(held.swap_remove(0));
    assert_eq!(how_it_ended(&mut ends).await, SubEventName::NetworkLost);
}

#[tokio::test]
async fn a_page_that_answers_heartbeats_gets_them_through_all_else_and_is_lost_once_it_stops() {
    let settings = Settings { ping_timeout: Duration::from_secs(600), ..USUAL };
    let (registry, mut ends) = registry();
    let (page, silent) = (Held::by(&registry).await, Held::by(&registry).await);
    let session = page.registration.session();
    session.promises_answers();
    let written = |held: &Held| held.registration.session().outlet().stats().written_bytes;
    let beat = frame::text(b"beat").len() as u64;
    let mut counted = Duration::ZERO;
    let mut beats = 0;
    // Something else is sent all the time, and no ping is asked for in between.
    let settings = Settings { ping_interval: Duration::from_secs(3_600), ..settings };
    let lap = |counted: Duration| {
        session.outlet().send(frame::text(b"other"));
        let before = written(&page);
        look_at(session, Counted::default().plus(counted), Instant::now(), &settings, &Beat);
        (written(&page) - before) / beat
    };
    lap(counted);
    while counted < settings.heartbeat * 4 {
        counted += LAP;
        beats += lap(counted);
        session.answers();
    }
    assert_eq!(beats, 4);
    // From the first heartbeat that stays unanswered.
    while lap(counted) == 0 {
        counted += LAP;
    }
    let asleep = counted + settings.page_timeout;
    while counted < asleep {
        assert!(!session.outlet().is_closed(), "at {counted:?}");
        counted += LAP;
        lap(counted);
    }
    assert!(session.outlet().is_closed());
    for _ in 0..1_000 {
        counted += LAP;
        look_at(silent.registration.session(), Counted::default().plus(counted), Instant::now(), &settings, &Beat);
    }
    assert!(!silent.registration.session().outlet().is_closed(), "who announces nothing is judged by pongs");
    drop(page);
    assert_eq!(how_it_ended(&mut ends).await, SubEventName::PageAsleep);
}

#[tokio::test]
async fn no_page_is_asleep_where_that_is_switched_off() {
    let settings = Settings { page_timeout: Duration::ZERO, ping_timeout: Duration::from_secs(86_400), ..USUAL };
    let (registry, _ends) = registry();
    let page = Held::by(&registry).await;
    page.registration.session().promises_answers();
    for lap in 0..1_000 {
        look_at_all(&registry, LAP * lap, &settings);
    }
    assert!(!page.registration.session().outlet().is_closed());
}

fn agent() -> Who {
    let agent = AgentId::new("ana").unwrap();
    Who { subject: "ana".into(), agent: Some(agent), roles: [Role::Agent].into_iter().collect(), network: None }
}

fn supervisor() -> Who {
    Who { subject: "sue".into(), agent: None, roles: [Role::Supervisor].into_iter().collect(), network: None }
}

#[tokio::test]
async fn a_board_is_not_too_slow_because_the_hub_stood_still() {
    let (registry, _ends) = registry();
    let (_client, outlet) = connected_to(&registry, supervisor()).await;
    while !outlet.is_blocked() {
        outlet.send(frame::text(&[b'x'; 60_000]));
        tokio::task::yield_now().await;
    }
    let looks = |laps, after| {
        for session in registry.bite(0) {
            let counted = Counted::default().plus(QUICK.stall_limit / 4 * laps);
            look_at(&session, counted, Instant::now() + after, &QUICK, &Beat);
        }
    };
    looks(1, Duration::ZERO);
    let standstill = Duration::from_secs(3_600);
    looks(2, standstill);
    assert!(!outlet.was_too_slow());
    looks(5, standstill);
    assert!(outlet.was_too_slow());
}

/// Says how it is.
struct Tells(Shown);

impl Heartbeats for Tells {
    fn shown(&self) -> Shown {
        self.0
    }

    fn heartbeat(&self, _: SessionId, shown: Shown) -> Bytes {
        frame::text(format!("{shown:?}").as_bytes())
    }
}

#[tokio::test]
async fn all_are_told_in_the_next_lap_that_what_they_see_is_stale_and_that_it_is_not_and_nobodys_turn_moves() {
    let (registry, _ends) = registry();
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(connected_to(&registry, supervisor()).await);
    }
    let settings = Settings { ping_interval: Duration::from_secs(20), ..USUAL };
    let mut lap = 0;
    let mut laps = |tells: &Tells| {
        let before: Vec<_> = connections.iter().map(|(_, outlet)| outlet.stats().written_bytes).collect();
        for session in registry.bite(0) {
            look_at(&session, Counted::default().plus(LAP * lap), Instant::now(), &settings, tells);
        }
        lap += 1;
        let after = connections.iter().map(|(_, outlet)| outlet.stats().written_bytes);
        after.zip(before).filter(|(after, before)| after > before).count()
    };
    // Each is asked for a sign of life in one of these.
    for _ in 0..=connections.len() {
        laps(&Tells(Shown::Current));
    }
    assert_eq!(laps(&Tells(Shown::Current)), 0, "nothing is new");
    assert_eq!(laps(&Tells(Shown::Stale)), 3);
    assert_eq!(laps(&Tells(Shown::Stale)), 0, "they know");
    assert_eq!(laps(&Tells(Shown::Current)), 3);
    assert_eq!(laps(&Tells(Shown::Current)), 0);
}
