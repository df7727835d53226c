//! Whether the runs say of the log what they are to say.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::block;
use super::claim::{Claim, SKEW, digest_of};
use super::tables;
use crate::domain::time::Timestamp;
use crate::engine::{REMEMBERED, Seq};

/// The operations that were remembered at the last commit and stand in no run although they should: the position of each.
/// They would be kept again.
pub(in crate::engine::embedded) fn missing(connection: &Connection) -> rusqlite::Result<Vec<Seq>> {
    let mut claims: HashSet<Claim> = HashSet::new();
    for run in tables::runs(connection)? {
        let (first, beyond) = (block::number(run.number, 0), block::number(run.number + 1, 0));
        let blocks = "SELECT claims FROM operation_blocks WHERE block >= ? AND block < ? ORDER BY block";
        let mut select = connection.prepare_cached(blocks)?;
        let mut blocks = select.query([first, beyond])?;
        while let Some(row) = blocks.next()? {
            let block = block::from_bytes(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
            // What the filter does not know is not looked for in the run.
            claims.extend(block.into_iter().filter(|claim| run.filter.may_hold(claim.digest)));
        }
    }
    let newest = "SELECT sorted, ifnull((SELECT at FROM log ORDER BY seq DESC LIMIT 1), 0) FROM hub";
    let (sorted, now): (Seq, i64) = connection.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let remembered = "SELECT seq, operation FROM log WHERE seq <= ? AND operation IS NOT NULL AND at > ? ORDER BY seq";
    let mut select = connection.prepare(remembered)?;
    // A node of a cluster may be ahead of the log's time, and so has forgotten a little more.
    let mut rows = select.query(params![sorted, Timestamp(now).minus(REMEMBERED).plus(SKEW).0])?;
    let mut missing = Vec::new();
    while let Some(row) = rows.next()? {
        let digest = digest_of(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        let claim = Claim { digest, seq: row.get(0)? };
        if !claims.contains(&claim) {
            missing.push(claim.seq);
        }
    }
    Ok(missing)
}
