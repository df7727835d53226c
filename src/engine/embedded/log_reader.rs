//! Reading the log while the hub serves, on threads and connections of its own.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::erasing::Pending;
use super::packed::{self, Old, first_kept};
use crate::domain::change::Change;
use crate::engine::{Entry, Seq, stored};
use crate::history::reader::{Reader, Takes};

/// About the most entries that one read takes.
const BITE_ENTRIES: usize = 512;
/// The text after which it takes no more: some ten milliseconds of work.
const BITE_BYTES: usize = 512 * 1024;

/// The way to the log. Clones share it.
#[derive(Clone, Debug)]
pub struct LogReader {
    of: Of,
}

#[derive(Clone)]
enum Of {
    Database(Reader),
    /// A log in memory, of a simulation.
    Memory(Arc<Beyond>),
}

/// All changes of agents beyond a position.
type Beyond = dyn Fn(Seq) -> Vec<(Seq, Change)> + Send + Sync;

impl fmt::Debug for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(reader) => reader.fmt(f),
            Self::Memory(_) => f.write_str("Memory"),
        }
    }
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
        Self { of: Of::Database(Reader::of(file)) }
    }

    /// Reads a log in memory, all of which is kept: `beyond` tells the changes beyond a position. For a simulation.
    pub fn of_memory(beyond: impl Fn(Seq) -> Vec<(Seq, Change)> + Send + Sync + 'static) -> Self {
        Self { of: Of::Memory(Arc::new(beyond)) }
    }

    /// Reads nothing from now on.
    pub(super) fn end(&self) {
        match &self.of {
            Of::Database(reader) => reader.end(),
            Of::Memory(_) => {}
        }
    }

    /// The first position from which everything is kept.
    ///
    /// # Errors
    /// [`LogFailed`]
    pub async fn first_kept(&self) -> Result<Seq, LogFailed> {
        match &self.of {
            Of::Database(reader) => ask(reader, |connection| Ok(first_kept(connection)?)).await,
            Of::Memory(_) => Ok(1),
        }
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
        let told = move |changes: Vec<(Seq, Change)>| changes.iter().map(|(seq, change)| of(*seq, change)).collect();
        match &self.of {
            Of::Database(reader) => {
                let read = move |connection: &Connection| {
                    let (changes, reached) = bite(connection, after, to, most)?;
                    Ok((told(changes), reached))
                };
                ask(reader, read).await
            }
            Of::Memory(beyond) => {
                let mut changes = beyond(after);
                changes.retain(|(seq, _)| *seq <= to);
                let is_all = changes.len() <= most;
                changes.truncate(most);
                let reached = changes.last().filter(|_| !is_all).map_or(to, |(seq, _)| *seq);
                Ok((told(changes), reached))
            }
        }
    }
}

async fn ask<T: Send + 'static>(
    reader: &Reader,
    question: impl FnOnce(&Connection) -> Result<T, LogFailed> + Send + 'static,
) -> Result<T, LogFailed> {
    // One at a time: however many are behind, they take no more than a thread.
    let answer = reader.ask(Takes::Long, move |connection| Ok(question(connection))).await;
    answer.map_err(|failed| LogFailed::Unreadable(failed.to_string()))?
}

fn bite(connection: &Connection, after: Seq, to: Seq, most: usize) -> Result<(Vec<(Seq, Change)>, Seq), LogFailed> {
    // One transaction, so that nothing is forgotten between the question and the answer.
    let transaction = connection.unchecked_transaction()?;
    let first = first_kept(&transaction)?;
    if after + 1 < first {
        return Err(LogFailed::Gone { first });
    }
    let found = packed::beyond(&transaction, after, BITE_ENTRIES, BITE_BYTES)?;
    let pending = Pending::read(&transaction)?;
    let (mut changes, mut reached) = (Vec::new(), after);
    let is_end = found.is_empty();
    for Old { seq, text, .. } in found {
        if seq > to {
            return Ok((changes, to));
        }
        let entry = stored::decode(&text).map_err(|error| LogFailed::Unreadable(format!("entry {seq}: {error}")))?;
        match pending.blank(seq, entry) {
            Entry::Agent { change, .. } => changes.push((seq, *change)),
            Entry::Directory { .. } => {}
        }
        reached = seq;
        if changes.len() == most {
            return Ok((changes, reached));
        }
    }
    // Positions have gaps: behind the last entry there is nothing up to `to`.
    Ok((changes, if is_end { to.max(reached) } else { reached }))
}
