//! Reading, on threads and connections of its own, so that nothing that is asked holds up a commit or a socket.
//!
//! A question is a function that is given a connection. It asks in bites, each a read of its own of some
//! milliseconds: whoever reads for long keeps the write-ahead log from beginning anew.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::forgetting::{kept_from, since};
use crate::domain::time::Timestamp;

/// How many questions are answered at once. More wait, in the order they came.
const AT_ONCE: usize = 2;
/// How long a read waits for whoever has the database for itself, as the hub has for a moment when it begins
/// its write-ahead log anew.
const PATIENCE: Duration = Duration::from_secs(1);
/// Statements that stay prepared.
const STATEMENTS: usize = 32;

/// The way to the history. Clones share it.
#[derive(Clone)]
pub struct Reader {
    shared: Arc<Shared>,
}

struct Shared {
    file: PathBuf,
    /// A database in memory, of a simulation: asked at once, on the thread of whoever asks.
    within: Option<Arc<Mutex<Connection>>>,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
    /// For questions that may take long: one at a time, so that there is always a place for a short one.
    long: Arc<Semaphore>,
}

/// How long a question may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A page of something.
    Moments,
    /// A sum over very much.
    Long,
}

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The database cannot be read.
    #[error("the history cannot be read now: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database holds a word that this hub does not know.
    #[error("the history says `{0}`, which this hub does not know")]
    Word(String),
    /// It asks about a time of which not everything is kept any more.
    #[error("the history is kept from {} on", .from.0)]
    NotKept {
        /// From when on it is.
        from: Timestamp,
    },
    /// The log cannot say what the history refers to.
    #[error("entry {seq} of the log cannot be read: {error}")]
    Entry {
        /// Its position.
        seq: u64,
        /// Why.
        error: String,
    },
    /// More would have to be read, or answered, than one question may; so much may be.
    #[error("more than {most} {what}; ask for a shorter time or for fewer agents")]
    TooMuch {
        /// How much may be.
        most: usize,
        /// Of what.
        what: &'static str,
    },
    /// The thread that read has panicked, or the hub is stopping.
    #[error("the history cannot be read now: nobody reads it")]
    Nobody,
}

/// Goes on only if everything is kept that was from an instant on.
///
/// # Errors
/// [`Failed::NotKept`]
pub(super) fn kept(connection: &Connection, instant: Timestamp) -> Result<(), Failed> {
    let from = kept_from(connection)?;
    if instant < from { Err(Failed::NotKept { from }) } else { Ok(()) }
}

/// The same about what rows say since [`WHOLE`](super::tables::WHOLE).
///
/// # Errors
/// [`Failed::NotKept`]
pub fn known(connection: &Connection, instant: Timestamp) -> Result<(), Failed> {
    kept(connection, instant)?;
    let from = whole_from(connection)?;
    if instant < from { Err(Failed::NotKept { from }) } else { Ok(()) }
}

/// From when on rows say what they do since [`WHOLE`](super::tables::WHOLE).
pub(super) fn whole_from(connection: &Connection) -> Result<Timestamp, Failed> {
    let from = "SELECT whole_from FROM history_state";
    Ok(connection.prepare_cached(from)?.query_row([], |row| row.get(0).map(since))?)
}

impl Reader {
    /// Reads the database that stands in `file`. It is opened when it is first needed.
    #[must_use]
    pub fn of(file: &Path) -> Self {
        Self::from(file, None)
    }

    /// Reads a database in memory, for a simulation: on the thread of whoever asks, so that the same run is the same run.
    #[must_use]
    pub fn within(database: Arc<Mutex<Connection>>) -> Self {
        Self::from(Path::new(""), Some(database))
    }

    fn from(file: &Path, within: Option<Arc<Mutex<Connection>>>) -> Self {
        let shared = Shared {
            file: file.to_owned(),
            within,
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            long: Arc::new(Semaphore::new(AT_ONCE - 1)),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Answers nobody from now on, and closes what is open: the last connection of the hub to be closed copies the
    /// write-ahead log into the database, and that is the writer's.
    pub fn end(&self) {
        self.shared.places.close();
        self.shared.long.close();
        self.shared.idle.lock().clear();
    }

    /// Answers a question, after those that came before it.
    ///
    /// # Errors
    /// [`Failed`]
    pub async fn ask<T, Q>(&self, takes: Takes, question: Q) -> Result<T, Failed>
    where
        Q: FnOnce(&Connection) -> Result<T, Failed> + Send + 'static,
        T: Send + 'static,
    {
        let shared = self.shared.clone();
        if let Some(database) = &shared.within {
            return question(&database.lock());
        }
        let long = match takes {
            Takes::Long => Some(shared.long.clone().acquire_owned().await.map_err(|_| Failed::Nobody)?),
            Takes::Moments => None,
        };
        let place = shared.places.clone().acquire_owned().await.map_err(|_| Failed::Nobody)?;
        let asked = tokio::task::spawn_blocking(move || {
            // Whoever asked may go away; the places are free once the thread is.
            let _places = (place, long);
            let connection = shared.connection()?;
            let answer = question(&connection);
            if !matches!(answer, Err(Failed::Database(_))) {
                shared.put_back(connection);
            }
            answer
        });
        asked.await.map_err(|_| Failed::Nobody)?
    }
}

impl Shared {
    /// Keeps a connection for the next question, unless there will be none.
    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle.lock();
        if !self.places.is_closed() {
            idle.push(connection);
        }
    }

    fn connection(&self) -> Result<Connection, Failed> {
        if let Some(connection) = self.idle.lock().pop() {
            return Ok(connection);
        }
        Ok(open(&self.file)?)
    }
}

/// A connection that questions can be asked of.
///
/// # Errors
/// What the database says.
pub fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    // Else a statement with a range is planned anew for each agent that it is asked about.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("file", &self.shared.file).finish_non_exhaustive()
    }
}
