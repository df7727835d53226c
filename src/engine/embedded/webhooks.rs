//! The table of webhooks.

use rusqlite::{Connection, params};

use crate::engine::{KeptWebhook, WebhookChange};

/// Makes it. `record` is JSON, and holds the secrets by which deliveries are signed.
pub(super) const CREATE: &str = "CREATE TABLE webhooks (
        id TEXT PRIMARY KEY,
        record TEXT NOT NULL,
        position INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;";

/// All of them.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Vec<KeptWebhook>> {
    let mut select = connection.prepare("SELECT id, record, position FROM webhooks ORDER BY id")?;
    let rows =
        select.query_map([], |row| Ok(KeptWebhook { id: row.get(0)?, record: row.get(1)?, position: row.get(2)? }))?;
    rows.collect()
}

/// Changes them, within a transaction.
pub(super) fn change(connection: &Connection, changes: &[WebhookChange]) -> rusqlite::Result<()> {
    for change in changes {
        match change {
            WebhookChange::Put(KeptWebhook { id, record, position }) => connection
                .prepare_cached(
                    "INSERT INTO webhooks VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record",
                )?
                .execute(params![id, record, position])?,
            WebhookChange::Moved { id, position } => connection
                .prepare_cached("UPDATE webhooks SET position = ?2 WHERE id = ?1")?
                .execute(params![id, position])?,
            WebhookChange::Removed { id } => {
                connection.prepare_cached("DELETE FROM webhooks WHERE id = ?")?.execute([id])?
            }
        };
    }
    Ok(())
}
