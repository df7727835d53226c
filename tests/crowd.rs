//! A whole hub on one thread, beside callers that send all they may: what it holds for each of them,
//! and whom it serves meanwhile.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::{FutureExt, SinkExt, StreamExt};
use presence_hub::clock::Clock;
use presence_hub::config::Config;
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
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::starting_at(NOW);
        let opened = memory::open(&Disk::default(), clock.clone(), Duration::from_millis(1));
        let engine = Arc::new(Faulty::new(opened.engine));
        let mut config = Config::default();
        config.auth.mode = AuthMode::Jwt;
        config.auth.jwt.hs256_secret = Some(SECRET.to_owned().into());
        config.server.test_clock = true;
        let identity = Identity::open(&config.auth, folder.path()).unwrap();
        let opened: Opened<Arc<dyn Engine>> =
            Opened { engine: engine.clone(), loaded: opened.loaded, tail: opened.tail };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 7350));
        let hub = Hub::begin(&config, clock, opened, identity, address).await.unwrap();
        let (stop, stopped) = watch::channel(());
        let reception = Reception::new(hub.door().clone(), stopped);
        Self { reception, engine, _hub: hub, _stop: stop, _folder: folder }
    }

    async fn socket(&self, subject: &str, role: &str) -> Socket {
        let claims = json!({ "sub": subject, "roles": [role], "name": subject, "exp": NOW.0 / 1_000 + 3_600 });
        let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
        let token = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap();
        let (client, server) = connection(PIPE_BYTES);
        self.reception.receive(Stream::Memory(server), None);
        let mut request = "ws://127.0.0.1:7350/ws".into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let (stream, _) = tokio_tungstenite::client_async(request, client).await.unwrap();
        let mut socket = Socket(stream);
        socket.find(|frame| frame["type"] == "welcome").await;
        socket
    }
}

struct Socket(WebSocketStream<End>);

impl Socket {
    /// Writes without letting the hub do anything.
    fn sends(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).now_or_never().unwrap().unwrap();
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
