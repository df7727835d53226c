//! The state of the feed: the roster, the filters that live, and who watches them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::time::Instant;

use super::Settings;
use super::chunk::Chunk;
use super::criteria::Criteria;
use super::deflater::Deflater;
use super::index::{FilterId, Index};
use super::news::News;
use super::numbers::Numbers;
use super::place::Place;
use super::reshown::Reshown;
use super::roster::Roster;
use super::settled::Settled;
use super::slots::Slot;
use super::steps::Steps;
use super::turns::Turns;
use super::view::View;
use super::watcher::{Advanced, Turn};
use super::world::{Catalog, World};
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::ids::{AgentId, SessionId};
use crate::engine::{Loaded, Seq};
use crate::telemetry::metrics::FeedMetrics;

/// A chunk's number within its filter.
pub(super) type ChunkId = u32;

/// A filter with its watchers.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) view: View,
    pub(super) chunks: BTreeMap<ChunkId, Chunk>,
}

impl Watched {
    /// Something new concerns the filter, whose newest change was that one. Whoever was up to date
    /// needs to look no further back than `head`. Returns whether anyone is to be told.
    fn is_told(&mut self, newest: Place, head: Place) -> bool {
        for chunk in self.chunks.values_mut().filter(|chunk| chunk.cursor >= newest) {
            chunk.cursor = chunk.cursor.max(head);
            chunk.lags_since = Some(Instant::now());
        }
        !self.chunks.is_empty()
    }
}

/// What is known of a connection that watches.
#[derive(Debug, Default)]
pub(super) struct Connection {
    pub(super) watches: Vec<(FilterId, ChunkId)>,
    pub(super) told: Arc<AtomicU64>,
}

/// The state of the feed.
#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) epoch: String,
    pub(super) head: Place,
    pub(super) oldest_resumable: Seq,
    pub(super) roster: Roster,
    pub(super) directory: Arc<Directory>,
    pub(super) catalog: Catalog,
    /// What of the catalog watchers have yet to be told.
    pub(super) news: News,
    /// Whose entries have yet to be shown anew.
    pub(super) reshown: Option<Reshown>,
    pub(super) settled: Settled,
    /// When each workstream last changed: who matches a filter on it changed then without any agent.
    pub(super) workstreams: HashMap<String, Seq>,
    pub(super) index: Index,
    pub(super) filters: HashMap<FilterId, Watched>,
    pub(super) by_criteria: HashMap<Arc<Criteria>, FilterId>,
    pub(super) next_filter: FilterId,
    pub(super) numbers: Numbers,
    /// Filters that are not whole; they take turns.
    pub(super) unmade: VecDeque<FilterId>,
    /// Filters that nobody watches any more, from the one that rests longest.
    pub(super) resting: VecDeque<FilterId>,
    /// Filters with a chunk behind their newest change.
    pub(super) lagging: BTreeSet<FilterId>,
    /// Deleted agents who are let go once every watcher was told that they are gone, and when they were deleted.
    pub(super) leaving: Vec<(AgentId, Seq)>,
    pub(super) connections: HashMap<SessionId, Connection>,
    pub(super) turns: Turns,
    pub(super) deflater: Deflater,
    pub(super) steps: Steps,
    pub(super) metrics: FeedMetrics,
}

impl State {
    pub(super) fn new(settings: Settings, loaded: &Loaded, directory: Arc<Directory>) -> Self {
        let metrics = FeedMetrics::default();
        let mut state = Self {
            epoch: loaded.epoch.clone(),
            head: Place::of(loaded.seq),
            oldest_resumable: settings.oldest_resumable,
            settings,
            roster: Roster::default(),
            catalog: Catalog::of(&directory, 1),
            directory,
            news: News::default(),
            reshown: None,
            settled: Settled::default(),
            workstreams: HashMap::new(),
            index: Index::default(),
            filters: HashMap::new(),
            by_criteria: HashMap::new(),
            next_filter: 0,
            numbers: Numbers::default(),
            unmade: VecDeque::new(),
            resting: VecDeque::new(),
            lagging: BTreeSet::new(),
            leaving: Vec::new(),
            connections: HashMap::new(),
            turns: Turns::new(settings.gather, Instant::now()),
            deflater: Deflater::new(metrics.clone()),
            steps: Steps::default(),
            metrics,
        };
        for loaded in &loaded.agents {
            state.roster.put(loaded.seq, loaded.agent.clone());
        }
        state
    }

    pub(super) fn head(&self) -> Seq {
        self.head.seq
    }

    pub(super) fn forget_before(&mut self, seq: Seq) {
        self.oldest_resumable = self.oldest_resumable.max(seq);
    }

    /// Lets an agent go whose deletion at `seq` nobody is told of any more. Whoever is erased may have been deleted just
    /// now, and stays until all who watch were told.
    pub(super) fn forget(&mut self, agent: &AgentId, seq: Seq) {
        if self.has_told_all(seq) {
            self.let_go(agent, seq);
        } else {
            self.leaving.push((agent.clone(), seq));
        }
    }

    /// Lets those go of whom all who watch were told.
    pub(super) fn let_go_of_the_told(&mut self) {
        for (agent, seq) in std::mem::take(&mut self.leaving) {
            self.forget(&agent, seq);
        }
    }

    fn has_told_all(&self, seq: Seq) -> bool {
        let place = Place::of(seq);
        let mut watched = self.filters.values();
        watched.all(|Watched { view, chunks }| chunks.values().all(|chunk| chunk.has_passed(place, view.filter.newest)))
    }

    fn let_go(&mut self, agent: &AgentId, seq: Seq) {
        self.forget_before(seq);
        let Some(slot) = self.roster.forget(agent, seq) else { return };
        for watched in self.filters.values_mut() {
            watched.view.filter.forget(slot);
        }
    }

    /// Takes an agent's newest state in. Returns whether anyone is to be told.
    pub(super) fn publish(&mut self, seq: Seq, agent: Arc<Agent>) -> bool {
        let Some((slot, before)) = self.roster.put(seq, Arc::clone(&agent)) else { return false };
        if self.news.are_needed_for(&agent) {
            self.renew_catalog();
        }
        let place = Place::of(seq);
        let mut told = false;
        for id in self.index.concerned(before.as_deref(), &agent) {
            let Some(watched) = self.filters.get_mut(&id) else { continue };
            let newest = watched.view.filter.newest;
            if watched.view.filter.agent_changed(place, slot, before.as_deref(), &agent, &self.directory)
                && watched.is_told(newest, self.head)
            {
                self.lagging.insert(id);
                self.turns.publish();
                told = true;
            }
        }
        self.head = self.head.max(place);
        told
    }

    /// What is shown of an agent has changed, though it has not. Returns how many filters were asked.
    pub(super) fn show_anew(&mut self, slot: Slot) -> usize {
        let place = self.head.next();
        self.roster.move_to(slot, place);
        let agent = Arc::clone(&self.roster.row(slot).agent);
        let concerned = self.index.concerned(None, &agent);
        for id in &concerned {
            let Some(watched) = self.filters.get_mut(id) else { continue };
            let newest = watched.view.filter.newest;
            if watched.view.filter.agent_moved(place, slot) && watched.is_told(newest, self.head) {
                self.lagging.insert(*id);
                self.turns.publish();
            }
        }
        self.head = place;
        concerned.len()
    }

    /// Writes the catalog as it is now. Whoever is sent something else is told it before that.
    pub(super) fn renew_catalog(&mut self) {
        self.catalog = Catalog::of(&self.directory, self.catalog.version + 1);
        self.news.written();
    }

    /// Brings a connection's watches forward, as far as its socket takes it and others do not wait.
    pub(super) fn advance(&mut self, session: SessionId) -> Advanced {
        let Some(connection) = self.connections.get(&session) else { return Advanced::AsFarAsItGoes };
        let watches = connection.watches.clone();
        let mut turn = Turn::default();
        for (id, chunk) in watches {
            let Some((watched, mut world)) = self.parts(id) else { continue };
            let Some(chunk) = watched.chunks.get_mut(&chunk) else { continue };
            chunk.tell_catalog(session, &mut world);
            match chunk.advance(session, &mut turn, &mut watched.view, &mut world) {
                Advanced::AsFarAsItGoes => {}
                Advanced::ForNow => return Advanced::ForNow,
            }
        }
        Advanced::AsFarAsItGoes
    }

    /// A position that holds for all that a connection watches; none if it watches nothing, or while one is not there
    /// yet.
    pub(super) fn position(&self, session: SessionId) -> Option<Seq> {
        let connection = self.connections.get(&session).filter(|connection| !connection.watches.is_empty())?;
        let mut place = self.head;
        for (id, chunk) in &connection.watches {
            let watched = self.filters.get(id)?;
            place = place.min(watched.chunks.get(chunk)?.place(session, watched.view.filter.newest, self.head)?);
        }
        Some(self.settled.seq_of(place))
    }

    pub(super) fn parts(&mut self, id: FilterId) -> Option<(&mut Watched, World<'_>)> {
        let watched = self.filters.get_mut(&id)?;
        let world = World {
            roster: &mut self.roster,
            directory: &self.directory,
            deflater: &mut self.deflater,
            steps: &mut self.steps,
            filter: id,
            is_shared: watched.chunks.values().map(Chunk::len).take(2).sum::<usize>() > 1,
            head: self.head,
            settled: &self.settled,
            epoch: &self.epoch,
            catalog: &self.catalog,
            settings: &self.settings,
            oldest_resumable: self.oldest_resumable,
            workstreams: &self.workstreams,
        };
        Some((watched, world))
    }

    /// How many filters are watched, and by how many connections.
    #[cfg(test)]
    pub(super) fn watched(&self) -> usize {
        self.filters.len() - self.resting.len() + self.connections.len()
    }

    /// Panics unless what is kept along the way equals what a recount gives.
    #[cfg(test)]
    pub(super) fn assert_consistent(&self) {
        for watched in self.filters.values().filter(|watched| watched.view.filter.is_whole()) {
            watched.view.filter.assert_consistent(&self.roster, &self.directory);
        }
    }
}
