//! The tables of operations, and what is done to them.

use rusqlite::{Connection, OptionalExtension, params};

use super::block;
use super::claim::Claim;
use super::filter::Filter;
use crate::domain::time::Timestamp;
use crate::engine::Seq;

/// Makes the tables. Blocks of a run count once its row is there; `newest` is when the newest of its operations was
/// kept. Runs hold the operations of the log up to `sorted`, as far as these are remembered.
pub(in crate::engine::embedded) const CREATE: &str = "
     CREATE TABLE operation_blocks (
        block INTEGER PRIMARY KEY,
        claims BLOB NOT NULL
     ) STRICT;
     CREATE TABLE operation_runs (
        run INTEGER PRIMARY KEY,
        many INTEGER NOT NULL,
        newest INTEGER NOT NULL,
        filter BLOB NOT NULL
     ) STRICT;
     ALTER TABLE hub ADD COLUMN sorted INTEGER NOT NULL DEFAULT 0;
     -- What they held is read from the log.
     DROP TABLE operations;
     ALTER TABLE hub DROP COLUMN generation;
     ALTER TABLE hub DROP COLUMN began;";

/// A run that is in the tables.
#[derive(Debug)]
pub(super) struct Run {
    pub number: u64,
    pub many: usize,
    /// When the newest of its operations was kept.
    pub newest: Timestamp,
    pub filter: Filter,
}

/// All runs, the oldest first.
pub(super) fn runs(connection: &Connection) -> rusqlite::Result<Vec<Run>> {
    let mut select = connection.prepare("SELECT run, many, newest, filter FROM operation_runs ORDER BY run")?;
    let runs = select.query_map([], |row| {
        let filter = Filter::from_bytes(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?;
        Ok(Run { number: row.get(0)?, many: row.get(1)?, newest: Timestamp(row.get(2)?), filter })
    })?;
    runs.collect()
}

/// Removes the blocks of runs that were never whole: those from a number on.
pub(super) fn remove_from(connection: &Connection, run: u64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM operation_blocks WHERE block >= ?", [block::number(run, 0)]).map(drop)
}

/// Writes the block of a run that begins with a digest, also again.
pub(super) fn put(connection: &Connection, run: u64, begins: u64, claims: &[Claim]) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO operation_blocks (block, claims) VALUES (?, ?)")?
        .execute(params![block::number(run, begins), block::to_bytes(claims)])
        .map(drop)
}

/// All blocks of a run are written: it counts from now on.
pub(super) fn end(
    connection: &Connection,
    run: u64,
    (many, newest): (usize, Timestamp),
    filter: &Filter,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO operation_runs (run, many, newest, filter) VALUES (?, ?, ?, ?)")?
        .execute(params![run, many, newest.0, filter.to_bytes()])
        .map(drop)
}

/// The operations of the log up to a position stand in runs.
pub(super) fn sorted(connection: &Connection, until: Seq) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE hub SET sorted = ?")?.execute([until]).map(drop)
}

/// The positions that a run claims for a digest, the newest first.
pub(super) fn claimed(connection: &Connection, run: u64, digest: u64) -> rusqlite::Result<Vec<Seq>> {
    connection
        .prepare_cached("SELECT claims FROM operation_blocks WHERE block BETWEEN ? AND ? ORDER BY block DESC LIMIT 1")?
        .query_row([block::number(run, 0), block::number(run, digest)], |row| {
            Ok(block::find(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, digest))
        })
        .optional()
        .map(Option::unwrap_or_default)
}

/// The entry at a position, if it is the last of that operation and was kept after an instant.
pub(super) fn entry(connection: &Connection, seq: Seq, id: &str, after: i64) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT entry FROM log WHERE seq = ? AND operation = ? AND at > ?")?
        .query_row(params![seq, id, after], |row| row.get(0))
        .optional()
}

/// Whether an operation stands at a position.
pub(super) fn is_operation(connection: &Connection, seq: Seq) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM log WHERE seq = ? AND operation IS NOT NULL")?.exists([seq])
}

/// Deletes some of the oldest blocks of a run, and the run with the last of them. Whether it is gone.
pub(super) fn delete(connection: &Connection, run: u64, blocks: usize) -> rusqlite::Result<bool> {
    let nth = "SELECT block FROM operation_blocks WHERE block >= ? AND block < ? ORDER BY block LIMIT 1 OFFSET ?";
    let (first, beyond) = (block::number(run, 0), block::number(run + 1, 0));
    let end: Option<u64> =
        connection.prepare_cached(nth)?.query_row(params![first, beyond, blocks], |row| row.get(0)).optional()?;
    connection
        .prepare_cached("DELETE FROM operation_blocks WHERE block >= ? AND block < ?")?
        .execute([first, end.unwrap_or(beyond)])?;
    if end.is_none() {
        connection.prepare_cached("DELETE FROM operation_runs WHERE run = ?")?.execute([run])?;
    }
    Ok(end.is_none())
}

/// Takes a claim out of all blocks: nothing of the operation is to be left.
pub(super) fn take_out(connection: &Connection, claim: Claim) -> rusqlite::Result<()> {
    let mut run = 0;
    let next = "SELECT block FROM operation_blocks WHERE block >= ? ORDER BY block LIMIT 1";
    let find = "SELECT block, claims FROM operation_blocks WHERE block BETWEEN ? AND ? ORDER BY block DESC LIMIT 1";
    while let Some(block) =
        connection.prepare_cached(next)?.query_row([block::number(run, 0)], |row| row.get(0)).optional()?
    {
        run = block::run_of(block);
        let found: Option<(u64, Vec<Claim>)> = connection
            .prepare_cached(find)?
            .query_row([block::number(run, 0), block::number(run, claim.digest)], |row| {
                Ok((row.get(0)?, block::from_bytes(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?))
            })
            .optional()?;
        if let Some((block, mut claims)) = found
            && claims.contains(&claim)
        {
            claims.retain(|other| *other != claim);
            connection
                .prepare_cached("UPDATE operation_blocks SET claims = ? WHERE block = ?")?
                .execute(params![block::to_bytes(&claims), block])?;
        }
        run += 1;
    }
    Ok(())
}
