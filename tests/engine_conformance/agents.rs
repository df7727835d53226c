//! Agents, appends and opened engines to test with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use presence_hub::clock::Clock;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::ids::AgentId;
use presence_hub::engine::embedded::{self as engine, Embedded};
use presence_hub::engine::faulty::Faulty;
use presence_hub::engine::memory::{Disk, Memory, alive, open as open_memory};
use presence_hub::engine::{
    Append, Engine, Kept, Lane, Loaded, Opened, OperationId, Outcome, Recalled, Seq, SizeLimit, Subject, Tail,
    Unreachable,
};

pub use crate::entries::{NOW, agent, entry};

/// An opened engine with all it gave.
pub struct Running<E, I = Embedded> {
    pub engine: E,
    pub loaded: Loaded,
    pub tail: Tail,
    pub clock: Clock,
    /// What other nodes do.
    pub peers: Option<tokio::sync::mpsc::Receiver<presence_hub::engine::FromPeer>>,
    /// The one to close, which the engine under test may wrap.
    pub inner: I,
}

/// What an orderly shutdown closes.
pub trait Close {
    fn close(&self);
}

impl Close for Embedded {
    fn close(&self) {
        Embedded::close(self);
    }
}

impl Close for Memory {
    fn close(&self) {
        Memory::close(self);
    }
}

/// Opens the folder at [`NOW`], or when the hub was last alive if that is later.
pub fn open(folder: &Path) -> Running<Embedded> {
    let opening = engine::open(folder).unwrap();
    let clock = Clock::starting_at(opening.alive().map_or(NOW, |alive| alive.max(NOW)));
    let Opened { engine, loaded, tail, .. } = opening.start(clock.clone()).unwrap();
    Running { inner: engine.clone(), engine, loaded, tail, clock, peers: None }
}

/// The same, with a faulty engine around it.
pub fn open_faulty(folder: &Path) -> Running<Faulty<Embedded>> {
    let Running { engine, loaded, tail, clock, inner, .. } = open(folder);
    Running { engine: Faulty::new(engine), loaded, tail, clock, inner, peers: None }
}

/// For the suite, which waits until an engine is open.
pub async fn embedded(folder: &Path) -> Running<Embedded> {
    open(folder)
}

/// The same, with a faulty engine around it.
pub async fn faulty(folder: &Path) -> Running<Faulty<Embedded>> {
    open_faulty(folder)
}

thread_local! {
    /// The disks of this test, by the folder that each stands for.
    static DISKS: RefCell<HashMap<PathBuf, Disk>> = RefCell::default();
}

/// The engine in memory; the folder only names its disk.
pub async fn memory(folder: &Path) -> Running<Memory, Memory> {
    let disk = DISKS.with_borrow_mut(|disks| disks.entry(folder.to_owned()).or_default().clone());
    let clock = Clock::starting_at(alive(&disk).map_or(NOW, |alive| alive.max(NOW)));
    let Opened { engine, loaded, tail, .. } = open_memory(&disk, clock.clone(), Duration::ZERO);
    Running { inner: engine.clone(), engine, loaded, tail, clock, peers: None }
}

impl<E: Engine, I: Close> Running<E, I> {
    /// Appends, reads one group from the tail, and returns where it was kept.
    pub async fn keep(&mut self, append: Append) -> Seq {
        let mut outcome = self.engine.append(append);
        tokio::select! {
            refusal = &mut outcome => panic!("not kept: {refusal:?}"),
            _ = self.evolve() => position(outcome.await.unwrap()),
        }
    }

    /// Appends what is not going to be kept.
    pub async fn refusal(&self, append: Append) -> Outcome {
        self.engine.append(append).await.unwrap()
    }

    /// Reads one group from the tail, releasing those who wait. Returns the positions.
    pub async fn evolve(&mut self) -> Vec<Seq> {
        let group = self.tail.recv().await.unwrap();
        group.into_iter().map(release).collect()
    }

    /// What is remembered of an operation.
    pub async fn recall(&self, operation: &str) -> Result<Option<Recalled>, Unreachable> {
        self.engine.recall(OperationId(operation.to_owned())).await.unwrap()
    }

    /// Returns once the writer has done all that was handed over before.
    pub async fn settled(&self) {
        self.recall("no such operation").await.unwrap();
    }

    /// The positions and states of the agents that were loaded.
    pub fn loaded_agents(&self) -> Vec<(Seq, Agent)> {
        self.loaded.agents.iter().map(|loaded| (loaded.seq, Agent::clone(&loaded.agent))).collect()
    }

    /// Stops, as an orderly shutdown does.
    pub fn stop(self) {
        self.inner.close();
    }
}

/// Reads the tail until it ends, which it does once the writer has ended.
pub async fn rest_of(mut tail: Tail) -> Vec<Seq> {
    let mut positions = Vec::new();
    while let Some(group) = tail.recv().await {
        positions.extend(group.into_iter().map(release));
    }
    positions
}

/// Does what the reader of the tail does.
pub fn release(kept: Kept) -> Seq {
    if let Some(release) = kept.release {
        release.with(Outcome::Kept { seq: kept.seq });
    }
    kept.seq
}

/// Where it was kept; nothing else will do.
pub fn position(outcome: Outcome) -> Seq {
    let Outcome::Kept { seq } = outcome else { panic!("not kept: {outcome:?}") };
    seq
}

pub fn id(name: &str) -> AgentId {
    AgentId::new(name).unwrap()
}

/// One step of an agent whose newest entry is at `expected`.
pub fn step(name: &str, expected: Seq, version: u64) -> Append {
    steps(name, expected, version..version + 1)
}

/// Several steps at once.
pub fn steps(name: &str, expected: Seq, versions: Range<u64>) -> Append {
    let entries = versions.map(|version| entry(agent(name, version))).collect();
    Append {
        subject: Subject::Agent(id(name)),
        expected,
        entries,
        directory: 0,
        limit: SizeLimit::Usual,
        lane: Lane::People,
        operation: None,
        note: None,
    }
}

/// A step that takes `bytes` and a little more.
pub fn heavy_step(name: &str, expected: Seq, version: u64, bytes: usize) -> Append {
    let mut after = agent(name, version);
    after.standing.reason = Some("x".repeat(bytes));
    Append {
        subject: Subject::Agent(id(name)),
        expected,
        entries: vec![entry(after)],
        directory: 0,
        limit: SizeLimit::Reserve,
        lane: Lane::People,
        operation: None,
        note: None,
    }
}

/// The same append, of a batch.
pub fn in_batch(append: Append) -> Append {
    Append { lane: Lane::Batches, ..append }
}

/// The same append, as an operation of that name.
pub fn as_operation(name: &str, append: Append) -> Append {
    Append { operation: Some(OperationId(name.to_owned())), ..append }
}
