//! Opening the folder, and loading what it holds.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use tokio::sync::mpsc;
use tracing::info;

use super::Embedded;
use super::erasing::{self, Erasing, Pending};
use super::filling::{FillError, Filling};
use super::folder::remove_leftovers;
use super::ledgers;
use super::log_reader::LogReader;
use super::newest::Newest;
use super::operations::Operations;
use super::packed::packed;
use super::projecting::{self, Progress};
use super::schema::{self, Migrated};
use super::store::{Store, StoreError, before};
use super::upkeep::{Retention, Upkeep};
use super::wal::WriteAheadLog;
use super::webhooks;
use super::writer::{End, Writer};
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::engine::stored::{self, Unreadable};
use crate::engine::{DELETIONS_TOLD, Entry, FromPeer, Judged, Loaded, LoadedAgent, Opened, Seq, Tail};
use crate::history::reader::Reader;
use crate::history::told::read::activities;

/// The database's file in the folder.
pub(super) const DATABASE: &str = "hub.db";
/// How many committed groups may wait to be read. When they do, the writer waits too.
const TAIL_GROUPS: usize = 64;

/// Why the engine could not be opened: what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum OpenError {
    #[error("the data folder {} cannot be used; make it a folder that the hub's user may write to, or name another one", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("another hub is using the data folder {}; stop it, or give this hub a folder of its own", path.display())]
    InUse { path: PathBuf },
    #[error("the database {} was written by a newer hub (version {found}, this one knows {known}); start the newer hub again, or name another data folder", path.display())]
    Newer { path: PathBuf, found: usize, known: usize },
    // In the text and not its source, because SQLite's errors repeat their own sources.
    #[error("the database {} cannot be opened; check that the disk has room and the file is undamaged, or restore a backup: {error}", path.display())]
    Database { path: PathBuf, error: rusqlite::Error },
    #[error("the list of erasures beside {} cannot be read; without it an older copy would show who was erased", path.display())]
    Erasures { path: PathBuf, source: io::Error },
    #[error("entry {seq} of the database {} cannot be read", path.display())]
    Entry { path: PathBuf, seq: Seq, source: Unreadable },
    #[error("the data folder {} is that of a node of a cluster, and what is written to it alone the other nodes would never learn; set storage.engine to \"nats\", or run `presence-hub cluster new-epoch` if it is to have a log of its own", path.display())]
    OfACluster { path: PathBuf },
    #[error("the writer thread could not be started; raise the limit of threads or free some memory")]
    Thread(#[source] io::Error),
}

/// A folder that is ours, before the hub has started: the clock must not start before
/// [`Opening::alive`], and only then may anything be written.
#[derive(Debug)]
pub struct Opening {
    connection: Connection,
    file: PathBuf,
    lock: File,
    alive: Option<Timestamp>,
    retention: Retention,
    erasing: Erasing,
}

/// Which log of a cluster a database has followed, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The log's incarnation, or the database's own if it has followed none.
    pub epoch: String,
    /// The last boot of the node.
    pub boot: u32,
    /// How far; none if it has followed none.
    pub position: Option<u64>,
    /// The newest position of its entries; 0 if there are none.
    pub newest: Seq,
    /// When that was kept.
    pub newest_at: Timestamp,
}

/// Whether the folder holds a database.
#[must_use]
pub fn is_there(folder: &Path) -> bool {
    database(folder).exists()
}

/// The database of a folder.
#[must_use]
pub fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Which log of a cluster a database has followed, and how far.
pub(super) fn followed(connection: &Connection) -> rusqlite::Result<Followed> {
    let of = "SELECT epoch, hub.boot, position, ifnull(seq, 0), ifnull(at, 0)
         FROM hub LEFT JOIN log ON seq = (SELECT max(seq) FROM log)";
    connection.query_row(of, [], |row| {
        let (newest, newest_at) = (row.get(3)?, Timestamp(row.get(4)?));
        Ok(Followed { epoch: row.get(0)?, boot: row.get(1)?, position: row.get(2)?, newest, newest_at })
    })
}

/// Takes the folder, creating it if need be (for its owner only). It is free once what is returned is dropped.
pub(super) fn lock(folder: &Path) -> Result<File, OpenError> {
    let unusable = |source| OpenError::Folder { path: folder.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
    let lock = File::create(folder.join("hub.lock")).map_err(unusable)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::InUse { path: folder.to_owned() },
        TryLockError::Error(source) => unusable(source),
    })?;
    Ok(lock)
}

/// Takes the folder, creating it if need be (for its owner only), and brings the tables up to date.
///
/// # Errors
/// [`OpenError`], whose sentence is meant for the operator.
pub fn open(folder: &Path) -> Result<Opening, OpenError> {
    open_locked(folder, lock(folder)?)
}

/// The same of a folder that is taken.
pub(super) fn open_locked(folder: &Path, lock: File) -> Result<Opening, OpenError> {
    remove_leftovers(folder);
    let file = folder.join(DATABASE);
    // For its owner only, whatever the folder is: SQLite would go by the umask, and gives what it makes beside it
    // the same mode.
    let made = OpenOptions::new().append(true).create(true).mode(0o600).open(&file);
    made.map_err(|source| OpenError::Folder { path: folder.to_owned(), source })?;
    let broken = |error| OpenError::Database { path: file.clone(), error };
    let mut connection = schema::connect(&file).map_err(broken)?;
    match schema::migrate(&mut connection, schema::STEPS).map_err(broken)? {
        Migrated::Ready => {}
        Migrated::Newer(found) => return Err(OpenError::Newer { path: file, found, known: schema::STEPS.len() }),
    }
    catch_up(&mut connection, &file, |progress| {
        info!(progress.seq, progress.newest, "the history is being made from the log");
    })?;
    // Every commit is a sign of life; the mark of the hub is for the time between them.
    let alive: i64 = connection
        .query_row(
            "SELECT max(ifnull(alive, 0), ifnull((SELECT at FROM log ORDER BY seq DESC LIMIT 1), 0)) FROM hub",
            [],
            |row| row.get(0),
        )
        .map_err(broken)?;
    let alive = (alive != 0).then_some(Timestamp(alive));
    let erasing = Erasing::read(folder).map_err(|source| OpenError::Erasures { path: file.clone(), source })?;
    let again = erasing.catch_up(&mut connection, alive.unwrap_or(Timestamp(0)));
    let again = again.map_err(|error| match error {
        StoreError::Database(error) => broken(error),
        StoreError::Entry { seq, error } => OpenError::Entry { path: file.clone(), seq, source: error },
    })?;
    if again {
        info!("who was erased before is erased again: the database is older");
    }
    Ok(Opening { connection, file, lock, alive, retention: Retention::FOR_EVER, erasing })
}

fn catch_up(connection: &mut Connection, file: &Path, tell: impl FnMut(Progress)) -> Result<(), OpenError> {
    projecting::catch_up(connection, tell).map_err(|failed| match failed {
        projecting::Failed::Database(error) => OpenError::Database { path: file.to_owned(), error },
        projecting::Failed::Entry { seq, source } => OpenError::Entry { path: file.to_owned(), seq, source },
    })
}

impl Opening {
    /// Makes the history anew from the log, and says how far it has come. Should the process end before, the
    /// next one that opens the folder goes on.
    ///
    /// # Errors
    /// [`OpenError`], whose sentence is meant for the operator.
    pub fn rebuild_history(&mut self, tell: impl FnMut(Progress)) -> Result<(), OpenError> {
        projecting::forget(&mut self.connection).map_err(|error| self.broken(error))?;
        catch_up(&mut self.connection, &self.file, tell)
    }

    /// Begins to fill a new folder with a past, of which entries are kept whole from an instant on.
    ///
    /// # Errors
    /// [`FillError`]: the folder is not new.
    pub fn fill(self, whole_from: Timestamp) -> Result<Filling, FillError> {
        Filling::begin(self.connection, &self.file, self.lock, whole_from)
    }

    /// Keeps what is known for so long, and not for ever.
    #[must_use]
    pub fn keeping(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// When the hub was last known alive; none at the first start.
    #[must_use]
    pub fn alive(&self) -> Option<Timestamp> {
        self.alive
    }

    /// Begins a new life of the hub: loads what there is and starts the writer. A database that has followed the log of a
    /// cluster is refused.
    ///
    /// # Errors
    /// [`OpenError`], whose sentence is meant for the operator.
    pub fn start(mut self, clock: Clock) -> Result<Opened<Embedded>, OpenError> {
        if self.followed()?.position.is_some() {
            let path = self.file.parent().unwrap_or(&self.file).to_owned();
            return Err(OpenError::OfACluster { path });
        }
        let now = clock.now();
        let mut loaded = begin_life(&mut self.connection, None, now).map_err(|source| self.broken(source))?;
        loaded.alive = self.alive;
        let newest = load(&self.connection, &self.file, &mut loaded, before(now, DELETIONS_TOLD))?;
        let end = End { newest, seq: loaded.seq, now };
        let (engine, tail) = self.write(end, clock, None)?;
        Ok(Opened { engine, loaded, tail, peers: None })
    }

    /// Which log of a cluster the database has followed, and how far.
    ///
    /// # Errors
    /// [`OpenError`], whose sentence is meant for the operator.
    pub fn followed(&self) -> Result<Followed, OpenError> {
        let followed = followed(&self.connection);
        followed.map_err(|source| self.broken(source))
    }

    /// Lets the database follow the log of a cluster, `from` there on if it has followed none. What other nodes keep
    /// beside the log is told to `peers`. Nothing is lost with a commit that does not reach the disk: the log has it.
    ///
    /// # Errors
    /// [`OpenError`], whose sentence is meant for the operator.
    pub fn follow(
        self,
        clock: Clock,
        (epoch, from): (&str, u64),
        peers: mpsc::Sender<FromPeer>,
    ) -> Result<(Embedded, Tail), OpenError> {
        let now = clock.now();
        let begin = || {
            self.connection.pragma_update(None, "synchronous", "NORMAL")?;
            let update = "UPDATE hub SET epoch = ?, position = ifnull(position, ?)";
            self.connection.execute(update, params![epoch, from])?;
            let known = "SELECT ifnull(max(seq), 0) FROM log";
            let seq = self.connection.query_row(known, [], |row| row.get(0))?;
            // Positions of subjects are looked up as they are needed.
            Ok(End { newest: Newest::default(), seq, now })
        };
        let end = begin().map_err(|source| self.broken(source))?;
        self.write(end, clock, Some(peers))
    }

    /// Starts the writer behind the end of the log.
    fn write(
        self,
        end: End,
        clock: Clock,
        peers: Option<mpsc::Sender<FromPeer>>,
    ) -> Result<(Embedded, Tail), OpenError> {
        let (tail_tx, tail) = mpsc::channel(TAIL_GROUPS);
        let log = WriteAheadLog::start(&self.file).map_err(OpenError::Thread)?;
        let broken = |error| OpenError::Database { path: self.file.clone(), error };
        let store = Store::new(self.connection, &self.file).map_err(broken)?;
        let operations = Operations::open(store.connection(), end.now).map_err(broken)?;
        let mut upkeep = Upkeep::begin(self.retention, packed(store.connection()).map_err(broken)?, end.now);
        if erasing::is_under_way(store.connection()).map_err(broken)? {
            upkeep.hasten();
        }
        let writer = Writer::new(store, log, self.lock, end, (operations, upkeep, self.erasing), (tail_tx, peers));
        let engine = Embedded::start(writer, clock, Reader::of(&self.file), LogReader::of(&self.file))
            .map_err(OpenError::Thread)?;
        Ok((engine, tail))
    }

    fn broken(&self, error: rusqlite::Error) -> OpenError {
        OpenError::Database { path: self.file.clone(), error }
    }
}

/// Begins a life of a node whose database has followed the cluster's log to its end: loads what there is.
///
/// # Errors
/// [`OpenError`], whose sentence is meant for the operator.
pub fn load_followed(folder: &Path, boot: u32, now: Timestamp) -> Result<Loaded, OpenError> {
    let file = database(folder);
    let broken = |error| OpenError::Database { path: file.clone(), error };
    let mut connection = schema::connect(&file).map_err(broken)?;
    let mut loaded = begin_life(&mut connection, Some(boot), now).map_err(broken)?;
    load(&connection, &file, &mut loaded, before(now, DELETIONS_TOLD))?;
    Ok(loaded)
}

/// Counts the start, and gives up telling boards of old deletions. A deleted agent's newest entry
/// stays for good: should the agent be created again, its version goes on from there.
fn begin_life(connection: &mut Connection, boot: Option<u32>, now: Timestamp) -> rusqlite::Result<Loaded> {
    let transaction = connection.transaction()?;
    let old = before(now, DELETIONS_TOLD);
    transaction.execute(
        "UPDATE hub SET boot = ifnull(?3, boot + 1), alive = ?1,
             forgotten = max(forgotten, ifnull((SELECT max(seq) FROM newest WHERE deleted < ?2), 0))",
        params![now.0, old, boot],
    )?;
    // The clock may have been ahead when the last entry was committed. Its time is put back to now: else
    // the next start too would take it for the hub's last sign of life.
    transaction.execute("UPDATE log SET at = ?1 WHERE seq = (SELECT max(seq) FROM log) AND at > ?1", params![now.0])?;
    let known = "SELECT epoch, boot, forgotten, judged_log, judged_directory FROM hub";
    let mut loaded = transaction.query_row(known, [], |row| {
        Ok(Loaded {
            epoch: row.get(0)?,
            boot: row.get(1)?,
            forgotten: row.get(2)?,
            judged: Judged { log: row.get(3)?, directory: row.get(4)? },
            ..Loaded::default()
        })
    })?;
    loaded.seq = transaction.query_row("SELECT ifnull(max(seq), 0) FROM log", [], |row| row.get(0))?;
    loaded.webhooks = webhooks::load(&transaction)?;
    loaded.ledgers = ledgers::load(&transaction)?;
    loaded.activities = activities(&transaction)?.into_iter().map(|(_, activity)| activity).collect();
    transaction.commit()?;
    Ok(loaded)
}

/// Reads the newest entry of every subject, by position; of agents that were deleted before `old`,
/// none.
fn load(connection: &Connection, file: &Path, loaded: &mut Loaded, old: i64) -> Result<Newest, OpenError> {
    let mut newest = Newest::default();
    let broken = |error| OpenError::Database { path: file.to_owned(), error };
    let pending = Pending::read(connection).map_err(broken)?;
    let mut select = connection
        .prepare(
            "SELECT log.seq, log.entry FROM newest JOIN log ON log.seq = newest.seq
                 WHERE newest.deleted IS NULL OR newest.deleted >= ? ORDER BY log.seq",
        )
        .map_err(broken)?;
    let mut rows = select.query([old]).map_err(broken)?;
    while let Some(row) = rows.next().map_err(broken)? {
        let seq: Seq = row.get(0).map_err(broken)?;
        let text = row.get_ref(1).and_then(|text| Ok(text.as_str()?)).map_err(broken)?;
        let unreadable = |source| OpenError::Entry { path: file.to_owned(), seq, source };
        let entry = pending.blank(seq, stored::decode(text).map_err(unreadable)?);
        newest.insert(entry.subject(), seq);
        match entry {
            Entry::Agent { change, directory_seq } => {
                loaded.agents.push(LoadedAgent { seq, directory_seq, agent: change.after });
            }
            Entry::Directory { change, .. } => {
                loaded.directory_seq = seq;
                loaded.directory.push((seq, change));
            }
        }
    }
    Ok(newest)
}
