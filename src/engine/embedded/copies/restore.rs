//! A copy in the place of a hub's database.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::check::check;
use super::{CopyError, Place, Replaces};

/// Puts a copy in the place of a data folder's database, as [`Place::put`] does. Returns where the database is that was
/// there before.
///
/// # Errors
/// [`CopyError`]; then the folder is as it was.
pub fn restore(copy: &Path, folder: &Path, replaces: Replaces) -> Result<Option<PathBuf>, CopyError> {
    if let Some(mistake) = check(copy)?.mistakes.pop() {
        return Err(CopyError::Damaged { path: copy.to_owned(), mistake });
    }
    let place = Place::take(folder, replaces)?;
    let mut target = place.begin()?;
    let copied = File::open(copy).and_then(|mut source| std::io::copy(&mut source, &mut target));
    copied.map_err(|source| CopyError::File { path: place.file().to_owned(), source })?;
    place.put()
}
