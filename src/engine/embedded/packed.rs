//! Old entries of the log, packed: some beside each other, compressed, so that a year of them is small.
//!
//! An entry takes a kilobyte, most of which stands in the entries beside it too. A few days after it was kept it is
//! packed with its neighbours into one block: some 80 bytes are left of it, and it can still be read. A subject's
//! newest entry stays in the log besides.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::time::Timestamp;
use crate::engine::Seq;

/// Entries of a block: some milliseconds of work, and as much again to read one of them.
const ENTRIES: usize = 64;
/// A block is not filled further beyond this size, before compression.
const BYTES: usize = 128 * 1024;

/// Blocks that are dropped at once: a hundred kilobytes.
const DROPPED: usize = 16;

/// An entry as it was kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Old {
    pub seq: Seq,
    /// When it was committed.
    pub at: Timestamp,
    pub text: String,
}

/// A line of a block.
#[derive(Deserialize)]
struct Line<'a> {
    seq: Seq,
    at: i64,
    #[serde(borrow)]
    entry: &'a RawValue,
}

/// Entries that are packed, unpacked.
pub(super) struct Block {
    pub last: Seq,
    pub first: Seq,
    /// As [`entries_of`] reads them.
    pub lines: String,
}

/// Up to where the log is packed.
pub(super) fn packed(connection: &Connection) -> rusqlite::Result<Seq> {
    connection.prepare_cached("SELECT packed FROM hub")?.query_row([], |row| row.get(0))
}

/// The first position from which on every entry is kept.
pub(super) fn first_kept(connection: &Connection) -> rusqlite::Result<Seq> {
    let first = "SELECT ifnull((SELECT first FROM log_packed ORDER BY last LIMIT 1), (SELECT packed + 1 FROM hub))";
    connection.prepare_cached(first)?.query_row([], |row| row.get(0))
}

/// Packs a block if an entry was kept before `due`; none that was kept after `youngest` goes with it. Returns the
/// position up to which the log is packed then.
pub(super) fn pack(connection: &Connection, due: Timestamp, youngest: Timestamp) -> rusqlite::Result<Option<Seq>> {
    let next = "SELECT seq, at, entry FROM log WHERE seq > (SELECT packed FROM hub) ORDER BY seq LIMIT ?";
    let mut select = connection.prepare_cached(next)?;
    let mut rows = select.query([ENTRIES])?;
    let (mut lines, mut ends) = (Vec::new(), None);
    let mut first = 0;
    while let Some(row) = rows.next()? {
        let (seq, at): (Seq, i64) = (row.get(0)?, row.get(1)?);
        let is_old = at < if ends.is_none() { due.0 } else { youngest.0 };
        if !is_old || lines.len() >= BYTES {
            break;
        }
        if ends.is_none() {
            first = seq;
        }
        let entry = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        write_line(&mut lines, seq, at, entry)?;
        ends = Some((seq, at));
    }
    let Some((last, at)) = ends else { return Ok(None) };
    connection
        .prepare_cached("INSERT INTO log_packed (last, first, at, size, entries) VALUES (?, ?, ?, ?, ?)")?
        .execute(params![last, first, at, lines.len(), compressed(&lines)?])?;
    connection
        .prepare_cached(
            "DELETE FROM log WHERE seq BETWEEN ? AND ? AND NOT EXISTS
             (SELECT 1 FROM newest WHERE newest.subject = log.subject AND newest.seq = log.seq)",
        )?
        .execute([first, last])?;
    connection.prepare_cached("UPDATE hub SET packed = ?")?.execute([last])?;
    Ok(Some(last))
}

/// The first block whose last entry stands beyond a position.
pub(super) fn block_beyond(connection: &Connection, after: i64) -> rusqlite::Result<Option<Block>> {
    let find = "SELECT last, first, size, entries FROM log_packed WHERE last > ? ORDER BY last LIMIT 1";
    let block = connection.prepare_cached(find)?.query_row([after], |row| {
        let lines = lines(row.get(2)?, row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?;
        Ok(Block { last: row.get(0)?, first: row.get(1)?, lines })
    });
    block.optional()
}

/// Puts other texts in the place of those of a block.
pub(super) fn replace(connection: &Connection, last: Seq, entries: &[Old]) -> rusqlite::Result<()> {
    let mut lines = Vec::new();
    for Old { seq, at, text } in entries {
        write_line(&mut lines, *seq, at.0, text)?;
    }
    let update = "UPDATE log_packed SET size = ?, entries = ? WHERE last = ?";
    connection.prepare_cached(update)?.execute(params![lines.len(), compressed(&lines)?, last]).map(drop)
}

/// When the oldest entry was kept that is not packed.
pub(super) fn oldest(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let oldest = "SELECT at FROM log WHERE seq > (SELECT packed FROM hub) ORDER BY seq LIMIT 1";
    connection.prepare_cached(oldest)?.query_row([], |row| row.get(0).map(Timestamp)).optional()
}

/// Drops the oldest blocks, some of those of which all was kept before an instant. Whether there was one.
pub(super) fn drop_oldest(connection: &Connection, before: Timestamp) -> rusqlite::Result<bool> {
    let oldest = "SELECT last, at FROM log_packed ORDER BY last LIMIT ?";
    let mut select = connection.prepare_cached(oldest)?;
    let mut blocks = select.query([DROPPED])?;
    let mut dropped = None;
    // A clock that was ahead leaves a block behind which older ones stand: none of them goes before it.
    while let Some(block) = blocks.next()?
        && block.get::<_, i64>(1)? < before.0
    {
        dropped = Some(block.get::<_, Seq>(0)?);
    }
    let Some(last) = dropped else { return Ok(false) };
    connection.prepare_cached("DELETE FROM log_packed WHERE last <= ?")?.execute([last])?;
    Ok(true)
}

/// Entries beyond a position, in order: none only if there are no more, and no more once there are `most` of them or
/// of their `bytes`, or some above, as blocks are read whole. Those that are no longer kept are passed over.
pub(super) fn beyond(connection: &Connection, after: Seq, most: usize, bytes: usize) -> rusqlite::Result<Vec<Old>> {
    let (mut found, mut after, mut size) = (Vec::<Old>::new(), after, 0);
    while found.len() < most
        && size < bytes
        && let Some(block) = block_of(connection, after + 1)?
    {
        let first = found.len();
        found.extend(block.into_iter().filter(|old| old.seq > after));
        size += found[first..].iter().map(|old| old.text.len()).sum::<usize>();
        after = found.last().map_or(after, |last| last.seq);
    }
    let rest = "SELECT seq, at, entry FROM log WHERE seq > max(?, (SELECT packed FROM hub)) ORDER BY seq";
    let mut select = connection.prepare_cached(rest)?;
    let mut rows = select.query([after])?;
    while found.len() < most
        && size < bytes
        && let Some(row) = rows.next()?
    {
        let old = Old { seq: row.get(0)?, at: Timestamp(row.get(1)?), text: row.get(2)? };
        size += old.text.len();
        found.push(old);
    }
    Ok(found)
}

/// The text of an entry; none if it is no longer kept.
pub(super) fn find(connection: &Connection, seq: Seq) -> rusqlite::Result<Option<String>> {
    let plain = "SELECT entry FROM log WHERE seq = ?";
    if let Some(text) = connection.prepare_cached(plain)?.query_row([seq], |row| row.get(0)).optional()? {
        return Ok(Some(text));
    }
    let block = block_of(connection, seq)?.unwrap_or_default();
    Ok(block.into_iter().find(|old| old.seq == seq).map(|old| old.text))
}

/// The block that holds a position, or the next one; none if there is none.
fn block_of(connection: &Connection, seq: Seq) -> rusqlite::Result<Option<Vec<Old>>> {
    let find = "SELECT size, entries FROM log_packed WHERE last >= ? ORDER BY last LIMIT 1";
    let block = connection.prepare_cached(find)?.query_row([seq], |row| {
        entries_of(&lines(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?)
    });
    block.optional()
}

fn compressed(lines: &[u8]) -> rusqlite::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(lines).and_then(|()| encoder.finish());
    written.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn write_line(lines: &mut Vec<u8>, seq: Seq, at: i64, entry: &str) -> rusqlite::Result<()> {
    let line = writeln!(lines, r#"{{"seq":{seq},"at":{at},"entry":{entry}}}"#);
    line.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// A block is no block of entries.
fn damaged(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Blob, error.into())
}

fn lines(size: usize, block: &[u8]) -> rusqlite::Result<String> {
    let mut lines = String::with_capacity(size);
    ZlibDecoder::new(block).read_to_string(&mut lines).map_err(damaged)?;
    Ok(lines)
}

/// The entries of a block.
pub(super) fn entries_of(lines: &str) -> rusqlite::Result<Vec<Old>> {
    let old = |line| {
        let Line { seq, at, entry } = serde_json::from_str(line).map_err(damaged)?;
        Ok(Old { seq, at: Timestamp(at), text: entry.get().to_owned() })
    };
    lines.lines().map(old).collect()
}
