//! All agents: one turn per agent, deadlines, the directory, eligibility over all of them.
//!
//! A turn decides on the newest *kept* state, appends, waits, and finds the state evolved. One
//! task, the [`applier`], reads what the engine kept, in the order of the log, and is the only
//! one that changes what is in memory here.

mod administration;
pub mod applier;
mod arrivals;
mod bites;
mod by;
mod cell;
mod counted;
mod daily;
mod deadlines;
pub mod directory;
pub mod eligible;
mod erasing;
mod follow;
mod forgetting;
mod keeping;
mod members;
mod owed;
mod people;
mod records;
mod start;
#[cfg(test)]
pub(crate) mod test_world;
#[cfg(test)]
mod time_tests;
#[cfg(test)]
mod time_world;
mod turn;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::{Notify, Semaphore, watch};

use crate::clock::Clock;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::AgentId;
use crate::domain::policy::Policy;
use crate::domain::presence::BaseStatus;
use crate::engine::{Engine, Loaded, Members, Seq};
use crate::telemetry::metrics::AgentMetrics;

pub use administration::DirectoryRefusal;
pub use applier::Audience;
pub use arrivals::{Arrival, Arrivals};
pub use bites::{BITE, Bite};
pub use by::{By, Notes};
pub use cell::Known;
pub use directory::DirectoryView;
pub use owed::Owed;
pub use people::PeopleAbout;
pub use turn::{Applied, Once, Refusal};

use cell::AgentCell;
use deadlines::Deadlines;
use follow::Following;

/// The most appends under way: four of the engine's largest groups, and well below what its queue takes.
const APPENDS_UNDER_WAY: usize = 2_048;

/// All agents. Clones are cheap and share them.
#[derive(Clone)]
pub struct Agents {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Arc<dyn Engine>,
    members: Members,
    clock: Clock,
    cells: RwLock<BTreeMap<AgentId, Arc<AgentCell>>>,
    directory: RwLock<Arc<DirectoryView>>,
    /// One change of the directory at a time: it is checked against all the others.
    directory_turn: Arc<tokio::sync::Mutex<()>>,
    following: Following,
    /// Wakes the keeper of the daily reset.
    settings_changed: Notify,
    deadlines: Deadlines,
    arrivals: Arrivals,
    eligible: eligible::Index,
    deleted: forgetting::Deleted,
    owed: Owed,
    /// Appends under way. More wait their turn here, first come first served, instead of filling the
    /// engine's queue, which would refuse them.
    appends: Semaphore,
    /// The same of batches, for whom nobody else waits.
    batches: Semaphore,
    people: PeopleAbout,
    /// The position up to which this node has evolved.
    applied: watch::Sender<Seq>,
    /// The settings of the file, under those that are stored.
    file_policy: Policy,
    metrics: AgentMetrics,
}

impl Agents {
    /// All agents as the engine had them. Nothing moves until [`Agents::apply`] runs.
    #[must_use]
    pub fn new(
        engine: Arc<dyn Engine>,
        clock: Clock,
        loaded: Loaded,
        directory: DirectoryView,
        file_policy: Policy,
    ) -> Self {
        let deadlines = Deadlines::default();
        let people = PeopleAbout::nobody(clock.clone());
        let eligible = eligible::Index::of(loaded.agents.iter().map(|loaded| &*loaded.agent));
        let deleted = forgetting::Deleted::default();
        let metrics = AgentMetrics::default();
        let mut cells = BTreeMap::new();
        let judged = loaded.judged;
        for agent in loaded.agents {
            let id = agent.agent.record.agent.clone();
            deadlines.set(&id, agent.agent.next_deadline());
            let cell = AgentCell::loaded(agent, judged);
            deleted.changed(None, &cell.newest());
            counted::agent(&metrics, None, &cell.newest().agent);
            cells.insert(id, Arc::new(cell));
        }
        let members = engine.members();
        let shared = Shared {
            engine,
            members,
            clock,
            cells: RwLock::new(cells),
            directory: RwLock::new(Arc::new(directory)),
            directory_turn: Arc::default(),
            following: Following::default(),
            settings_changed: Notify::new(),
            deadlines,
            arrivals: Arrivals::default(),
            eligible,
            deleted,
            owed: Owed::counted_by(metrics.late.clone()),
            appends: Semaphore::new(APPENDS_UNDER_WAY),
            batches: Semaphore::new(APPENDS_UNDER_WAY),
            people,
            applied: watch::Sender::new(loaded.seq),
            file_policy,
            metrics,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The agent as it is kept, deleted ones included.
    #[must_use]
    pub fn find(&self, id: &AgentId) -> Option<Known> {
        self.cell(id)?.known()
    }

    /// The agent as it is kept, unless it was deleted.
    #[must_use]
    pub fn existing(&self, id: &AgentId) -> Option<Known> {
        self.find(id).filter(|known| known.agent.deleted.is_none())
    }

    /// How many agents there are, deleted ones left out.
    #[must_use]
    pub fn number(&self) -> usize {
        let each = BaseStatus::ALL.into_iter().map(|base| self.shared.metrics.agents.of(base).get());
        usize::try_from(each.sum::<i64>()).unwrap_or_default()
    }

    /// Every agent that was not deleted, by id, at once: for tests and for the time before the hub serves.
    /// All else takes [bites](Agents::bite).
    #[must_use]
    pub fn all(&self) -> Vec<Known> {
        let cells = self.shared.cells.read();
        cells.values().filter_map(|cell| cell.known()).filter(|known| known.agent.deleted.is_none()).collect()
    }

    /// The directory as it is kept.
    #[must_use]
    pub fn directory(&self) -> Arc<DirectoryView> {
        self.shared.directory.read().clone()
    }

    /// The directory as it was after these changes, over the settings of the file as they are now.
    #[must_use]
    pub fn directory_after(&self, changes: &[(Seq, DirectoryChange)]) -> Arc<Directory> {
        DirectoryView::of(changes, &self.shared.file_policy).directory
    }

    /// The position up to which this node has evolved.
    #[must_use]
    pub fn applied(&self) -> Seq {
        *self.shared.applied.borrow()
    }

    /// Whether people waited for the engine in the last moment.
    #[must_use]
    pub fn people_about(&self) -> PeopleAbout {
        self.shared.people.clone()
    }

    /// The hub's time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Whether the engine keeps what it is given.
    #[must_use]
    pub fn health(&self) -> crate::engine::Health {
        self.shared.engine.health()
    }

    /// The nodes that share the log.
    #[must_use]
    pub fn members(&self) -> &Members {
        &self.shared.members
    }

    /// What an operator should know although the engine keeps what it is given.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.shared.engine.warning()
    }

    /// What is counted of them.
    #[must_use]
    pub fn metrics(&self) -> &AgentMetrics {
        &self.shared.metrics
    }

    /// What must be kept and is not kept yet.
    #[must_use]
    pub fn owed(&self) -> &Owed {
        &self.shared.owed
    }

    /// Whether what is shown may be older than what is so: a change is late, or this node is cut off from the cluster.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.shared.owed.is_late() || !self.shared.members.is_current()
    }

    /// Connections that were accepted and are not let in yet.
    #[must_use]
    pub fn arrivals(&self) -> &Arrivals {
        &self.shared.arrivals
    }

    /// Whether a deadline is waiting.
    #[must_use]
    pub fn is_waiting_for_a_deadline(&self) -> bool {
        self.shared.deadlines.first().is_some()
    }

    fn cell(&self, id: &AgentId) -> Option<Arc<AgentCell>> {
        self.shared.cells.read().get(id).cloned()
    }

    /// The agent's cell; one that was never kept begins unborn.
    fn cell_or_unborn(&self, agent: &AgentId) -> Arc<AgentCell> {
        let mut cells = self.shared.cells.write();
        let unborn = || Arc::new(AgentCell::unborn(agent, self.shared.clock.now()));
        cells.entry(agent.clone()).or_insert_with(unborn).clone()
    }

    /// Gives the cell up if nothing came of it and nobody else waits for it.
    fn forget_unborn(&self, agent: &AgentId, cell: Arc<AgentCell>) {
        let mut cells = self.shared.cells.write();
        // The map's own and this one.
        if cell.known().is_none() && Arc::strong_count(&cell) == 2 {
            cells.remove(agent);
        }
    }
}
