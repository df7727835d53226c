//! What is asked of all agents: how long the answer takes, and how long others wait for the longest
//! bite of it.

use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use presence_hub::agents::eligible::Selection;
use presence_hub::agents::{Agents, DirectoryView};
use presence_hub::clock::Clock;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::directory::{Directory, DirectoryChange};
use presence_hub::domain::ids::WorkstreamId;
use presence_hub::domain::policy::Policy;
use presence_hub::engine::memory::{self, Disk};
use presence_hub::engine::{Loaded, LoadedAgent};

use super::cases::floor;

/// Agents at work.
const AGENTS: usize = 100_000;
/// Those that a router asks for.
const FIRST: usize = 20;
/// How often it asks.
const TIMES: u32 = 1_000;

/// Prints what it takes.
pub fn print() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let agents = at_work();
        let stream = WorkstreamId::new("stream-0").unwrap();
        let asked = [
            ("all", &(|_: &Agent, _: &Directory| true) as &(dyn Fn(&Agent, &Directory) -> bool + Sync)),
            ("one of 100 skills", &|agent, _| agent.record.skills.contains("skill-7")),
            ("nobody", &|agent, _| agent.record.skills.contains("juggling")),
        ];
        for (name, selects) in asked {
            let choice = || Selection { name: name.to_owned(), selects };
            let (longest, bites, found) = bites(agents.eligible(&stream, &choice(), None, FIRST)).await;
            println!("eligible, {name}, first asked: {bites} bites, the longest {longest:?}");
            let began = Instant::now();
            for _ in 0..TIMES {
                black_box(agents.eligible(&stream, &choice(), None, FIRST).await.unwrap());
            }
            let found = found.unwrap().len();
            println!("eligible, {name}, the first {found} of {AGENTS}: {:?}", began.elapsed() / TIMES);
        }
        let choice = Selection { name: "all".to_owned(), selects: &|_, _| true };
        let (longest, bites, _) = bites(agents.ineligible(&stream, &choice, None, FIRST)).await;
        println!("not eligible, and why: {bites} bites, the longest {longest:?}");
        let (longest, bites, _) = self::bites(agents.matching(|_| false)).await;
        println!("whom a change of the directory concerns: {bites} bites, the longest {longest:?}");
    });
}

fn at_work() -> Agents {
    let directory = floor::directory();
    let profiles = directory.profiles.values().cloned().map(DirectoryChange::Profile);
    let streams = directory.workstreams.values().cloned().map(DirectoryChange::Workstream);
    let loaded = |(seq, number)| {
        let agent = Arc::new(floor::at_work(number, &directory));
        LoadedAgent { seq, directory_seq: 0, agent }
    };
    let loaded = Loaded {
        agents: (1_000..).zip(0..AGENTS).map(loaded).collect(),
        directory: (1..).zip(profiles.chain(streams)).collect(),
        directory_seq: 999,
        seq: 1_000_000,
        ..Loaded::default()
    };
    let clock = Clock::starting_at(floor::NOW);
    let engine = memory::open(&Disk::default(), clock.clone(), Duration::ZERO).engine;
    let view = DirectoryView::load(&loaded, &Policy::default());
    Agents::new(Arc::new(engine), clock, loaded, view, Policy::default())
}

/// How long the longest bite of `work` took, how many there were, and what it gave.
async fn bites<T>(work: impl Future<Output = T>) -> (Duration, usize, T) {
    let mut work = pin!(work);
    let (mut longest, mut bites) = (Duration::ZERO, 0);
    let done = poll_fn(|context| {
        let began = Instant::now();
        let polled = work.as_mut().poll(context);
        longest = longest.max(began.elapsed());
        bites += 1;
        polled
    });
    let done = done.await;
    (longest, bites, done)
}
