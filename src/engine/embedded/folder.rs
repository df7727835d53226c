//! What has to be said to the file system for a file to stay where it was put.

use std::fs::File;
use std::path::Path;

/// Lets a file that came into a folder, or left it, survive a loss of power.
pub(super) fn sync_folder_of(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
