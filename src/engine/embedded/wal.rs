//! The length of the write-ahead log.
//!
//! The [`Checkpointer`] copies it into the database, and SQLite begins it anew once all of it is there and
//! nobody reads what stands in it. A process outside that reads without a pause, or never ends its read,
//! keeps that from happening, and the log grows with every commit. Then the hub tries again and again to
//! cut the log; as long as it cannot, it says so.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tracing::{info, warn};

use super::checkpointer::Checkpointer;
use super::schema::LOG_FILE_LIMIT;
use super::store::Store;

/// A log that is longer, in bytes, has not begun anew although it should.
const TOO_LONG: u64 = 2 * LOG_FILE_LIMIT as u64;
/// How often the length is looked at, and the first time between two attempts to cut it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest time between two attempts. Each may hold commits up for [`Store::PATIENCE`].
const TRY_AT_LEAST_EVERY: Duration = Duration::from_secs(30);
/// How often the warning is repeated.
const SAY_EVERY: Duration = Duration::from_secs(300);

/// What is known of the log's length.
#[derive(Debug)]
pub(super) struct WriteAheadLog {
    file: PathBuf,
    checkpointer: Checkpointer,
    too_long: u64,
    /// When it is looked at next, on the clock that counts how long the hub runs.
    look_at: Duration,
    held: Option<Held>,
}

/// A reader outside keeps the log from beginning anew.
#[derive(Debug)]
struct Held {
    bytes: u64,
    pause: Duration,
    said_at: Duration,
}

impl WriteAheadLog {
    /// Starts what copies it.
    pub(super) fn start(database: &Path) -> io::Result<Self> {
        let mut file = database.as_os_str().to_owned();
        file.push("-wal");
        let checkpointer = Checkpointer::start(database)?;
        Ok(Self { file: file.into(), checkpointer, too_long: TOO_LONG, look_at: Duration::ZERO, held: None })
    }

    /// After a commit: has it copied, and, if it is too long nevertheless, begun anew.
    pub(super) fn look(&mut self, store: &Store, now: Duration) {
        self.checkpointer.look(store);
        if self.checkpointer.is_copying() || now < self.look_at {
            return;
        }
        self.look_at = now + LOOK_EVERY;
        let bytes = std::fs::metadata(&self.file).map_or(0, |file| file.len());
        if bytes <= self.too_long || store.truncate_log().unwrap_or(false) {
            if let Some(held) = self.held.take() {
                info!(bytes = held.bytes, "the write-ahead log begins anew");
            }
            return;
        }
        let before = self.held.take();
        let pause = before.as_ref().map_or(LOOK_EVERY, |held| (held.pause * 2).min(TRY_AT_LEAST_EVERY));
        let said_at = before.map(|held| held.said_at).filter(|said_at| now - *said_at < SAY_EVERY);
        if said_at.is_none() {
            warn!(
                bytes,
                "a process that reads the database keeps its write-ahead log from beginning anew; let it end its read"
            );
        }
        self.look_at = now + pause;
        self.held = Some(Held { bytes, pause, said_at: said_at.unwrap_or(now) });
    }

    /// What an operator should know of it.
    pub(super) fn warning(&self) -> Option<String> {
        let held = self.held.as_ref()?;
        let megabytes = held.bytes / 1_000_000;
        Some(format!(
            "a process that reads the database keeps its write-ahead log of {megabytes} MB from beginning anew"
        ))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::engine::embedded::schema;

    /// Writes some pages more.
    fn writes(store: &Store) {
        let fill = "INSERT OR REPLACE INTO probe (one, ballast) VALUES (1, randomblob(64000)); DELETE FROM probe";
        store.connection().execute_batch(fill).unwrap();
    }

    #[test]
    fn a_reader_that_never_ends_is_told_of_and_the_log_is_cut_once_it_has_gone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.db");
        let mut connection = schema::connect(&file).unwrap();
        schema::migrate(&mut connection, schema::STEPS).unwrap();
        let store = Store::new(connection, &file).unwrap();
        let mut log = WriteAheadLog { too_long: 200_000, ..WriteAheadLog::start(&file).unwrap() };
        let length = || std::fs::metadata(folder.path().join("hub.db-wal")).unwrap().len();
        let mut seconds = (1..).map(Duration::from_secs);
        let mut passes = || seconds.next().unwrap();

        let reader = Connection::open(&file).unwrap();
        reader.execute_batch("BEGIN; SELECT * FROM hub").unwrap();
        reader.query_row("SELECT count(*) FROM hub", [], |_| Ok(())).unwrap();
        while length() <= 200_000 {
            writes(&store);
        }
        log.look(&store, passes());
        let said = log.warning().unwrap();
        assert!(said.contains("a process that reads the database"), "{said}");
        let long = length();
        assert!(long > 200_000);
        // It is not tried with every commit: a try holds commits up.
        writes(&store);
        log.look(&store, Duration::from_millis(1_500));
        assert!(log.warning().is_some());

        reader.execute_batch("COMMIT").unwrap();
        passes();
        log.look(&store, passes());
        assert_eq!((log.warning(), length()), (None, 0));
    }
}
