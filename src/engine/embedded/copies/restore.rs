//! A copy in the place of a hub's database.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::CopyError;
use super::check::check;
use crate::clock::Clock;
use crate::domain::audit::{Deed, Note, Outcome};
use crate::engine::embedded::audit;
use crate::engine::embedded::erasing::list::FILE as ERASURES;
use crate::engine::embedded::folder::sync_folder_of;
use crate::engine::embedded::opening::{DATABASE, lock, open_locked};
use crate::engine::embedded::schema;

/// What happens to a database that is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaces {
    /// It stays, and nothing is restored.
    Nothing,
    /// It is put aside, under another name in the same folder.
    PutAside,
}

/// Puts a copy in the place of a data folder's database. It begins a new epoch, so that no board and no follower
/// goes on from a position of another past; but for a copy that has followed the log of a cluster. Returns where the database is that was there before.
///
/// # Errors
/// [`CopyError`]; then the folder is as it was.
pub fn restore(copy: &Path, folder: &Path, replaces: Replaces) -> Result<Option<PathBuf>, CopyError> {
    if let Some(mistake) = check(copy)?.mistakes.pop() {
        return Err(CopyError::Damaged { path: copy.to_owned(), mistake });
    }
    let lock = lock(folder)?;
    let database = folder.join(DATABASE);
    let is_there = database.exists();
    if is_there && replaces == Replaces::Nothing {
        return Err(CopyError::WouldReplace(folder.to_owned()));
    }
    let part = folder.join("hub.db.restoring");
    let file = |source| CopyError::File { path: part.clone(), source };
    let mut source = File::open(copy).map_err(file)?;
    let mut target =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(file)?;
    std::io::copy(&mut source, &mut target).map_err(file)?;
    begin_anew(&part).map_err(|error| CopyError::Database { path: part.clone(), error })?;
    target.sync_all().map_err(file)?;
    let aside = if is_there { Some(put_aside(folder, &database)?) } else { None };
    fs::rename(&part, &database).and_then(|()| sync_folder_of(&database)).map_err(file)?;
    // Who was erased after the copy was made is erased in it before anybody reads it.
    if folder.join(ERASURES).exists() {
        open_locked(folder, lock)?;
    }
    Ok(aside)
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
    for beside in ["-wal", "-shm", ""] {
        let named = |path: &Path| PathBuf::from(format!("{}{beside}", path.display()));
        let (from, to) = (named(database), named(&aside));
        if from.exists() {
            fs::rename(&from, &to).map_err(|source| CopyError::File { path: from.clone(), source })?;
        }
    }
    Ok(aside)
}
