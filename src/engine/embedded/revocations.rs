//! The table of revocations.

use rusqlite::{Connection, params};

use crate::domain::time::Timestamp;
use crate::engine::{KeptRevocation, RevocationChange};

/// Makes it. `record` is JSON.
pub(super) const CREATE: &str = "CREATE TABLE revocations (
        id TEXT PRIMARY KEY,
        record TEXT NOT NULL,
        until INTEGER
     ) STRICT, WITHOUT ROWID;";

/// All of them.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Vec<KeptRevocation>> {
    let mut select = connection.prepare("SELECT id, record, until FROM revocations ORDER BY id")?;
    let rows = select.query_map([], |row| {
        let until: Option<i64> = row.get(2)?;
        Ok(KeptRevocation { id: row.get(0)?, record: row.get(1)?, until: until.map(Timestamp) })
    })?;
    rows.collect()
}

/// Changes them, within a transaction.
pub(super) fn change(connection: &Connection, changes: &[RevocationChange]) -> rusqlite::Result<()> {
    for change in changes {
        match change {
            RevocationChange::Put(KeptRevocation { id, record, until }) => connection
                .prepare_cached("INSERT OR REPLACE INTO revocations VALUES (?, ?, ?)")?
                .execute(params![id, record, until.map(|until| until.0)])?,
            RevocationChange::Removed { id } => {
                connection.prepare_cached("DELETE FROM revocations WHERE id = ?")?.execute([id])?
            }
        };
    }
    Ok(())
}

/// Puts a pseudonym in the place of a person who is erased. What was said about them goes; that their tokens are not
/// believed stays, which the record tells without the name.
pub(super) fn rename(connection: &Connection, id: &str, pseudonym: &str) -> rusqlite::Result<()> {
    for rename in [
        "UPDATE revocations SET record = json_remove(json_set(record, '$.subject', ?2), '$.reason')
         WHERE json_extract(record, '$.subject') = ?1",
        "UPDATE revocations SET record = json_set(record, '$.revokedBy', ?2)
         WHERE json_extract(record, '$.revokedBy') = ?1",
    ] {
        connection.execute(rename, [id, pseudonym])?;
    }
    Ok(())
}
