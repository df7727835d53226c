//! Looking over a database: whether it is whole, and says the same in all its parts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::CopyError;
use crate::engine::embedded::audit::{self, AuditChecked};
use crate::engine::embedded::erasing::Pending;
use crate::engine::embedded::opening::DATABASE;
use crate::engine::embedded::operations as remembered;
use crate::engine::embedded::packed::{self, Old};
use crate::engine::embedded::schema::STEPS;
use crate::engine::embedded::store::subject_key;
use crate::engine::{Entry, Seq, stored};
use crate::history::rows::extents;

/// Entries and bytes that are read at once.
const ENTRIES: usize = 2_048;
const BYTES: usize = 8 * 1024 * 1024;
/// Mistakes that are told.
const MOST: usize = 20;

/// What was looked at, and what was found to be wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The file.
    pub file: PathBuf,
    /// Entries of the log that were read.
    pub entries: u64,
    /// Agents whose rows of the history were counted.
    pub agents: u64,
    /// How far it has followed the log of a cluster, if it follows one.
    pub position: Option<u64>,
    /// What was found of the audit; none in a copy of an older hub, which kept none.
    pub audit: Option<AuditChecked>,
    /// What is wrong, in sentences; the first of them.
    pub mistakes: Vec<String>,
}

/// Looks over a copy, or the database of a data folder, also while a hub serves from it: SQLite's own check; that
/// every entry of the log can be read; that every subject's newest is there and its own; that the newest row of each
/// agent's history is that of the log; that every operation that is remembered is found; that the chain of the audit
/// holds.
///
/// # Errors
/// [`CopyError`]: it cannot be read at all.
pub fn check(of: &Path) -> Result<Checked, CopyError> {
    let file = if of.is_dir() { of.join(DATABASE) } else { of.to_owned() };
    look_at(&file)?;
    let mut checked = Checked { file: file.clone(), ..Checked::default() };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let looked = Connection::open_with_flags(&file, flags).and_then(|connection| {
        // Of one instant, whatever a hub writes meanwhile.
        connection.execute_batch("BEGIN")?;
        whole(&connection, &mut checked)?;
        if checked.mistakes.is_empty() {
            log(&connection, &mut checked)?;
            newest(&connection, &mut checked)?;
            operations(&connection, &mut checked)?;
            checked.position = position(&connection)?;
            if has(&connection, "audit")? {
                let audit = audit::check(&connection, |mistake| checked.finds(|| mistake))?;
                checked.audit = Some(audit);
            }
        }
        Ok(())
    });
    looked.map_err(|error| CopyError::Database { path: file, error })?;
    Ok(checked)
}

impl Checked {
    fn finds(&mut self, mistake: impl FnOnce() -> String) {
        if self.mistakes.len() < MOST {
            self.mistakes.push(mistake());
        }
    }
}

fn whole(connection: &Connection, checked: &mut Checked) -> rusqlite::Result<()> {
    let mut select = connection.prepare(&format!("PRAGMA integrity_check({MOST})"))?;
    let said = select.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    if said != ["ok"] {
        said.into_iter().for_each(|said| checked.finds(|| said));
    }
    Ok(())
}

/// Every entry can be read, and those that can be the newest of an agent are in its history.
fn log(connection: &Connection, checked: &mut Checked) -> rusqlite::Result<()> {
    let mut versions: HashMap<String, (Seq, u64)> = HashMap::new();
    let pending = pending(connection)?;
    let (first, mut changes) = (packed::first_kept(connection)?, 0_u64);
    let mut after = first - 1;
    loop {
        let some = packed::beyond(connection, after, ENTRIES, BYTES)?;
        let Some(last) = some.last() else { break };
        after = last.seq;
        for Old { seq, text, .. } in some {
            checked.entries += 1;
            match stored::decode(&text).map(|entry| pending.blank(seq, entry)) {
                Ok(Entry::Agent { change, .. }) => {
                    let (agent, version) = (change.after.record.agent.as_str(), change.after.version);
                    versions.insert(agent.to_owned(), (seq, version));
                    changes += 1;
                }
                Ok(Entry::Directory { .. }) => {}
                Err(error) => {
                    checked.finds(|| format!("entry {seq} cannot be read: {error}"));
                    changes += 1;
                }
            }
        }
    }
    let rows = extents(connection, first)?;
    checked.agents = rows.len() as u64;
    // Fewer may be right: what was over before `keep` goes, and the log in its own time. One that cannot be read may be
    // an agent's.
    let many: u64 = rows.values().map(|rows| rows.since).sum();
    if many > changes {
        let missing = many - changes;
        checked.finds(|| format!("{missing} rows of the history from entry {first} on have no entry in the log"));
    }
    for (agent, (seq, version)) in versions {
        let row = rows.get(&agent).copied().unwrap_or_default();
        if (row.newest, row.version) != (seq, version) {
            checked.finds(|| {
                let row = row.newest;
                format!(
                    "the newest row of `{agent}` is of entry {row}, and that of the log is {seq}, version {version}"
                )
            });
        }
    }
    Ok(())
}

/// Every operation that is remembered is found; the tables of an older hub were ordered otherwise.
fn operations(connection: &Connection, checked: &mut Checked) -> rusqlite::Result<()> {
    if has(connection, "operation_runs")? {
        for seq in remembered::missing(connection)? {
            checked.finds(|| format!("the operation of entry {seq} would not be found if it were sent again"));
        }
    }
    Ok(())
}

/// How far it has followed a cluster's log; the tables of an older hub do not say.
fn position(connection: &Connection) -> rusqlite::Result<Option<u64>> {
    let knows = connection.prepare("SELECT 1 FROM pragma_table_info('hub') WHERE name = 'position'")?.exists([])?;
    if knows { connection.query_row("SELECT position FROM hub", [], |row| row.get(0)) } else { Ok(None) }
}

/// Who is being erased; the tables of an older hub do not say.
fn pending(connection: &Connection) -> rusqlite::Result<Pending> {
    if has(connection, "erasures")? { Pending::read(connection) } else { Ok(Pending::default()) }
}

fn has(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?")?.exists([table])
}

/// Every subject's newest entry stands in the log, and is about it.
fn newest(connection: &Connection, checked: &mut Checked) -> rusqlite::Result<()> {
    let mut select = connection
        .prepare("SELECT newest.subject, newest.seq, log.entry FROM newest LEFT JOIN log ON log.seq = newest.seq")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (subject, seq): (String, Seq) = (row.get(0)?, row.get(1)?);
        let Some(text) = row.get::<_, Option<String>>(2)? else {
            checked.finds(|| format!("entry {seq}, the newest of `{subject}`, is missing"));
            continue;
        };
        match stored::decode(&text) {
            Ok(entry) if subject_key(&entry.subject()) == subject => {}
            Ok(entry) => {
                checked.finds(|| format!("entry {seq}, the newest of `{subject}`, is about {:?}", entry.subject()));
            }
            Err(error) => checked.finds(|| format!("entry {seq}, the newest of `{subject}`, cannot be read: {error}")),
        }
    }
    Ok(())
}

/// Whether a file is a database that this hub can read.
fn look_at(copy: &Path) -> Result<(), CopyError> {
    if !copy.is_file() {
        return Err(CopyError::Nothing(copy.to_owned()));
    }
    let found = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|connection| {
        connection.query_row("SELECT epoch FROM hub", [], |_| Ok(()))?;
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, usize>(0))
    });
    match found {
        Ok(found) if found > STEPS.len() => Err(CopyError::Newer { path: copy.to_owned(), found, known: STEPS.len() }),
        Ok(_) => Ok(()),
        Err(error) => Err(CopyError::NoHub { path: copy.to_owned(), error }),
    }
}
