//! How long after an agent's socket drops a supervisor hears of it.
//!
//! A release hub in a process of its own, 1,000 connected agents and 50 watchers of all of them over
//! real sockets on loopback. 500 drops (resets, as a lost laptop or a killed browser makes them) are
//! spread at random over some twenty seconds; each agent returns once everyone has seen it go. In
//! the same run, on the same disk, single commits of a row as large as the hub's own entries are
//! timed: what is shown must be kept first, so one commit is the least that a drop can take.
//!
//! `cargo bench --bench drop`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement ends where it stands, and prints")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]

use std::collections::HashMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const AGENTS: usize = 1_000;
const WATCHERS: usize = 50;
const DROPS: usize = 500;
/// Time from one drop to the next, on average.
const GAP: Duration = Duration::from_millis(40);
/// What a drop may take beyond one commit.
const BEYOND_A_COMMIT: Duration = Duration::from_millis(20);
/// The whole run takes some thirty seconds; after this it has failed.
const BOUND: Duration = Duration::from_secs(180);
const SECRET: &str = "a secret of the benches, long enough for HS256 to be believed";

fn main() {
    // `cargo test --all-targets` runs this too; only `cargo bench` is to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(BOUND, run()).await.expect("the run took too long") });
}

async fn run() {
    raise_file_limit();
    let folder = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let hub = Hub::start(folder.path());
    let floor = Arc::new(Floor::default());
    let mut agents = HashMap::new();
    for number in 0..AGENTS {
        let agent = format!("a{number}");
        agents.insert(number, Agent::signs_in(&hub, &agent).await);
    }
    for number in 0..WATCHERS {
        watch(&hub, number, floor.clone()).await;
    }
    let entry = entry_size(&hub.database());
    let commits = Commits::begin(folder.path(), entry);

    let mut random = Random(0x5eed);
    for _ in 0..DROPS {
        // Even over 0 to twice the gap: sometimes into the quiet, sometimes upon the heels of another change.
        tokio::time::sleep(GAP.mul_f64(2.0 * random.fraction())).await;
        let number = (random.next() as usize) % AGENTS;
        let agent = agents.remove(&number).unwrap();
        let name = agent.name.clone();
        let seen = floor.expects(&name);
        agent.drops(&floor).await;
        seen.notified().await;
        agents.insert(number, Agent::signs_in(&hub, &name).await);
    }
    let commits = commits.end();
    let drops = std::mem::take(&mut *floor.took.lock());
    report(drops, commits, entry);
}

fn report(drops: Vec<Duration>, commits: Vec<Duration>, entry: usize) {
    let drops = Spread::of(drops);
    let commits = Spread::of(commits);
    println!("{AGENTS} agents, {WATCHERS} watchers, {DROPS} drops: {} frames timed", drops.count);
    println!("drop to a supervisor's frame  {drops}");
    println!("one commit of {entry} bytes     {commits}");
    let beyond = drops.p99.saturating_sub(commits.p50);
    let verdict = if beyond <= BEYOND_A_COMMIT { "within" } else { "NOT within" };
    println!("p99 is {:.2} ms beyond a median commit: {verdict} {} ms", millis(beyond), BEYOND_A_COMMIT.as_millis());
}

/// What watchers have seen, and when.
#[derive(Default)]
struct Floor {
    under_way: Mutex<HashMap<String, Drop>>,
    took: Mutex<Vec<Duration>>,
}

struct Drop {
    at: Option<Instant>,
    seen: usize,
    everyone: Arc<Notify>,
}

impl Floor {
    fn expects(&self, agent: &str) -> Arc<Notify> {
        let everyone = Arc::new(Notify::new());
        let drop = Drop { at: None, seen: 0, everyone: everyone.clone() };
        self.under_way.lock().insert(agent.to_owned(), drop);
        everyone
    }

    fn dropped(&self, agent: &str, at: Instant) {
        self.under_way.lock().get_mut(agent).unwrap().at = Some(at);
    }

    /// A watcher was told that the agent is offline.
    fn sees(&self, agent: &str, now: Instant) {
        let mut under_way = self.under_way.lock();
        let Some(drop) = under_way.get_mut(agent) else { return };
        let Some(at) = drop.at else { return };
        self.took.lock().push(now - at);
        drop.seen += 1;
        if drop.seen == WATCHERS {
            drop.everyone.notify_one();
            under_way.remove(agent);
        }
    }
}

/// A connected agent: reads, and so answers pings, until it is to drop.
struct Agent {
    name: String,
    leave: oneshot::Sender<()>,
    left: tokio::task::JoinHandle<Instant>,
}

impl Agent {
    async fn signs_in(hub: &Hub, name: &str) -> Self {
        let mut stream = connect(hub, name, "agent").await;
        let (leave, mut told) = oneshot::channel();
        let left = tokio::spawn(async move {
            loop {
                tokio::select! {
                    frame = stream.next() => { frame.expect("the hub closed an agent's socket").unwrap(); }
                    _ = &mut told => break,
                }
            }
            let stream = stream.into_inner().into_std().unwrap();
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
            let at = Instant::now();
            drop(stream);
            at
        });
        Self { name: name.to_owned(), leave, left }
    }

    async fn drops(self, floor: &Floor) {
        self.leave.send(()).unwrap();
        floor.dropped(&self.name, self.left.await.unwrap());
    }
}

async fn watch(hub: &Hub, number: usize, floor: Arc<Floor>) {
    let mut stream = connect(hub, &format!("s{number}"), "supervisor").await;
    stream.send(Message::text(json!({ "type": "watch", "id": 1, "filter": {} }).to_string())).await.unwrap();
    loop {
        let frame = read(&mut stream).await;
        if frame["type"] == "snapshot" && frame["part"] == frame["parts"] {
            break;
        }
    }
    tokio::spawn(async move {
        loop {
            let frame = read(&mut stream).await;
            let now = Instant::now();
            for agent in frame["agents"].as_array().into_iter().flatten() {
                if agent["presenceId"] == "offline" {
                    floor.sees(agent["agentId"].as_str().unwrap(), now);
                }
            }
        }
    });
}

async fn connect(hub: &Hub, subject: &str, role: &str) -> WebSocketStream<TcpStream> {
    let mut request = format!("ws://{}/ws", hub.address).into_client_request().unwrap();
    let bearer = format!("Bearer {}", token(subject, role));
    request.headers_mut().insert("authorization", bearer.parse().unwrap());
    let stream = TcpStream::connect(&hub.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut stream, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
    let welcome = read(&mut stream).await;
    assert_eq!(welcome["type"], "welcome", "{welcome}");
    stream
}

async fn read(stream: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        match stream.next().await.expect("the hub closed a socket").unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Close(frame) => panic!("closed: {frame:?}"),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}

fn token(subject: &str, role: &str) -> String {
    let claims = json!({ "sub": subject, "roles": [role], "name": subject, "exp": 4_102_444_800_u64, "jti": subject });
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

/// The release hub, until it is dropped.
struct Hub {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Hub {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_presence-hub"))
            .current_dir(folder)
            .env("PRESENCE_HUB__SERVER__LISTEN", "127.0.0.1:0")
            .env("PRESENCE_HUB__AUTH__MODE", "jwt")
            .env("PRESENCE_HUB__AUTH__JWT__HS256_SECRET", SECRET)
            .env("PRESENCE_HUB__LOG__LEVEL", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, address, folder: folder.to_owned() }
    }

    fn database(&self) -> PathBuf {
        self.folder.join("data/hub.db")
    }
}

impl std::ops::Drop for Hub {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// How large the hub's own entries are, on average.
fn entry_size(database: &Path) -> usize {
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.query_row("SELECT avg(length(entry)) FROM log", [], |row| row.get::<_, f64>(0)).unwrap() as usize
}

/// Commits one row at a time on the hub's disk, in a thread of its own, as long as the run takes.
struct Commits {
    over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Vec<Duration>>,
}

impl Commits {
    fn begin(folder: &Path, size: usize) -> Self {
        let connection = rusqlite::Connection::open(folder.join("raw.db")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE log (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL);",
            )
            .unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let stop = over.clone();
        let entry = "x".repeat(size);
        let thread = std::thread::spawn(move || {
            let mut took = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(GAP);
                let began = Instant::now();
                connection.execute("INSERT INTO log (entry) VALUES (?)", [&entry]).unwrap();
                took.push(began.elapsed());
            }
            took
        });
        Self { over, thread }
    }

    fn end(self) -> Vec<Duration> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

struct Spread {
    count: usize,
    p50: Duration,
    p90: Duration,
    p99: Duration,
    max: Duration,
}

impl Spread {
    fn of(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        let at = |share: f64| took[((took.len() as f64 * share) as usize).min(took.len() - 1)];
        Self { count: took.len(), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [p50, p90, p99, max] = [self.p50, self.p90, self.p99, self.max].map(millis);
        write!(f, "p50 {p50:.2} ms  p90 {p90:.2} ms  p99 {p99:.2} ms  max {max:.2} ms")
    }
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

/// SplitMix64: the same drops in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}
