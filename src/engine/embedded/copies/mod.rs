//! Copies of the database: made while a hub serves, put in its place again, and looked over.

mod backup;
mod check;
mod new_epoch;
mod place;
mod restore;
mod sending;

use std::io;
use std::path::{Path, PathBuf};

pub use backup::{Copied, backup};
pub use check::{Checked, check};
pub use new_epoch::new_epoch;
pub use place::{Place, Replaces, followed};
pub use restore::restore;
pub use sending::{Copies, Making, Outgoing};

use super::OpenError;

/// Why there is no copy, or what is wrong with one.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum CopyError {
    #[error("there is no file {}", .0.display())]
    Nothing(PathBuf),
    #[error("{} is there already; name another file", .0.display())]
    IsThere(PathBuf),
    #[error("there is a database in the data folder {} already; --replace puts it aside", .0.display())]
    WouldReplace(PathBuf),
    #[error("{} would stand in the data folder, where only the hub writes; name a file elsewhere", .0.display())]
    InTheFolder(PathBuf),
    #[error("{} is damaged, and nothing was restored: {mistake}", path.display())]
    Damaged { path: PathBuf, mistake: String },
    #[error("{} is no database of a hub, or a damaged one: {error}", path.display())]
    NoHub { path: PathBuf, error: rusqlite::Error },
    #[error("{} was written by a newer hub (version {found}, this one knows {known})", path.display())]
    Newer { path: PathBuf, found: usize, known: usize },
    #[error("{}: {error}", path.display())]
    Database { path: PathBuf, error: rusqlite::Error },
    #[error("the disk of {} has {} MB free, and {} MB are needed", folder.display(), free / 1_000_000, needed.div_ceil(1_000_000))]
    NoRoom { folder: PathBuf, free: u64, needed: u64 },
    #[error("nobody waits for the copy any more")]
    NotWanted,
    #[error("{}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Folder(#[from] OpenError),
}

/// Bytes of the disk of a folder that are free.
///
/// # Errors
/// The disk does not say.
pub fn free_bytes(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
