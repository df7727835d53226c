//! The state of the feed: the roster, the filters that live, and who watches them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::time::Instant;

use super::Settings;
use super::chunk::Chunk;
use super::criteria::Criteria;
use super::filter::{Catalog, Filter, World};
use super::frames::Object;
use super::index::{FilterId, Index};
use super::roster::Roster;
use super::turns::Turns;
use crate::domain::agent::Agent;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::SessionId;
use crate::engine::{Loaded, Seq};
use crate::wire::present;
use crate::wire::shapes::Since;

/// A chunk's number within its filter.
pub(super) type ChunkId = u32;

/// A filter with its watchers.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) filter: Filter,
    pub(super) chunks: BTreeMap<ChunkId, Chunk>,
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
    pub(super) head: Seq,
    pub(super) oldest_resumable: Seq,
    pub(super) roster: Roster,
    pub(super) directory: Arc<Directory>,
    pub(super) catalog: Catalog,
    /// When each workstream last changed: who matches a filter on it changed then without any agent.
    pub(super) workstreams: HashMap<String, Seq>,
    pub(super) index: Index,
    pub(super) filters: HashMap<FilterId, Watched>,
    pub(super) by_criteria: HashMap<Arc<Criteria>, FilterId>,
    pub(super) next_filter: FilterId,
    /// Filters with a chunk behind their newest change.
    pub(super) lagging: BTreeSet<FilterId>,
    pub(super) connections: HashMap<SessionId, Connection>,
    turns: Turns,
}

/// A chunk to be flushed.
pub(super) type Due = (FilterId, ChunkId);

/// What the walker does next.
pub(super) enum Next {
    Flush(Vec<Due>),
    WaitUntil(Instant),
    Rest,
}

impl State {
    pub(super) fn new(settings: Settings, loaded: &Loaded, directory: Arc<Directory>) -> Self {
        let mut state = Self {
            epoch: loaded.epoch.clone(),
            head: loaded.seq,
            oldest_resumable: settings.oldest_resumable,
            settings,
            roster: Roster::default(),
            directory,
            catalog: Catalog::default(),
            workstreams: HashMap::new(),
            index: Index::default(),
            filters: HashMap::new(),
            by_criteria: HashMap::new(),
            next_filter: 0,
            lagging: BTreeSet::new(),
            connections: HashMap::new(),
            turns: Turns::new(settings.gather, Instant::now()),
        };
        for loaded in &loaded.agents {
            state.roster.put(loaded.seq, loaded.agent.clone());
        }
        for (seq, change) in &loaded.directory {
            state.note_workstream(*seq, change);
        }
        state.encode_catalog();
        state
    }

    pub(super) fn head(&self) -> Seq {
        self.head
    }

    pub(super) fn forget_before(&mut self, seq: Seq) {
        self.oldest_resumable = self.oldest_resumable.max(seq);
    }

    /// Takes an agent's newest state in. Returns whether anyone is to be told.
    pub(super) fn publish(&mut self, seq: Seq, agent: Arc<Agent>) -> bool {
        let Some((slot, before)) = self.roster.put(seq, Arc::clone(&agent)) else { return false };
        let mut told = false;
        for id in self.index.concerned(before.as_deref(), &agent) {
            let Some(watched) = self.filters.get_mut(&id) else { continue };
            let newest = watched.filter.newest;
            if watched.filter.agent_changed(seq, slot, before.as_deref(), &agent, &self.directory) {
                // Whoever was up to date needs to look no further back than here.
                for chunk in watched.chunks.values_mut().filter(|chunk| chunk.cursor >= newest) {
                    chunk.cursor = chunk.cursor.max(self.head);
                }
                self.lagging.insert(id);
                self.turns.publish();
                told = true;
            }
        }
        self.head = self.head.max(seq);
        told
    }

    /// Takes a change of the directory in. Returns the sessions that are to be advanced.
    pub(super) fn directory_changed(
        &mut self,
        seq: Seq,
        directory: Arc<Directory>,
        change: &DirectoryChange,
    ) -> Vec<SessionId> {
        self.head = self.head.max(seq);
        self.directory = directory;
        self.note_workstream(seq, change);
        match change {
            DirectoryChange::Presence(_) | DirectoryChange::PresenceRemoved(_) => {
                self.encode_catalog();
                self.connections.keys().copied().collect()
            }
            DirectoryChange::Profile(_) | DirectoryChange::ProfileRemoved(_) => {
                self.roster.forget_encoded();
                Vec::new()
            }
            DirectoryChange::Workstream(workstream) => self.workstream_changed(seq, workstream.id.as_str()),
            DirectoryChange::WorkstreamRemoved(id) => self.workstream_changed(seq, id.as_str()),
            DirectoryChange::Settings(_) => Vec::new(),
        }
    }

    fn workstream_changed(&mut self, seq: Seq, id: &str) -> Vec<SessionId> {
        let mut sessions = Vec::new();
        for watched in self.filters.values_mut().filter(|watched| watched.filter.criteria.workstream() == Some(id)) {
            if watched.filter.rules_changed(seq, &self.roster, &self.directory) {
                for chunk in watched.chunks.values_mut() {
                    chunk.resync("workstreamChanged");
                    chunk.cursor = seq;
                    sessions.extend(chunk.sessions());
                }
            }
        }
        sessions
    }

    fn note_workstream(&mut self, seq: Seq, change: &DirectoryChange) {
        let id = match change {
            DirectoryChange::Workstream(workstream) => &workstream.id,
            DirectoryChange::WorkstreamRemoved(id) => id,
            DirectoryChange::Presence(_)
            | DirectoryChange::PresenceRemoved(_)
            | DirectoryChange::Profile(_)
            | DirectoryChange::ProfileRemoved(_)
            | DirectoryChange::Settings(_) => return,
        };
        self.workstreams.insert(id.as_str().to_owned(), seq);
    }

    fn encode_catalog(&mut self) {
        let presences = serde_json::to_vec(&present::catalog(&self.directory.catalog)).unwrap_or_default();
        self.catalog = Catalog {
            version: self.catalog.version + 1,
            frame: Object::of_type("presences", presences.len()).json("presences", &presences).finish(),
            presences: presences.into(),
        };
    }

    /// Brings a connection's watches forward, as far as its socket takes it.
    pub(super) fn advance(&mut self, session: SessionId) {
        let Some(connection) = self.connections.get(&session) else { return };
        let watches = connection.watches.clone();
        for (id, chunk) in watches {
            let Some((watched, mut world)) = self.parts(id) else { continue };
            if let Some(chunk) = watched.chunks.get_mut(&chunk) {
                chunk.tell_catalog(session, &world.world);
                chunk.advance(session, &mut watched.filter, &mut world.world);
            }
        }
    }

    /// A position that holds for all that a connection watches; none while one is not there yet.
    pub(super) fn position(&self, session: SessionId) -> Option<Seq> {
        let mut position = self.head;
        for (id, chunk) in self.connections.get(&session).map(|connection| &connection.watches[..]).unwrap_or_default()
        {
            let watched = self.filters.get(id)?;
            position = position.min(watched.chunks.get(chunk)?.position(session, watched.filter.newest, self.head)?);
        }
        Some(position)
    }

    /// The chunks that are due, or when the first will be.
    ///
    /// A chunk that was quiet is due at once. Those that wait for their next flush take [`Turns`].
    pub(super) fn next(&mut self, now: Instant) -> Next {
        let (mut due, mut waiting, mut first) = (Vec::new(), Vec::new(), None::<Instant>);
        let mut sooner = |at: Instant| first = Some(first.map_or(at, |first: Instant| first.min(at)));
        let filters = &mut self.filters;
        let chunks = self.lagging.iter().filter_map(|id| filters.get(id)).map(|watched| watched.chunks.len()).sum();
        self.turns.look(now, chunks);
        self.lagging.retain(|id| {
            let Some(Watched { filter, chunks }) = filters.get_mut(id) else { return false };
            let mut lags = false;
            for (chunk_id, chunk) in chunks.iter_mut().filter(|(_, chunk)| chunk.lags(filter.newest)) {
                lags = true;
                match chunk.flushed {
                    Some(flushed) if chunk.waits || !self.turns.was_quiet(flushed, now) => {
                        chunk.waits = true;
                        match self.turns.has_gathered(flushed, now) {
                            Ok(()) => waiting.push((flushed, (*id, *chunk_id))),
                            Err(at) => sooner(at),
                        }
                    }
                    Some(_) | None => due.push((*id, *chunk_id)),
                }
            }
            lags
        });
        waiting.sort_unstable();
        let mut waiting = waiting.into_iter();
        let next_turn = waiting.find_map(|(_, chunk)| self.turns.take(now, chunks).map(|()| due.push(chunk)).err());
        next_turn.into_iter().for_each(&mut sooner);
        match first {
            _ if !due.is_empty() => Next::Flush(due),
            Some(first) => Next::WaitUntil(first),
            None => Next::Rest,
        }
    }

    /// Writes to a chunk that is due.
    pub(super) fn flush(&mut self, (id, chunk): Due, now: Instant) {
        let now = self.turns.flushed(now);
        let Some((watched, mut world)) = self.parts(id) else { return };
        if let Some(chunk) = watched.chunks.get_mut(&chunk) {
            chunk.flush(&mut watched.filter, &mut world.world, now);
        }
    }

    /// How many filters and connections there are.
    #[cfg(test)]
    pub(super) fn watched(&self) -> usize {
        self.filters.len() + self.connections.len()
    }

    /// Panics unless what is kept along the way equals what a recount gives.
    #[cfg(test)]
    pub(super) fn assert_consistent(&self) {
        for watched in self.filters.values() {
            watched.filter.assert_consistent(&self.roster, &self.directory);
        }
    }

    pub(super) fn parts(&mut self, id: FilterId) -> Option<(&mut Watched, Surroundings<'_>)> {
        let watched = self.filters.get_mut(&id)?;
        let world = World::of(&mut self.roster, &self.directory, self.head, &self.epoch, &self.catalog, &self.settings);
        let surroundings = Surroundings {
            world,
            chunk: self.settings.chunk,
            oldest_resumable: self.oldest_resumable,
            workstreams: &self.workstreams,
        };
        Some((watched, surroundings))
    }
}

/// A filter's world, with what a new watch depends on besides.
pub(super) struct Surroundings<'a> {
    pub(super) world: World<'a>,
    pub(super) chunk: usize,
    pub(super) oldest_resumable: Seq,
    pub(super) workstreams: &'a HashMap<String, Seq>,
}

impl Surroundings<'_> {
    /// Whether what changed since that position is all that a client needs.
    pub(super) fn may_resume(&self, filter: &Filter, since: &Since) -> bool {
        let rules_changed = filter.criteria.workstream().and_then(|id| self.workstreams.get(id)).copied().unwrap_or(0);
        since.epoch == self.world.epoch
            && since.seq <= self.world.head
            && since.seq >= self.oldest_resumable
            && since.seq >= rules_changed
            && since.watch_id.as_ref().is_none_or(|watch_id| *watch_id == filter.watch_id)
    }
}
