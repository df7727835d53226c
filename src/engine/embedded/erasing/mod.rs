//! A person is erased: whoever reads is told the pseudonym at once, and what is kept is rewritten in
//! [bites](bites::bite), until the id and the name are nowhere in the database.
//!
//! Whatever reads the log meanwhile reads it through [`Pending`]. What is erased stands in the [list] beside the
//! database besides, by which an older copy is brought up to date.

mod bites;
pub(super) mod list;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

pub(super) use bites::{Left, bite, cleaned, is_under_way};
use list::List;

use super::audit as audit_log;
use super::ledgers;
use super::operations;
use super::packed;
use super::projecting::project;
use super::store::{StoreError, subject_key};
use crate::domain::audit::{About, Asker, Deed, Note};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::directory::Directory;
use crate::domain::ids::{AgentId, PSEUDONYM};
use crate::domain::time::Timestamp;
use crate::engine::stored::{self, Erased};
use crate::engine::{Append, Entry, Erase, Erasure, ErasureState, NotErased, Release, Seq};
use crate::history::erasing;
use crate::history::keeper::Keeper;

/// Makes the table: a row for each erasure, which is the audit of it. `id` is there until the database says it nowhere
/// else; `until` is the position up to which the log may name it. `step` and the place say how far it has come.
pub(super) const CREATE: &str = "CREATE TABLE erasures (
        number INTEGER PRIMARY KEY,
        pseudonym TEXT NOT NULL UNIQUE,
        id TEXT,
        erased_by TEXT NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER NOT NULL,
        step INTEGER NOT NULL,
        reached_agent INTEGER NOT NULL,
        reached_start INTEGER NOT NULL,
        reached_seq INTEGER NOT NULL
     ) STRICT;";

/// What became of the wish to erase somebody.
pub(super) enum Accepted {
    /// It has begun now.
    Begun(Begun),
    /// It began before.
    Before(Erasure),
    /// It cannot be.
    Refused(NotErased),
}

/// An append as it comes out of a cluster's log, with its entries' texts.
type FollowedAppend = (Append, Vec<String>, Option<Release>);

/// An erasure that has begun.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    erased: Erased,
    until: Seq,
    audit: Erasure,
}

/// What a life of the hub has to know of erasures.
#[derive(Clone, Debug)]
pub(super) struct Erasing {
    list: List,
    /// Who was erased in it: what is in memory of others may say that one of them set it.
    begun: Vec<Begun>,
}

impl Begun {
    /// What the audit keeps of it.
    pub(super) fn note(&self, erase: &Erase) -> Option<Note> {
        let asker = erase.asker.as_ref()?;
        // Whoever asks to be erased is not named by that either.
        let asker = match asker.subject == self.erased.id() {
            true => Arc::new(Asker { subject: self.audit.by.clone(), address: None, ..(**asker).clone() }),
            false => asker.clone(),
        };
        Some(Note::done(asker, Deed::Erase, Some(About::person(self.erased.pseudonym().as_str()))))
    }

    fn blank_what_goes_on(&self, append: &mut Append) {
        if append.expected > self.until {
            return;
        }
        for entry in &mut append.entries {
            if let Entry::Agent { change, .. } = entry {
                // Who comes after the person, under the same id.
                if self.erased.is(&change.actor) || change.after.record.agent.as_str() == self.erased.id() {
                    return;
                }
                self.erased.blank_standing_actor(change);
            }
        }
    }
}

impl Erasing {
    /// As the folder says.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        Ok(Self { list: List::read(folder)?, begun: Vec::new() })
    }

    /// The list beside the database.
    pub(super) fn list(&mut self) -> &mut List {
        &mut self.list
    }

    /// An erasure that is kept has begun: lists it.
    pub(super) fn begun(&mut self, begun: Begun) -> Result<Erasure, NotErased> {
        let audit = begun.audit.clone();
        // If that fails it is tried again by the first bite.
        let listed = self.list.add(&begun.erased, (&audit.by, audit.at));
        self.begun.push(begun);
        listed.map_err(|error| NotErased::Unreachable(format!("the list of erasures cannot be written: {error}")))?;
        Ok(audit)
    }

    /// Lets states that were decided before go on without the person: those of others may say that it set them.
    pub(super) fn blank_what_goes_on(&self, append: &mut Append) {
        self.begun.iter().for_each(|begun| begun.blank_what_goes_on(append));
    }

    /// The same of what a node of a cluster has decided, and of the texts that are kept: that node may not have heard yet
    /// that the person is erased, or go on from what is in its memory. The subject's newest entry stands at `newest`.
    pub(super) fn blank_what_comes(&self, (append, texts, _): &mut FollowedAppend, newest: Seq) {
        if self.begun.is_empty() {
            return;
        }
        let before = append.entries.clone();
        append.expected = append.expected.max(newest);
        self.blank_what_goes_on(append);
        for ((entry, before), text) in append.entries.iter().zip(&before).zip(texts) {
            if entry != before {
                *text = stored::encode_whole(entry);
            }
        }
    }

    /// Begins to erase somebody, within a transaction: from its commit on nobody is told the id or the name.
    pub(super) fn accept(&self, connection: &Connection, erase: &Erase) -> Result<Accepted, StoreError> {
        // A pseudonym names nobody.
        if let Some(before) = audit_of(connection, "pseudonym", &erase.id)? {
            return Ok(Accepted::Before(before));
        }
        let subject = subject_of(&erase.id);
        let newest = "SELECT deleted IS NULL, seq FROM newest WHERE subject = ?";
        let newest: Option<(bool, Seq)> =
            connection.query_row(newest, [subject], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let is_there = newest.map(|(is_there, _)| is_there);
        match newest {
            // The deletion has left the cluster's log before this node could hear of it.
            Some((true, newest)) if erase.deleted.is_some_and(|deleted| newest < deleted) => {
                delete(connection, &erase.id, erase.at)?;
            }
            Some((true, _)) => return Ok(Accepted::Refused(NotErased::StillThere)),
            Some((false, _)) | None => {}
        }
        // What is under way may still be named in the directory's past.
        let until = "SELECT ifnull(max(until), 0) FROM erasures WHERE id = ?";
        let until: Seq = connection.query_row(until, [&erase.id], |row| row.get(0))?;
        let is_known = erasing::is_known(connection, &erase.id, until)?
            || ledgers::know(connection, &erase.id)?
            || audit_log::knows(connection, &erase.id, audit_until(connection, &erase.id)?)?;
        if is_there.is_none() && !is_known {
            let before = match audit_of(connection, "id", &erase.id)? {
                Some(before) => Some(before),
                None => match self.list.pseudonym_of(&erase.id) {
                    Some(pseudonym) => audit_of(connection, "pseudonym", pseudonym)?,
                    None => None,
                },
            };
            return Ok(before.map_or(Accepted::Refused(NotErased::Unknown), Accepted::Before));
        }
        let pseudonym: String = match &erase.pseudonym {
            Some(chosen) => chosen.clone(),
            None => connection.query_row("SELECT ? || lower(hex(randomblob(6)))", [PSEUDONYM], |row| row.get(0))?,
        };
        begin(connection, erase, &pseudonym).map(Accepted::Begun)
    }

    /// Erases again whom the list names and an older database does not know to be erased. Who was still there is deleted
    /// as of the database's last sign of life. Whether there was anything to do.
    pub(super) fn catch_up(&self, connection: &mut Connection, alive: Timestamp) -> Result<bool, StoreError> {
        let transaction = connection.transaction()?;
        let mut missing = Vec::new();
        for listed in self.list.all() {
            if audit_of(&transaction, "pseudonym", &listed.pseudonym)?.is_none() {
                missing.push(listed);
            }
        }
        if missing.is_empty() {
            return Ok(false);
        }
        let mut everybody = erasing::everybody(&transaction)?;
        everybody.extend(audit_log::everybody(&transaction)?);
        for listed in missing {
            let place = everybody.iter().position(|id| self.list.is_of(listed, id));
            let (by, at) = (listed.by.as_str(), Timestamp(listed.at));
            let Some(place) = place else {
                bites::insert_done(&transaction, &listed.pseudonym, (by, at))?;
                continue;
            };
            let (id, by) = (everybody.swap_remove(place), by.to_owned());
            let erase = Erase { id, by, at, asker: None, pseudonym: None, deleted: None };
            delete(&transaction, &erase.id, alive)?;
            begin(&transaction, &erase, &listed.pseudonym)?;
        }
        transaction.commit()?;
        Ok(true)
    }
}

/// Erasures that are under way, for whoever reads entries that may not be rewritten yet.
#[derive(Debug, Default)]
pub(super) struct Pending(Vec<(Erased, Seq)>);

impl Pending {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let all = "SELECT id, pseudonym, until FROM erasures WHERE id IS NOT NULL ORDER BY number";
        let mut select = connection.prepare_cached(all)?;
        let rows = select
            .query_map([], |row| Ok((Erased::new(row.get(0)?, id_of(row.get::<_, String>(1)?, 1)?), row.get(2)?)))?;
        rows.collect::<rusqlite::Result<_>>().map(Self)
    }

    /// The entry as it will be.
    pub(super) fn blank(&self, seq: Seq, mut entry: Entry) -> Entry {
        for (erased, until) in &self.0 {
            if seq <= *until {
                erased.blank(&mut entry);
            }
        }
        entry
    }
}

/// All erasures, in the order in which they were asked for.
///
/// # Errors
/// What the database says.
pub fn erasures(connection: &Connection) -> rusqlite::Result<Vec<Erasure>> {
    let all = "SELECT pseudonym, erased_by, at, step FROM erasures ORDER BY number";
    connection.prepare_cached(all)?.query_map([], audit)?.collect()
}

fn audit(row: &rusqlite::Row<'_>) -> rusqlite::Result<Erasure> {
    let state = if bites::is_done(row.get(3)?) { ErasureState::Done } else { ErasureState::UnderWay };
    Ok(Erasure { pseudonym: row.get(0)?, by: row.get(1)?, at: Timestamp(row.get(2)?), state })
}

fn audit_of(connection: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<Erasure>> {
    let find = format!("SELECT pseudonym, erased_by, at, step FROM erasures WHERE {column} = ? ORDER BY number DESC");
    connection.query_row(&find, [value], audit).optional()
}

/// Begins to erase somebody who is not there any more, under this pseudonym.
fn begin(connection: &Connection, erase: &Erase, pseudonym: &str) -> Result<Begun, StoreError> {
    let Erase { id, by, at, .. } = erase;
    let until = connection.query_row("SELECT ifnull(max(seq), 0) FROM log", [], |row| row.get(0))?;
    let erased = Erased::new(id.clone(), id_of(pseudonym.to_owned(), 0)?);
    erasing::rename(connection, id, pseudonym)?;
    let subject = subject_of(id);
    let newest = "SELECT log.seq, log.entry FROM newest JOIN log ON log.seq = newest.seq WHERE newest.subject = ?";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Seq>(0)?, row.get::<_, String>(1)?));
    if let Some((seq, text)) = connection.query_row(newest, [&subject], read).optional()? {
        rewrite(connection, &erased, seq, &text)?;
        // Boards are told of the deletion no more: whoever resumes from before it is sent a snapshot.
        let renamed = "UPDATE newest SET subject = ?2, deleted = 0 WHERE subject = ?1";
        connection.execute(renamed, [subject, subject_of(pseudonym)])?;
    }
    connection.execute("UPDATE erasures SET erased_by = ?2 WHERE erased_by = ?1", [id, pseudonym])?;
    ledgers::erase(connection, id, pseudonym)?;
    let by = if by == id { pseudonym } else { by };
    bites::insert(connection, &erased, (by, *at), until)?;
    let audit = Erasure { pseudonym: pseudonym.to_owned(), by: by.to_owned(), at: *at, state: ErasureState::UnderWay };
    Ok(Begun { erased, until, audit })
}

/// Rewrites an entry of the log. Of its own entries the operation goes as well: whoever sends it again would be told
/// the pseudonym.
fn rewrite(connection: &Connection, erased: &Erased, seq: Seq, text: &str) -> Result<(), StoreError> {
    let mut entry = stored::decode(text).map_err(|error| StoreError::Entry { seq, error })?;
    let is_own = erased.is_subject_of(&entry);
    erased.blank(&mut entry);
    if is_own {
        let operation = "SELECT operation FROM log WHERE seq = ?";
        let operation: Option<String> = connection.prepare_cached(operation)?.query_row([seq], |row| row.get(0))?;
        operation.map_or(Ok(()), |id| operations::take_out(connection, &id, seq))?;
        let own = "UPDATE log SET subject = ?, operation = NULL WHERE seq = ?";
        connection.prepare_cached(own)?.execute(params![subject_key(&entry.subject()), seq])?;
    }
    let update = "UPDATE log SET entry = ? WHERE seq = ?";
    connection.prepare_cached(update)?.execute(params![stored::encode_whole(&entry), seq])?;
    Ok(())
}

/// Deletes an agent that is there.
fn delete(connection: &Connection, id: &str, at: Timestamp) -> Result<(), StoreError> {
    let subject = subject_of(id);
    let there = "SELECT log.seq, log.entry FROM newest JOIN log ON log.seq = newest.seq
                 WHERE newest.subject = ? AND newest.deleted IS NULL";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Seq>(0)?, row.get::<_, String>(1)?));
    let Some((seq, text)) = connection.query_row(there, [&subject], read).optional()? else { return Ok(()) };
    let entry = stored::decode(&text).map_err(|error| StoreError::Entry { seq, error })?;
    let Entry::Agent { change, directory_seq } = entry else { return Ok(()) };
    let agent = change.after;
    // Nothing of the directory matters to who leaves.
    let delete = Command::new(Ask::Delete, Actor::System);
    let Ok(decision) = agent.decide(&delete, at.max(agent.changed_at), &Directory::default()) else { return Ok(()) };
    let mut last: Seq = connection.query_row("SELECT ifnull(max(seq), 0) FROM log", [], |row| row.get(0))?;
    let mut history = Keeper::default();
    for change in decision.changes {
        last += 1;
        let entry = Entry::Agent { change: Box::new(change), directory_seq };
        let text = stored::encode_whole(&entry);
        let add = "INSERT INTO log (seq, subject, at, operation, entry) VALUES (?, ?, ?, NULL, ?)";
        connection.execute(add, params![last, subject, at.0, text])?;
        project(connection, &mut history, last, &entry, &text)?;
    }
    if seq <= packed::packed(connection)? {
        connection.execute("DELETE FROM log WHERE seq = ?", [seq])?;
    }
    connection.execute("UPDATE newest SET seq = ?2, deleted = ?3 WHERE subject = ?1", params![subject, last, at.0])?;
    Ok(())
}

/// Up to where the audit may still name somebody who was erased before.
fn audit_until(connection: &Connection, id: &str) -> rusqlite::Result<u64> {
    let until = "SELECT ifnull(max(audit_until), 0) FROM erasures WHERE id = ?";
    connection.query_row(until, [id], |row| row.get(0))
}

fn subject_of(id: &str) -> String {
    format!("agent/{id}")
}

fn id_of(pseudonym: String, column: usize) -> rusqlite::Result<AgentId> {
    let damaged = |error: crate::domain::ids::InvalidId| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    };
    AgentId::new(pseudonym).map_err(damaged)
}
