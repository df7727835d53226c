//! The place of a hub's database, while a copy is put there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::CopyError;
use super::backup::make;
use crate::clock::Clock;
use crate::domain::audit::{Deed, Note, Outcome};
use crate::engine::embedded::audit;
use crate::engine::embedded::erasing::list::FILE as ERASURES;
use crate::engine::embedded::folder::{RESTORING, remove, remove_leftovers, sync_folder_of, with_what_is_beside};
use crate::engine::embedded::opening::{self, DATABASE, Followed, lock, open_locked};
use crate::engine::embedded::schema;

/// What happens to a database that is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaces {
    /// It stays, and nothing is restored.
    Nothing,
    /// It is put aside, under another name in the same folder.
    PutAside,
}

/// A data folder that nobody else uses, and where a copy is written beside the database. Dropped before the copy was
/// put in the place of that, the copy is removed and the folder is as it was.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    part: PathBuf,
    /// None once it was given on.
    lock: Option<File>,
}

impl Place {
    /// Takes a folder, creating it if need be.
    ///
    /// # Errors
    /// [`CopyError`]: it is in use, or holds a database that is to stay.
    pub fn take(folder: &Path, replaces: Replaces) -> Result<Self, CopyError> {
        let lock = lock(folder)?;
        if folder.join(DATABASE).exists() && replaces == Replaces::Nothing {
            return Err(CopyError::WouldReplace(folder.to_owned()));
        }
        remove_leftovers(folder);
        Ok(Self { folder: folder.to_owned(), part: folder.join(RESTORING), lock: Some(lock) })
    }

    /// Where the copy is written.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.part
    }

    /// Begins the copy, for its owner only.
    ///
    /// # Errors
    /// [`CopyError::File`]
    pub fn begin(&self) -> Result<File, CopyError> {
        make(&self.part).map_err(|source| self.unusable(source))
    }

    /// Puts the copy, which was looked over, in the place of the database. It begins a new epoch, so that no board and no
    /// follower goes on from a position of another past; but for a copy that has followed the log of a cluster. Returns
    /// where the database is that was there before.
    ///
    /// # Errors
    /// [`CopyError`]; then the folder is as it was.
    pub fn put(mut self) -> Result<Option<PathBuf>, CopyError> {
        let database = self.folder.join(DATABASE);
        begin_anew(&self.part).map_err(|error| CopyError::Database { path: self.part.clone(), error })?;
        File::open(&self.part).and_then(|file| file.sync_all()).map_err(|source| self.unusable(source))?;
        let aside = if database.exists() { Some(put_aside(&self.folder, &database)?) } else { None };
        let put = fs::rename(&self.part, &database).and_then(|()| sync_folder_of(&database));
        put.map_err(|source| self.unusable(source))?;
        // Who was erased after the copy was made is erased in it before anybody reads it.
        if self.folder.join(ERASURES).exists()
            && let Some(lock) = self.lock.take()
        {
            open_locked(&self.folder, lock)?;
        }
        Ok(aside)
    }

    fn unusable(&self, source: io::Error) -> CopyError {
        CopyError::File { path: self.part.clone(), source }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Once the folder was given on, what is in it is somebody else's.
        if self.lock.is_some() {
            remove(&self.part);
        }
    }
}

/// Which log of a cluster a copy has followed, and how far.
///
/// # Errors
/// [`CopyError`]: it cannot be read.
pub fn followed(copy: &Path) -> Result<Followed, CopyError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let read = Connection::open_with_flags(copy, flags).and_then(|connection| opening::followed(&connection));
    read.map_err(|error| CopyError::Database { path: copy.to_owned(), error })
}

/// A new epoch, which the audit says: what was kept in it after the copy was made is gone, and its positions come again.
fn begin_anew(database: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(database)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A copy of an older hub has no audit yet. What is wrong with it was found by the check.
    schema::migrate(&mut connection, schema::STEPS)?;
    let transaction = connection.transaction()?;
    // A copy of a cluster's database goes on in the cluster's log, whose positions are the same on every node.
    if transaction.query_row("SELECT position IS NOT NULL FROM hub", [], |row| row.get(0))? {
        return transaction.commit();
    }
    transaction.execute(&format!("UPDATE hub SET epoch = {}", schema::NEW_EPOCH), [])?;
    let epoch: String = transaction.query_row("SELECT epoch FROM hub", [], |row| row.get(0))?;
    let note = Note {
        asker: None,
        deed: Deed::Restore,
        about: None,
        before: None,
        after: Some(serde_json::json!({ "epoch": epoch }).to_string()),
        outcome: Outcome::Done,
    };
    audit::add(&transaction, Clock::system(None).wall(), &note)?;
    transaction.commit()
}

/// Renames a database, with what its last commits left beside it, to a name that is free.
fn put_aside(folder: &Path, database: &Path) -> Result<PathBuf, CopyError> {
    let mut number = 1;
    let aside = loop {
        let aside = folder.join(format!("hub.db.before-{number}"));
        if !aside.exists() {
            break aside;
        }
        number += 1;
    };
    for (from, to) in with_what_is_beside(database).iter().zip(with_what_is_beside(&aside)) {
        if from.exists() {
            fs::rename(from, to).map_err(|source| CopyError::File { path: from.clone(), source })?;
        }
    }
    Ok(aside)
}
