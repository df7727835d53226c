//! What keeping costs: the engine beside a bare SQLite commit in the same run and folder.
//!
//! `cargo bench --bench commit`. Measured on the disk of the system's temporary folder (`TMPDIR`). With `-- --nodes` also a
//! cluster's: one node and three, over three NATS servers on this machine, that sync always and once a second.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement ends where it stands, and prints")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]

#[path = "../../tests/entries/mod.rs"]
mod entries;
#[path = "../../tests/nats_server/mod.rs"]
mod nats_server;
mod nodes;

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

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

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let entry = entry("agent-0", 1);
    println!("an entry has {} bytes", stored::encode(&entry, SizeLimit::Usual).unwrap().len());
    report("bare SQLite commit, one row", bare_commits(folder.path(), 1));
    report("bare SQLite commit, 64 rows", bare_commits(folder.path(), 64));
    report("engine, one caller", lone(folder.path()).await);
    for waiting in [16, 64, 256] {
        crowd(folder.path(), waiting).await;
    }
    if std::env::args().any(|argument| argument == "--nodes") {
        nodes::measure().await;
    }
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    println!("{what}: p50 {:?}, p99 {:?}", at(0.50), at(0.99));
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
async fn crowd(folder: &Path, waiting: usize) {
    let (engine, mut tail) = open(&folder.join(format!("crowd-{waiting}")));
    let names: Vec<String> = (0..AGENTS).map(|number| format!("agent-{number}")).collect();
    let mut newest: Vec<(Seq, u64)> = vec![(0, 0); AGENTS];
    let mut pending: VecDeque<(usize, Instant, oneshot::Receiver<Outcome>)> = VecDeque::new();
    let mut times = Vec::with_capacity(CROWD);
    let mut groups = 0;
    let mut next = 0;
    let began = Instant::now();
    while times.len() < CROWD {
        while pending.len() < waiting {
            let agent = next % AGENTS;
            let (expected, version) = newest[agent];
            let append = append(&names[agent], expected, version + 1);
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
    let took = began.elapsed();
    println!(
        "engine, {waiting} waiting: {:.0} appends/s, {:.0} a group",
        times.len() as f64 / took.as_secs_f64(),
        times.len() as f64 / f64::from(groups)
    );
    report(&format!("engine, {waiting} waiting"), times);
    tokio::task::spawn_blocking(move || engine.close());
    while tail.recv().await.is_some() {}
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
