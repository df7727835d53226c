//! The statements: what one transaction does to the tables.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::schema;
use crate::domain::ids::PresenceId;
use crate::domain::presence::BuiltIn;
use crate::domain::time::Timestamp;
use crate::engine::stored::{self, Unreadable};
use crate::engine::{Entry, Judged, MAX_ENTRY_BYTES, OperationId, Recalled, Seq, Subject};

/// How long an operation is remembered.
pub(super) const REMEMBERED: Duration = Duration::from_secs(24 * 3_600);
/// How many entries one bite of pruning looks at: as many as a commit may add, so it keeps up.
const BITE: usize = super::writer::MAX_ENTRIES;

/// What a statement may run into.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error("entry {seq} cannot be read: {source}")]
    Entry { seq: Seq, source: Unreadable },
}

/// Why a transaction did not end as it should.
#[derive(Debug)]
pub(super) enum Failed {
    /// It was rolled back: certainly not kept.
    RolledBack(String),
    /// Nobody knows; the database has to be opened anew.
    Unsettled(String),
}

/// How far operations were pruned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pruned {
    /// Everything up to here was looked at.
    pub upto: Seq,
    /// When there is something to do again.
    pub due: Timestamp,
}

/// The open database.
pub(super) struct Store {
    connection: Connection,
    file: PathBuf,
}

impl Store {
    pub(super) fn new(connection: Connection, file: &Path) -> Self {
        Self { connection, file: file.to_owned() }
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
        Ok(Self::new(connection, file))
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
        let operation = operation.map(|operation| operation.0.as_str());
        self.connection
            .prepare_cached("INSERT INTO log (seq, subject, at, operation, entry) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![seq, subject, now.0, operation, entry])?;
        if let Some(operation) = operation {
            // One that is older than a day may still stand there.
            self.connection
                .prepare_cached("INSERT OR REPLACE INTO operations (operation, seq) VALUES (?, ?)")?
                .execute(params![operation, seq])?;
        }
        Ok(())
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

    /// What is remembered of an operation.
    pub(super) fn recall(&self, operation: &OperationId, now: Timestamp) -> Result<Option<Recalled>, StoreError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT log.seq, log.entry FROM operations JOIN log ON log.seq = operations.seq
                 WHERE operations.operation = ? AND log.at > ?",
            )?
            .query_row(params![operation.0, before(now, REMEMBERED)], |row| {
                Ok((row.get::<_, Seq>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        let Some((seq, text)) = found else { return Ok(None) };
        match stored::decode(&text).map_err(|source| StoreError::Entry { seq, source })? {
            Entry::Agent { change, .. } => Ok(Some(Recalled {
                agent: change.after.record.agent.clone(),
                version: change.after.version,
                presence: PresenceId::new(change.after.shown_presence()).unwrap_or_else(|_| BuiltIn::Offline.id()),
            })),
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

    /// Forgets operations that are older than a day, one bite in the order of the log.
    pub(super) fn prune(&self, pruned: Pruned, now: Timestamp) -> rusqlite::Result<Pruned> {
        let oldest_remembered = before(now, REMEMBERED);
        let mut next = Pruned { upto: pruned.upto, due: now };
        let mut select =
            self.connection.prepare_cached("SELECT seq, at, operation FROM log WHERE seq > ? ORDER BY seq LIMIT ?")?;
        let mut rows = select.query(params![pruned.upto, BITE])?;
        let mut looked_at = 0;
        while let Some(row) = rows.next()? {
            let at: i64 = row.get(1)?;
            if at > oldest_remembered {
                next.due = Timestamp(at).plus(REMEMBERED);
                break;
            }
            next.upto = row.get(0)?;
            looked_at += 1;
            if let Some(operation) = row.get::<_, Option<String>>(2)? {
                self.connection
                    .prepare_cached("DELETE FROM operations WHERE operation = ? AND seq = ?")?
                    .execute(params![operation, next.upto])?;
            }
        }
        if looked_at > 0 {
            self.connection.prepare_cached("UPDATE hub SET pruned = ?")?.execute([next.upto])?;
        } else if next.due == now {
            next.due = now.plus(REMEMBERED);
        }
        Ok(next)
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
