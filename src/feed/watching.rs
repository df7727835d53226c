//! How watches begin and end.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::criteria::Criteria;
use super::filter::{Filter, Made};
use super::index::FilterId;
use super::state::{ChunkId, State, Watched};
use super::view::View;
use super::watcher::{Stage, Way};
use super::{FeedError, chunk::Chunk};
use crate::domain::ids::SessionId;
use crate::wire::shapes::Since;

/// Filters that are kept although nobody watches them any more: who comes back, or asks again and
/// again, costs nothing then.
const RESTING: usize = 16;

impl State {
    /// Begins a watch. The result, and then the snapshot or what changed, are sent once the connection is
    /// [advanced](State::advance).
    pub(super) fn watch(
        &mut self,
        session: SessionId,
        way: &Way,
        criteria: Criteria,
        since: Option<Since>,
        request: serde_json::Value,
    ) -> Result<(), FeedError> {
        if let Some(workstream) = criteria.workstream().filter(|id| !self.directory.workstreams.contains_key(*id)) {
            return Err(FeedError::UnknownWorkstream(workstream.to_owned()));
        }
        let known = self.by_criteria.get(&criteria);
        let watches = self.connections.get(&session).map(|connection| &connection.watches[..]).unwrap_or_default();
        let again = known.is_some_and(|known| watches.iter().any(|(id, _)| id == known));
        if !again && watches.len() >= self.settings.watches_per_connection {
            return Err(FeedError::TooManyWatches(self.settings.watches_per_connection));
        }
        let watched = watches.iter().filter_map(|(id, _)| self.filters.get(id));
        let names: usize = watched.map(|watched| watched.view.filter.criteria.number_of_names()).sum();
        if !again && names + criteria.number_of_names() > self.settings.names_per_connection {
            return Err(FeedError::TooManyNames(self.settings.names_per_connection));
        }
        let id = self.filter_for(criteria);
        self.end_watch(session, id, Keep::Filter);
        let told = Arc::clone(&self.connections.entry(session).or_default().told);
        let number = self.numbers.of(id);
        let Some((watched, world)) = self.parts(id) else { return Err(FeedError::UnknownWatch) };
        let room =
            watched.chunks.iter_mut().find(|(_, chunk)| chunk.form() == way.form && chunk.len() < world.settings.chunk);
        let chunk_id = match room {
            Some((chunk_id, _)) => *chunk_id,
            None => watched.chunks.keys().next_back().map_or(0, |last| last + 1),
        };
        let chunk = watched.chunks.entry(chunk_id).or_insert_with(|| Chunk::new(world.head, way.form, number));
        chunk.add(session, way.clone(), told, Stage::Asked { request, since });
        self.connections.entry(session).or_default().watches.push((id, chunk_id));
        self.metrics.watches.inc();
        Ok(())
    }

    /// Ends a watch.
    pub(super) fn unwatch(&mut self, session: SessionId, watch_id: &str) -> Result<(), FeedError> {
        let connection = self.connections.get(&session).ok_or(FeedError::UnknownWatch)?;
        let named =
            |id: &FilterId| self.filters.get(id).is_some_and(|watched| watched.view.filter.watch_id == watch_id);
        let id = connection.watches.iter().map(|(id, _)| *id).find(named).ok_or(FeedError::UnknownWatch)?;
        self.end_watch(session, id, Keep::Nothing);
        Ok(())
    }

    /// Ends all watches of a connection.
    pub(super) fn leave(&mut self, session: SessionId) {
        let Some(connection) = self.connections.remove(&session) else { return };
        for (id, chunk) in connection.watches {
            self.take_out(session, id, chunk);
            self.rest_if_unwatched(id);
        }
    }

    fn filter_for(&mut self, criteria: Criteria) -> FilterId {
        if let Some(id) = self.by_criteria.get(&criteria) {
            self.resting.retain(|resting| resting != id);
            return *id;
        }
        let id = self.next_filter;
        self.next_filter = id.wrapping_add(1);
        let criteria = Arc::new(criteria);
        let mut filter = Filter::new(Arc::clone(&criteria), &self.roster);
        if filter.ask(self.settings.effort, self.head, &self.roster, &self.directory) == Made::InPart {
            self.unmade.push_back(id);
        }
        self.index.insert(id, &criteria);
        self.by_criteria.insert(criteria, id);
        self.filters.insert(id, Watched { view: View::of(filter), chunks: BTreeMap::new() });
        id
    }

    fn end_watch(&mut self, session: SessionId, id: FilterId, keep: Keep) {
        let Some(connection) = self.connections.get_mut(&session) else { return };
        let Some(index) = connection.watches.iter().position(|(watched, _)| *watched == id) else { return };
        let (_, chunk) = connection.watches.swap_remove(index);
        self.take_out(session, id, chunk);
        match keep {
            Keep::Filter => {}
            Keep::Nothing => self.rest_if_unwatched(id),
        }
    }

    fn take_out(&mut self, session: SessionId, id: FilterId, chunk_id: ChunkId) {
        let Some((watched, world)) = self.parts(id) else { return };
        let Some(chunk) = watched.chunks.get_mut(&chunk_id) else { return };
        let mut left = false;
        if let Some(watcher) = chunk.remove(session) {
            watcher.end(&watched.view.filter, &world);
            left = true;
        }
        if chunk.is_empty() {
            watched.chunks.remove(&chunk_id);
        }
        if left {
            self.metrics.watches.dec();
        }
    }

    /// A filter that nobody watches rests, if it is whole; the one that rests longest is given up.
    fn rest_if_unwatched(&mut self, id: FilterId) {
        let Some(watched) = self.filters.get(&id).filter(|watched| watched.chunks.is_empty()) else { return };
        if !watched.view.filter.is_whole() {
            return self.give_up(id);
        }
        self.resting.push_back(id);
        if self.resting.len() > RESTING
            && let Some(oldest) = self.resting.pop_front()
        {
            self.give_up(oldest);
        }
    }

    fn give_up(&mut self, id: FilterId) {
        let Some(watched) = self.filters.remove(&id) else { return };
        self.index.remove(id, &watched.view.filter.criteria);
        self.by_criteria.remove(&watched.view.filter.criteria);
        self.lagging.remove(&id);
        self.unmade.retain(|unmade| *unmade != id);
    }
}

/// Whether a filter outlives the end of its last watch.
#[derive(Clone, Copy)]
enum Keep {
    Filter,
    Nothing,
}
