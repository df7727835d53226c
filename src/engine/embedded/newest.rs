//! The newest position of each subject, at hand so that a compare-and-set asks no table.

use std::collections::{HashMap, HashSet};

use crate::engine::{Seq, Subject};

/// The newest position of each subject but of deleted agents, of whom there may be any number: theirs
/// are looked up in the table.
#[derive(Debug, Default)]
pub(super) struct Newest(HashMap<Subject, Seq>);

/// What one transaction changes.
#[derive(Debug, Default)]
pub(super) struct Changes {
    positions: HashMap<Subject, Seq>,
    /// Those of them that were deleted.
    deleted: HashSet<Subject>,
}

/// What an entry makes of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    Present,
    Deleted,
}

impl Newest {
    pub(super) fn insert(&mut self, subject: Subject, seq: Seq) {
        self.0.insert(subject, seq);
    }

    /// It has to be looked up from now on.
    pub(super) fn remove(&mut self, subject: &Subject) {
        self.0.remove(subject);
    }

    /// None if it has to be looked up.
    pub(super) fn get(&self, subject: &Subject) -> Option<Seq> {
        self.0.get(subject).copied()
    }

    /// The transaction is kept.
    pub(super) fn take_over(&mut self, changes: &mut Changes) {
        self.0.extend(changes.positions.drain());
        for subject in changes.deleted.drain() {
            self.0.remove(&subject);
        }
    }
}

impl Changes {
    /// The subject's newest entry is at `seq` now.
    pub(super) fn note(&mut self, subject: Subject, seq: Seq, becomes: Becomes) {
        match becomes {
            Becomes::Deleted => self.deleted.insert(subject.clone()),
            Becomes::Present => self.deleted.remove(&subject),
        };
        self.positions.insert(subject, seq);
    }

    pub(super) fn get(&self, subject: &Subject) -> Option<Seq> {
        self.positions.get(subject).copied()
    }
}
