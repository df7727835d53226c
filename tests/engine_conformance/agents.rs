//! Agents, appends and opened engines to test with.

use std::path::Path;

use presence_hub::clock::Clock;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::{Actor, Cause, EventName};
use presence_hub::domain::change::Change;
use presence_hub::domain::ids::AgentId;
use presence_hub::domain::record::AgentRecord;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::embedded::{self, Embedded, Opened};
use presence_hub::engine::{Append, Engine, Entry, Kept, Loaded, OperationId, Outcome, Seq, Subject, Tail};

/// When the tests play.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// An opened engine with all it gave.
pub struct Running<E> {
    pub engine: E,
    pub loaded: Loaded,
    pub tail: Tail,
    pub clock: Clock,
    /// The one to close, which an engine under test may wrap.
    pub inner: Embedded,
}

/// Opens the folder at [`NOW`], or later if the hub was alive later.
pub fn open(folder: &Path) -> Running<Embedded> {
    let opening = embedded::open(folder).unwrap();
    let clock = Clock::starting_at(opening.alive().map_or(NOW, |alive| alive.max(NOW)));
    let Opened { engine, loaded, tail } = opening.start(clock.clone()).unwrap();
    Running { inner: engine.clone(), engine, loaded, tail, clock }
}

impl<E: Engine> Running<E> {
    /// Appends, reads the tail up to it, and returns where it was kept.
    pub async fn keep(&mut self, append: Append) -> Seq {
        let outcome = self.engine.append(append);
        self.evolve().await;
        match outcome.await.unwrap() {
            Outcome::Kept { seq } => seq,
            other @ (Outcome::Conflict { .. }
            | Outcome::Duplicate(_)
            | Outcome::TooLarge
            | Outcome::Unavailable
            | Outcome::Unknown) => panic!("{other:?}"),
        }
    }

    /// Reads one group from the tail, releasing those who wait. Returns the positions.
    pub async fn evolve(&mut self) -> Vec<Seq> {
        let group = self.tail.recv().await.unwrap();
        group.into_iter().map(release).collect()
    }

    /// Stops, as an orderly shutdown does.
    pub fn stop(self) {
        self.inner.close();
    }
}

/// Does what the reader of the tail does.
pub fn release(kept: Kept) -> Seq {
    if let Some(release) = kept.release {
        release.with(Outcome::Kept { seq: kept.seq });
    }
    kept.seq
}

pub fn id(name: &str) -> AgentId {
    AgentId::new(name).unwrap()
}

/// The agent at that version.
pub fn agent(name: &str, version: u64) -> Agent {
    Agent { version, ..Agent::unborn(AgentRecord::new(id(name), name), NOW) }
}

/// The step to that version.
pub fn entry(name: &str, version: u64) -> Entry {
    let after = agent(name, version);
    let change = Change {
        at: NOW,
        cause: Cause::of(EventName::SetPresence),
        actor: Actor::Agent(id(name)),
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        after,
    };
    Entry::Agent { change: Box::new(change), directory_seq: 0 }
}

/// One step of an agent whose newest entry is at `expected`.
pub fn step(name: &str, expected: Seq, version: u64) -> Append {
    steps(name, expected, version..version + 1)
}

/// Several steps at once.
pub fn steps(name: &str, expected: Seq, versions: std::ops::Range<u64>) -> Append {
    Append {
        subject: Subject::Agent(id(name)),
        expected,
        entries: versions.map(|version| entry(name, version)).collect(),
        operation: None,
    }
}

/// The same append, as an operation of that name.
pub fn as_operation(name: &str, append: Append) -> Append {
    Append { operation: Some(OperationId(name.to_owned())), ..append }
}
