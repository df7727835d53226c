//! A copy that leaves the hub for another node of its cluster.
//!
//! It is made beside the database by a thread that gives way to those that serve, at a bounded pace, and only where the
//! disk keeps room for the hub. Its file has no name from the moment that it is whole, so that nothing is left of it
//! once it was read, or the hub has ended.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::backup::{Copied, copy, make};
use super::{CopyError, free_bytes};
use crate::clock::Clock;
use crate::engine::embedded::folder::{SENDING, remove};
use crate::engine::embedded::opening::DATABASE;
use crate::engine::embedded::schema::LOG_FILE_LIMIT;

/// Bytes that are copied in a second, as many as `presence-hub backup` copies.
const BYTES_PER_SECOND: f64 = 100e6;
/// What stays free on the disk: several times what the write-ahead log takes, which grows meanwhile.
const KEPT_FREE: u64 = 4 * LOG_FILE_LIMIT as u64;
/// What is read at once for the checksum.
const PIECE: usize = 1024 * 1024;

/// The way to copies of the database for other nodes: one at a time. Clones share that.
#[derive(Clone, Debug)]
pub struct Copies {
    folder: PathBuf,
    place: Arc<Semaphore>,
}

/// A copy that is to be made.
#[derive(Debug)]
pub struct Making {
    folder: PathBuf,
    place: OwnedSemaphorePermit,
}

/// A whole copy. It takes the disk until this is dropped.
#[derive(Debug)]
pub struct Outgoing {
    file: Arc<File>,
    bytes: u64,
    sha256: Vec<u8>,
    _place: OwnedSemaphorePermit,
}

impl Copies {
    /// Copies of the database of this folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), place: Arc::new(Semaphore::new(1)) }
    }

    /// Takes the place of a copy; none while another one is under way.
    #[must_use]
    pub fn begin(&self) -> Option<Making> {
        let place = self.place.clone().try_acquire_owned().ok()?;
        Some(Making { folder: self.folder.clone(), place })
    }
}

impl Making {
    /// Makes it. If this is dropped before, the thread gives up, and nothing is left.
    ///
    /// # Errors
    /// [`CopyError`]
    pub async fn make(self) -> Result<Outgoing, CopyError> {
        let wanted = Arc::new(());
        let waits = Arc::downgrade(&wanted);
        let made = spawn_blocking(move || outgoing(&self.folder, self.place, &waits)).await;
        drop(wanted);
        // A panic is told of where it happens.
        made.unwrap_or(Err(CopyError::NotWanted))
    }
}

impl Outgoing {
    /// Its size.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The SHA-256 of all of it.
    #[must_use]
    pub fn sha256(&self) -> &[u8] {
        &self.sha256
    }

    /// The next bytes, at most so many; none at its end.
    ///
    /// # Errors
    /// The disk does not give them.
    pub async fn next(&mut self, most: u64) -> io::Result<Vec<u8>> {
        let file = self.file.clone();
        let read = spawn_blocking(move || {
            let mut piece = Vec::new();
            file.as_ref().take(most).read_to_end(&mut piece).map(|_| piece)
        });
        read.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

/// How fast the thread may be, whether the disk has room, and whether anybody waits.
struct Bounds<'a> {
    folder: &'a Path,
    waits: &'a Weak<()>,
    clock: Clock,
}

impl Bounds<'_> {
    /// Goes on once it is time for so many bytes, if somebody waits for them and `needed` more have room.
    fn go_on(&self, bytes: u64, needed: u64) -> Result<(), CopyError> {
        let due = Duration::from_secs_f64(bytes as f64 / BYTES_PER_SECOND);
        std::thread::sleep(due.saturating_sub(self.clock.running()));
        if self.waits.strong_count() == 0 {
            return Err(CopyError::NotWanted);
        }
        let folder = self.folder.to_owned();
        match free_bytes(&folder) {
            Ok(free) if free < needed + KEPT_FREE => {
                Err(CopyError::NoRoom { folder, free, needed: needed + KEPT_FREE })
            }
            Ok(_) => Ok(()),
            Err(source) => Err(CopyError::File { path: folder, source }),
        }
    }
}

/// A file that is removed when this is dropped, whether or not it is whole.
struct Named(PathBuf);

impl Drop for Named {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn outgoing(folder: &Path, place: OwnedSemaphorePermit, waits: &Weak<()>) -> Result<Outgoing, CopyError> {
    let database = folder.join(DATABASE);
    let bounds = Bounds { folder, waits, clock: Clock::system(None) };
    bounds.go_on(0, size(&database).map_err(|error| CopyError::Database { path: database.clone(), error })?)?;
    let named = Named(folder.join(SENDING));
    let unusable = |source| CopyError::File { path: named.0.clone(), source };
    let made = make(&named.0).map_err(unusable)?;
    let go_on = |Copied { bytes, .. }| bounds.go_on(bytes, 0);
    copy(&database, &named.0, &made, go_on).map_err(|failed| failed.of(&named.0, &named.0))?;
    let mut file = File::open(&named.0).map_err(unusable)?;
    fs::remove_file(&named.0).map_err(unusable)?;
    let bounds = Bounds { clock: Clock::system(None), ..bounds };
    let (bytes, sha256) = checksum(&mut file, |bytes| bounds.go_on(bytes, 0))?;
    Ok(Outgoing { file: Arc::new(file), bytes, sha256, _place: place })
}

/// The bytes that a copy of the database takes, but for what comes meanwhile.
fn size(database: &Path) -> rusqlite::Result<u64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    let ask = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, u64>(0));
    Ok(ask("page_count")? * ask("page_size")?)
}

/// The size and the SHA-256 of a file, which is at its beginning before and afterwards.
fn checksum(file: &mut File, go_on: impl Fn(u64) -> Result<(), CopyError>) -> Result<(u64, Vec<u8>), CopyError> {
    let unusable = |source| CopyError::File { path: PathBuf::from(SENDING), source };
    let (mut digest, mut piece, mut bytes) = (Context::new(&SHA256), vec![0; PIECE], 0);
    loop {
        let read = file.read(&mut piece).map_err(unusable)?;
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        bytes += read as u64;
        go_on(bytes)?;
    }
    io::Seek::rewind(file).map_err(unusable)?;
    Ok((bytes, digest.finish().as_ref().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::embedded::copies::check;
    use crate::engine::embedded::open;

    fn names_of_copies(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(SENDING)).collect()
    }

    #[tokio::test]
    async fn a_copy_is_whole_has_no_name_and_is_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()).unwrap());
        let copies = Copies::of(folder.path());
        let making = copies.begin().unwrap();
        assert!(copies.begin().is_none());
        let mut outgoing = making.make().await.unwrap();
        assert_eq!(names_of_copies(folder.path()), [""; 0], "nothing of it has a name");
        let mut came = Vec::new();
        while came.len() < usize::try_from(outgoing.bytes()).unwrap() {
            came.extend(outgoing.next(100_000).await.unwrap());
        }
        assert_eq!(outgoing.next(1).await.unwrap(), Vec::<u8>::new());
        assert_eq!(aws_lc_rs::digest::digest(&SHA256, &came).as_ref(), outgoing.sha256());
        assert!(copies.begin().is_none(), "it takes the disk until it was read");
        drop(outgoing);
        let copy = tempfile::NamedTempFile::new().unwrap();
        fs::write(copy.path(), came).unwrap();
        assert_eq!(check(copy.path()).unwrap().mistakes, Vec::<String>::new());
        assert!(copies.begin().is_some());
    }

    #[test]
    fn a_copy_that_nobody_waits_for_is_given_up_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()).unwrap());
        let Making { place, .. } = Copies::of(folder.path()).begin().unwrap();
        let given_up = outgoing(folder.path(), place, &Weak::new());
        assert!(matches!(given_up, Err(CopyError::NotWanted)), "{given_up:?}");
        assert_eq!(names_of_copies(folder.path()), [""; 0]);
    }
}
