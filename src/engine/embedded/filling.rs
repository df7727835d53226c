//! Filling a new folder with a past, by what else keeps it entry by entry: groups, the projector, the packing.
//!
//! Entries come in the order of time and are kept under the time of each. A transaction is as large as what is
//! added at once, and reaches the disk only at the [end](Filling::finish): until then the folder is worth nothing.
//! Of entries that would not be whole any more only the rows of the history are written, and each subject's newest.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;

use rusqlite::Connection;

use super::group::{Beside, Group};
use super::newest::Newest;
use super::operations::Operations;
use super::store::{Failed, Store, StoreError, subject_key};
use super::upkeep;
use crate::domain::change::Change;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::{Append, Entry, Judged, Lane, Release, Seq, SizeLimit, Submitted, stored};
use crate::history::keeper::Keeper;
use crate::history::row::Row;

/// Entries of a group: what is in memory twice.
const GROUP: usize = 4_096;
/// The page cache, in KiB: the pages that a day writes to.
const CACHE_KIB: i32 = 256 * 1_024;

/// Why a folder was not filled.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum FillError {
    #[error("the data folder {} already holds a database; name a new one in [storage] path", path.display())]
    NotNew { path: PathBuf },
    #[error("the database cannot be written: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the database cannot be written: {0}")]
    Lost(String),
    #[error("entry {seq} cannot be kept")]
    Refused { seq: Seq },
}

impl From<StoreError> for FillError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => Self::Database(error),
            StoreError::Entry { .. } => Self::Lost(error.to_string()),
        }
    }
}

impl From<Failed> for FillError {
    fn from(failed: Failed) -> Self {
        let (Failed::RolledBack(error) | Failed::Unsettled(error)) = failed;
        Self::Lost(error)
    }
}

/// A folder that is being filled.
pub struct Filling {
    store: Store,
    newest: Newest,
    history: Keeper,
    /// A past has none.
    operations: Operations,
    seq: Seq,
    directory_seq: Seq,
    /// Up to where the log is packed.
    packed: Seq,
    /// The newest time.
    at: Timestamp,
    /// From when on entries are kept whole.
    whole_from: Timestamp,
    /// The newest entry of each agent, while none is kept whole.
    before: Option<HashMap<AgentId, (Seq, Entry)>>,
    _lock: File,
}

/// What a folder was filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The newest position.
    pub seq: Seq,
    /// From this position on every entry is kept whole.
    pub first_whole: Seq,
}

impl Filling {
    pub(super) fn begin(
        connection: Connection,
        file: &std::path::Path,
        lock: File,
        whole_from: Timestamp,
    ) -> Result<Self, FillError> {
        let seq: Seq = connection.query_row("SELECT ifnull(max(seq), 0) FROM log", [], |row| row.get(0))?;
        if seq > 0 {
            return Err(FillError::NotNew { path: file.to_owned() });
        }
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(Self {
            store: Store::new(connection, file)?,
            newest: Newest::default(),
            history: Keeper::default(),
            operations: Operations::none(),
            seq,
            directory_seq: 0,
            packed: 0,
            at: Timestamp::default(),
            whole_from,
            before: Some(HashMap::new()),
            _lock: lock,
        })
    }

    /// The newest position.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Adds entries of the directory.
    ///
    /// # Errors
    /// [`FillError`]
    pub fn add_directory(&mut self, at: Timestamp, entries: Vec<Entry>) -> Result<(), FillError> {
        self.store.begin()?;
        self.keep(entries.into_iter().map(|entry| (at, entry)))?;
        self.store.commit()?;
        self.directory_seq = self.seq;
        Ok(())
    }

    /// Adds changes of agents, in the order of time.
    ///
    /// # Errors
    /// [`FillError`]
    pub fn add_changes(&mut self, changes: Vec<Change>) -> Result<(), FillError> {
        let directory_seq = self.directory_seq;
        let entry = |change: Change| (change.at, Entry::Agent { change: Box::new(change), directory_seq });
        let mut changes = changes;
        // A log has its beginning cut off: once one is whole, all behind it are, whatever they are dated.
        let first = match self.before {
            Some(_) => changes.partition_point(|change| change.at < self.whole_from),
            None => 0,
        };
        let whole = changes.split_off(first);
        self.store.begin()?;
        self.project_only(changes)?;
        if !whole.is_empty() {
            self.begin_whole()?;
        }
        self.keep(whole.into_iter().map(entry))?;
        self.store.commit()?;
        self.store.checkpoint()?;
        Ok(())
    }

    /// Does all that a hub would have done in quiet moments up to an instant.
    ///
    /// # Errors
    /// [`FillError`]
    pub fn keep_up(&mut self, now: Timestamp) -> Result<(), FillError> {
        if self.before.is_some() {
            // Nothing is whole yet that could be packed.
            return Ok(());
        }
        self.store.begin()?;
        while let Some(packed) = upkeep::pack(self.store.connection(), now)? {
            self.packed = packed;
        }
        self.store.commit()?;
        Ok(())
    }

    /// Ends it: from then on the folder is one that a hub used until `alive`.
    ///
    /// # Errors
    /// [`FillError`]
    pub fn finish(mut self, alive: Timestamp) -> Result<Filled, FillError> {
        self.store.begin()?;
        self.begin_whole()?;
        self.store.mark_alive(alive)?;
        self.store.mark_judged(Judged { log: self.seq, directory: self.directory_seq })?;
        self.store.commit()?;
        let connection = self.store.connection();
        let first_whole = super::packed::first_kept(connection)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        self.store.truncate_log()?;
        Ok(Filled { seq: self.seq, first_whole })
    }

    /// Writes the rows of changes whose entries are gone.
    fn project_only(&mut self, changes: Vec<Change>) -> Result<(), FillError> {
        let directory_seq = self.directory_seq;
        for change in changes {
            self.seq += 1;
            self.history.add(self.store.connection(), &Row::of(self.seq, &change))?;
            if let Some(before) = &mut self.before {
                let agent = change.after.record.agent.clone();
                before.insert(agent, (self.seq, Entry::Agent { change: Box::new(change), directory_seq }));
            }
        }
        Ok(())
    }

    /// From here on entries are whole; of those before each agent's newest is.
    fn begin_whole(&mut self) -> Result<(), FillError> {
        let Some(before) = self.before.take().filter(|before| !before.is_empty()) else { return Ok(()) };
        let mut newest: Vec<(Seq, Entry)> = before.into_values().collect();
        newest.sort_unstable_by_key(|(seq, _)| *seq);
        for (seq, entry) in newest {
            let subject = entry.subject();
            let Entry::Agent { change, .. } = &entry else { continue };
            let text = stored::encode(&entry, SizeLimit::Usual).map_err(|_| FillError::Refused { seq })?;
            let key = subject_key(&subject);
            self.store.log(seq, &key, change.at, None, &text)?;
            self.store.point(&key, seq, change.after.deleted)?;
            self.newest.insert(subject, seq);
        }
        self.packed = self.seq;
        self.store.connection().execute("UPDATE hub SET packed = ?", [self.packed])?;
        Ok(())
    }

    /// Keeps entries whole, as the writer keeps those of one commit.
    fn keep(&mut self, entries: impl Iterator<Item = (Timestamp, Entry)>) -> Result<(), FillError> {
        let mut group = Group::after(self.seq, self.packed);
        for (at, entry) in entries {
            if group.len() == GROUP {
                self.hand_over(&mut group);
            }
            // The engine's time never goes back.
            self.at = self.at.max(at);
            let (subject, seq) = (entry.subject(), group.seq + 1);
            let expected = group.newest.get(&subject).or_else(|| self.newest.get(&subject)).unwrap_or(0);
            let append = Append {
                subject,
                expected,
                entries: vec![entry],
                directory: 0,
                limit: SizeLimit::Usual,
                lane: Lane::Batches,
                operation: None,
                note: None,
            };
            // Nobody waits.
            let (release, _) = Release::pair();
            let mut beside = Beside { history: &mut self.history, operations: &mut self.operations };
            group.add(&self.store, &self.newest, &mut beside, self.at, Submitted { append, release })?;
            if group.seq != seq {
                return Err(FillError::Refused { seq });
            }
        }
        self.hand_over(&mut group);
        Ok(())
    }

    fn hand_over(&mut self, group: &mut Group) {
        self.seq = group.seq;
        self.newest.take_over(&mut group.newest);
        *group = Group::after(self.seq, self.packed);
    }
}
