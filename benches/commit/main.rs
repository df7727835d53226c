//! What keeping costs: the engine beside a bare SQLite commit in the same run and folder.
//!
//! `cargo bench --bench commit`. Measured on the disk of the system's temporary folder (`TMPDIR`). With `-- --nodes` also a
//! cluster's: one node and three, over three NATS servers on this machine, that sync always and once a second. With `-- --ids`
//! nothing but what ids of operations cost: in the order of time and random, when nothing is remembered and when 4,000,000
//! operations are, which were written into the log before the engine was opened.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement ends where it stands, and prints")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]
#![allow(clippy::cast_possible_truncation, reason = "figures for people")]

#[path = "../../tests/entries/mod.rs"]
mod entries;
mod ids;
#[path = "../../tests/nats_server/mod.rs"]
mod nats_server;
mod nodes;

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

use ids::Ids;
use presence_hub::clock::Clock;
use presence_hub::domain::ids::AgentId;
use presence_hub::engine::Opened;
use presence_hub::engine::embedded::{self, Embedded};
use presence_hub::engine::{Append, Engine, Entry, Lane, OperationId, Outcome, Seq, SizeLimit, Subject, Tail, stored};
use rusqlite::Connection;
use tokio::sync::oneshot;

const AGENTS: usize = 1_000;
const LONE: usize = 2_000;
const CROWD: usize = 100_000;
/// Operations that are remembered.
const REMEMBERED: u64 = 4_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    if std::env::args().any(|argument| argument == "--ids") {
        return of_ids(folder.path()).await;
    }
    let entry = entry("agent-0", 1);
    println!("an entry has {} bytes", stored::encode(&entry, SizeLimit::Usual).unwrap().len());
    report("bare SQLite commit, one row", bare_commits(folder.path(), 1));
    report("bare SQLite commit, 64 rows", bare_commits(folder.path(), 64));
    report("engine, one caller", lone(folder.path()).await);
    for waiting in [16, 64, 256] {
        let what = format!("engine, {waiting} waiting");
        crowd(&folder.path().join(format!("crowd-{waiting}")), waiting, &what, Ids::ByTime).await;
    }
    if std::env::args().any(|argument| argument == "--nodes") {
        nodes::measure().await;
    }
}

/// What ids cost of operations, 256 of which wait.
async fn of_ids(folder: &Path) {
    for (name, ids, remembered) in [
        ("ids by time", Ids::ByTime, 0),
        ("random ids", Ids::Random, 0),
        ("ids by time after 4,000,000", Ids::ByTime, REMEMBERED),
        ("random ids after 4,000,000", Ids::Random, REMEMBERED),
    ] {
        let folder = folder.join(name.replace([' ', ','], "-"));
        if remembered > 0 {
            ids::remember(&folder, remembered);
        }
        let what = format!("engine, {name}");
        // Twice, as the second finds the first in the order of its ids.
        for _ in 0..2 {
            crowd(&folder, 256, &what, ids).await;
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!("{what}: p50 {:?}, p99 {:?}, most {:?}", at(0.50), at(0.99), at(1.0));
}

fn bare_commits(folder: &Path, rows: usize) -> Vec<Duration> {
    let connection = Connection::open(folder.join("bare.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
             CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL)",
        )
        .unwrap();
    let text = stored::encode(&entry("agent-0", 1), SizeLimit::Usual).unwrap();
    let commit = || {
        let started = Instant::now();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..rows {
            connection.prepare_cached("INSERT INTO log (entry) VALUES (?)").unwrap().execute([&text]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        started.elapsed()
    };
    (0..LONE).map(|_| commit()).collect()
}

/// One agent that changes again as soon as it was told that the last change was kept.
async fn lone(folder: &Path) -> Vec<Duration> {
    let (engine, mut tail) = open(&folder.join("lone"));
    let mut expected = 0;
    let mut times = Vec::new();
    for version in 1..=LONE as u64 {
        let started = Instant::now();
        let outcome = engine.append(append("agent-0", expected, version));
        evolve(&mut tail).await;
        expected = position(outcome.await.unwrap());
        times.push(started.elapsed());
    }
    engine.close();
    times
}

/// Many agents, of which `waiting` wait at any time.
async fn crowd(folder: &Path, waiting: usize, what: &str, ids: Ids) {
    let opened = Instant::now();
    let (engine, mut tail) = open(folder);
    let opened = opened.elapsed();
    let life = opened.as_nanos() as u64;
    let names: Vec<String> = (0..AGENTS).map(|number| format!("agent-{number}-{life}")).collect();
    let mut newest: Vec<(Seq, u64)> = vec![(0, 0); AGENTS];
    let mut pending: VecDeque<(usize, Instant, oneshot::Receiver<Outcome>)> = VecDeque::new();
    let mut times = Vec::with_capacity(CROWD);
    let mut groups = 0;
    let mut next = 0;
    let (began, cpu) = (Instant::now(), cpu());
    while times.len() < CROWD {
        while pending.len() < waiting {
            let agent = next % AGENTS;
            let (expected, version) = newest[agent];
            let operation = Some(OperationId(format!("bench/{}", ids.id(life + agent as u64, version))));
            let append = Append { operation, ..append(&names[agent], expected, version + 1) };
            pending.push_back((agent, Instant::now(), engine.append(append)));
            next += 1;
        }
        evolve(&mut tail).await;
        groups += 1;
        while let Some((agent, started, outcome)) = pending.front_mut() {
            let Ok(outcome) = outcome.try_recv() else { break };
            newest[*agent] = (position(outcome), newest[*agent].1 + 1);
            times.push(started.elapsed());
            pending.pop_front();
        }
    }
    let (took, cpu) = (began.elapsed(), self::cpu() - cpu);
    println!(
        "{what}: {:.0} appends/s, {:.0} a group, {:.1} µs of CPU each; opened in {opened:.1?}, {:.0} MB resident",
        times.len() as f64 / took.as_secs_f64(),
        times.len() as f64 / f64::from(groups),
        cpu.as_secs_f64() * 1e6 / times.len() as f64,
        resident() as f64 / 1e6,
    );
    report(what, times);
    let closing = tokio::task::spawn_blocking(move || engine.close());
    while tail.recv().await.is_some() {}
    closing.await.unwrap();
}

/// The CPU time of the threads of this process.
fn cpu() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let of = |thread: std::path::PathBuf| std::fs::read_to_string(thread.join("schedstat")).unwrap();
    let nanoseconds = |said: String| said.split(' ').next().unwrap().parse::<u64>().unwrap();
    threads.map(|thread| Duration::from_nanos(nanoseconds(of(thread.unwrap().path())))).sum()
}

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

fn open(folder: &Path) -> (Embedded, Tail) {
    let opening = embedded::open(folder).unwrap();
    let clock = Clock::system(opening.alive());
    let Opened { engine, tail, .. } = opening.start(clock).unwrap();
    (engine, tail)
}

async fn evolve(tail: &mut Tail) {
    for kept in tail.recv().await.unwrap() {
        if let Some(release) = kept.release {
            release.with(Outcome::Kept { seq: kept.seq });
        }
    }
}

fn position(outcome: Outcome) -> Seq {
    let Outcome::Kept { seq } = outcome else { panic!("not kept: {outcome:?}") };
    seq
}

fn append(name: &str, expected: Seq, version: u64) -> Append {
    Append {
        subject: Subject::Agent(AgentId::new(name).unwrap()),
        expected,
        entries: vec![entry(name, version)],
        directory: 0,
        limit: SizeLimit::Usual,
        lane: Lane::People,
        operation: Some(OperationId(format!("bench/{name}/{version}"))),
        note: None,
    }
}

fn entry(name: &str, version: u64) -> Entry {
    let mut after = entries::agent(name, version);
    after.standing.reason = Some("at the dentist".to_owned());
    entries::entry(after)
}
