//! A person goes from the tables: ids and names at once, the texts of reasons some at a time.
//!
//! Rows share the texts of reasons by number. So those of the person's rows are noted when they go from its rows
//! (`history_orphans`); a text that is found in a row of somebody else, or comes again, is no orphan; the others go.

use rusqlite::{Connection, OptionalExtension, params};

use super::told;

/// Rows that one bite changes, and rows that one looks at: a few milliseconds.
const CHANGED: usize = 500;
const LOOKED_AT: usize = 5_000;

/// How far a step has come: the place of the last row that it looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The number of an agent.
    pub agent: i64,
    /// When the row starts.
    pub start: i64,
    /// Its position in the log.
    pub seq: i64,
}

impl Reached {
    /// Nothing.
    pub const NOTHING: Self = Self { agent: i64::MIN, start: i64::MIN, seq: i64::MIN };
}

/// What a bite left.
type Left = rusqlite::Result<Option<Reached>>;

/// Whether rows are of a person, or name it as the one who acted; records of the directory beyond a position.
///
/// # Errors
/// What the database says.
pub fn is_known(connection: &Connection, id: &str, beyond: u64) -> rusqlite::Result<bool> {
    let known = "SELECT EXISTS (SELECT 1 FROM history_agents WHERE agent_id = ?1)
                 OR EXISTS (SELECT 1 FROM history_actors WHERE id = ?1)
                 OR EXISTS (SELECT 1 FROM plan_people WHERE id = ?1)
                 OR EXISTS (SELECT 1 FROM history_directory, json_each(entry, '$.entry.directory.actor') AS actor
                            WHERE history_directory.seq > ?2 AND actor.value = ?1)";
    connection.prepare_cached(known)?.query_row(params![id, beyond], |row| row.get(0))
}

/// Everybody whom rows name.
///
/// # Errors
/// What the database says.
pub fn everybody(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let all = "SELECT agent_id FROM history_agents UNION SELECT id FROM history_actors WHERE id IS NOT NULL
               UNION SELECT id FROM plan_people
               UNION SELECT actor.value FROM history_directory, json_each(entry, '$.entry.directory.actor') AS actor
               WHERE typeof(actor.value) = 'text'";
    connection.prepare(all)?.query_map([], |row| row.get(0))?.collect()
}

/// Whoever reads is told the pseudonym from now on, and no name.
///
/// # Errors
/// What the database says.
pub fn rename(connection: &Connection, id: &str, pseudonym: &str) -> rusqlite::Result<()> {
    let names = "UPDATE history_records SET name = '' WHERE agent =
                 (SELECT number FROM history_agents WHERE agent_id = ?)";
    connection.execute(names, [id])?;
    connection.execute("UPDATE history_agents SET agent_id = ?2 WHERE agent_id = ?1", [id, pseudonym])?;
    connection.execute("UPDATE history_actors SET id = ?2 WHERE id = ?1", [id, pseudonym])?;
    told::keep::rename(connection, id, pseudonym)
}

/// The number of an agent; none if it never was one.
///
/// # Errors
/// What the database says.
pub fn number(connection: &Connection, pseudonym: &str) -> rusqlite::Result<Option<i64>> {
    let find = "SELECT number FROM history_agents WHERE agent_id = ?";
    connection.prepare_cached(find)?.query_row([pseudonym], |row| row.get(0)).optional()
}

/// Takes the reasons from some of an agent's newest rows. This comes before [`from_rows`], as rows move.
///
/// # Errors
/// What the database says.
pub fn from_recent(connection: &Connection, agent: i64, reached: Reached) -> Left {
    let Some(last) = last_recent(connection, reached)? else { return Ok(None) };
    for statement in [
        "INSERT OR IGNORE INTO history_orphans SELECT reason FROM history_recent
         WHERE seq > ?1 AND seq <= ?2 AND agent = ?3 AND reason IS NOT NULL",
        "UPDATE history_recent SET reason = NULL WHERE seq > ?1 AND seq <= ?2 AND agent = ?3 AND reason IS NOT NULL",
    ] {
        connection.prepare_cached(statement)?.execute(params![reached.seq, last, agent])?;
    }
    Ok(Some(Reached { seq: last, ..reached }))
}

/// Takes the reasons from some of an agent's other rows.
///
/// # Errors
/// What the database says.
pub fn from_rows(connection: &Connection, agent: i64, reached: Reached) -> Left {
    let last = "SELECT start, seq FROM (
                    SELECT start, seq FROM history WHERE agent = ?1 AND (start, seq) > (?2, ?3)
                    ORDER BY start, seq LIMIT ?4
                ) ORDER BY start DESC, seq DESC LIMIT 1";
    let place = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let last: Option<(i64, i64)> = connection
        .prepare_cached(last)?
        .query_row(params![agent, reached.start, reached.seq, CHANGED], place)
        .optional()?;
    let Some((start, seq)) = last else { return Ok(None) };
    for statement in [
        "INSERT OR IGNORE INTO history_orphans SELECT reason FROM history
         WHERE agent = ?1 AND (start, seq) > (?2, ?3) AND (start, seq) <= (?4, ?5) AND reason IS NOT NULL",
        "UPDATE history SET reason = NULL
         WHERE agent = ?1 AND (start, seq) > (?2, ?3) AND (start, seq) <= (?4, ?5) AND reason IS NOT NULL",
    ] {
        let values = params![agent, reached.start, reached.seq, start, seq];
        connection.prepare_cached(statement)?.execute(values)?;
    }
    Ok(Some(Reached { start, seq, ..reached }))
}

/// Looks for reasons of others among some of the newest rows. This comes before [`of_rows`], as rows move.
///
/// # Errors
/// What the database says.
pub fn of_recent(connection: &Connection, reached: Reached) -> Left {
    let Some(last) = last_recent(connection, reached)? else { return Ok(None) };
    let found = "DELETE FROM history_orphans WHERE reason IN
                 (SELECT reason FROM history_recent WHERE seq > ? AND seq <= ? AND reason IS NOT NULL)";
    connection.prepare_cached(found)?.execute([reached.seq, last])?;
    Ok(Some(Reached { seq: last, ..reached }))
}

/// Looks for reasons of others among some of the other rows.
///
/// # Errors
/// What the database says.
pub fn of_rows(connection: &Connection, reached: Reached) -> Left {
    if !connection.prepare_cached("SELECT 1 FROM history_orphans LIMIT 1")?.exists([])? {
        return Ok(None);
    }
    let Reached { agent, start, seq } = reached;
    let read = |row: &rusqlite::Row<'_>| Ok(Reached { agent: row.get(0)?, start: row.get(1)?, seq: row.get(2)? });
    let full = "SELECT agent, start, seq FROM history WHERE (agent, start, seq) > (?, ?, ?)
                ORDER BY agent, start, seq LIMIT 1 OFFSET ?";
    let rest = "SELECT agent, start, seq FROM history WHERE (agent, start, seq) > (?, ?, ?)
                ORDER BY agent DESC, start DESC, seq DESC LIMIT 1";
    let values = params![agent, start, seq, LOOKED_AT - 1];
    let last = match connection.prepare_cached(full)?.query_row(values, read).optional()? {
        Some(last) => Some(last),
        None => connection.prepare_cached(rest)?.query_row([agent, start, seq], read).optional()?,
    };
    let Some(last) = last else { return Ok(None) };
    let found = "DELETE FROM history_orphans WHERE reason IN
                 (SELECT reason FROM history WHERE (agent, start, seq) > (?, ?, ?)
                  AND (agent, start, seq) <= (?, ?, ?) AND reason IS NOT NULL)";
    connection.prepare_cached(found)?.execute([agent, start, seq, last.agent, last.start, last.seq])?;
    Ok(Some(last))
}

/// Deletes some of the texts that no row refers to. Whether there may be more.
///
/// # Errors
/// What the database says.
pub fn orphans(connection: &Connection) -> rusqlite::Result<bool> {
    let some = "SELECT reason FROM history_orphans ORDER BY reason LIMIT ?";
    let texts = format!("DELETE FROM history_reasons WHERE number IN ({some})");
    connection.prepare_cached(&texts)?.execute([CHANGED])?;
    let noted = format!("DELETE FROM history_orphans WHERE reason IN ({some})");
    Ok(connection.prepare_cached(&noted)?.execute([CHANGED])? > 0)
}

/// The position of the last of some of the newest rows.
fn last_recent(connection: &Connection, reached: Reached) -> rusqlite::Result<Option<i64>> {
    let last = "SELECT max(seq) FROM (SELECT seq FROM history_recent WHERE seq > ? ORDER BY seq LIMIT ?)";
    connection.prepare_cached(last)?.query_row(params![reached.seq, LOOKED_AT], |row| row.get(0))
}
