//! A copy of a hub's database while the hub serves.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::CopyError;
use crate::engine::embedded::folder::sync_folder_of;
use crate::engine::embedded::opening::DATABASE;

/// Pages that are copied at once.
const STEP: i32 = 512;
/// Bytes after which what is written is brought to the disk. Left to the kernel they would be gigabytes at once, and a
/// commit of the hub would wait for them.
const SYNC_EVERY: u64 = 16 * 1024 * 1024;
/// How long it is waited for whoever has the database for itself for a moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// How far a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Bytes that are copied.
    pub bytes: u64,
    /// Bytes in all.
    pub all: u64,
}

/// Copies the database of a data folder to a new file, as it is at this instant, whoever writes it meanwhile. `pause`
/// is called after every two megabytes and may take its time: while the copy is made the hub's write-ahead log
/// cannot begin anew, so it grows by what is written in that time.
///
/// # Errors
/// [`CopyError`]; then there is no file.
pub fn backup(folder: &Path, to: &Path, mut pause: impl FnMut(Copied)) -> Result<u64, CopyError> {
    let from = folder.join(DATABASE);
    if !from.exists() {
        return Err(CopyError::Nothing(from));
    }
    if to.exists() {
        return Err(CopyError::IsThere(to.to_owned()));
    }
    // SQLite would take some names there for its own.
    let beside = to.parent().filter(|beside| !beside.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if fs::canonicalize(beside).is_ok_and(|beside| fs::canonicalize(folder).is_ok_and(|folder| folder == beside)) {
        return Err(CopyError::InTheFolder(to.to_owned()));
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let file = |source| CopyError::File { path: to.to_owned(), source };
    // For its owner only, as the data folder is. What a copy that was ended left is begun anew.
    let made = make(&part).map_err(file)?;
    let goes_on = |copied| {
        pause(copied);
        Ok(())
    };
    let copied = copy(&from, &part, &made, goes_on).map_err(|failed| failed.of(&part, to));
    let kept = copied.and_then(|bytes| {
        made.sync_all().and_then(|()| fs::rename(&part, to)).map_err(file)?;
        sync_folder_of(to).map_err(file)?;
        Ok(bytes)
    });
    if kept.is_err() {
        // The error is told; a rest that cannot be removed either is begun anew next time.
        let _ = fs::remove_file(&part);
    }
    kept
}

/// Makes a file anew, for its owner only.
pub(super) fn make(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)
}

/// Why nothing was copied.
pub(super) enum Failed {
    Database(rusqlite::Error),
    File(io::Error),
    /// Whoever paused did not want it to go on.
    Ended(CopyError),
}

impl Failed {
    /// As an error of a copy at `part` that was to be `to`.
    pub(super) fn of(self, part: &Path, to: &Path) -> CopyError {
        match self {
            Self::Database(error) => CopyError::Database { path: part.to_owned(), error },
            Self::File(source) => CopyError::File { path: to.to_owned(), source },
            Self::Ended(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// Copies to the file at `to`, which is `made`, for as long as `pause` lets it go on.
pub(super) fn copy(
    from: &Path,
    to: &Path,
    made: &File,
    mut pause: impl FnMut(Copied) -> Result<(), CopyError>,
) -> Result<u64, Failed> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    source.busy_timeout(PATIENCE)?;
    // One read from the first page to the last: else it would begin anew whenever the hub commits.
    source.execute_batch("BEGIN; SELECT epoch FROM hub;")?;
    let page: u64 = source.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let mut target = Connection::open(to)?;
    let mut synced = 0;
    let all = {
        let backup = Backup::new(&source, &mut target)?;
        loop {
            let step = backup.step(STEP)?;
            let progress = backup.progress();
            let pages = |pages: i32| u64::try_from(pages).unwrap_or(0) * page;
            let all = pages(progress.pagecount);
            let bytes = all - pages(progress.remaining);
            if bytes - synced >= SYNC_EVERY {
                made.sync_data().map_err(Failed::File)?;
                synced = bytes;
            }
            pause(Copied { bytes, all }).map_err(Failed::Ended)?;
            if matches!(step, StepResult::Done) {
                break all;
            }
        }
    };
    // One file, with nothing beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(all)
}
