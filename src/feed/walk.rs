//! The walk: which chunk is written to next, and the bites of what concerns very many.

use std::collections::{BTreeSet, HashMap, VecDeque};

use tokio::time::Instant;

use super::chunk::FlushedTo;
use super::filter::Made;
use super::index::FilterId;
use super::state::{ChunkId, State, Watched};
use super::turns::Flushed;
use super::watcher::Owner;
use crate::domain::ids::SessionId;

/// A chunk to be flushed.
pub(super) type Due = (FilterId, ChunkId);

/// Connections that are to be brought forward, each once, in the order in which that was found.
#[derive(Debug, Default)]
pub(super) struct Behind {
    queue: VecDeque<SessionId>,
    queued: BTreeSet<SessionId>,
}

impl Behind {
    pub(super) fn extend(&mut self, sessions: Vec<SessionId>) {
        self.queue.extend(sessions.into_iter().filter(|session| self.queued.insert(*session)));
    }

    /// Takes the next one out.
    pub(super) fn take(&mut self) -> Option<SessionId> {
        let session = self.queue.pop_front()?;
        self.queued.remove(&session);
        Some(session)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

/// Chunks that are flushed before it is looked anew who waits, where a lap takes long.
const FLUSHED_AT_ONCE: usize = 8;

/// Chunks in the order in which they are flushed: whoever was flushed longest ago is first. But of those that only one
/// watches, the first of each owner come before the second of any, so that nobody keeps others waiting by watching much
/// that nobody else does.
fn fairly(mut waiting: Vec<(Flushed, Due, Option<Owner>)>) -> Vec<Due> {
    waiting.sort_unstable_by_key(|(flushed, due, _)| (*flushed, *due));
    let mut before: HashMap<Owner, usize> = HashMap::new();
    let ranked = waiting.into_iter().map(|(_, due, owner)| {
        let rank = owner.map_or(0, |owner| {
            let rank = before.entry(owner).or_default();
            *rank += 1;
            *rank - 1
        });
        (rank, due)
    });
    let mut ranked: Vec<(usize, Due)> = ranked.collect();
    // Stable: those of a rank keep their order.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, due)| due).collect()
}

/// What the walker does next.
pub(super) enum Next {
    Flush(Vec<Due>),
    WaitUntil(Instant),
    Rest,
}

/// What a bite of work has led to.
pub(super) enum Bite {
    /// There was nothing to do.
    Nothing,
    /// These sessions are to be advanced, and there may be more to do.
    Taken(Vec<SessionId>),
}

impl State {
    /// The chunks that are due, or when there will be something to do.
    ///
    /// A chunk that was quiet is due at once. Those that wait for their next flush take
    /// [turns](super::turns).
    pub(super) fn next(&mut self, now: Instant) -> Next {
        let (mut due, mut waiting, mut first) = (Vec::new(), Vec::new(), self.news.due(now));
        let mut sooner = |at: Instant| first = Some(first.map_or(at, |first: Instant| first.min(at)));
        let filters = &mut self.filters;
        let chunks = self.lagging.iter().filter_map(|id| filters.get(id)).map(|watched| watched.chunks.len()).sum();
        self.turns.look(now, chunks);
        self.lagging.retain(|id| {
            let Some(Watched { view, chunks }) = filters.get_mut(id) else { return false };
            let mut lags = false;
            for (chunk_id, chunk) in chunks.iter_mut().filter(|(_, chunk)| chunk.lags(view.filter.newest)) {
                lags = true;
                match chunk.flushed {
                    Some(flushed) if chunk.waits || !self.turns.was_quiet(flushed, now) => {
                        chunk.waits = true;
                        match self.turns.has_gathered(flushed, now) {
                            Ok(()) => waiting.push((flushed, (*id, *chunk_id), chunk.owner())),
                            Err(at) => sooner(at),
                        }
                    }
                    Some(_) | None => due.push((*id, *chunk_id)),
                }
            }
            lags
        });
        let mut waiting = fairly(waiting).into_iter();
        // Who waits from now on is looked at again before all of a long lap were told.
        let most = if self.turns.are_long() { FLUSHED_AT_ONCE } else { usize::MAX };
        let next_turn = waiting.by_ref().take(most).find_map(|chunk| {
            let turn = self.turns.take(now, chunks);
            turn.map(|()| due.push(chunk)).err()
        });
        next_turn.into_iter().for_each(&mut sooner);
        match first {
            _ if !due.is_empty() => Next::Flush(due),
            Some(first) => Next::WaitUntil(first),
            None => Next::Rest,
        }
    }

    /// Writes to a chunk that is due.
    pub(super) fn flush(&mut self, (id, chunk): Due, now: Instant) -> FlushedTo {
        let now = self.turns.flushed(now);
        let nothing = FlushedTo::TheNewest(Vec::new());
        let Some((watched, mut world)) = self.parts(id).filter(|(watched, _)| watched.view.filter.is_whole()) else {
            return nothing;
        };
        let Some(chunk) = watched.chunks.get_mut(&chunk) else { return nothing };
        let lags_since = chunk.lags_since;
        let began = Instant::now();
        let flushed = chunk.flush(&mut watched.view, &mut world, now);
        let took = began.elapsed();
        if let FlushedTo::TheNewest(_) = flushed {
            chunk.lags_since = None;
        }
        if let Some(since) = lags_since {
            self.metrics.written(since.elapsed());
        }
        self.turns.took(took);
        flushed
    }

    /// Does a little of what concerns very many: tells all watchers the catalog, shows agents anew, makes
    /// filters.
    pub(super) fn bite(&mut self, now: Instant) -> Bite {
        self.let_go_of_the_told();
        let sessions = self.take_news(now);
        if !sessions.is_empty() {
            return Bite::Taken(sessions);
        }
        if self.reshown.is_some() {
            self.reshow(self.settings.effort);
            return Bite::Taken(Vec::new());
        }
        match self.unmade.pop_front() {
            Some(id) => Bite::Taken(self.make(id)),
            None => Bite::Nothing,
        }
    }

    /// Goes on making a filter. Once it is whole, those who asked for it are to be advanced.
    fn make(&mut self, id: FilterId) -> Vec<SessionId> {
        let Some(Watched { view, chunks }) = self.filters.get_mut(&id) else { return Vec::new() };
        match view.filter.ask(self.settings.effort, self.head, &self.roster, &self.directory) {
            Made::InPart => {
                self.unmade.push_back(id);
                Vec::new()
            }
            Made::Whole => {
                for chunk in chunks.values_mut() {
                    (chunk.cursor, chunk.lags_since) = (self.head, None);
                }
                chunks.values().flat_map(|chunk| chunk.sessions()).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::feed::turns::Turns;

    #[tokio::test(start_paused = true)]
    async fn who_watches_much_that_nobody_else_does_waits_behind_those_who_watch_little() {
        let turns = Turns::new(Duration::from_millis(13), Instant::now());
        let mut waiting = Vec::new();
        let mut waits = |chunk: ChunkId, owner: Option<u64>| {
            let flushed = turns.flushed(Instant::now() + Duration::from_millis(chunk.into()));
            waiting.push((flushed, (0, chunk), owner.map(Owner)));
        };
        (0..4).for_each(|chunk| waits(chunk, Some(1)));
        waits(4, None);
        waits(5, Some(2));
        waits(6, Some(2));
        let order: Vec<ChunkId> = fairly(waiting).into_iter().map(|(_, chunk)| chunk).collect();
        assert_eq!(order, [0, 4, 5, 1, 6, 2, 3]);
    }
}
