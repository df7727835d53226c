//! What has to be said to the file system for a file to stay where it was put, and what copies leave in a folder.

use std::fs::File;
use std::path::{Path, PathBuf};

/// Where a copy stands while it is made for another node, and one until it is put in the place of the database.
pub(super) const SENDING: &str = "hub.db.sending";
pub(super) const RESTORING: &str = "hub.db.restoring";

/// Lets a file that came into a folder, or left it, survive a loss of power.
pub(super) fn sync_folder_of(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// What SQLite may have left beside a file, and the file itself.
pub(super) fn with_what_is_beside(file: &Path) -> [PathBuf; 4] {
    ["-wal", "-shm", "-journal", ""].map(|beside| {
        let mut name = file.as_os_str().to_owned();
        name.push(beside);
        PathBuf::from(name)
    })
}

/// Removes what a copy under way left in a folder whose hub, or command, was killed. The folder is the caller's.
pub(super) fn remove_leftovers(folder: &Path) {
    for name in [SENDING, RESTORING] {
        remove(&folder.join(name));
    }
}

/// Removes a copy under way. What cannot be removed is begun anew by whoever copies next.
pub(super) fn remove(file: &Path) {
    with_what_is_beside(file).iter().for_each(|file| drop(std::fs::remove_file(file)));
}
