//! Changes of what is told, within a transaction.

use rusqlite::{Connection, OptionalExtension, params};

use super::people::{agent_number, number, number_of};
use super::read::overlapping;
use super::{Became, Told, disputes};
use crate::domain::ids::ActivityId;
use crate::domain::plan::{Activity, Exception, Plan};
use crate::domain::time::Timestamp;

/// The most planned activities that a plan may take the place of, so that no transaction takes long.
pub const MOST_REPLACED: usize = 600;
/// After so many rows of plans a transaction ends: a millisecond or two.
const BITE: usize = 256;

/// Does as many of these as one transaction has room for, at least one, each all or nothing. Returns what became of
/// those.
///
/// # Errors
/// What the database says. Then the transaction must be undone.
pub fn change<'a>(
    connection: &Connection,
    changes: impl IntoIterator<Item = &'a Told>,
) -> rusqlite::Result<Vec<Became>> {
    let (mut became, mut rows) = (Vec::new(), 0);
    for change in changes {
        became.push(match change {
            Told::Activity(activity) => put_activity(connection, activity)?,
            Told::ActivityRemoved(activity) => remove_activity(connection, activity)?,
            Told::Plan(plan) => replace(connection, plan, &mut rows)?,
            Told::Exception(exception) => put_exception(connection, exception)?,
            Told::Dispute(dispute) => disputes::put(connection, dispute)?,
            Told::ExceptionRemoved(id) => {
                let gone = "DELETE FROM plan_exceptions WHERE exception_id = ?";
                let gone = connection.prepare_cached(gone)?.execute([id])?;
                if gone > 0 { Became::Kept } else { Became::Unknown }
            }
        });
        if rows >= BITE {
            break;
        }
    }
    Ok(became)
}

fn put_activity(connection: &Connection, activity: &Activity) -> rusqlite::Result<Became> {
    let presences: Vec<&str> = activity.presences.iter().map(|id| id.as_str()).collect();
    let bases: Vec<&str> = activity.bases.iter().map(|base| base.as_str()).collect();
    let put = "INSERT INTO plan_activities (activity_id, text, presence_ids, base_statuses, tolerance_seconds)
               VALUES (?, ?, ?, ?, ?) ON CONFLICT (activity_id) DO UPDATE SET text = excluded.text,
               presence_ids = excluded.presence_ids, base_statuses = excluded.base_statuses,
               tolerance_seconds = excluded.tolerance_seconds";
    connection.prepare_cached(put)?.execute(params![
        activity.id.as_str(),
        activity.text,
        serde_json::json!(presences).to_string(),
        serde_json::json!(bases).to_string(),
        activity.tolerance.as_secs(),
    ])?;
    Ok(Became::Kept)
}

fn remove_activity(connection: &Connection, activity: &ActivityId) -> rusqlite::Result<Became> {
    let planned = "SELECT planned FROM plan_activities WHERE activity_id = ?";
    let planned: Option<i64> =
        connection.prepare_cached(planned)?.query_row([activity.as_str()], |row| row.get(0)).optional()?;
    match planned {
        None => Ok(Became::Unknown),
        Some(0) => {
            let gone = "DELETE FROM plan_activities WHERE activity_id = ?";
            connection.prepare_cached(gone)?.execute([activity.as_str()])?;
            Ok(Became::Kept)
        }
        Some(_) => Ok(Became::InUse),
    }
}

fn put_exception(connection: &Connection, exception: &Exception) -> rusqlite::Result<Became> {
    let Exception { id, agent, start, end, reason, author, at } = exception;
    let Some(agent) = agent_number(connection, agent.as_str())? else { return Ok(Became::UnknownAgent) };
    let author = number_of(connection, author)?;
    let put = "INSERT INTO plan_exceptions VALUES (?, ?, ?, ?, ?, ?, ?)";
    connection.prepare_cached(put)?.execute(params![id, agent, start.0, end.0, reason, author, at.0])?;
    Ok(Became::Kept)
}

/// Puts a plan in the place of what was planned in its time. What began before goes on until then, and what ends after
/// goes on from there.
fn replace(connection: &Connection, plan: &Plan, rows: &mut usize) -> rusqlite::Result<Became> {
    let (from, to) = plan.time();
    let Some(agent) = agent_number(connection, plan.agent().as_str())? else { return Ok(Became::UnknownAgent) };
    let mut numbers = Vec::with_capacity(plan.items().len());
    for planned in plan.items() {
        let find = "SELECT number FROM plan_activities WHERE activity_id = ?";
        let found = connection.prepare_cached(find)?.query_row([planned.activity.as_str()], |row| row.get(0));
        match found.optional()? {
            Some(number) => numbers.push(number),
            None => return Ok(Became::UnknownActivity(planned.activity.clone())),
        }
    }
    let before = overlapping(connection, agent, from, to, MOST_REPLACED + 1)?;
    if before.len() > MOST_REPLACED {
        return Ok(Became::TooMuch);
    }
    *rows += before.len() + plan.items().len();
    let insert = |start: Timestamp, end: Timestamp, activity: i64| {
        let insert = "INSERT INTO plans VALUES (?, ?, ?, ?)";
        connection.prepare_cached(insert)?.execute(params![agent, start.0, end.0, activity]).map(drop)
    };
    if let (Some(first), Some(last)) = (before.first(), before.last()) {
        let gone = "DELETE FROM plans WHERE agent = ? AND start >= ? AND start < ?";
        connection.prepare_cached(gone)?.execute(params![agent, first.start.0, to.0])?;
        if first.start < from {
            insert(first.start, from, first.activity)?;
        }
        if last.end > to {
            insert(to, last.end, last.activity)?;
        }
    }
    for (planned, number) in plan.items().iter().zip(numbers) {
        insert(planned.start, planned.end, number)?;
    }
    Ok(Became::Kept)
}

/// Deletes at most so many planned activities and exceptions of an agent that were over at an instant, and disputes
/// that it said before. Returns how many.
///
/// # Errors
/// What the database says.
pub fn forget(connection: &Connection, agent: &str, at: Timestamp, most: usize) -> rusqlite::Result<usize> {
    let Some(agent) = number(connection, agent)? else { return Ok(0) };
    let last = "SELECT max(start) FROM (
                    SELECT start FROM plans WHERE agent = ?1 AND start < ?2 AND end <= ?2 ORDER BY start LIMIT ?3)";
    let last: Option<i64> = connection.prepare_cached(last)?.query_row(params![agent, at.0, most], |row| row.get(0))?;
    let mut gone = 0;
    if let Some(last) = last {
        let delete = "DELETE FROM plans WHERE agent = ? AND start <= ?";
        gone += connection.prepare_cached(delete)?.execute(params![agent, last])?;
    }
    let delete = "DELETE FROM plan_exceptions WHERE exception_id IN (
                      SELECT exception_id FROM plan_exceptions WHERE agent = ?1 AND start < ?2 AND end <= ?2 LIMIT ?3)";
    gone += connection.prepare_cached(delete)?.execute(params![agent, at.0, most - gone])?;
    gone += disputes::forget(connection, agent, at, most - gone)?;
    Ok(gone)
}

/// Whoever reads is told the pseudonym of a person from now on, as an agent and as whoever excused one.
///
/// # Errors
/// What the database says.
pub fn rename(connection: &Connection, id: &str, pseudonym: &str) -> rusqlite::Result<()> {
    connection.execute("UPDATE plan_people SET id = ?2 WHERE id = ?1", [id, pseudonym]).map(drop)
}

/// Blanks some reasons of an agent's exceptions, and deletes some of its disputes. Whether there may be more.
///
/// # Errors
/// What the database says.
pub fn blank(connection: &Connection, pseudonym: &str) -> rusqlite::Result<bool> {
    let Some(agent) = number(connection, pseudonym)? else { return Ok(false) };
    let blank = "UPDATE plan_exceptions SET reason = '' WHERE exception_id IN (
                     SELECT exception_id FROM plan_exceptions WHERE agent = ? AND reason <> '' LIMIT ?)";
    let blanked = connection.prepare_cached(blank)?.execute(params![agent, BITE])?;
    let gone = disputes::forget(connection, agent, Timestamp(i64::MAX), BITE)?;
    Ok(blanked + gone > 0)
}
