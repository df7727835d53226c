//! Which operations are remembered, and where in the log each stands.
//!
//! The log says of each operation's last entry which operation it was, in the order of time. Kept here is only where to
//! look: a [`Claim`] says that an id with a digest stands at a position, and whoever follows it reads in the log
//! whether it does, and whether it is still [remembered](REMEMBERED). So a claim too many is harmless, and none may be
//! missing.
//!
//! Ids may be random. In a table that is ordered by them each would be written to a page of its own, all over the
//! table. So claims are gathered in memory, and once they are many they become a run: they are written to
//! the table sorted, from one end to the other, some with each commit. Each run has a [filter](filter::Filter) in memory,
//! which says of nearly all ids that it does not know them. A run of which all is forgotten goes, some with each commit.
//! What is not in runs yet is read from the log at the start.

mod block;
mod checking;
mod claim;
mod filter;
mod opening;
mod tables;
#[cfg(test)]
mod tests;
mod writing;

use std::collections::VecDeque;

use rusqlite::Connection;

use crate::domain::time::Timestamp;
use crate::engine::{OperationId, REMEMBERED, Seq};
pub(super) use checking::missing;
use claim::{Claim, digest_of};
pub(super) use tables::CREATE;
use tables::Run;
use writing::{Gathered, Place, Writing};

/// Operations whose blocks a commit forgets for each entry that it adds, or writes. Two, so that what a busy time left
/// goes although the next is quiet; no more, so that no commit costs much more than its own entries.
const FOR_EACH: usize = 2;

/// How large the parts are.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// Entries of the log whose operations are in one run, at least. Twice as many may be read from the log at the start.
    least: usize,
    /// The same, at most: the run's filter is written at once.
    most: usize,
    /// A run has one of so many parts of all that is remembered, so that the number of runs grows little with it.
    part: usize,
    /// Claims of a block.
    block: usize,
}

const SIZES: Sizes = Sizes { least: 32_768, most: 262_144, part: 32, block: block::CLAIMS };

/// The operations that are remembered.
#[derive(Debug)]
pub(super) struct Operations {
    sizes: Sizes,
    digest: fn(&str) -> u64,
    /// Those that are in no run yet.
    recent: Gathered,
    /// Entries that were kept since the last run began to be written.
    since: usize,
    writing: Option<Writing>,
    /// The oldest first.
    runs: VecDeque<Run>,
    /// The numbers of runs of which nothing is remembered any more, and which are still in the tables.
    forgotten: VecDeque<u64>,
    /// The number of the next run.
    next: u64,
}

/// What a transaction does to runs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    /// Where the run stands that is being written.
    place: Option<Place>,
    /// The first run that is forgotten is in the tables no more.
    is_one_gone: bool,
}

impl Operations {
    /// Those of the database, as far as they are remembered.
    pub(super) fn open(connection: &Connection, now: Timestamp) -> rusqlite::Result<Self> {
        opening::open(connection, now, SIZES, digest_of)
    }

    /// None, of a database that has none.
    pub(super) fn none() -> Self {
        Self::of(SIZES, digest_of)
    }

    fn of(sizes: Sizes, digest: fn(&str) -> u64) -> Self {
        let (recent, runs, forgotten) = (Gathered::default(), VecDeque::new(), VecDeque::new());
        Self { sizes, digest, recent, since: 0, writing: None, runs, forgotten, next: 1 }
    }

    /// Where the last entry of an operation stands, and the entry.
    pub(super) fn find(
        &self,
        connection: &Connection,
        id: &OperationId,
        now: Timestamp,
    ) -> rusqlite::Result<Option<(Seq, String)>> {
        let digest = (self.digest)(&id.0);
        let look = |seq| {
            let entry = tables::entry(connection, seq, &id.0, now.minus(REMEMBERED).0)?;
            Ok::<_, rusqlite::Error>(entry.map(|entry| (seq, entry)))
        };
        let writing = self.writing.as_ref().map(Writing::gathered);
        for seq in [Some(&self.recent), writing].into_iter().flatten().flat_map(|claims| claims.claimed(digest)) {
            if let Some(found) = look(seq)? {
                return Ok(Some(found));
            }
        }
        for run in self.runs.iter().rev().filter(|run| run.filter.may_hold(digest)) {
            for seq in tables::claimed(connection, run.number, digest)? {
                if let Some(found) = look(seq)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// An operation's last entry is written at `seq`. Should that be undone, nothing is lost.
    pub(super) fn add(&mut self, id: &OperationId, seq: Seq, at: Timestamp) {
        self.recent.add(Claim { digest: (self.digest)(&id.0), seq }, at);
    }

    /// Writes some of the run that is being written and deletes some of what is forgotten, within a transaction
    /// that adds so many entries.
    pub(super) fn go_on(&mut self, connection: &Connection, added: usize) -> rusqlite::Result<Moved> {
        let mut moved = Moved::default();
        let blocks = 1 + FOR_EACH * added / self.sizes.block;
        if let Some(writing) = &mut self.writing {
            moved.place = Some(writing.go_on(connection, blocks, self.sizes.block)?);
        }
        if let Some(run) = self.forgotten.front() {
            moved.is_one_gone = tables::delete(connection, *run, blocks)?;
        }
        Ok(moved)
    }

    /// The transaction is kept, with so many entries; the log ends at `seq`.
    pub(super) fn kept(&mut self, moved: Moved, (added, seq): (usize, Seq), now: Timestamp) {
        self.since += added;
        if let Some(place) = moved.place
            && let Some(writing) = self.writing.take()
        {
            match writing.kept(place) {
                Ok(run) => self.runs.extend(Some(run).filter(|run| run.many > 0)),
                Err(writing) => self.writing = Some(writing),
            }
        }
        if moved.is_one_gone {
            self.forgotten.pop_front();
        }
        while let Some(run) = self.runs.pop_front_if(|run| is_forgotten(run.newest, now)) {
            self.forgotten.push_back(run.number);
        }
        if self.writing.is_none() && self.since >= self.length() {
            self.since = 0;
            let mut gathered = std::mem::take(&mut self.recent);
            if is_forgotten(gathered.newest, now) {
                gathered = Gathered::default();
            }
            self.writing = Some(Writing::begin(self.next, gathered, seq));
            self.next += 1;
        }
    }

    /// Somebody is being erased: what is not written yet may be an operation of which nothing is to be left.
    pub(super) fn doubt(&mut self) {
        self.recent.is_doubtful = true;
        self.writing.iter_mut().for_each(Writing::doubt);
    }

    /// After how many entries the next run begins to be written.
    fn length(&self) -> usize {
        let remembered: usize = self.runs.iter().map(|run| run.many).sum();
        (remembered / self.sizes.part).clamp(self.sizes.least, self.sizes.most)
    }
}

/// Nothing is to be left of an operation that stood at a position, in the tables. What is not in them yet is to be
/// [doubted](Operations::doubt). The filters stay: of its digest they say what they say of one in two hundred others.
pub(super) fn take_out(connection: &Connection, id: &str, seq: Seq) -> rusqlite::Result<()> {
    tables::take_out(connection, Claim { digest: digest_of(id), seq })
}

fn is_forgotten(newest: Timestamp, now: Timestamp) -> bool {
    now.since(newest) >= REMEMBERED
}
