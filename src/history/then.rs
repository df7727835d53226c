//! What held at an instant, for whoever looks it up in the log.

use rusqlite::{Connection, OptionalExtension, params};

use super::intervals::number;
use super::reader::Failed;
use super::rows::{Columns as _, Place, Rows};
use super::stood::Stood;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;

/// The row that held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The number of its agent.
    pub agent: i64,
    /// Its position in the log.
    pub seq: u64,
}

/// The agent's row that held at an instant; none if the agent was not there.
///
/// # Errors
/// [`Failed`]
pub fn held(connection: &Connection, agent: &AgentId, instant: Timestamp) -> Result<Option<Held>, Failed> {
    let Some(agent) = number(connection, agent)? else { return Ok(None) };
    let last: Option<Stood> = Rows::of_agent(connection, agent)?.before(agent, Place::behind(instant), 1)?.pop();
    Ok(last.filter(|last| last.state.is_some()).map(|last| Held { agent, seq: last.place().seq }))
}

/// When the first of an agent's rows starts that the log has from this position on.
///
/// # Errors
/// What the database says.
pub fn first_start(connection: &Connection, agent: i64, seq: u64) -> rusqlite::Result<Option<Timestamp>> {
    let first = "SELECT start FROM history_rows WHERE agent = ? AND seq >= ? ORDER BY start, seq LIMIT 1";
    connection.prepare_cached(first)?.query_row(params![agent, seq], |row| row.get(0).map(Timestamp)).optional()
}

/// The newest entry of each record of the directory at an instant, with its position; in the order of the log.
///
/// # Errors
/// What the database says.
pub fn directory(connection: &Connection, instant: Timestamp) -> rusqlite::Result<Vec<(u64, String)>> {
    let newest = "SELECT seq, entry FROM history_directory WHERE seq IN
                  (SELECT max(seq) FROM history_directory WHERE start <= ? GROUP BY subject) ORDER BY seq";
    let mut select = connection.prepare_cached(newest)?;
    let rows = select.query_map([instant.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
