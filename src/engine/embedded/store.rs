//! The statements: what one transaction does to the tables.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::hooks::Wal;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::checkpoint::Checkpoint;
use super::erasing::Pending;
use super::operations::Operations;
use super::schema;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::stored::{self, Unreadable};
use crate::engine::{Entry, Judged, LoadedAgent, MAX_ENTRY_BYTES, OperationId, Recalled, Seq, Subject};

/// What a statement may run into.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error("entry {seq} cannot be read: {error}")]
    Entry { seq: Seq, error: Unreadable },
}

/// Why a transaction did not end as it should.
#[derive(Debug)]
pub(super) enum Failed {
    /// It was rolled back: certainly not kept.
    RolledBack(String),
    /// Nobody knows; the database has to be opened anew.
    Unsettled(String),
}

/// The open database.
pub(super) struct Store {
    connection: Connection,
    file: PathBuf,
    /// As of the last commit.
    log_pages: Arc<AtomicU32>,
}

impl Store {
    /// How long a moment without readers is waited for.
    pub(super) const PATIENCE: Duration = Duration::from_millis(20);

    pub(super) fn new(mut connection: Connection, file: &Path) -> rusqlite::Result<Self> {
        let log_pages = Arc::new(AtomicU32::new(0));
        let told = log_pages.clone();
        connection.wal_hook(Some(move |_: &mut Wal, pages| {
            told.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { connection, file: file.to_owned(), log_pages })
    }

    /// Opens the database anew after an error at commit. What is then found in it has reached the disk:
    /// the checkpoint reads the write-ahead log back and syncs it into the database.
    pub(super) fn reopen(file: &Path) -> rusqlite::Result<Self> {
        let connection = schema::connect(file)?;
        let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy {
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                Some("the write-ahead log is still being read".to_owned()),
            ));
        }
        Self::new(connection, file)
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn begin(&self) -> rusqlite::Result<()> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop)
    }

    /// Ends the transaction. A disk that is full left nothing behind; of any other error nobody
    /// knows whether it came before or after the commit reached the disk.
    pub(super) fn commit(&self) -> Result<(), Failed> {
        match self.connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([])) {
            Ok(_) => Ok(()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => Err(self.roll_back(&error)),
            Err(error) => Err(Failed::Unsettled(error.to_string())),
        }
    }

    /// Undoes the transaction that ran into `error`.
    pub(super) fn roll_back(&self, error: &dyn std::error::Error) -> Failed {
        // SQLite rolls back by itself after some errors, and then there is nothing to undo.
        let undone = self.connection.is_autocommit() || self.connection.execute_batch("ROLLBACK").is_ok();
        if undone && self.connection.is_autocommit() {
            Failed::RolledBack(error.to_string())
        } else {
            Failed::Unsettled(error.to_string())
        }
    }

    /// Adds one entry to the log.
    pub(super) fn log(
        &self,
        seq: Seq,
        subject: &str,
        now: Timestamp,
        operation: Option<&OperationId>,
        entry: &str,
    ) -> rusqlite::Result<()> {
        let id = operation.map(|operation| operation.0.as_str());
        self.connection
            .prepare_cached("INSERT INTO log (seq, subject, at, operation, entry) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![seq, subject, now.0, id, entry])
            .map(drop)
    }

    /// Lets the subject's newest entry be the one at `seq`.
    pub(super) fn point(&self, subject: &str, seq: Seq, deleted: Option<Timestamp>) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO newest (subject, seq, deleted) VALUES (?, ?, ?)
                 ON CONFLICT (subject) DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted",
            )?
            .execute(params![subject, seq, deleted.map(|at| at.0)])
            .map(drop)
    }

    /// Takes an entry that is packed, too, from the log.
    pub(super) fn drop_packed(&self, seq: Seq) -> rusqlite::Result<()> {
        self.connection.prepare_cached("DELETE FROM log WHERE seq = ?")?.execute([seq]).map(drop)
    }

    /// What is remembered of an operation.
    pub(super) fn recall(
        &self,
        operations: &Operations,
        operation: &OperationId,
        now: Timestamp,
    ) -> Result<Option<Recalled>, StoreError> {
        let Some((seq, text)) = operations.find(&self.connection, operation, now)? else { return Ok(None) };
        match stored::decode(&text).map_err(|error| StoreError::Entry { seq, error })? {
            Entry::Agent { change, .. } => Ok(Some(Recalled::of(&change))),
            Entry::Directory { .. } => Ok(None),
        }
    }

    /// Whether the log has an entry at `seq`.
    pub(super) fn has(&self, seq: Seq) -> rusqlite::Result<bool> {
        self.connection.prepare_cached("SELECT 1 FROM log WHERE seq = ?")?.exists([seq])
    }

    pub(super) fn mark_alive(&self, now: Timestamp) -> rusqlite::Result<()> {
        self.connection.prepare_cached("UPDATE hub SET alive = ?")?.execute([now.0]).map(drop)
    }

    pub(super) fn mark_judged(&self, judged: Judged) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("UPDATE hub SET judged_log = ?, judged_directory = ?")?
            .execute(params![judged.log, judged.directory])
            .map(drop)
    }

    /// The database has followed the cluster's log up to there.
    pub(super) fn reached(&self, position: u64) -> rusqlite::Result<()> {
        self.connection.prepare_cached("UPDATE hub SET position = ?")?.execute([position]).map(drop)
    }

    /// Up to where the database has followed the cluster's log.
    pub(super) fn position(&self) -> rusqlite::Result<Option<u64>> {
        self.connection.prepare_cached("SELECT position FROM hub")?.query_row([], |row| row.get(0))
    }

    /// The position of a subject's newest entry.
    pub(super) fn newest(&self, subject: &str) -> rusqlite::Result<Option<Seq>> {
        let mut select = self.connection.prepare_cached("SELECT seq FROM newest WHERE subject = ?")?;
        select.query_row([subject], |row| row.get(0)).optional()
    }

    /// The position of the directory's newest entry.
    pub(super) fn newest_of_directory(&self) -> rusqlite::Result<Option<Seq>> {
        let newest = "SELECT max(seq) FROM newest WHERE subject NOT LIKE 'agent/%'";
        self.connection.prepare_cached(newest)?.query_row([], |row| row.get(0))
    }

    /// An agent's newest state.
    pub(super) fn find(&self, agent: &AgentId) -> Result<Option<LoadedAgent>, StoreError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT log.seq, log.entry FROM newest JOIN log ON log.seq = newest.seq WHERE newest.subject = ?",
            )?
            .query_row([subject_key(&Subject::Agent(agent.clone()))], |row| {
                Ok((row.get::<_, Seq>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        let Some((seq, text)) = found else { return Ok(None) };
        let entry = stored::decode(&text).map_err(|error| StoreError::Entry { seq, error })?;
        match Pending::read(&self.connection)?.blank(seq, entry) {
            Entry::Agent { change, directory_seq } => Ok(Some(LoadedAgent { seq, directory_seq, agent: change.after })),
            Entry::Directory { .. } => Ok(None),
        }
    }

    /// Copies the whole write-ahead log and cuts its file to nothing, unless somebody reads what stands
    /// in it for longer than [`Store::PATIENCE`]. Whether that succeeded.
    pub(super) fn truncate_log(&self) -> rusqlite::Result<bool> {
        self.connection.busy_timeout(Self::PATIENCE)?;
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        self.connection.busy_timeout(schema::BUSY)?;
        busy.map(|busy: bool| !busy)
    }

    /// How many pages the write-ahead log had after the last commit; zero before the first.
    pub(super) fn log_pages(&self) -> u32 {
        self.log_pages.load(Ordering::Relaxed)
    }

    /// Copies what stands in the write-ahead log into the database.
    pub(super) fn checkpoint(&self) -> rusqlite::Result<Checkpoint> {
        Checkpoint::passive(&self.connection)
    }

    /// Writes as much as the largest entry and takes it back: whether there is room again.
    pub(super) fn probe(&self) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO probe (one, ballast) VALUES (1, zeroblob(?))")?
            .execute([MAX_ENTRY_BYTES])?;
        self.connection.prepare_cached("DELETE FROM probe")?.execute([]).map(drop)
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// A subject as the tables name it.
pub(super) fn subject_key(subject: &Subject) -> String {
    match subject {
        Subject::Agent(id) => format!("agent/{id}"),
        Subject::Presence(id) => format!("presence/{id}"),
        Subject::Profile(id) => format!("profile/{id}"),
        Subject::Workstream(id) => format!("workstream/{id}"),
        Subject::Settings => "settings".to_owned(),
    }
}

/// The instant `span` before, in milliseconds.
pub(super) fn before(now: Timestamp, span: Duration) -> i64 {
    now.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
}
