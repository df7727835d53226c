//! What is planned, as it stands now.

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::people::number;
use crate::domain::ids::{ActivityId, AgentId, PresenceId};
use crate::domain::plan::{Activity, Exception, Planned};
use crate::domain::presence::BaseStatus;
use crate::domain::time::Timestamp;
use crate::history::reader::Failed;

/// An activity from one instant to another, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// The number of the activity.
    pub activity: i64,
}

/// What an agent is planned to do that lasts within a time, each whole, in order: at most so many.
///
/// # Errors
/// What the database says.
pub fn overlapping(
    connection: &Connection,
    agent: i64,
    from: Timestamp,
    to: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<Span>> {
    // At most one that begins before the time lasts within it: the last.
    let mut select = connection.prepare_cached(
        "SELECT start, end, activity FROM plans WHERE agent = ?1 AND start < ?3 AND start >= ifnull((
             SELECT start FROM (SELECT start, end FROM plans WHERE agent = ?1 AND start < ?2 ORDER BY start DESC LIMIT 1)
             WHERE end > ?2
         ), ?2) ORDER BY start LIMIT ?4",
    )?;
    let span =
        |row: &Row<'_>| Ok(Span { start: Timestamp(row.get(0)?), end: Timestamp(row.get(1)?), activity: row.get(2)? });
    select.query_map(params![agent, from.0, to.0, most], span)?.collect()
}

/// What an agent is planned to do within a time, cut to it.
///
/// # Errors
/// [`Failed::TooMuch`] if it is more than `most`, or what the database says.
pub fn planned(
    connection: &Connection,
    agent: &AgentId,
    from: Timestamp,
    to: Timestamp,
    most: usize,
) -> Result<Vec<Planned>, Failed> {
    let Some(agent) = number(connection, agent.as_str())? else { return Ok(Vec::new()) };
    let spans = overlapping(connection, agent, from, to, most + 1)?;
    if spans.len() > most {
        return Err(Failed::TooMuch { most, what: "planned activities would be answered" });
    }
    let mut planned = Vec::with_capacity(spans.len());
    for span in spans {
        let find = "SELECT activity_id FROM plan_activities WHERE number = ?";
        let activity =
            connection.prepare_cached(find)?.query_row([span.activity], |row| id(row, 0, ActivityId::new))?;
        planned.push(Planned { start: span.start.max(from), end: span.end.min(to), activity });
    }
    Ok(planned)
}

/// All activities, each with its number.
///
/// # Errors
/// What the database says.
pub fn activities(connection: &Connection) -> rusqlite::Result<Vec<(i64, Activity)>> {
    let all = "SELECT number, activity_id, text, presence_ids, base_statuses, tolerance_seconds FROM plan_activities";
    let activity = |row: &Row<'_>| {
        let presence = |id: String| PresenceId::new(id).ok();
        let base = |name: String| BaseStatus::parse(&name);
        let activity = Activity {
            id: id(row, 1, ActivityId::new)?,
            text: row.get(2)?,
            presences: list(row, 3, presence)?,
            bases: list(row, 4, base)?,
            tolerance: Duration::from_secs(row.get(5)?),
        };
        Ok((row.get(0)?, activity))
    };
    connection.prepare_cached(all)?.query_map([], activity)?.collect()
}

const EXCEPTION: &str = "SELECT exception_id, agents.id, start, end, reason, authors.id, at FROM plan_exceptions
    JOIN plan_people AS agents ON agents.number = agent JOIN plan_people AS authors ON authors.number = author";

/// The exceptions of an agent that last within a time, in the order of their begins: at most so many.
///
/// # Errors
/// What the database says.
pub fn exceptions(
    connection: &Connection,
    agent: &AgentId,
    from: Timestamp,
    to: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<Exception>> {
    let Some(agent) = number(connection, agent.as_str())? else { return Ok(Vec::new()) };
    let find =
        format!("{EXCEPTION} WHERE agent = ? AND start < ? AND end > ? ORDER BY start, end, exception_id LIMIT ?");
    connection.prepare_cached(&find)?.query_map(params![agent, to.0, from.0, most], exception)?.collect()
}

/// The exception of this id, if there is one.
///
/// # Errors
/// What the database says.
pub fn find_exception(connection: &Connection, id: &str) -> rusqlite::Result<Option<Exception>> {
    let find = format!("{EXCEPTION} WHERE exception_id = ?");
    connection.prepare_cached(&find)?.query_row([id], exception).optional()
}

fn exception(row: &Row<'_>) -> rusqlite::Result<Exception> {
    Ok(Exception {
        id: row.get(0)?,
        agent: id(row, 1, AgentId::new)?,
        start: Timestamp(row.get(2)?),
        end: Timestamp(row.get(3)?),
        reason: row.get(4)?,
        author: row.get(5)?,
        at: Timestamp(row.get(6)?),
    })
}

fn id<T, E>(row: &Row<'_>, column: usize, new: fn(String) -> Result<T, E>) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    new(text.clone()).map_err(|_| unknown(column, text))
}

/// What a list in JSON says.
fn list<T: Ord>(row: &Row<'_>, column: usize, one: fn(String) -> Option<T>) -> rusqlite::Result<BTreeSet<T>> {
    let text: String = row.get(column)?;
    let words: Option<Vec<String>> = serde_json::from_str(&text).ok();
    let read = words.and_then(|words| words.into_iter().map(one).collect());
    read.ok_or_else(|| unknown(column, text))
}

/// The database holds a word that this hub does not know.
fn unknown(column: usize, word: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, format!("`{word}` is not known").into())
}
