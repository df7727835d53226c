//! Copies of the database: made while a hub serves, put in its place again, and looked over.

mod backup;
mod check;
mod new_epoch;
mod restore;

use std::path::PathBuf;

pub use backup::{Copied, backup};
pub use check::{Checked, check};
pub use new_epoch::new_epoch;
pub use restore::{Replaces, restore};

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
    #[error("{}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Folder(#[from] OpenError),
}
