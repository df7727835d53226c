//! Reading the log while the hub serves, on threads and connections of its own.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::domain::change::Change;
use crate::engine::{Entry, Seq, stored};
use crate::history::reader::{Reader, Takes};

/// Entries that one read takes at most.
const BITE_ENTRIES: usize = 512;
/// The text after which it takes no more: some ten milliseconds of work.
const BITE_BYTES: usize = 512 * 1024;

/// The way to the log. Clones share it.
#[derive(Clone, Debug)]
pub struct LogReader {
    reader: Reader,
}

/// Why the log was not read.
#[derive(Debug, thiserror::Error)]
pub enum LogFailed {
    /// Something beyond the position is not kept any more.
    #[error("what follows this position is not kept any more; everything from {first} on is")]
    Gone {
        /// The first position from which everything is kept.
        first: Seq,
    },
    /// The database cannot be read.
    #[error("the log cannot be read now: {0}")]
    Unreadable(String),
}

impl From<rusqlite::Error> for LogFailed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl LogReader {
    pub(super) fn of(file: &Path) -> Self {
        Self { reader: Reader::of(file) }
    }

    /// Reads nothing from now on.
    pub(super) fn end(&self) {
        self.reader.end();
    }

    /// The first position from which everything is kept.
    ///
    /// # Errors
    /// [`LogFailed`]
    pub async fn first_kept(&self) -> Result<Seq, LogFailed> {
        self.ask(|connection| Ok(first_kept(connection)?)).await
    }

    /// Some of the changes of agents beyond a position and no further than `to`, at most so many, each as `of` makes
    /// it; and the position up to which the log was read.
    ///
    /// # Errors
    /// [`LogFailed`]
    pub async fn beyond<T: Send + 'static>(
        &self,
        after: Seq,
        to: Seq,
        most: usize,
        of: impl Fn(Seq, &Change) -> T + Send + 'static,
    ) -> Result<(Vec<T>, Seq), LogFailed> {
        self.ask(move |connection| {
            let (changes, reached) = bite(connection, after, to, most)?;
            Ok((changes.iter().map(|(seq, change)| of(*seq, change)).collect(), reached))
        })
        .await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, LogFailed> + Send + 'static,
    ) -> Result<T, LogFailed> {
        // One at a time: however many are behind, they take no more than a thread.
        let answer = self.reader.ask(Takes::Long, move |connection| Ok(question(connection))).await;
        answer.map_err(|failed| LogFailed::Unreadable(failed.to_string()))?
    }
}

/// The first position from which everything is kept.
fn first_kept(connection: &Connection) -> rusqlite::Result<Seq> {
    connection.prepare_cached("SELECT ifnull(min(seq), 1) FROM log")?.query_row([], |row| row.get(0))
}

fn bite(connection: &Connection, after: Seq, to: Seq, most: usize) -> Result<(Vec<(Seq, Change)>, Seq), LogFailed> {
    // One transaction, so that nothing is forgotten between the question and the answer.
    let transaction = connection.unchecked_transaction()?;
    let first = first_kept(&transaction)?;
    if after + 1 < first {
        return Err(LogFailed::Gone { first });
    }
    let mut select =
        transaction.prepare_cached("SELECT seq, entry FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?")?;
    let mut rows = select.query(params![after, to, BITE_ENTRIES])?;
    let (mut changes, mut reached, mut entries, mut bytes) = (Vec::new(), after, 0, 0);
    while let Some(row) = rows.next()? {
        let seq: Seq = row.get(0)?;
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let entry = stored::decode(text);
        match entry.map_err(|error| LogFailed::Unreadable(format!("entry {seq}: {error}")))? {
            Entry::Agent { change, .. } => changes.push((seq, *change)),
            Entry::Directory { .. } => {}
        }
        reached = seq;
        (entries, bytes) = (entries + 1, bytes + text.len());
        if changes.len() == most || bytes >= BITE_BYTES {
            return Ok((changes, reached));
        }
    }
    // Positions have gaps: behind the last entry there is nothing up to `to`.
    let is_all = entries < BITE_ENTRIES;
    Ok((changes, if is_all { to.max(reached) } else { reached }))
}
