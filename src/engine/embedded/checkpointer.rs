//! The write-ahead log is copied into the database by a thread of its own, while the writer commits.
//!
//! A checkpoint of a long log syncs pages from all over the database: 40 to 70 ms each time, in which the
//! writer would answer nobody. So this thread copies the log, again and again until few pages came
//! meanwhile, and the writer copies only those: SQLite begins the log anew once nothing in it is left to
//! copy.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tracing::warn;

use super::checkpoint::Checkpoint;
use super::schema;
use super::store::Store;

/// Pages of the write-ahead log after which it is copied: 16 MB.
const ENOUGH: u32 = 4_000;
/// A rest of so many pages takes the writer a few milliseconds.
const LITTLE: u32 = 100;
/// How often the thread copies before it leaves the rest to the writer, however much that is.
const PASSES: usize = 4;

/// The writer's side.
#[derive(Debug)]
pub(super) struct Checkpointer {
    asks: Option<SyncSender<()>>,
    done: Receiver<()>,
    thread: Option<JoinHandle<()>>,
    /// How long the log was, in pages, when it last could not be copied whole; zero once it began anew.
    kept_from: u32,
    is_copying: bool,
}

impl Checkpointer {
    /// Starts the thread.
    pub(super) fn start(database: &Path) -> io::Result<Self> {
        let (asks, asked) = sync_channel(1);
        let (tells, done) = sync_channel(1);
        let mut thread = Thread { database: database.to_owned(), connection: None };
        let thread = std::thread::Builder::new().name("engine-checkpointer".to_owned()).spawn(move || {
            while asked.recv().is_ok() {
                thread.copy();
                if tells.send(()).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { asks: Some(asks), done, thread: Some(thread), kept_from: 0, is_copying: false })
    }

    /// After a commit: has the log copied if it is long, and copies the rest once little is left.
    pub(super) fn look(&mut self, store: &Store) {
        let pages = store.log_pages();
        if pages < self.kept_from {
            self.kept_from = 0;
        }
        if self.is_copying {
            self.is_copying = self.done.try_recv() == Err(TryRecvError::Empty);
        } else if pages >= self.kept_from.saturating_add(ENOUGH) {
            self.is_copying = self.asks.as_ref().is_some_and(|asks| asks.try_send(()).is_ok());
        } else {
            return;
        }
        if !self.is_copying {
            self.copy_the_rest(store);
        }
    }

    /// All of it, if the thread has ended.
    fn copy_the_rest(&mut self, store: &Store) {
        self.kept_from = match store.checkpoint() {
            Ok(checkpoint) if checkpoint.is_complete() => 0,
            // Somebody reads what stands in the log, or the disk refuses: trying again with the next commit would
            // only slow it down.
            Ok(_) | Err(_) => store.log_pages(),
        };
    }

    pub(super) fn is_copying(&self) -> bool {
        self.is_copying
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            warn!("the thread that copied the write-ahead log had panicked; the writer copied it itself");
        }
    }
}

/// The thread's side.
struct Thread {
    database: PathBuf,
    connection: Option<Connection>,
}

impl Thread {
    fn copy(&mut self) {
        if let Err(error) = self.copy_until_little_is_left() {
            warn!(%error, "the write-ahead log could not be copied into the database; it is tried again");
            self.connection = None;
        }
    }

    fn copy_until_little_is_left(&mut self) -> rusqlite::Result<()> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => schema::connect(&self.database)?,
        };
        let mut before = 0;
        for _ in 0..PASSES {
            let Checkpoint { copied, .. } = Checkpoint::passive(&connection)?;
            if copied.saturating_sub(before) <= LITTLE {
                break;
            }
            before = copied;
        }
        self.connection = Some(connection);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database whose log has so many pages, at least.
    fn with_a_log_of(pages: u32) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.db");
        let mut connection = schema::connect(&file).unwrap();
        schema::migrate(&mut connection, schema::STEPS).unwrap();
        let store = Store::new(connection, &file).unwrap();
        while store.log_pages() < pages {
            writes(&store);
        }
        (folder, store)
    }

    fn writes(store: &Store) {
        let fill = "INSERT OR REPLACE INTO probe (one, ballast) VALUES (1, randomblob(1000000)); DELETE FROM probe";
        store.connection().execute_batch(fill).unwrap();
    }

    /// As the writer's looks do once the thread is done.
    fn finishes(checkpointer: &mut Checkpointer, store: &Store) {
        assert!(checkpointer.is_copying());
        checkpointer.done.recv().unwrap();
        checkpointer.is_copying = false;
        checkpointer.copy_the_rest(store);
    }

    #[test]
    fn a_long_log_is_copied_while_somebody_writes() {
        let (folder, store) = with_a_log_of(ENOUGH);
        store.begin().unwrap();
        let mut thread = Thread { database: store.file().to_owned(), connection: None };
        thread.copy_until_little_is_left().unwrap();
        store.connection().execute_batch("ROLLBACK").unwrap();
        assert!(store.checkpoint().unwrap().is_complete());
        drop(folder);
    }

    #[test]
    fn a_long_log_is_copied_beside_commits_and_begins_anew() {
        let (folder, store) = with_a_log_of(ENOUGH);
        let mut checkpointer = Checkpointer::start(store.file()).unwrap();
        checkpointer.look(&store);
        // Commits go on meanwhile.
        writes(&store);
        finishes(&mut checkpointer, &store);
        writes(&store);
        assert!(store.log_pages() < ENOUGH, "{} pages", store.log_pages());
        drop((checkpointer, folder));
    }

    #[test]
    fn a_log_that_somebody_reads_is_not_copied_with_every_commit() {
        let (folder, store) = with_a_log_of(1);
        let reader = Connection::open(store.file()).unwrap();
        reader.execute_batch("BEGIN; SELECT * FROM hub").unwrap();
        reader.query_row("SELECT count(*) FROM hub", [], |_| Ok(())).unwrap();
        while store.log_pages() < ENOUGH {
            writes(&store);
        }
        let mut checkpointer = Checkpointer::start(store.file()).unwrap();
        checkpointer.look(&store);
        finishes(&mut checkpointer, &store);
        writes(&store);
        checkpointer.look(&store);
        assert!(!checkpointer.is_copying());

        reader.execute_batch("COMMIT").unwrap();
        assert!(store.truncate_log().unwrap());
        writes(&store);
        assert!(store.log_pages() < ENOUGH);
        while store.log_pages() < ENOUGH {
            checkpointer.look(&store);
            assert!(!checkpointer.is_copying());
            writes(&store);
        }
        checkpointer.look(&store);
        assert!(checkpointer.is_copying(), "a log that began anew is copied as early as the first");
        drop((checkpointer, folder));
    }

    #[test]
    fn without_the_thread_the_writer_copies() {
        let (folder, store) = with_a_log_of(ENOUGH);
        let (asks, asked) = sync_channel(1);
        let (tells, done) = sync_channel(1);
        drop((asked, tells));
        let mut checkpointer = Checkpointer { asks: Some(asks), done, thread: None, kept_from: 0, is_copying: false };
        checkpointer.look(&store);
        assert!(!checkpointer.is_copying());
        writes(&store);
        assert!(store.log_pages() < ENOUGH, "{} pages", store.log_pages());
        drop((checkpointer, folder));
    }
}
