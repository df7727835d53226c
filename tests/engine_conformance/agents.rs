//! Agents, appends and opened engines to test with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use presence_hub::clock::Clock;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::{Actor, Cause, EventName};
use presence_hub::domain::change::{Change, Moves};
use presence_hub::domain::ids::AgentId;
use presence_hub::domain::record::AgentRecord;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::embedded::{self, Embedded};
use presence_hub::engine::faulty::Faulty;
use presence_hub::engine::memory::{self, Disk, Memory};
use presence_hub::engine::{
    Append, Engine, Entry, Kept, Lane, Loaded, Opened, OperationId, Outcome, Recalled, Seq, SizeLimit, Subject, Tail,
    Unreachable,
};

/// When the tests play.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

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
    let opening = embedded::open(folder).unwrap();
    let clock = Clock::starting_at(opening.alive().map_or(NOW, |alive| alive.max(NOW)));
    let Opened { engine, loaded, tail, .. } = opening.start(clock.clone()).unwrap();
    Running { inner: engine.clone(), engine, loaded, tail, clock, peers: None }
}

/// The same, with a faulty engine around it.
pub fn open_faulty(folder: &Path) -> Running<Faulty<Embedded>> {
    let Running { engine, loaded, tail, clock, inner, .. } = open(folder);
    Running { engine: Faulty::new(engine), loaded, tail, clock, inner, peers: None }
}

thread_local! {
    /// The disks of this test, by the folder that each stands for.
    static DISKS: RefCell<HashMap<PathBuf, Disk>> = RefCell::default();
}

/// The engine in memory; the folder only names its disk.
pub fn open_memory(folder: &Path) -> Running<Memory, Memory> {
    let disk = DISKS.with_borrow_mut(|disks| disks.entry(folder.to_owned()).or_default().clone());
    let clock = Clock::starting_at(memory::alive(&disk).map_or(NOW, |alive| alive.max(NOW)));
    let Opened { engine, loaded, tail, .. } = memory::open(&disk, clock.clone(), Duration::ZERO);
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

/// The agent at that version.
pub fn agent(name: &str, version: u64) -> Agent {
    Agent { version, ..Agent::unborn(AgentRecord::new(id(name), name), NOW) }
}

/// The step that led to this state.
pub fn entry(after: Agent) -> Entry {
    let change = Change {
        at: NOW,
        cause: Cause::of(EventName::SetPresence),
        actor: Actor::Agent(after.record.agent.clone()),
        moves: Moves::Presence,
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        network: None,
        reason: None,
        trace: after.trace.clone(),
        after: after.into(),
    };
    Entry::Agent { change: Box::new(change), directory_seq: 0 }
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
