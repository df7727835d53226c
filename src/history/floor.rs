//! The floor as it was at an instant.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row};

use super::intervals::number;
use super::names::Names;
use super::reader::{Failed, kept};
use super::rows::{Columns, Place, Rows};
use super::scope::Scope;
use super::stood::{Interval, Stood, WIDTH, columns, joins};
use crate::domain::ids::AgentId;
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
    kept(connection, at)?;
    let rows = Rows::of_all(connection)?;
    let mut names = Names::at(connection, at);
    let mut after = after.map(str::to_owned);
    let mut found = Vec::new();
    loop {
        let some = scope.some(connection, after.as_deref())?;
        let Some((_, last)) = some.last() else { return Ok(found) };
        after = Some(last.clone());
        for (number, agent) in some {
            found.extend(was_there(&rows, (number, &agent), at, scope, &mut names)?);
            if found.len() == most {
                return Ok(found);
            }
        }
    }
}

/// An agent that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// The agent's id.
    pub agent: String,
    /// As it was at the first instant; none if it was not there.
    pub before: Option<WasThere>,
    /// As it was at the second.
    pub after: Option<WasThere>,
}

/// The agents whose presence at an instant is another than at one before, or that came or went in between: in the
/// order of their ids, behind `after`, at most so many. Of an agent of other teams nothing is said.
///
/// # Errors
/// [`Failed`]
pub fn differences(
    connection: &Connection,
    instants: (Timestamp, Timestamp),
    scope: &Scope,
    after: Option<&str>,
    most: usize,
) -> Result<Vec<Differs>, Failed> {
    kept(connection, instants.0)?;
    let rows = Rows::of_all(connection)?;
    let (mut earlier, mut later) = (Names::at(connection, instants.0), Names::at(connection, instants.1));
    let mut after = after.map(str::to_owned);
    let mut found = Vec::new();
    loop {
        let some = scope.some(connection, after.as_deref())?;
        let Some((_, last)) = some.last() else { return Ok(found) };
        after = Some(last.clone());
        for (number, agent) in some {
            let before = was_there(&rows, (number, &agent), instants.0, scope, &mut earlier)?;
            let after = was_there(&rows, (number, &agent), instants.1, scope, &mut later)?;
            let presence = |was: &Option<WasThere>| was.as_ref().map(|was| was.interval.state.presence.clone());
            if presence(&before) != presence(&after) {
                found.push(Differs { agent, before, after });
            }
            if found.len() == most {
                return Ok(found);
            }
        }
    }
}

/// The teams that an agent had when it was there last, whether it was deleted since or not; none if nothing is known
/// of it.
///
/// # Errors
/// [`Failed`]
pub fn last_teams(connection: &Connection, agent: &AgentId) -> Result<Option<BTreeSet<String>>, Failed> {
    let Some(agent) = number(connection, agent)? else { return Ok(None) };
    // With its deletion an agent leaves its teams.
    let newest: Vec<Recorded> = Rows::of_agent(connection, agent)?.before(agent, Place::LAST, 2)?;
    let there = newest.into_iter().find(|row| row.stood.state.is_some());
    Ok(Some(there.map(|row| row.teams.into_iter().collect()).unwrap_or_default()))
}

/// The agent as it was at an instant, if it was there and of these teams.
fn was_there(
    rows: &Rows<'_>,
    (number, agent): (i64, &str),
    at: Timestamp,
    scope: &Scope,
    names: &mut Names<'_>,
) -> Result<Option<WasThere>, Failed> {
    let last: Option<Recorded> = rows.before(number, Place::behind(at), 1)?.pop();
    let Some(Recorded { stood, name, teams }) = last else { return Ok(None) };
    let Some(interval) = stood.until(None).filter(|_| scope.includes(&teams)) else { return Ok(None) };
    let text = names.of(&interval.state.presence)?;
    Ok(Some(WasThere { agent: agent.to_owned(), name, teams, text, interval }))
}

/// A row with what the agent's record said then.
struct Recorded {
    stood: Stood,
    name: String,
    teams: Vec<String>,
}

impl Columns for Recorded {
    const COLUMNS: &str = concat!(columns!(), ", records.name, records.teams");
    const JOINS: &str = concat!(joins!(), " JOIN history_records AS records ON records.number = one.record");

    fn read(row: &Row<'_>) -> Result<Self, Failed> {
        Ok(Self { stood: Stood::read(row)?, name: row.get(WIDTH)?, teams: teams(row.get(WIDTH + 1)?)? })
    }

    fn place(&self) -> Place {
        self.stood.place()
    }
}

/// Teams, from the list that the tables hold.
pub(super) fn teams(json: String) -> Result<Vec<String>, Failed> {
    serde_json::from_str(&json).map_err(|_| Failed::Word(json))
}
