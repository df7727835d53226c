//! The walk: which chunk is written to next, and the bites of what concerns very many.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::chunk::FlushedTo;
use super::filter::Made;
use super::index::FilterId;
use super::state::{ChunkId, State, Watched};
use super::turns::{AT_ONCE, Flushed, Lap, Takes};
use super::watcher::Owner;
use crate::domain::ids::SessionId;

/// A chunk to be flushed.
pub(super) type Due = (FilterId, ChunkId);

/// Those who wait for the walker, each once, in the order in which they came.
#[derive(Debug)]
pub(super) struct Line<T> {
    queue: VecDeque<T>,
    queued: BTreeSet<T>,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), queued: BTreeSet::new() }
    }
}

impl<T: Copy + Ord> Line<T> {
    pub(super) fn extend(&mut self, more: impl IntoIterator<Item = T>) {
        self.queue.extend(more.into_iter().filter(|one| self.queued.insert(*one)));
    }

    /// Takes the first one out, if there is time for it.
    pub(super) fn take_if(&mut self, there_is_time: bool) -> Option<T> {
        let first = if there_is_time { self.queue.pop_front()? } else { return None };
        self.queued.remove(&first);
        Some(first)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}

/// A chunk of a filter that has something to tell.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    /// How many chunks of its owner come before it; of several owners, the one with fewest counts. 0 if many watch it.
    rank: usize,
    flushed: Option<Flushed>,
    due: Due,
    /// Whose it is, if few watch it.
    owners: Vec<Owner>,
    lags: bool,
    waits: bool,
    takes: Takes,
}

/// Puts chunks in the order in which they are flushed: whoever was flushed longest ago is first. But of those that few
/// watch, the first of each owner come before the second of any, so that nobody keeps others waiting by watching much
/// that few others do.
fn rank(chunks: &mut [Waiting]) {
    chunks.sort_unstable();
    let mut before: HashMap<Owner, usize> = HashMap::new();
    for Waiting { rank, owners, .. } in chunks.iter_mut() {
        let count = |owner| before.get(owner).copied().unwrap_or(0);
        *rank = owners.iter().map(count).min().unwrap_or(0);
        for owner in owners {
            *before.entry(*owner).or_default() += 1;
        }
    }
    chunks.sort_unstable();
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
        let mut chunks = self.chunks_with_news(now);
        rank(&mut chunks);
        let firsts = chunks.partition_point(|chunk| chunk.rank == 0);
        let take = |chunks: &[Waiting]| chunks.iter().map(|chunk| chunk.takes.0).sum();
        let lap = Lap { chunks: chunks.len(), takes: take(&chunks), firsts_take: take(&chunks[..firsts]) };
        self.turns.look(now, lap);
        let (mut due, mut first) = (Vec::new(), self.news.due(now));
        let mut sooner = |at: Instant| first = Some(first.map_or(at, |first: Instant| first.min(at)));
        let (mut turns, mut due_take) = (Ok(()), Duration::ZERO);
        for Waiting { rank, flushed, due: chunk, waits, takes, .. } in chunks.into_iter().filter(|chunk| chunk.lags) {
            if due_take >= AT_ONCE {
                break;
            }
            if let Some(flushed) = flushed.filter(|_| waits) {
                let may_be = self.turns.has_gathered(flushed, rank == 0, now).and_then(|()| {
                    turns = turns.and_then(|()| self.turns.take(now));
                    turns
                });
                if let Err(at) = may_be {
                    sooner(at);
                    continue;
                }
            }
            due.push(chunk);
            due_take += takes.0;
        }
        match first {
            _ if !due.is_empty() => Next::Flush(due),
            Some(first) => Next::WaitUntil(first),
            None => Next::Rest,
        }
    }

    /// All chunks of the filters that have something to tell to some.
    fn chunks_with_news(&mut self, now: Instant) -> Vec<Waiting> {
        let (filters, turns, mut all) = (&mut self.filters, &self.turns, Vec::new());
        self.lagging.retain(|id| {
            let Some(Watched { view, chunks }) = filters.get_mut(id) else { return false };
            let before = all.len();
            for (chunk_id, chunk) in chunks.iter_mut() {
                let (lags, flushed) = (chunk.lags(view.filter.newest), chunk.flushed);
                chunk.waits |= lags && flushed.is_some_and(|flushed| !turns.was_quiet(flushed, now));
                let (due, owners, waits, takes) = ((*id, *chunk_id), chunk.owners(), chunk.waits, chunk.takes);
                all.push(Waiting { rank: 0, flushed, due, owners, lags, waits, takes });
            }
            let lags = all[before..].iter().any(|chunk| chunk.lags);
            if !lags {
                all.truncate(before);
            }
            lags
        });
        all
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
        chunk.takes.took(began.elapsed());
        if let FlushedTo::TheNewest(_) = flushed {
            chunk.lags_since = None;
        }
        if let Some(since) = lags_since {
            self.metrics.written(since.elapsed());
        }
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
    use super::*;
    use crate::feed::turns::Turns;

    #[tokio::test(start_paused = true)]
    async fn who_watches_much_that_nobody_else_does_waits_behind_those_who_watch_little() {
        let turns = Turns::new(Duration::from_millis(13), Instant::now());
        let order = |owners: &[&[u64]]| {
            let waits = |(chunk, owners): (ChunkId, &&[u64])| {
                let flushed = Some(turns.flushed(Instant::now() + Duration::from_millis(chunk.into())));
                let owners = owners.iter().copied().map(Owner).collect();
                Waiting { rank: 0, flushed, due: (0, chunk), owners, lags: true, waits: true, takes: Takes::default() }
            };
            let mut chunks: Vec<Waiting> = (0..).zip(owners).map(waits).collect();
            rank(&mut chunks);
            chunks.iter().map(|chunk| (chunk.rank, chunk.due.1)).collect::<Vec<_>>()
        };
        let one = order(&[&[1], &[1], &[1], &[1], &[], &[2], &[2]]);
        assert_eq!(one, [(0, 0), (0, 4), (0, 5), (1, 1), (1, 6), (2, 2), (3, 3)]);
        // Two who watch the same are no better off, and whoever watches the same as one of them is no worse off.
        assert_eq!(order(&[&[1, 2], &[1, 2], &[2, 3], &[1]]), [(0, 0), (0, 2), (1, 1), (2, 3)]);
    }
}
