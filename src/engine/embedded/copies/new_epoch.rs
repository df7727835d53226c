//! A database that begins a new log.

use std::path::Path;

use rusqlite::Connection;

use super::CopyError;
use crate::engine::embedded::opening::{DATABASE, lock};
use crate::engine::embedded::schema;

/// Lets the database of a data folder be the beginning of a new log of a cluster: what it has followed before means
/// nothing any more. Returns the new epoch.
///
/// # Errors
/// [`CopyError`]; then it is as it was.
pub fn new_epoch(folder: &Path) -> Result<String, CopyError> {
    let _lock = lock(folder)?;
    let path = folder.join(DATABASE);
    let begin = || {
        let mut connection = Connection::open(&path)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        schema::migrate(&mut connection, schema::STEPS)?;
        let transaction = connection.transaction()?;
        transaction.execute(&format!("UPDATE hub SET epoch = {}, position = NULL", schema::NEW_EPOCH), [])?;
        let epoch = transaction.query_row("SELECT epoch FROM hub", [], |row| row.get(0))?;
        transaction.commit()?;
        Ok(epoch)
    };
    begin().map_err(|error| CopyError::Database { path: path.clone(), error })
}
