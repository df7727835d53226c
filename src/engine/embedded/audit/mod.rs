//! The audit: a log with positions of its own, each entry chained to the one before it by a hash.
//!
//! The hash does not cover what names people, but a [seal] of it: so that a person can be erased from an entry
//! and the chain still holds. The newest position and hash stand beside the log, as do those of the last entry that
//! was dropped, so that a cut at either end shows.

mod blanking;
mod checking;
mod reading;
mod seal;
#[cfg(test)]
mod tests;

use aws_lc_rs::digest::{Context, SHA256};
use rusqlite::{Connection, params};

pub(super) use blanking::{blank, everybody, knows};
pub use checking::AuditChecked;
pub(super) use checking::check;
pub use reading::{AuditEntry, AuditPage, AuditQuery, audit};
use seal::{Seal, Sealed};

use crate::domain::audit::Note;
use crate::domain::role::Roles;
use crate::domain::time::Timestamp;

/// Makes the tables. `who` seals the actor and the address, `what` the thing, and what was different before and after.
pub(super) const CREATE: &str = "CREATE TABLE audit (
        position INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        deed TEXT NOT NULL,
        outcome TEXT NOT NULL,
        roles TEXT NOT NULL,
        actor TEXT,
        address TEXT,
        who BLOB NOT NULL,
        about TEXT,
        before TEXT,
        after TEXT,
        what BLOB NOT NULL,
        hash BLOB NOT NULL
     ) STRICT;
     CREATE INDEX audit_actor ON audit (actor, position) WHERE actor IS NOT NULL;
     CREATE INDEX audit_about ON audit (about, position) WHERE about IS NOT NULL;
     -- The newest entry, and the last one that was dropped: of whom the chain begins.
     CREATE TABLE audit_chain (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        position INTEGER NOT NULL,
        at INTEGER NOT NULL,
        hash BLOB NOT NULL,
        dropped INTEGER NOT NULL,
        dropped_hash BLOB NOT NULL
     ) STRICT;
     INSERT INTO audit_chain VALUES (1, 0, 0, zeroblob(32), 0, zeroblob(32));
     -- Up to which position the audit may name whom an erasure is about. A step was put before the last two.
     ALTER TABLE erasures ADD COLUMN audit_until INTEGER NOT NULL DEFAULT 0;
     UPDATE erasures SET step = step + 1 WHERE step >= 10;";

/// Entries that are dropped at once.
const DROPPED_AT_ONCE: usize = 512;

/// The hash of an entry.
pub(super) type Hash = [u8; 32];

/// The newest entry, as far as the transaction has come.
#[derive(Debug)]
pub(super) struct Chain {
    position: u64,
    at: Timestamp,
    hash: Hash,
}

/// What a row says that names nobody.
struct Row<'a> {
    position: u64,
    at: Timestamp,
    deed: &'a str,
    outcome: &'a str,
    roles: &'a str,
}

impl Chain {
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let newest = "SELECT position, at, hash FROM audit_chain";
        connection
            .prepare_cached(newest)?
            .query_row([], |row| Ok(Self { position: row.get(0)?, at: Timestamp(row.get(1)?), hash: row.get(2)? }))
    }

    /// Adds an entry. Times never go back, whatever a clock does.
    pub(super) fn add(&mut self, connection: &Connection, now: Timestamp, note: &Note) -> rusqlite::Result<()> {
        let asker = note.asker.as_deref();
        let address = asker.and_then(|asker| asker.address).map(|address| address.to_canonical().to_string());
        let actor = asker.map(|asker| asker.subject.as_str());
        let roles = asker.map(|asker| words(asker.roles)).unwrap_or_default();
        let about = note.about.as_ref().map(|about| about.as_str());
        let [who, what] = Seal::two()?;
        self.position += 1;
        self.at = self.at.max(now);
        let row = Row {
            position: self.position,
            at: self.at,
            deed: note.deed.as_str(),
            outcome: note.outcome.as_str(),
            roles: &roles,
        };
        let sealed = [
            who.over(&[actor, address.as_deref()]),
            what.over(&[about, note.before.as_deref(), note.after.as_deref()]),
        ];
        self.hash = hash(&self.hash, &row, &sealed);
        let add = "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        connection.prepare_cached(add)?.execute(params![
            row.position,
            row.at.0,
            row.deed,
            row.outcome,
            row.roles,
            actor,
            address,
            who.bytes(),
            about,
            note.before,
            note.after,
            what.bytes(),
            self.hash,
        ])?;
        Ok(())
    }

    /// Notes beside the log how far it goes.
    pub(super) fn save(&self, connection: &Connection) -> rusqlite::Result<()> {
        let newest = "UPDATE audit_chain SET position = ?, at = ?, hash = ?";
        connection.prepare_cached(newest)?.execute(params![self.position, self.at.0, self.hash]).map(drop)
    }
}

/// Adds one entry, within a transaction.
pub(super) fn add(connection: &Connection, now: Timestamp, note: &Note) -> rusqlite::Result<()> {
    add_all(connection, now, [note])
}

/// Adds entries, within a transaction.
pub(super) fn add_all<'a>(
    connection: &Connection,
    now: Timestamp,
    notes: impl IntoIterator<Item = &'a Note>,
) -> rusqlite::Result<()> {
    let mut notes = notes.into_iter().peekable();
    if notes.peek().is_none() {
        return Ok(());
    }
    let mut chain = Chain::load(connection)?;
    for note in notes {
        chain.add(connection, now, note)?;
    }
    chain.save(connection)
}

/// The newest position.
#[cfg(test)]
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT position FROM audit_chain", [], |row| row.get(0))
}

/// Drops some of the oldest entries, those before an instant. Whether there may be more. The hash of the last stays, for
/// the chain begins with it.
pub(super) fn drop_oldest(connection: &Connection, from: Timestamp) -> rusqlite::Result<bool> {
    let oldest = "SELECT position, hash FROM (SELECT position, hash, at FROM audit ORDER BY position LIMIT ?)
                  WHERE at < ? ORDER BY position DESC LIMIT 1";
    let mut select = connection.prepare_cached(oldest)?;
    let mut rows = select.query(params![DROPPED_AT_ONCE, from.0])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let (last, hash): (u64, Hash) = (row.get(0)?, row.get(1)?);
    connection.prepare_cached("DELETE FROM audit WHERE position <= ?")?.execute([last])?;
    connection.prepare_cached("UPDATE audit_chain SET dropped = ?, dropped_hash = ?")?.execute(params![last, hash])?;
    Ok(true)
}

/// The roles as they are written.
fn words(roles: Roles) -> String {
    roles.each().map(|role| role.as_str()).collect::<Vec<_>>().join(",")
}

fn hash(before: &Hash, row: &Row<'_>, sealed: &[Sealed; 2]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(before);
    context.update(&row.position.to_be_bytes());
    context.update(&row.at.0.to_be_bytes());
    for text in [row.deed, row.outcome, row.roles] {
        seal::update(&mut context, Some(text));
    }
    sealed.iter().for_each(|sealed| context.update(sealed));
    seal::finish(context)
}

/// In hexadecimal, as people note it.
pub(super) fn hexadecimal(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
