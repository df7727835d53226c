//! The database as the writer has it: open, or lost and to be opened anew.

use std::path::PathBuf;
use std::time::Duration;

use super::group::Group;
use super::store::Store;

/// The database, as the writer has it.
pub(super) enum Database {
    Open(Store),
    Lost(Lost),
}

/// A database that has to be opened anew, after an error that left something unsettled.
pub(super) struct Lost {
    pub file: PathBuf,
    pub group: Option<Group>,
    pub since: Duration,
    pub tried: Option<Duration>,
}

/// Whether to try again to open a lost database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chance {
    /// If some time has passed since the last try.
    AsDue,
    /// In any case: the writer is about to end.
    Last,
}
