//! What keeping costs in a cluster.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::select_all;
use presence_hub::clock::Clock;
use presence_hub::engine::alike::Alike;
use presence_hub::engine::nats::{self, Nats, Settings};
use presence_hub::engine::{Engine, Kept, Opened, Outcome, Seq, Tail};
use tokio::sync::oneshot;

use super::nats_server::NatsServer;
use super::{AGENTS, append, position, report};

const COUNT: usize = 40_000;

/// A node, and when the first of all heard of each entry.
struct Node {
    engine: Nats,
    tail: Tail,
    _folder: tempfile::TempDir,
}

pub async fn measure() {
    for sync in ["always", "1s"] {
        let servers = NatsServer::three_that_sync(sync);
        for many in [1, 3] {
            let mut nodes = Vec::new();
            for number in 1..=many {
                nodes.push(join(number, &format!("BENCH_{many}"), &servers).await);
            }
            for waiting in [1, 64, 256, 1_000] {
                crowd(&mut nodes, waiting, sync).await;
            }
            for node in nodes {
                let engine = node.engine.clone();
                tokio::task::spawn_blocking(move || engine.close()).await.unwrap();
            }
        }
    }
}

async fn join(node: u16, stream: &str, servers: &[NatsServer]) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        node,
        servers: servers.iter().map(NatsServer::address).collect(),
        login: None,
        tls_ca: None,
        certificate: None,
        stream: stream.to_owned(),
        replicas: 3,
        window: Duration::from_hours(48),
        silent_after: Duration::from_secs(12),
        advertise: None,
        alike: Alike::default(),
    };
    let (Opened { engine, tail, .. }, _) = open(settings, folder.path()).await;
    Node { engine, tail, _folder: folder }
}

async fn open(settings: Settings, folder: &Path) -> (Opened<Nats>, Clock) {
    nats::open(settings, folder).start(Clock::system).await.unwrap()
}

/// Many agents, each of one of the nodes, of which `waiting` wait at any time.
async fn crowd(nodes: &mut [Node], waiting: usize, sync: &str) {
    let count = if waiting == 1 { COUNT / 20 } else { COUNT };
    let names: Vec<String> = (0..AGENTS).map(|number| format!("agent-{waiting}-{number}")).collect();
    let mut newest: Vec<(Seq, u64)> = vec![(0, 0); AGENTS];
    let mut pending: VecDeque<(usize, Instant, oneshot::Receiver<Outcome>)> = VecDeque::new();
    let (mut times, mut spread) = (Vec::with_capacity(count), Vec::new());
    let mut heard: HashMap<Seq, (Instant, usize)> = HashMap::new();
    // Each agent waits for its answer before it changes again; a lone caller is always the same.
    let mut free: VecDeque<usize> = (0..if waiting == 1 { 1 } else { AGENTS }).collect();
    let began = Instant::now();
    while times.len() < count {
        while pending.len() < waiting {
            let Some(agent) = free.pop_front() else { break };
            let (expected, version) = newest[agent];
            let append = append(&names[agent], expected, version + 1);
            pending.push_back((agent, Instant::now(), nodes[agent % nodes.len()].engine.append(append)));
        }
        let many = nodes.len();
        let (group, ..) = select_all(nodes.iter_mut().map(|node| node.tail.recv().boxed())).await;
        let now = Instant::now();
        for Kept { seq, release, .. } in group.unwrap() {
            if let Some(release) = release {
                release.with(Outcome::Kept { seq });
            }
            let (first, times) = heard.entry(seq).or_insert((now, 0));
            *times += 1;
            if *times == many {
                spread.push(now.duration_since(*first));
                heard.remove(&seq);
            }
        }
        let mut left = VecDeque::with_capacity(pending.len());
        for (agent, started, mut outcome) in pending.drain(..) {
            match outcome.try_recv() {
                Ok(outcome) => {
                    newest[agent] = (position(outcome), newest[agent].1 + 1);
                    times.push(started.elapsed());
                    free.push_back(agent);
                }
                Err(_) => left.push_back((agent, started, outcome)),
            }
        }
        pending = left;
    }
    let (took, many) = (began.elapsed(), nodes.len());
    let what = format!("cluster, {many} nodes, sync {sync}, {waiting} waiting");
    println!("{what}: {:.0} appends/s", times.len() as f64 / took.as_secs_f64());
    report(&what, times);
    if many > 1 {
        report(&format!("{what}, from the first node that heard to the last"), spread);
    }
}
