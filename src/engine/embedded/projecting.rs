//! The history beside the log: entry by entry in the transaction that keeps it, or from the log as it is.

use rusqlite::Connection;

use super::checkpoint::Checkpoint;
use super::erasing::Pending;
use super::packed::{self, Old};
use super::store::subject_key;
use crate::engine::stored::{self, Unreadable};
use crate::engine::{Entry, Seq};
use crate::history::keeper::{self, Keeper};
use crate::history::row::{Naming, Recorded, Row};
use crate::history::tables;

/// Entries that one transaction takes from the log: some hundred milliseconds of work, so that the wait for the
/// disk after each hardly counts, and little is lost to whoever ends the process.
const BITE: usize = 16_384;
/// Of them, the most bytes at once.
const BITE_BYTES: usize = 64 * 1024 * 1024;

/// Adds what the history keeps of an entry.
pub(super) fn project(
    connection: &Connection,
    history: &mut Keeper,
    seq: Seq,
    entry: &Entry,
    text: &str,
) -> rusqlite::Result<()> {
    match entry {
        Entry::Agent { change, .. } => history.add(connection, &Row::of(seq, change)),
        Entry::Directory { change, at, .. } => {
            let subject = subject_key(&entry.subject());
            keeper::record(connection, Recorded { seq, subject: &subject, start: *at, entry: text })?;
            match Naming::of(seq, change, *at) {
                Some(naming) => keeper::name(connection, naming),
                None => Ok(()),
            }
        }
    }
}

/// How far the history was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The position that it has reached.
    pub seq: Seq,
    /// The newest position of the log.
    pub newest: Seq,
}

/// Why the history could not be made from the log.
#[derive(Debug)]
pub(super) enum Failed {
    Database(rusqlite::Error),
    Entry { seq: Seq, source: Unreadable },
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// Forgets the history as far as the log still has it, so that [`catch_up`] makes it anew.
pub(super) fn forget(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    let first = packed::first_kept(&transaction)?;
    tables::clear_from(&transaction, first)?;
    transaction.execute("UPDATE hub SET projected = ?", [first - 1])?;
    transaction.commit()
}

/// Brings the history to the end of the log, if it is not there: after an update from a hub that kept none, or
/// after [`forget`]. It is done in bites; whoever ends the process in between loses the last one.
pub(super) fn catch_up(connection: &mut Connection, mut tell: impl FnMut(Progress)) -> Result<(), Failed> {
    let newest = connection.query_row("SELECT ifnull(max(seq), 0) FROM log", [], |row| row.get(0))?;
    let mut history = Keeper::default();
    // What an older hub made says less.
    if connection.query_row("SELECT ifnull(projected < 0, 0) FROM hub", [], |row| row.get(0))? {
        forget(connection)?;
    }
    loop {
        let reached: Option<Seq> = connection.query_row("SELECT projected FROM hub", [], |row| row.get(0))?;
        let Some(reached) = reached else { return Ok(()) };
        let transaction = connection.transaction()?;
        let reached = bite(&transaction, &mut history, reached)?;
        transaction.execute("UPDATE hub SET projected = ?", [reached])?;
        transaction.commit()?;
        if let Some(seq) = reached {
            // A connection of the hub never copies the write-ahead log by itself.
            Checkpoint::passive(connection)?;
            tell(Progress { seq, newest });
        }
    }
}

/// Projects some entries beyond `reached`. Returns the last one's position; none if there were none.
fn bite(connection: &Connection, history: &mut Keeper, reached: Seq) -> Result<Option<Seq>, Failed> {
    let (pending, mut last) = (Pending::read(connection)?, None);
    for Old { seq, text, .. } in packed::beyond(connection, reached, BITE, BITE_BYTES)? {
        let entry = stored::decode(&text).map_err(|source| Failed::Entry { seq, source })?;
        let blank = pending.blank(seq, entry.clone());
        let text = if blank == entry { text } else { stored::encode_whole(&blank) };
        project(connection, history, seq, &blank, &text)?;
        last = Some(seq);
    }
    Ok(last)
}
