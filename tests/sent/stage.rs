//! A hub in memory whose time passes only when nobody has anything to do, and its clients.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::stream::SplitSink;
use futures::{SinkExt, StreamExt};
use presence_hub::clock::Clock;
use presence_hub::config::{self, Config};
use presence_hub::domain::time::Timestamp;
use presence_hub::edge::{self, accept::Reception};
use presence_hub::engine::memory::{self as engine, Disk};
use presence_hub::engine::{Engine, Opened};
use presence_hub::identity::{Claims, Identity, Role};
use presence_hub::server::hub::Hub;
use presence_hub::sessions::stream::{Stream, memory};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Noon of 2026-11-22.
const NOON: Timestamp = Timestamp(1_795_348_800_000);
const ADDRESS: &str = "127.0.0.1:7350";
const SETTINGS: &str = r#"
[auth]
mode = "jwt"
[auth.jwt]
hs256_secret = "a secret of this test, which is long enough"
"#;
/// How long a commit takes.
const COMMIT: Duration = Duration::from_millis(2);
/// More than anything here sends at once.
const CAPACITY: usize = 1 << 20;
/// More frames than the story has.
const FRAMES: usize = 1_000;
/// Longer than any frame of the story takes.
const PATIENCE: Duration = Duration::from_secs(300);

pub const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

pub const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// A hub and the way to it.
pub struct Stage {
    hub: Hub,
    identity: Identity,
    reception: Arc<Reception>,
    _stop: watch::Sender<()>,
}

impl Stage {
    pub async fn begins() -> Self {
        let (config, _): (Config, _) = config::read("this test", SETTINGS, []).unwrap();
        let identity = Identity::open(&config.auth, std::path::Path::new("")).unwrap();
        let disk = Disk::default();
        let clock = Clock::simulated(NOON, engine::alive(&disk));
        let Opened { engine, loaded, tail, .. } = engine::open(&disk, clock.clone(), COMMIT);
        let opened: Opened<Arc<dyn Engine>> = Opened { engine: Arc::new(engine), loaded, tail, peers: None };
        let hub = Hub::begin(&config, clock, opened, identity.clone(), (ADDRESS.parse().unwrap(), None)).await.unwrap();
        let (stop, stopped) = watch::channel(());
        let reception = Arc::new(Reception::new(hub.door().clone(), stopped));
        Self { hub, identity, reception, _stop: stop }
    }

    pub fn token(&self, subject: &str, role: Role, lasts: Duration) -> String {
        let ends = self.hub.door().agents.clock().now().plus(lasts);
        self.identity.issue(&Claims::new(subject, [role], ends)).unwrap()
    }

    /// An administrator writes a record.
    pub async fn writes(&self, method: &str, path: &str, record: Value) {
        let (token, body) = (self.token("alex", Role::Admin, days(1)), record.to_string());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {ADDRESS}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = self.connects();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    }

    /// A socket, once its client is welcome.
    pub async fn opens(&self, subject: &str, role: Role, lasts: Duration) -> Client {
        let mut request = format!("ws://{ADDRESS}/ws").into_client_request().unwrap();
        let bearer = format!("Bearer {}", self.token(subject, role, lasts));
        request.headers_mut().insert("authorization", bearer.parse().unwrap());
        let (socket, _) = tokio_tungstenite::client_async(request, self.connects()).await.unwrap();
        let (says, mut socket) = socket.split();
        let (tell, hears) = mpsc::channel(FRAMES);
        // Reads all the time, so that pings are answered.
        tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Text(text) = message {
                    tell.send(text.to_string()).await.unwrap();
                }
            }
        });
        let mut client = Client { says, hears, heard: Vec::new(), requests: 0 };
        client.hears("welcome").await;
        client
    }

    /// A planned stop.
    pub async fn stops(&self) {
        let door = self.hub.door();
        door.closing.store(true, Ordering::Relaxed);
        edge::say_goodbye(door, 500..4_000).await;
    }

    fn connects(&self) -> Stream {
        let (ours, theirs) = memory::connection(CAPACITY);
        self.reception.receive(Stream::Memory(theirs));
        Stream::Memory(ours)
    }
}

/// Who speaks over a socket, and hears.
pub struct Client {
    says: SplitSink<WebSocketStream<Stream>, Message>,
    hears: mpsc::Receiver<String>,
    heard: Vec<String>,
    requests: u64,
}

impl Client {
    pub async fn says(&mut self, frame: Value) {
        self.says.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Says a request, and hears its result.
    pub async fn does(&mut self, mut request: Value) {
        self.requests += 1;
        request["id"] = json!(self.requests);
        self.says(request).await;
        self.hears("result").await;
    }

    /// Hears a frame of this type, and whatever comes before it.
    pub async fn hears(&mut self, kind: &str) {
        loop {
            let heard = tokio::time::timeout(PATIENCE, self.hears.recv()).await;
            let frame = heard.unwrap_or_default().unwrap_or_else(|| panic!("no {kind} after {:#?}", self.heard));
            let is_it = serde_json::from_str::<Value>(&frame).unwrap()["type"] == kind;
            self.heard.push(frame);
            if is_it {
                return;
            }
        }
    }

    /// The newest frame of this type that was heard.
    pub fn last(&self, kind: &str) -> Value {
        let mut frames = self.heard.iter().rev().map(|frame| serde_json::from_str::<Value>(frame).unwrap());
        frames.find(|frame| frame["type"] == kind).unwrap()
    }

    /// Hears until the socket has ended.
    pub async fn hears_all_the_rest(&mut self) {
        while let Some(frame) = self.hears.recv().await {
            self.heard.push(frame);
        }
    }

    /// Every frame, as it was sent.
    pub fn heard(&self) -> impl Iterator<Item = &str> {
        self.heard.iter().map(String::as_str)
    }
}
