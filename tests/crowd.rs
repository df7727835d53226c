//! A whole hub on one thread, beside callers that send all they may: what it holds for each of them,
//! and whom it serves meanwhile.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::{FutureExt, SinkExt, StreamExt};
use presence_hub::clock::Clock;
use presence_hub::config::{Config, LimitSettings};
use presence_hub::domain::time::Timestamp;
use presence_hub::edge::accept::Reception;
use presence_hub::engine::faulty::{Faulty, Mood};
use presence_hub::engine::memory::{self, Disk, Memory};
use presence_hub::engine::{Engine, Opened};
use presence_hub::identity::{AuthMode, Identity};
use presence_hub::server::hub::Hub;
use presence_hub::sessions::Stream;
use presence_hub::sessions::stream::memory::{End, connection};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const SECRET: &str = "a secret of the tests, long enough for HS256 to be believed";
/// Two addresses.
const HOME: &str = "198.51.100.4";
const OFFICE: &str = "203.0.113.7";
const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// What a pipe holds: all that a test writes before the hub reads.
const PIPE_BYTES: usize = 16 * 1024 * 1024;
/// Events of batches that may be on their way to the engine.
const PLACES: usize = presence_hub::edge::BESIDE_PEOPLE;

struct World {
    reception: Reception,
    engine: Arc<Faulty<Memory>>,
    _hub: Hub,
    _stop: watch::Sender<()>,
    _folder: tempfile::TempDir,
}

impl World {
    async fn begin() -> Self {
        Self::begin_with(LimitSettings::default()).await
    }

    /// One whose clients come through a proxy that says for whom it asks.
    async fn begin_with(limits: LimitSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::starting_at(NOW);
        let opened = memory::open(&Disk::default(), clock.clone(), Duration::from_millis(1));
        let engine = Arc::new(Faulty::new(opened.engine));
        let mut config = Config::default();
        config.auth.mode = AuthMode::Jwt;
        config.auth.jwt.hs256_secret = Some(SECRET.to_owned().into());
        config.server.test_clock = true;
        config.server.trusted_proxies = vec!["127.0.0.1".parse::<IpAddr>().unwrap().into()];
        config.limits = limits;
        let identity = Identity::open(&config.auth, folder.path()).unwrap();
        let opened: Opened<Arc<dyn Engine>> =
            Opened { engine: engine.clone(), loaded: opened.loaded, tail: opened.tail, peers: None };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 7350));
        let hub = Hub::begin(&config, clock, opened, identity, (address, None)).await.unwrap();
        let (stop, stopped) = watch::channel(());
        let reception = Reception::new(hub.door().clone(), stopped);
        Self { reception, engine, _hub: hub, _stop: stop, _folder: folder }
    }

    async fn socket(&self, subject: &str, role: &str) -> Socket {
        self.welcomed(HOME, &token(subject, role)).await
    }

    /// A socket from this address with this token.
    async fn comes(&self, from: &str, token: &str) -> Socket {
        let (client, server) = connection(PIPE_BYTES);
        self.reception.receive(Stream::Memory(server));
        let mut request = "ws://127.0.0.1:7350/ws".into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request.headers_mut().insert("x-forwarded-for", from.parse().unwrap());
        Socket(tokio_tungstenite::client_async(request, client).await.unwrap().0)
    }

    async fn welcomed(&self, from: &str, token: &str) -> Socket {
        let mut socket = self.comes(from, token).await;
        socket.find(|frame| frame["type"] == "welcome").await;
        socket
    }

    /// What a socket from there is told that is not welcomed: the error's code, and that of the close.
    async fn refused(&self, from: &str, token: &str) -> (String, u16) {
        let mut socket = self.comes(from, token).await;
        let error = socket.find(|frame| frame["type"] != "heartbeat").await;
        let code = error["error"]["code"].as_str().unwrap_or_else(|| panic!("{error}")).to_owned();
        (code, socket.closed().await)
    }
}

fn token(subject: &str, role: &str) -> String {
    signed(SECRET, subject, role, 3_600)
}

fn signed(secret: &str, subject: &str, role: &str, lasts: i64) -> String {
    let claims = json!({ "sub": subject, "roles": [role], "name": subject, "exp": NOW.0 / 1_000 + lasts });
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

struct Socket(WebSocketStream<End>);

impl Socket {
    /// Writes without letting the hub do anything.
    fn sends(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).now_or_never().unwrap().unwrap();
    }

    async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.0.next().await.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }

    async fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let Message::Text(text) = self.0.next().await.unwrap().unwrap() else { continue };
            let frame = serde_json::from_str(&text).unwrap();
            if wanted(&frame) {
                return frame;
            }
        }
    }
}

/// Returns once nothing more happens by itself: the paused clock moves only then.
async fn all_is_quiet() {
    tokio::time::sleep(Duration::from_micros(10)).await;
}

fn assigned(agent: &str, item: usize) -> Value {
    let data = json!({ "agentId": agent, "workItemId": format!("w{item}"), "subEvent": "ASSIGNMENT_ACCEPT" });
    json!({ "specversion": "1.0", "id": format!("{agent}-{item}"), "source": "/tests", "type": "workitem.assigned", "data": data })
}

#[tokio::test(start_paused = true)]
async fn a_click_goes_to_the_engine_at_once_however_much_work_systems_have_sent() {
    let world = World::begin().await;
    let mut people = Vec::new();
    for number in 0..161 {
        people.push(world.socket(&format!("a{number}"), "agent").await);
    }
    let mut systems = Vec::new();
    for number in 0..4 {
        systems.push(world.socket(&format!("acd{number}"), "integration").await);
    }
    world.engine.becomes(Mood::Stalled);
    for (number, system) in systems.iter_mut().enumerate() {
        for batch in 0..2 {
            let agent = |event: usize| format!("a{}", 40 * number + event % 40);
            let events: Vec<Value> = (0..400).map(|event| assigned(&agent(event), 400 * batch + event)).collect();
            system.sends(&json!({ "type": "events", "id": batch, "events": events }));
        }
    }
    all_is_quiet().await;
    assert_eq!(world.engine.held(), PLACES);
    // Of an agent that no event is about, then of one whose events wait.
    for (clicks, who) in [(1, 160), (2, 159)] {
        people[who].sends(&json!({ "type": "setPresence", "id": "click", "presenceId": "away" }));
        all_is_quiet().await;
        assert_eq!(world.engine.held(), PLACES + clicks);
    }
    world.engine.becomes(Mood::Calm);
    for system in &mut systems {
        for batch in 0..2 {
            let answer = system.find(|frame| frame["id"] == batch).await;
            let results = answer["result"]["results"].as_array().unwrap();
            assert_eq!(results.len(), 400, "{answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_full_of_frames_lets_others_be_served() {
    const FRAMES: u32 = 4_000;
    let world = World::begin().await;
    let mut acd = world.socket("acd", "integration").await;
    for id in 0..FRAMES {
        acd.sends(&json!({ "type": "events", "id": id, "events": [] }));
    }
    let turns = Arc::new(AtomicU32::new(0));
    tokio::spawn({
        let turns = turns.clone();
        async move {
            loop {
                turns.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    acd.find(|frame| frame["id"] == FRAMES - 1).await;
    let turns = turns.load(Ordering::Relaxed);
    assert!(turns >= FRAMES / 16, "others had {turns} turns");
}

fn said(code: &str, close: u16) -> (String, u16) {
    (code.to_owned(), close)
}

#[tokio::test(start_paused = true)]
async fn who_shows_many_bad_tokens_is_not_looked_into_and_keeps_out_nobody_who_was_in_or_is_elsewhere() {
    let world = World::begin_with(LimitSettings { bad_tokens_per_address: 1, ..LimitSettings::default() }).await;
    let (ada, ben) = (token("ada", "agent"), token("ben", "agent"));
    drop(world.welcomed(OFFICE, &ada).await);
    let forged =
        |number: u32| signed("somebody else's secret, which is long enough", &format!("f{number}"), "admin", 60);
    // That a token has expired is found out without its signature.
    for number in 0..20 {
        let expired = signed(SECRET, &format!("e{number}"), "agent", -3_600);
        assert_eq!(world.refused(OFFICE, &expired).await, said("unauthenticated", 4401));
    }
    for number in 0..5 {
        assert_eq!(world.refused(OFFICE, &forged(number)).await, said("unauthenticated", 4401));
    }
    assert_eq!(world.refused(OFFICE, &forged(5)).await, said("rate_limited", 1013));
    assert_eq!(world.refused(OFFICE, &ben).await, said("rate_limited", 1013));
    drop(world.welcomed(OFFICE, &ada).await);
    drop(world.welcomed(HOME, &ben).await);
    tokio::time::advance(Duration::from_secs(1)).await;
    drop(world.welcomed(OFFICE, &token("cem", "agent")).await);
    // One that is believed takes nothing off.
    drop(world.welcomed(OFFICE, &token("dea", "agent")).await);
    assert_eq!(world.refused(OFFICE, &forged(6)).await, said("unauthenticated", 4401));
    assert_eq!(world.refused(OFFICE, &forged(7)).await, said("rate_limited", 1013));
}

#[tokio::test(start_paused = true)]
async fn an_address_has_so_many_sockets_and_others_have_theirs() {
    let world = World::begin_with(LimitSettings { sockets_per_address: 2, ..LimitSettings::default() }).await;
    let first = world.welcomed(OFFICE, &token("ada", "agent")).await;
    let _second = world.welcomed(OFFICE, &token("sue", "supervisor")).await;
    assert_eq!(world.refused(OFFICE, &token("ben", "agent")).await, said("rate_limited", 1013));
    let _elsewhere = world.welcomed(HOME, &token("ben", "agent")).await;
    drop(first);
    all_is_quiet().await;
    world.welcomed(OFFICE, &token("cem", "agent")).await;
}

#[tokio::test(start_paused = true)]
async fn so_many_agents_whom_nobody_provisioned_come_in_a_minute_and_so_many_there_are_in_all() {
    let limits = LimitSettings { new_agents_per_minute: 2, agents: 4, ..LimitSettings::default() };
    let world = World::begin_with(limits).await;
    let comes = async |agent: &str| world.welcomed(OFFICE, &token(agent, "agent")).await;
    drop((comes("ada").await, comes("ben").await));
    assert_eq!(world.refused(OFFICE, &token("cem", "agent")).await, said("rate_limited", 1013));
    // Who is known is not new.
    drop(comes("ada").await);
    tokio::time::advance(Duration::from_secs(1)).await;
    drop(comes("cem").await);
    tokio::time::advance(Duration::from_secs(60)).await;
    // Two at once, and room for one.
    let (dea, eva) = (token("dea", "agent"), token("eva", "agent"));
    let mut both = [world.comes(OFFICE, &dea).await, world.comes(OFFICE, &eva).await];
    let [first, second] = &mut both;
    let (first, second) = tokio::join!(first.find(|_| true), second.find(|_| true));
    let told = |frame: &Value| frame["error"]["code"].as_str().unwrap_or("welcome").to_owned();
    let mut told = [told(&first), told(&second)];
    told.sort();
    assert_eq!(told, ["limit_reached", "welcome"]);
    drop(comes("ada").await);
}
