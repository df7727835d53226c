//! The appends of one transaction: each is judged by itself, and all share the commit.

use tracing::warn;

use super::audit::Chain;
use super::newest::{Becomes, Changes, Newest};
use super::operations::Operations;
use super::ordered::{Place, seq_of};
use super::projecting::project;
use super::sorted::Alone;
use super::store::{Store, StoreError, subject_key};
use crate::domain::audit::Note;
use crate::domain::time::Timestamp;
use crate::engine::{Append, Entry, Kept, Outcome, Release, Reply, Seq, Submitted, stored};
use crate::history::keeper::Keeper;

/// What one transaction did, until its commit is known.
#[derive(Debug)]
pub(super) struct Group {
    /// The newest position after it.
    pub seq: Seq,
    /// What it changes of the newest positions.
    pub newest: Changes,
    /// Up to where the log is packed.
    packed: Seq,
    /// What it keeps, in the order of the log.
    pub kept: Vec<Kept>,
    /// Outcomes of those that keep nothing. They may rest on others of the group, so they wait for the commit too.
    answers: Vec<Answer>,
    /// The audit, once it was added to.
    chain: Option<Chain>,
    /// Where it stands in the cluster's log.
    place: Option<Place>,
    /// Those who wait for a note that came alone.
    noted: Vec<Reply>,
}

#[derive(Debug)]
struct Answer {
    release: Release,
    outcome: Outcome,
}

/// What is kept beside the log with each entry. It holds once the transaction is kept.
pub(super) struct Beside<'a> {
    pub history: &'a mut Keeper,
    pub operations: &'a mut Operations,
}

/// What is to become of an append.
enum Judged {
    Keep(Vec<String>),
    Answer(Outcome),
}

impl Group {
    pub(super) fn after(seq: Seq, packed: Seq) -> Self {
        let (newest, kept, answers) = (Changes::default(), Vec::new(), Vec::new());
        Self { seq, newest, packed, kept, answers, chain: None, place: None, noted: Vec::new() }
    }

    /// Judges an append and, if it passes, writes it. After an error the transaction must be undone.
    pub(super) fn add(
        &mut self,
        store: &Store,
        before: &Newest,
        beside: &mut Beside<'_>,
        now: Timestamp,
        Submitted { append, release }: Submitted,
    ) -> Result<(), StoreError> {
        let written = self.judge(store, before, beside.operations, now, &append).and_then(|judged| match judged {
            Judged::Answer(outcome) => Ok(Some(outcome)),
            Judged::Keep(texts) => {
                self.write(store, beside, now, &append, &texts)?;
                append.note.iter().try_for_each(|note| self.chain(store, now, note))?;
                Ok(None)
            }
        });
        match written {
            Ok(None) => {
                self.keep(append, Some(release));
                Ok(())
            }
            Ok(Some(outcome)) => {
                self.answers.push(Answer { release, outcome });
                Ok(())
            }
            Err(error) => {
                release.with(Outcome::Unavailable);
                Err(error)
            }
        }
    }

    /// Writes what was kept in the cluster's log. After an error the transaction must be undone.
    pub(super) fn follow(
        &mut self,
        store: &Store,
        before: &Newest,
        beside: &mut Beside<'_>,
        place: Place,
        (append, texts, release): (Append, Vec<String>, Option<Release>),
    ) -> Result<(), StoreError> {
        self.seq = seq_of(place.position, 0) - 1;
        let known = match self.newest.get(&append.subject).or_else(|| before.get(&append.subject)) {
            Some(newest) => newest,
            None => store.newest(&subject_key(&append.subject))?.unwrap_or(0),
        };
        let append = Append { expected: known, ..append };
        self.write(store, beside, place.at, &append, &texts)?;
        append.note.iter().try_for_each(|note| self.chain(store, place.at, note))?;
        self.keep(append, release);
        self.place = Some(place);
        Ok(())
    }

    /// An operation seen before is a duplicate even if the subject has moved on since.
    fn judge(
        &self,
        store: &Store,
        before: &Newest,
        operations: &Operations,
        now: Timestamp,
        append: &Append,
    ) -> Result<Judged, StoreError> {
        if let Some(operation) = &append.operation
            && let Some(recalled) = store.recall(operations, operation, now)?
        {
            return Ok(Judged::Answer(Outcome::Duplicate(recalled)));
        }
        let newest = match self.newest.get(&append.subject).or_else(|| before.get(&append.subject)) {
            Some(newest) => newest,
            None => store.newest(&subject_key(&append.subject))?.unwrap_or(0),
        };
        if newest != append.expected {
            return Ok(Judged::Answer(Outcome::Conflict { newest }));
        }
        if append.entries.is_empty() {
            return Ok(Judged::Answer(Outcome::Kept { seq: newest }));
        }
        match append.entries.iter().map(|entry| stored::encode(entry, append.limit)).collect() {
            Ok(texts) => Ok(Judged::Keep(texts)),
            Err(error) => {
                tracing::debug!(subject = ?append.subject, %error, "entry refused");
                Ok(Judged::Answer(Outcome::TooLarge))
            }
        }
    }

    /// Every entry with its row of the history.
    fn write(
        &self,
        store: &Store,
        Beside { history, operations }: &mut Beside<'_>,
        now: Timestamp,
        append: &Append,
        texts: &[String],
    ) -> Result<(), StoreError> {
        let subject = subject_key(&append.subject);
        let mut seq = self.seq;
        for (index, (text, entry)) in texts.iter().zip(&append.entries).enumerate() {
            seq += 1;
            let operation = append.operation.as_ref().filter(|_| index + 1 == texts.len());
            store.log(seq, &subject, now, operation, text)?;
            operation.into_iter().for_each(|id| operations.add(id, seq, now));
            project(store.connection(), history, seq, entry, text)?;
        }
        // It stood in the log only as the newest.
        if append.expected != 0 && append.expected <= self.packed {
            store.drop_packed(append.expected)?;
        }
        Ok(store.point(&subject, seq, deleted(append))?)
    }

    /// Adds notes that came alone, and keeps how far the audit goes, and the cluster's log. After an error the transaction must be undone.
    pub(super) fn note(&mut self, store: &Store, now: Timestamp, notes: Vec<Alone>) -> rusqlite::Result<()> {
        for (note, reply) in notes {
            // Dropped on the way, it tells whoever waits that nothing is known.
            self.chain(store, now, &note)?;
            self.noted.push(reply);
        }
        self.place.map_or(Ok(()), |place| store.reached(place.position))?;
        self.chain.iter().try_for_each(|chain| chain.save(store.connection()))
    }

    fn chain(&mut self, store: &Store, now: Timestamp, note: &Note) -> rusqlite::Result<()> {
        let connection = store.connection();
        let chain = match &mut self.chain {
            Some(chain) => chain,
            none => none.insert(Chain::load(connection)?),
        };
        chain.add(connection, now, note)
    }

    fn keep(&mut self, append: Append, release: Option<Release>) {
        let becomes = if deleted(&append).is_some() { Becomes::Deleted } else { Becomes::Present };
        for entry in append.entries {
            self.seq += 1;
            self.kept.push(Kept { seq: self.seq, entry, release: None, is_of_a_peer: release.is_none() });
        }
        if let Some(last) = self.kept.last_mut() {
            last.release = release;
        }
        self.newest.note(append.subject, self.seq, becomes);
    }

    /// How many entries it keeps.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are entries to commit.
    pub(super) fn keeps(&self) -> bool {
        !self.kept.is_empty()
    }

    /// Whether there are notes to commit.
    pub(super) fn notes(&self) -> bool {
        self.chain.is_some()
    }

    /// Answers those that keep nothing, now that what their outcomes rest on is kept.
    pub(super) fn answer(&mut self) {
        for Answer { release, outcome } in self.answers.drain(..) {
            release.with(outcome);
        }
        for reply in self.noted.drain(..) {
            reply.done(Ok(()));
        }
    }

    /// Nothing of it was kept.
    pub(super) fn refuse(self) {
        if !self.noted.is_empty() {
            warn!(entries = self.noted.len(), "the audit does not have them: they were not kept");
        }
        let keeping = self.kept.into_iter().filter_map(|kept| kept.release);
        for release in self.answers.into_iter().map(|answer| answer.release).chain(keeping) {
            release.with(Outcome::Unavailable);
        }
    }

    /// Nobody knows yet. Those that keep nothing have kept nothing in any case.
    pub(super) fn refuse_answers(&mut self) {
        for Answer { release, .. } in self.answers.drain(..) {
            release.with(Outcome::Unavailable);
        }
    }

    /// Lets those that wait go with `Unknown`; what was kept will come out of the tail all the same.
    pub(super) fn give_up_waiting(&mut self) {
        for kept in &mut self.kept {
            kept.release = None;
        }
    }
}

/// When the agent was deleted, if that is what the append leads to.
fn deleted(append: &Append) -> Option<Timestamp> {
    append.entries.last().and_then(|entry| match entry {
        Entry::Agent { change, .. } => change.after.deleted,
        Entry::Directory { .. } => None,
    })
}
