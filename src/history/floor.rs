//! The floor as it was at an instant.

use rusqlite::{Connection, Row};

use super::names::Names;
use super::reader::{Failed, kept};
use super::rows::{Columns, Place, Rows};
use super::scope::Scope;
use super::stood::{Interval, Stood, WIDTH, columns, joins};
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
            let last: Option<Recorded> = rows.before(number, Place::behind(at), 1)?.pop();
            let Some(Recorded { stood, name, teams }) = last else { continue };
            let Some(interval) = stood.until(None) else { continue };
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
