//! A run while it is being written: all of it stands in memory too, until all of it is in the table.

use std::collections::BTreeSet;
use std::ops::Bound;

use rusqlite::Connection;

use super::block;
use super::claim::Claim;
use super::filter::Filter;
use super::tables::{self, Run};
use crate::domain::time::Timestamp;
use crate::engine::Seq;

/// Claims that were gathered in memory, and nowhere else.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub claims: BTreeSet<Claim>,
    /// When the newest of them was kept.
    pub newest: Timestamp,
    /// Somebody was erased meanwhile: what the log has no operation for any more is not written.
    pub is_doubtful: bool,
}

/// Where the writing of a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Beginning,
    Behind(Claim),
    End,
}

/// A run that is being written.
#[derive(Debug)]
pub(super) struct Writing {
    number: u64,
    /// Up to where the log's operations stand in it, or in those before.
    until: Seq,
    gathered: Gathered,
    filter: Filter,
    /// As of the last commit.
    place: Place,
}

impl Gathered {
    pub(super) fn add(&mut self, claim: Claim, at: Timestamp) {
        self.claims.insert(claim);
        self.newest = self.newest.max(at);
    }

    /// The positions that are claimed for a digest, the newest first.
    pub(super) fn claimed(&self, digest: u64) -> impl Iterator<Item = Seq> {
        let (first, last) = (Claim { digest, seq: 0 }, Claim { digest, seq: Seq::MAX });
        self.claims.range(first..=last).rev().map(|claim| claim.seq)
    }
}

impl Writing {
    pub(super) fn begin(number: u64, gathered: Gathered, until: Seq) -> Self {
        let filter = Filter::of(gathered.claims.len());
        Self { number, until, gathered, filter, place: Place::Beginning }
    }

    pub(super) fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// Somebody is being erased.
    pub(super) fn doubt(&mut self) {
        self.gathered.is_doubtful = true;
    }

    /// Writes the next blocks, so many of about `claims` each, within a transaction. Returns where it stands once that is kept;
    /// if it is not, they are written again.
    pub(super) fn go_on(&mut self, connection: &Connection, blocks: usize, claims: usize) -> rusqlite::Result<Place> {
        let mut place = self.place;
        for _ in 0..blocks {
            let from = match place {
                Place::Beginning => Bound::Unbounded,
                Place::Behind(last) => Bound::Excluded(last),
                Place::End => break,
            };
            let rest = self.gathered.claims.range((from, Bound::Unbounded)).copied();
            let mut block = block::next(rest, claims);
            let (Some(first), Some(last)) = (block.first().copied(), block.last().copied()) else {
                let Gathered { claims, newest, .. } = &self.gathered;
                if !claims.is_empty() {
                    tables::end(connection, self.number, (claims.len(), *newest), &self.filter)?;
                }
                tables::sorted(connection, self.until)?;
                return Ok(Place::End);
            };
            // Where a block begins is the same, whatever is left out of it.
            if self.gathered.is_doubtful {
                let mut operations = Vec::with_capacity(block.len());
                for claim in block {
                    if tables::is_operation(connection, claim.seq)? {
                        operations.push(claim);
                    }
                }
                block = operations;
            }
            block.iter().for_each(|claim| self.filter.add(claim.digest));
            tables::put(connection, self.number, first.digest, &block)?;
            place = Place::Behind(last);
        }
        Ok(place)
    }

    /// What was written is kept. It is the run, once all of it is; one without claims only says that there were none.
    pub(super) fn kept(mut self, place: Place) -> Result<Run, Self> {
        match place {
            Place::End => Ok(Run {
                number: self.number,
                many: self.gathered.claims.len(),
                newest: self.gathered.newest,
                filter: self.filter,
            }),
            Place::Beginning | Place::Behind(_) => {
                self.place = place;
                Err(self)
            }
        }
    }
}
