//! What is done bite by bite: each a transaction of some milliseconds, that says how far it has come.

use rusqlite::{Connection, OptionalExtension, params};
use tracing::info;

use super::list::List;
use super::{id_of, rewrite};
use crate::domain::time::Timestamp;
use crate::engine::Seq;
use crate::engine::embedded::audit;
use crate::engine::embedded::packed::{self, Block};
use crate::engine::embedded::store::StoreError;
use crate::engine::stored::{self, Erased};
use crate::history::erasing::{self, Reached};
use crate::history::keeper::Keeper;
use crate::history::told::keep;

/// Entries that a bite looks at, and blocks of them that it reads if it need not rewrite one.
const ENTRIES: usize = 64;
const BLOCKS: usize = 4;

/// The steps, in their order.
const LISTED: i64 = 0;
const FROM_RECENT: i64 = 1;
const FROM_ROWS: i64 = 2;
const OF_RECENT: i64 = 3;
const OF_ROWS: i64 = 4;
const ORPHANS: i64 = 5;
const LOG: i64 = 6;
const BLOCKS_OF_LOG: i64 = 7;
const DIRECTORY: i64 = 8;
const EXCEPTIONS: i64 = 9;
const AUDIT: i64 = 10;
/// The database does not say the id any more, but its write-ahead log, or a page that was not copied yet, may.
const CLEAN: i64 = 11;
const DONE: i64 = 12;

/// What a bite left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::embedded) enum Left {
    /// Nobody is being erased.
    Nothing,
    /// There may be more to do.
    More,
    /// The write-ahead log has to be copied and cut.
    Clean,
}

/// An erasure that is under way.
struct UnderWay {
    number: i64,
    pseudonym: String,
    id: Option<String>,
    by: String,
    at: Timestamp,
    until: Seq,
    audit_until: u64,
    step: i64,
    reached: Reached,
}

pub(super) fn is_done(step: i64) -> bool {
    step == DONE
}

/// Whether somebody is being erased.
pub(in crate::engine::embedded) fn is_under_way(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM erasures WHERE step <> ?")?.exists([DONE])
}

const INSERT: &str = "INSERT INTO erasures
    (pseudonym, id, erased_by, at, until, audit_until, step, reached_agent, reached_start, reached_seq)
    VALUES (?, ?, ?, ?, ?, (SELECT position FROM audit_chain), ?, 0, 0, 0)";

pub(super) fn insert(
    connection: &Connection,
    erased: &Erased,
    (by, at): (&str, Timestamp),
    until: Seq,
) -> rusqlite::Result<()> {
    let values = params![erased.pseudonym().as_str(), erased.id(), by, at.0, until, LISTED];
    connection.execute(INSERT, values).map(drop)
}

/// Of somebody of whom this database knows nothing.
pub(super) fn insert_done(
    connection: &Connection,
    pseudonym: &str,
    (by, at): (&str, Timestamp),
) -> rusqlite::Result<()> {
    connection.execute(INSERT, params![pseudonym, None::<String>, by, at.0, 0, DONE]).map(drop)
}

/// The write-ahead log was cut after the id was nowhere else.
pub(in crate::engine::embedded) fn cleaned(connection: &Connection) -> rusqlite::Result<()> {
    let done = "UPDATE erasures SET step = ? WHERE step = ?";
    let persons = connection.prepare_cached(done)?.execute([DONE, CLEAN])?;
    info!(persons, "whom an administrator had erased is in the database no more");
    Ok(())
}

/// Does something small of the oldest erasure.
pub(in crate::engine::embedded) fn bite(
    connection: &Connection,
    history: &mut Keeper,
    list: &mut List,
) -> Result<Left, StoreError> {
    let Some(mut under_way) = next(connection)? else { return Ok(Left::Nothing) };
    if under_way.step == CLEAN {
        return Ok(Left::Clean);
    }
    let reached = match &under_way.id {
        Some(id) => {
            let erased = Erased::new(id.clone(), id_of(under_way.pseudonym.clone(), 0)?);
            history.forget_people();
            go_on(connection, list, &under_way, &erased)?
        }
        None => None,
    };
    match reached {
        Some(reached) => under_way.reached = reached,
        None => (under_way.step, under_way.reached) = (under_way.step + 1, Reached::NOTHING),
    }
    if under_way.step > AUDIT {
        (under_way.step, under_way.id) = (CLEAN, None);
    }
    let UnderWay { number, id, step, reached: Reached { agent, start, seq }, .. } = under_way;
    connection
        .prepare_cached(
            "UPDATE erasures SET id = ?, step = ?, reached_agent = ?, reached_start = ?, reached_seq = ?
             WHERE number = ?",
        )?
        .execute(params![id, step, agent, start, seq, number])?;
    Ok(Left::More)
}

fn next(connection: &Connection) -> rusqlite::Result<Option<UnderWay>> {
    let oldest = "SELECT number, pseudonym, id, erased_by, at, until, step, reached_agent, reached_start, reached_seq,
                  audit_until FROM erasures WHERE step <> ? ORDER BY number LIMIT 1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(UnderWay {
            number: row.get(0)?,
            pseudonym: row.get(1)?,
            id: row.get(2)?,
            by: row.get(3)?,
            at: Timestamp(row.get(4)?),
            until: row.get(5)?,
            audit_until: row.get(10)?,
            step: row.get(6)?,
            reached: Reached { agent: row.get(7)?, start: row.get(8)?, seq: row.get(9)? },
        })
    };
    connection.prepare_cached(oldest)?.query_row([DONE], read).optional()
}

/// A bite of a step; none once the step is done.
fn go_on(
    connection: &Connection,
    list: &mut List,
    under_way: &UnderWay,
    erased: &Erased,
) -> Result<Option<Reached>, StoreError> {
    let UnderWay { step, reached, until, audit_until, .. } = *under_way;
    // Looked up each time: a history that is made anew gives it another number.
    let agent = erasing::number(connection, erased.pseudonym().as_str())?;
    Ok(match (step, agent) {
        (LISTED, _) => {
            list.add(erased, (&under_way.by, under_way.at)).map_err(not_written)?;
            None
        }
        (FROM_RECENT, Some(agent)) => erasing::from_recent(connection, agent, reached)?,
        (FROM_ROWS, Some(agent)) => erasing::from_rows(connection, agent, reached)?,
        (OF_RECENT, _) => erasing::of_recent(connection, reached)?,
        (OF_ROWS, _) => erasing::of_rows(connection, reached)?,
        (ORPHANS, _) => erasing::orphans(connection)?.then_some(reached),
        (LOG, _) => log(connection, erased, until, reached)?,
        (BLOCKS_OF_LOG, _) => blocks(connection, erased, until, reached)?,
        (DIRECTORY, _) => directory(connection, erased, until, reached)?,
        (AUDIT, _) => audit::blank(connection, erased, reached.seq.try_into().unwrap_or(0), audit_until)?.map(at),
        (EXCEPTIONS, _) => keep::blank(connection, erased.pseudonym().as_str())?.then_some(reached),
        (_, _) => None,
    })
}

fn not_written(error: std::io::Error) -> StoreError {
    StoreError::Database(rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Some entries of the log. Those that are packed meanwhile are found in their blocks.
fn log(connection: &Connection, erased: &Erased, until: Seq, reached: Reached) -> Result<Option<Reached>, StoreError> {
    let some = "SELECT seq, entry FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?";
    each_text(connection, some, until, reached, erased, |seq, text| rewrite(connection, erased, seq, text))
}

/// Some records of the directory, as they were.
fn directory(
    connection: &Connection,
    erased: &Erased,
    until: Seq,
    reached: Reached,
) -> Result<Option<Reached>, StoreError> {
    let some = "SELECT seq, entry FROM history_directory WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?";
    each_text(connection, some, until, reached, erased, |seq, text| {
        let blank = blanked(erased, seq, text)?;
        let update = "UPDATE history_directory SET entry = ? WHERE seq = ?";
        connection.prepare_cached(update)?.execute(params![blank, seq])?;
        Ok(())
    })
}

/// Does something with some entries that may name the person.
fn each_text(
    connection: &Connection,
    some: &str,
    until: Seq,
    reached: Reached,
    erased: &Erased,
    with: impl Fn(Seq, &str) -> Result<(), StoreError>,
) -> Result<Option<Reached>, StoreError> {
    let mut select = connection.prepare_cached(some)?;
    let rows = select.query_map(params![reached.seq.max(0), until, ENTRIES], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(Seq, String)> = rows.collect::<rusqlite::Result<_>>()?;
    for (seq, text) in rows.iter().filter(|(_, text)| erased.may_be_in(text)) {
        with(*seq, text)?;
    }
    Ok(rows.last().map(|(last, _)| at(*last)))
}

/// Some blocks, until one was rewritten.
fn blocks(
    connection: &Connection,
    erased: &Erased,
    until: Seq,
    mut reached: Reached,
) -> Result<Option<Reached>, StoreError> {
    for _ in 0..BLOCKS {
        let Some(Block { last, first, lines }) = packed::block_beyond(connection, reached.seq.max(0))? else {
            return Ok(None);
        };
        if first > until {
            return Ok(None);
        }
        reached = at(last);
        if erased.may_be_in(&lines) {
            let mut entries = packed::entries_of(&lines)?;
            for old in entries.iter_mut().filter(|old| old.seq <= until && erased.may_be_in(&old.text)) {
                old.text = blanked(erased, old.seq, &old.text)?;
            }
            packed::replace(connection, last, &entries)?;
            break;
        }
    }
    Ok(Some(reached))
}

fn blanked(erased: &Erased, seq: Seq, text: &str) -> Result<String, StoreError> {
    let mut entry = stored::decode(text).map_err(|error| StoreError::Entry { seq, error })?;
    erased.blank(&mut entry);
    Ok(stored::encode_whole(&entry))
}

fn at(seq: Seq) -> Reached {
    Reached { seq: i64::try_from(seq).unwrap_or(i64::MAX), ..Reached::NOTHING }
}
