//! The operations of a database that is opened.

use rusqlite::{Connection, OptionalExtension, params};
use tracing::info;

use super::claim::{Claim, SKEW};
use super::filter::Filter;
use super::tables::{self, Run};
use super::{Operations, Sizes, block, is_forgotten};
use crate::domain::time::Timestamp;
use crate::engine::embedded::checkpoint::Checkpoint;
use crate::engine::{REMEMBERED, Seq};

/// Reads the runs, and from the log what is in none. If that is more than a run, it is made runs of: so it is when
/// an older hub has kept the log.
pub(super) fn open(
    connection: &Connection,
    now: Timestamp,
    sizes: Sizes,
    digest: fn(&str) -> u64,
) -> rusqlite::Result<Operations> {
    let mut operations = Operations::of(sizes, digest);
    let runs = tables::runs(connection)?;
    operations.next = runs.last().map_or(0, |run| run.number) + 1;
    tables::remove_from(connection, operations.next)?;
    for run in runs {
        if is_forgotten(run.newest, now) {
            operations.forgotten.push_back(run.number);
        } else {
            operations.runs.push_back(run);
        }
    }
    let mut sorted = first_remembered(connection, now)?;
    let mut made = 0;
    loop {
        let some = beyond(connection, sorted, now, sizes.most, digest)?;
        let Some((last, _)) = some.last().filter(|_| some.len() >= operations.length()) else {
            operations.since = some.len();
            some.into_iter().for_each(|(claim, at)| operations.recent.add(claim, at));
            break;
        };
        if made == 0 {
            info!("operations that are remembered are read from the log, which takes a while for a day of many");
        }
        sorted = last.seq;
        made += some.len();
        let run = write(connection, operations.next, some, sorted, sizes)?;
        operations.runs.push_back(run);
        operations.next += 1;
    }
    if made > 0 {
        // Now and not beside the first commits, which would wait for the disk.
        Checkpoint::passive(connection)?;
        info!(operations = made, "operations that are remembered were read from the log, and put in order");
    }
    Ok(operations)
}

/// A position before which no operation has to be read.
fn first_remembered(connection: &Connection, now: Timestamp) -> rusqlite::Result<Seq> {
    let (sorted, last): (Seq, Seq) =
        connection.query_row("SELECT sorted, (SELECT ifnull(max(seq), 0) FROM log) FROM hub", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let from = now.minus(REMEMBERED + SKEW).0;
    let mut next = connection.prepare("SELECT at FROM log WHERE seq > ? ORDER BY seq LIMIT 1")?;
    let (mut first, mut beyond) = (sorted, last);
    while first < beyond {
        let middle = first + (beyond - first) / 2;
        let at: Option<i64> = next.query_row([middle], |row| row.get(0)).optional()?;
        if at.is_some_and(|at| at <= from) {
            first = middle + 1;
        } else {
            beyond = middle;
        }
    }
    Ok(first)
}

/// The operations that are remembered and stand beyond a position, so many at most.
fn beyond(
    connection: &Connection,
    after: Seq,
    now: Timestamp,
    most: usize,
    digest: fn(&str) -> u64,
) -> rusqlite::Result<Vec<(Claim, Timestamp)>> {
    let some = "SELECT seq, operation, at FROM log WHERE seq > ? AND operation IS NOT NULL AND at > ?
                ORDER BY seq LIMIT ?";
    let mut select = connection.prepare_cached(some)?;
    let some = select.query_map(params![after, now.minus(REMEMBERED).0, most], |row| {
        let digest = digest(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        Ok((Claim { digest, seq: row.get(0)? }, Timestamp(row.get(2)?)))
    })?;
    some.collect()
}

/// Writes a run at once.
fn write(
    connection: &Connection,
    number: u64,
    some: Vec<(Claim, Timestamp)>,
    sorted: Seq,
    sizes: Sizes,
) -> rusqlite::Result<Run> {
    let newest = some.iter().map(|(_, at)| *at).max().unwrap_or_default();
    let mut claims: Vec<Claim> = some.into_iter().map(|(claim, _)| claim).collect();
    claims.sort_unstable();
    let mut run = Run { number, many: claims.len(), newest, filter: Filter::of(claims.len()) };
    let transaction = connection.unchecked_transaction()?;
    let mut rest = claims.as_slice();
    while let Some(first) = rest.first() {
        let block = block::next(rest.iter().copied(), sizes.block);
        block.iter().for_each(|claim| run.filter.add(claim.digest));
        tables::put(&transaction, number, first.digest, &block)?;
        rest = &rest[block.len()..];
    }
    tables::end(&transaction, number, (run.many, newest), &run.filter)?;
    tables::sorted(&transaction, sorted)?;
    transaction.commit()?;
    Ok(run)
}
