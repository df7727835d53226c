//! How long questions about the past take while changes come, and what they cost those changes.
//!
//! A release hub in a process of its own over a past that `presence-hub simulate --history` wrote, or over a
//! folder that holds one already. Four questions (an agent's month, the floor as of an instant, a month by day of 50
//! agents and of a fifth of all) are asked one at a time, first while nothing else happens, then while 1,000 changes a
//! second are reported; the same changes, and as many as the hub takes in, are reported without the questions too.
//!
//! `cargo bench --bench history`; `FOLDER=/path/to/data` names a folder, which the hub changes, and `PROGRAM=/path/to/it`
//! another build of the hub.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement ends where it stands, and prints")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]

mod client;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use client::{Http, Hub, bearer, program};

/// What is written if no folder is named.
const PAST: [&str; 5] = ["simulate", "--history", "90d", "--agents", "1000"];
/// Each question, so often in each half.
const ASKED: usize = 60;
/// Changes a second, in batches.
const CHANGES: usize = 1_000;
const BATCH: usize = 50;
/// How long changes are reported without questions.
const ALONE: Duration = Duration::from_secs(15);
/// Connections that report as much as the hub takes in, and for how long.
const FAST: usize = 16;
const FAST_FOR: Duration = Duration::from_secs(10);
const AGENTS: usize = 1_000;
/// Agents of whom a month is asked for.
const GROUP: usize = 50;
const DAY: i64 = 24 * 3_600_000;

fn main() {
    // `cargo test --all-targets` runs this too; only `cargo bench` is to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let made = tempfile::TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = std::env::var_os("FOLDER").map_or_else(|| made.path().join("data"), PathBuf::from);
    if !folder.join("hub.db").exists() {
        assert!(program(&folder).args(PAST).status().unwrap().success());
    }
    let began = Instant::now();
    let hub = Hub::start(&folder);
    println!("the hub started in {:.2} s", began.elapsed().as_secs_f64());
    let past = Past::of(&folder);
    let board = Board::watch(&hub);

    let quiet = Questions::ask(&hub, &past, ASKED);
    let alone = Changes::report(&hub, &board, |_| std::thread::sleep(ALONE));
    let mut busy = Questions::default();
    let beside = Changes::report(&hub, &board, |_| busy = Questions::ask(&hub, &past, ASKED));
    println!("{:<44}{:>22}{:>22}", "p50 / p95, ms", "nothing else happens", "1,000 changes/s");
    for (question, name) in Question::ALL.into_iter().zip(Question::NAMES) {
        println!("{name:<44}{:>22}{:>22}", quiet.of(question), busy.of(question));
    }
    println!("{:<44}{:>22}{:>22}", "p50 / p99, ms", "without questions", "with");
    println!("{:<44}{:>22}{:>22}", "a batch of 50 is answered", alone.answered(), beside.answered());
    println!("{:<44}{:>22}{:>22}", "from the report to a board", alone.shown(), beside.shown());

    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        without.push(as_fast_as_possible(&hub, || std::thread::sleep(FAST_FOR)));
        with.push(as_fast_as_possible(&hub, || {
            let began = Instant::now();
            while began.elapsed() < FAST_FOR {
                Questions::ask(&hub, &past, 1);
            }
        }));
    }
    println!("{:<44}{:>22}{:>22}", "changes a second that are taken in", rates(&without), rates(&with));
}

fn rates(rates: &[f64]) -> String {
    rates.iter().map(|rate| format!("{rate:.0}")).collect::<Vec<_>>().join(" and ")
}

/// What there is to ask about.
struct Past {
    /// The last midnight of it, in milliseconds.
    end: i64,
    agents: Vec<String>,
    teams: Vec<String>,
}

impl Past {
    fn of(folder: &Path) -> Self {
        let database = rusqlite::Connection::open(folder.join("hub.db")).unwrap();
        let all = |select: &str| {
            let mut select = database.prepare(select).unwrap();
            let rows = select.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<Result<Vec<String>, _>>().unwrap()
        };
        let agents = all("SELECT agent_id FROM history_agents WHERE agent_id LIKE 'floor-%' ORDER BY agent_id");
        let teams = all("SELECT DISTINCT each.value FROM history_records, json_each(teams) AS each ORDER BY 1");
        let newest = "SELECT max(start) FROM history";
        let newest: i64 = database.query_row(newest, [], |row| row.get(0)).unwrap();
        Self { end: newest - newest.rem_euclid(DAY), agents, teams }
    }
}

#[derive(Clone, Copy)]
enum Question {
    Month,
    Floor,
    Group,
    Team,
}

impl Question {
    const ALL: [Self; 4] = [Self::Month, Self::Floor, Self::Group, Self::Team];
    const NAMES: [&str; 4] = [
        "an agent's month, by presence, 1,000 a page",
        "the floor as of an instant, all",
        "a month by day, of 50 agents",
        "a month by day, of a fifth of all",
    ];

    fn path(self, past: &Past, random: &mut Random) -> String {
        let ago = i64::try_from(random.below(50)).unwrap() * DAY;
        let (from, to) = (instant(past.end - ago - 30 * DAY), instant(past.end - ago));
        match self {
            Self::Month => {
                let agent = &past.agents[random.below(past.agents.len())];
                format!("agents/{agent}/history?from={from}&to={to}&limit=1000&merge=presence")
            }
            Self::Floor => {
                let at = past.end - ago - i64::try_from(random.below(DAY as usize)).unwrap();
                format!("presence?at={}&limit=1000", instant(at))
            }
            Self::Group => {
                let first = random.below(past.agents.len() - GROUP);
                let ids: String =
                    past.agents[first..first + GROUP].iter().map(|id| format!("&agentIds={id}")).collect();
                format!("reports/time-in-status?from={from}&to={to}&by=day&tz=Europe/Berlin{ids}")
            }
            // The floor that is written has five teams.
            Self::Team => {
                let team = &past.teams[random.below(past.teams.len())];
                format!("reports/time-in-status?from={from}&to={to}&by=day&tz=Europe/Berlin&teams={team}")
            }
        }
    }
}

/// How long each question took.
#[derive(Default)]
struct Questions([Vec<Duration>; 4]);

impl Questions {
    fn ask(hub: &Hub, past: &Past, times: usize) -> Self {
        let (mut took, mut http, mut random) = (Self::default(), Http::of(hub), Random(0x5eed));
        for round in 0..times {
            if round % 3 == 2 {
                // Somebody else, whose allowance is full.
                http = Http::of(hub);
            }
            for question in Question::ALL {
                let path = question.path(past, &mut random);
                let began = Instant::now();
                let answer = http.get(&format!("/api/v1/{path}"));
                took.0[question as usize].push(began.elapsed());
                assert!(answer.len() > 1_000, "{path} → {answer}");
            }
        }
        took
    }

    fn of(&self, question: Question) -> String {
        shares(&self.0[question as usize], 0.95)
    }
}

/// Changes that are reported at an even pace, and how long they took.
struct Changes {
    answered: Vec<Duration>,
    shown: Vec<Duration>,
}

impl Changes {
    /// Reports until `meanwhile` has ended.
    fn report(hub: &Hub, board: &Board, meanwhile: impl FnOnce(&Hub)) -> Self {
        let over = AtomicBool::new(false);
        board.took.lock().clear();
        let answered = std::thread::scope(|scope| {
            let reports = scope.spawn(|| {
                let (mut http, mut answered, mut reported) = (Http::of(hub), Vec::new(), 0);
                let began = Instant::now();
                while !over.load(Ordering::Relaxed) {
                    let due = Duration::from_secs_f64(reported as f64 / CHANGES as f64);
                    std::thread::sleep(due.saturating_sub(began.elapsed()));
                    let batch = batch(board, reported);
                    let sent = Instant::now();
                    http.post("/api/v1/events", &batch);
                    answered.push(sent.elapsed());
                    reported += BATCH;
                }
                answered
            });
            meanwhile(hub);
            over.store(true, Ordering::Relaxed);
            reports.join().unwrap()
        });
        Self { answered, shown: std::mem::take(&mut *board.took.lock()) }
    }

    fn answered(&self) -> String {
        shares(&self.answered, 0.99)
    }

    fn shown(&self) -> String {
        shares(&self.shown, 0.99)
    }
}

/// The next batch: every agent in turn is given an item and rid of it again.
fn batch(board: &Board, from: usize) -> String {
    let now = Instant::now();
    let mut waiting = board.waiting.lock();
    let events = (from..from + BATCH).map(|number| {
        let agent = format!("floor-{:04}", number % AGENTS + 1);
        let event = next_event(&agent, number / AGENTS);
        waiting.insert(agent, now);
        event
    });
    json!(events.collect::<Vec<_>>()).to_string()
}

fn next_event(agent: &str, round: usize) -> Value {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let (kind, item) = (["workitem.assigned", "workitem.closed"][round % 2], format!("bench-{agent}"));
    json!({ "specversion": "1.0", "id": id, "source": "/bench", "type": kind,
            "data": { "agentId": agent, "workItemId": item } })
}

/// How many changes a second are kept while `meanwhile` goes on, if each connection reports the next batch at once.
fn as_fast_as_possible(hub: &Hub, meanwhile: impl FnOnce()) -> f64 {
    let (over, kept) = (AtomicBool::new(false), AtomicU64::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for connection in 0..FAST {
            let (over, kept) = (&over, &kept);
            scope.spawn(move || {
                let mut http = Http::of(hub);
                for round in 0.. {
                    if over.load(Ordering::Relaxed) && round % 2 == 0 {
                        return;
                    }
                    let mine = (0..AGENTS).filter(|number| number % FAST == connection);
                    let events: Vec<_> =
                        mine.map(|number| next_event(&format!("floor-{:04}", number + 1), round)).collect();
                    let answer: Value =
                        serde_json::from_str(&http.post("/api/v1/events", &json!(events).to_string())).unwrap();
                    let applied = answer["results"].as_array().unwrap().iter().filter(|it| it["status"] == "applied");
                    kept.fetch_add(applied.count() as u64, Ordering::Relaxed);
                }
            });
        }
        meanwhile();
        over.store(true, Ordering::Relaxed);
    });
    kept.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

/// A board that shows everybody, and when it showed what was reported.
struct Board {
    waiting: Arc<Mutex<HashMap<String, Instant>>>,
    took: Arc<Mutex<Vec<Duration>>>,
}

impl Board {
    fn watch(hub: &Hub) -> Self {
        let (waiting, took) =
            (Arc::new(Mutex::new(HashMap::<String, Instant>::new())), Arc::new(Mutex::new(Vec::new())));
        let board = Self { waiting: waiting.clone(), took: took.clone() };
        let address = hub.address.clone();
        let (ready, is_ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
                request.headers_mut().insert("authorization", bearer().parse().unwrap());
                let stream = tokio::net::TcpStream::connect(&address).await.unwrap();
                let (mut stream, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
                stream
                    .send(Message::text(json!({ "type": "watch", "id": 1, "filter": {} }).to_string()))
                    .await
                    .unwrap();
                while let Some(Ok(message)) = stream.next().await {
                    let Message::Text(text) = message else { continue };
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    let now = Instant::now();
                    if frame["type"] == "snapshot" {
                        if frame["part"] == frame["parts"] {
                            ready.send(()).unwrap();
                        }
                        continue;
                    }
                    for agent in frame["agents"].as_array().into_iter().flatten() {
                        let reported = waiting.lock().remove(agent["agentId"].as_str().unwrap());
                        took.lock().extend(reported.map(|at| now - at));
                    }
                }
            });
        });
        is_ready.recv().unwrap();
        board
    }
}

/// The median, and the share beyond which the slowest lie; in milliseconds.
fn shares(took: &[Duration], share: f64) -> String {
    let mut took: Vec<f64> = took.iter().map(|took| took.as_secs_f64() * 1_000.0).collect();
    took.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() as f64 * share) as usize).min(took.len() - 1)];
    format!("{:.1} / {:.1}", at(0.5), at(share))
}

fn instant(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).unwrap().to_string()
}

/// SplitMix64: the same questions in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most as u64) as usize
    }
}
