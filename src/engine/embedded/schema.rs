//! The tables, how they came to be, and the settings of a connection.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};

use super::{audit, erasing, ledgers, operations, room, webhooks};
use crate::history::{tables, told};

/// Each step takes the tables from the version of its index to the next. Never edit one that was released.
pub(super) const STEPS: &[&str] = &[
    // `at` is when the group was committed, so it rises with `seq`; an entry's own time is inside it.
    // `operation` stands on the last entry of its append.
    "CREATE TABLE log (
        seq INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        at INTEGER NOT NULL,
        operation TEXT,
        entry TEXT NOT NULL
     ) STRICT;
     -- Points into the log: the state itself is stored once.
     CREATE TABLE newest (
        subject TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        deleted INTEGER
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX newest_deleted ON newest (deleted) WHERE deleted IS NOT NULL;
     CREATE TABLE operations (
        operation TEXT PRIMARY KEY,
        seq INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     -- `pruned`: operations up to this position were looked at; `forgotten`: the newest deletion
     -- that is no longer in `newest`.
     CREATE TABLE hub (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        epoch TEXT NOT NULL,
        boot INTEGER NOT NULL,
        alive INTEGER,
        pruned INTEGER NOT NULL,
        forgotten INTEGER NOT NULL
     ) STRICT;
     INSERT INTO hub VALUES (1, lower(hex(randomblob(16))), 0, NULL, 0, 0);
     -- Where a full disk is asked whether it has room again.
     CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), ballast BLOB NOT NULL) STRICT;",
    // Every agent's entry up to `judged_log` was judged under the directory as of `judged_directory`.
    "ALTER TABLE hub ADD COLUMN judged_log INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE hub ADD COLUMN judged_directory INTEGER NOT NULL DEFAULT 0;",
    // Operations by generations of at least a day, so that what is forgotten stands together at one end
    // of the table: forgetting it one by one, all over the table, took more than keeping the new ones.
    "CREATE TABLE generations (
        generation INTEGER NOT NULL,
        operation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (generation, operation)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO generations SELECT 0, operation, seq FROM operations ORDER BY operation;
     DROP TABLE operations;
     ALTER TABLE generations RENAME TO operations;
     -- The newest generation and when it began.
     ALTER TABLE hub ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE hub ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE hub DROP COLUMN pruned;",
    tables::CREATE,
    // The history has the entries up to `projected`, those before the first included; null once it has all
    // of them, as from then on each comes with its entry.
    "ALTER TABLE hub ADD COLUMN projected INTEGER;
     UPDATE hub SET projected = 0;",
    webhooks::CREATE,
    tables::RECENT,
    // Entries up to `packed` stand in blocks; in the log stand those beyond it, and every subject's newest. A
    // block's `entries` are lines of JSON, compressed with zlib; `size` is their length. `at` is when its last
    // entry was committed.
    "ALTER TABLE hub ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
     CREATE TABLE log_packed (
        last INTEGER PRIMARY KEY,
        first INTEGER NOT NULL,
        at INTEGER NOT NULL,
        size INTEGER NOT NULL,
        entries BLOB NOT NULL
     ) STRICT;",
    tables::WHOLE,
    // What rows say besides now is made from the log, as far as that is kept: the history is to be made anew. Of the
    // directory each record's newest entry is there, whatever was dropped.
    "UPDATE history_state SET whole_from = (SELECT ifnull(max(at), 0) FROM log)
     WHERE (SELECT ifnull(min(first), 1) FROM log_packed) > 1;
     INSERT INTO history_directory SELECT seq, subject, json_extract(entry, '$.entry.directory.at'), entry
     FROM log WHERE seq <= (SELECT packed FROM hub) AND json_extract(entry, '$.entry.directory.at') IS NOT NULL;
     UPDATE hub SET projected = -1;",
    tables::ORPHANS,
    erasing::CREATE,
    told::tables::CREATE,
    tables::NETWORK,
    audit::CREATE,
    ledgers::REVOCATIONS,
    ledgers::CREATE,
    told::disputes::CREATE,
    // Up to where the database has followed the log of a cluster; null on one machine, whose log this is itself.
    "ALTER TABLE hub ADD COLUMN position INTEGER;",
    operations::CREATE,
];

/// A new epoch, in SQL: positions of others mean nothing in it.
pub(super) const NEW_EPOCH: &str = "lower(hex(randomblob(16)))";
/// What the write-ahead log is cut back to after it once grew larger, in bytes.
pub(super) const LOG_FILE_LIMIT: u32 = 64 * 1024 * 1024;
/// Statements that stay prepared.
const STATEMENTS: usize = 64;
/// The page cache, in KiB.
const CACHE_KIB: i32 = 4_096;

/// How long to wait for whoever reads the database from outside, where SQLite has to.
pub(super) const BUSY: Duration = Duration::from_millis(250);

/// A connection that survives power loss: every commit is on the disk when it returns. It never copies the
/// write-ahead log by itself; see [`checkpointer`](super::checkpointer).
pub(super) fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(BUSY)?;
    // Before the journal's mode, which makes the first page.
    room::prepare(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_FILE_LIMIT)?;
    // What is deleted is overwritten: whoever is erased is gone from the file, with what was deleted before.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it a prepared statement with a range is parsed and planned anew whenever it is given
    // other values: once for every event, to look for its operation.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// What became of the tables at opening.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Migrated {
    /// They are as this hub needs them.
    Ready,
    /// They were written by a newer hub, at this version; nothing was touched.
    Newer(usize),
}

/// Brings the tables to the newest version, each step all or nothing.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<Migrated> {
    let version: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > steps.len() {
        return Ok(Migrated::Newer(version));
    }
    for (done, step) in steps.iter().enumerate().skip(version) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", done + 1)?;
        transaction.commit()?;
    }
    Ok(Migrated::Ready)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_runs_once_whatever_version_the_tables_have() {
        let steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 7"];
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut connection, &steps[..1]).unwrap(), Migrated::Ready);
        connection.execute_batch("INSERT INTO a VALUES (1)").unwrap();
        assert_eq!(migrate(&mut connection, &steps).unwrap(), Migrated::Ready);
        assert_eq!(migrate(&mut connection, &steps).unwrap(), Migrated::Ready);
        let y: i64 = connection.query_row("SELECT y FROM a WHERE x = 1", [], |row| row.get(0)).unwrap();
        assert_eq!(y, 7);
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"]).unwrap_err();
        let version: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, 1);
        connection.query_row("SELECT * FROM b", [], |_| Ok(())).unwrap_err();
    }

    #[test]
    fn tables_of_a_newer_hub_are_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", STEPS.len() + 1).unwrap();
        assert_eq!(migrate(&mut connection, STEPS).unwrap(), Migrated::Newer(STEPS.len() + 1));
    }
}
