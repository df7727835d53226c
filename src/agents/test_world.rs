//! Agents without an engine: for tests of what is in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::oneshot;

use super::{Agents, DirectoryView};
use crate::clock::Clock;
use crate::domain::agent::Agent;
use crate::domain::ids::AgentId;
use crate::domain::policy::Policy;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::{Append, Engine, Health, Judged, Loaded, LoadedAgent, OperationId, Recalled, Release, Unreachable};

/// An engine that never answers.
struct Mute;

impl Engine for Mute {
    fn submit(&self, _append: Append, release: Release) {
        std::mem::forget(release);
    }

    fn recall(&self, _operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        oneshot::channel().1
    }

    fn find(&self, _agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        oneshot::channel().1
    }

    fn mark_alive(&self) {}

    fn mark_judged(&self, _judged: Judged) {}

    fn health(&self) -> Health {
        Health::Serving
    }
}

/// An engine that panics at every append, and counts them.
#[derive(Default)]
pub struct Broken {
    appends: AtomicUsize,
}

impl Broken {
    pub fn appends(&self) -> usize {
        self.appends.load(Ordering::Relaxed)
    }
}

impl Engine for Broken {
    fn submit(&self, _append: Append, _release: Release) {
        self.appends.fetch_add(1, Ordering::Relaxed);
        panic!("a bug");
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        Mute.recall(operation)
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        Mute.find(agent)
    }

    fn mark_alive(&self) {}

    fn mark_judged(&self, _judged: Judged) {}

    fn health(&self) -> Health {
        Health::Serving
    }
}

/// When everything begins.
pub const NOW: Timestamp = Timestamp(1_000_000);

/// An agent as it was created.
pub fn agent(id: &str) -> Agent {
    let record = AgentRecord::new(AgentId::new(id).unwrap(), id);
    Agent { version: 1, ..Agent::unborn(record, NOW) }
}

/// A hub's agents, as loaded.
pub fn agents(loaded: impl IntoIterator<Item = Agent>) -> Agents {
    agents_over(Arc::new(Mute), loaded)
}

/// The same over another engine.
pub fn agents_over(engine: Arc<dyn Engine>, loaded: impl IntoIterator<Item = Agent>) -> Agents {
    let agents = (1..).zip(loaded).map(|(seq, agent)| LoadedAgent { seq, directory_seq: 0, agent: Arc::new(agent) });
    let agents: Vec<_> = agents.collect();
    let loaded = Loaded { seq: agents.len() as u64, agents, ..Loaded::default() };
    let directory = DirectoryView::load(&loaded, &Policy::default());
    Agents::new(engine, Clock::starting_at(NOW), loaded, directory, Policy::default())
}
