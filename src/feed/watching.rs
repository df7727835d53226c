//! How watches begin and end.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::FeedError;
use super::chunk::{Chunk, Stage, Watcher};
use super::criteria::Criteria;
use super::filter::{Filter, Kind, World};
use super::frames::Object;
use super::index::FilterId;
use super::state::{ChunkId, State, Watched};
use crate::domain::ids::SessionId;
use crate::sessions::Outlet;
use crate::wire::shapes::{Since, WatchMode, WatchResult};

impl State {
    /// Begins a watch: the result, then the snapshot or what changed, as far as the socket takes it.
    pub(super) fn watch(
        &mut self,
        session: SessionId,
        outlet: &Outlet,
        criteria: Criteria,
        since: Option<&Since>,
        request: &serde_json::Value,
    ) -> Result<WatchResult, FeedError> {
        if let Some(workstream) = criteria.workstream().filter(|id| !self.directory.workstreams.contains_key(*id)) {
            return Err(FeedError::UnknownWorkstream(workstream.to_owned()));
        }
        let id = self.filter_for(criteria);
        self.end_watch(session, id, Keep::Filter);
        let connection = self.connections.entry(session).or_default();
        if connection.watches.len() >= self.settings.watches_per_connection {
            self.drop_if_unwatched(id);
            return Err(FeedError::TooManyWatches(self.settings.watches_per_connection));
        }
        let told = Arc::clone(&connection.told);
        let Some((watched, world)) = self.parts(id) else { return Err(FeedError::UnknownWatch) };
        let mut world = world;
        let (stage, mode, seq) = match since.filter(|since| world.may_resume(&watched.filter, since)) {
            Some(since) => (Stage::Behind(since.seq, Kind::Resumed), WatchMode::Resumed, since.seq),
            None => {
                let snapshot = watched.filter.snapshot(&mut world.world);
                let seq = snapshot.seq;
                (Stage::Snapshot(snapshot, 0), WatchMode::Snapshot, seq)
            }
        };
        let result =
            WatchResult { watch_id: watched.filter.watch_id.clone(), epoch: world.world.epoch.to_owned(), seq, mode };
        outlet.send(Object::of_type("result", 0).field("id", request).field("result", &result).finish());
        let room = watched.chunks.iter_mut().find(|(_, chunk)| chunk.len() < world.chunk);
        let chunk_id = match room {
            Some((chunk_id, _)) => *chunk_id,
            None => watched.chunks.keys().next_back().map_or(0, |last| last + 1),
        };
        let chunk = watched.chunks.entry(chunk_id).or_insert_with(|| Chunk::new(world.world.head));
        chunk.add(Watcher { session, outlet: outlet.clone(), told, stage });
        chunk.advance(session, &mut watched.filter, &mut world.world);
        self.connections.entry(session).or_default().watches.push((id, chunk_id));
        Ok(result)
    }

    /// Ends a watch.
    pub(super) fn unwatch(&mut self, session: SessionId, watch_id: &str) -> Result<(), FeedError> {
        let connection = self.connections.get(&session).ok_or(FeedError::UnknownWatch)?;
        let named = |id: &FilterId| self.filters.get(id).is_some_and(|watched| watched.filter.watch_id == watch_id);
        let id = connection.watches.iter().map(|(id, _)| *id).find(named).ok_or(FeedError::UnknownWatch)?;
        self.end_watch(session, id, Keep::Nothing);
        Ok(())
    }

    /// Ends all watches of a connection.
    pub(super) fn leave(&mut self, session: SessionId) {
        let Some(connection) = self.connections.remove(&session) else { return };
        for (id, chunk) in connection.watches {
            self.take_out(session, id, chunk);
            self.drop_if_unwatched(id);
        }
    }

    fn filter_for(&mut self, criteria: Criteria) -> FilterId {
        if let Some(id) = self.by_criteria.get(&criteria) {
            return *id;
        }
        let id = self.next_filter;
        self.next_filter = id.wrapping_add(1);
        let criteria = Arc::new(criteria);
        let world = World::of(&mut self.roster, &self.directory, self.head, &self.epoch, &self.catalog, &self.settings);
        let filter = Filter::new(Arc::clone(&criteria), &world);
        self.index.insert(id, &criteria);
        self.by_criteria.insert(criteria, id);
        self.filters.insert(id, Watched { filter, chunks: BTreeMap::new() });
        id
    }

    fn end_watch(&mut self, session: SessionId, id: FilterId, keep: Keep) {
        let Some(connection) = self.connections.get_mut(&session) else { return };
        let Some(index) = connection.watches.iter().position(|(watched, _)| *watched == id) else { return };
        let (_, chunk) = connection.watches.swap_remove(index);
        self.take_out(session, id, chunk);
        match keep {
            Keep::Filter => {}
            Keep::Nothing => self.drop_if_unwatched(id),
        }
    }

    fn take_out(&mut self, session: SessionId, id: FilterId, chunk_id: ChunkId) {
        let Some(watched) = self.filters.get_mut(&id) else { return };
        let Some(chunk) = watched.chunks.get_mut(&chunk_id) else { return };
        chunk.remove(session);
        if chunk.is_empty() {
            watched.chunks.remove(&chunk_id);
        }
    }

    fn drop_if_unwatched(&mut self, id: FilterId) {
        if self.filters.get(&id).is_some_and(|watched| watched.chunks.is_empty())
            && let Some(watched) = self.filters.remove(&id)
        {
            self.index.remove(id, &watched.filter.criteria);
            self.by_criteria.remove(&watched.filter.criteria);
            self.lagging.remove(&id);
        }
    }
}

/// Whether a filter outlives the end of its last watch.
#[derive(Clone, Copy)]
enum Keep {
    Filter,
    Nothing,
}
