//! The floor as it was at an instant.

use rusqlite::{Connection, params};

use super::names::Names;
use super::reader::Failed;
use super::scope::Scope;
use super::stood::{COLUMNS, Interval, JOINS, Stood, WIDTH};
use crate::domain::time::Timestamp;

/// An agent as it was at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasThere {
    /// The agent's id.
    pub agent: String,
    /// Its name then.
    pub name: String,
    /// Its teams then.
    pub teams: Vec<String>,
    /// What its presence was called then.
    pub text: String,
    /// The interval that the instant lies in; its end is not looked up.
    pub interval: Interval,
}

/// The agents that were there at an instant, in the order of their ids, behind `after`: at most so many.
///
/// # Errors
/// [`Failed`]
pub fn floor(
    connection: &Connection,
    at: Timestamp,
    scope: &Scope,
    after: Option<&str>,
    most: usize,
) -> Result<Vec<WasThere>, Failed> {
    let mut names = Names::at(connection, at);
    let mut after = after.map(str::to_owned);
    let mut found = Vec::new();
    loop {
        let some = scope.some(connection, after.as_deref())?;
        let Some((_, last)) = some.last() else { return Ok(found) };
        after = Some(last.clone());
        for (number, agent) in some {
            let Some((interval, name, teams)) = stood(connection, number, at)? else { continue };
            if scope.includes(&teams) {
                let text = names.of(&interval.state.presence)?;
                found.push(WasThere { agent, name, teams, text, interval });
            }
            if found.len() == most {
                return Ok(found);
            }
        }
    }
}

/// What an agent was at an instant, if it was there: with its name and teams then.
fn stood(
    connection: &Connection,
    number: i64,
    at: Timestamp,
) -> Result<Option<(Interval, String, Vec<String>)>, Failed> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, records.name, records.teams
         FROM history {JOINS} JOIN history_records AS records ON records.number = history.record
         WHERE history.agent = ? AND history.start <= ? ORDER BY history.start DESC, history.seq DESC LIMIT 1"
    ))?;
    let mut rows = select.query(params![number, at.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let Some(interval) = Stood::read(row)?.until(None) else { return Ok(None) };
    Ok(Some((interval, row.get(WIDTH)?, teams(row.get(WIDTH + 1)?)?)))
}

/// Teams, from the list that the tables hold.
pub(super) fn teams(json: String) -> Result<Vec<String>, Failed> {
    serde_json::from_str(&json).map_err(|_| Failed::Word(json))
}
