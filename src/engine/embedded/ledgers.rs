//! The table of the ledgers.

use rusqlite::{Connection, params};

use crate::domain::time::Timestamp;
use crate::engine::{Ledger, LedgerChange, LedgerRecord, Ledgers};

/// The table of revocations, before there were other ledgers. `record` is JSON.
pub(super) const REVOCATIONS: &str = "CREATE TABLE revocations (
        id TEXT PRIMARY KEY,
        record TEXT NOT NULL,
        until INTEGER
     ) STRICT, WITHOUT ROWID;";

/// Makes it of the revocations. `record` is JSON.
pub(super) const CREATE: &str = "CREATE TABLE ledgers (
        ledger TEXT NOT NULL,
        id TEXT NOT NULL,
        record TEXT NOT NULL,
        until INTEGER,
        PRIMARY KEY (ledger, id)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO ledgers SELECT 'revocations', id, record, until FROM revocations;
     DROP TABLE revocations;";

/// All of them.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Ledgers> {
    let mut select = connection.prepare("SELECT id, record, until FROM ledgers WHERE ledger = ? ORDER BY id")?;
    let mut ledgers = Ledgers::new();
    for ledger in Ledger::ALL {
        let rows = select.query_map([ledger.as_str()], |row| {
            let until: Option<i64> = row.get(2)?;
            Ok(LedgerRecord { id: row.get(0)?, record: row.get(1)?, until: until.map(Timestamp) })
        })?;
        ledgers.insert(ledger, rows.collect::<rusqlite::Result<_>>()?);
    }
    Ok(ledgers)
}

/// Changes one, within a transaction.
pub(super) fn change(connection: &Connection, ledger: Ledger, changes: &[LedgerChange]) -> rusqlite::Result<()> {
    let ledger = ledger.as_str();
    for change in changes {
        match change {
            LedgerChange::Put(LedgerRecord { id, record, until }) => connection
                .prepare_cached("INSERT OR REPLACE INTO ledgers VALUES (?, ?, ?, ?)")?
                .execute(params![ledger, id, record, until.map(|until| until.0)])?,
            LedgerChange::Removed { id } => connection
                .prepare_cached("DELETE FROM ledgers WHERE ledger = ? AND id = ?")?
                .execute([ledger, id.as_str()])?,
        };
    }
    Ok(())
}

/// Whether it is kept what somebody is called.
pub(super) fn know(connection: &Connection, subject: &str) -> rusqlite::Result<bool> {
    let known = "SELECT 1 FROM ledgers WHERE ledger = ? AND id = ?";
    connection.prepare_cached(known)?.exists([Ledger::People.as_str(), subject])
}

/// Takes a person who is erased out of the ledgers. What they could sign in with goes. What was said when their tokens
/// were revoked goes too; that they are not believed stays, which the record tells without the name. Elsewhere a
/// pseudonym stands for them.
pub(super) fn erase(connection: &Connection, id: &str, pseudonym: &str) -> rusqlite::Result<()> {
    connection.execute(
        "DELETE FROM ledgers WHERE ledger <> ?2 AND json_extract(record, '$.subject') = ?1",
        [id, Ledger::Revocations.as_str()],
    )?;
    for rename in [
        "UPDATE ledgers SET record = json_remove(json_set(record, '$.subject', ?2), '$.reason')
         WHERE json_extract(record, '$.subject') = ?1",
        "UPDATE ledgers SET record = json_set(record, '$.revokedBy', ?2)
         WHERE json_extract(record, '$.revokedBy') = ?1",
        "UPDATE ledgers SET record = json_set(record, '$.madeBy', ?2)
         WHERE json_extract(record, '$.madeBy') = ?1",
    ] {
        connection.execute(rename, [id, pseudonym])?;
    }
    Ok(())
}
