//! A checkpoint: what stands in the write-ahead log is copied into the database.

use rusqlite::Connection;

/// What a checkpoint found and did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checkpoint {
    /// Pages in the log.
    pub log: u32,
    /// Those of them that are in the database now.
    pub copied: u32,
}

impl Checkpoint {
    /// Copies the pages that nobody's read keeps in the log, without waiting for anybody.
    pub(super) fn passive(connection: &Connection) -> rusqlite::Result<Self> {
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            // Both are -1 if the database has no log.
            let pages = |column| row.get::<_, i64>(column).map(|pages| u32::try_from(pages).unwrap_or(0));
            Ok(Self { log: pages(1)?, copied: pages(2)? })
        })
    }

    /// Whether nothing is left to copy, so that the next commit may begin the log anew.
    pub(super) fn is_complete(self) -> bool {
        self.copied == self.log
    }
}
