//! What agents say of entries of their history.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Row, params};

use super::Became;
use super::people::{agent_number, number};
use crate::domain::dispute::Dispute;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::history::floor::last_teams;
use crate::history::reader::Failed;

/// The most disputes of an agent, so that one list has room for them.
pub const MOST_OF_AN_AGENT: usize = 500;
/// Disputes that a page looks at, of whomever they are.
const LOOKED_AT: usize = 1_000;

/// Makes the table. Never edit it once it was released: it is a step of the database's version.
pub const CREATE: &str = "
-- What an agent (a number of `plan_people`) says of the row of `history` with this `start` and `seq`.
CREATE TABLE disputes (
    dispute_id TEXT PRIMARY KEY,
    agent INTEGER NOT NULL,
    start INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX disputes_agent ON disputes (agent, at);
CREATE INDEX disputes_at ON disputes (at, dispute_id);
";

/// Keeps one, if there is such an entry.
pub(super) fn put(connection: &Connection, dispute: &Dispute) -> rusqlite::Result<Became> {
    let Dispute { id, agent, start, seq, note, at } = dispute;
    let Some(number) = agent_number(connection, agent.as_str())? else { return Ok(Became::UnknownAgent) };
    // Rows of the newest changes stand in a table of their own until they are moved.
    let is_there = "SELECT EXISTS (SELECT 1 FROM history JOIN history_agents ON agent = number
                                   WHERE agent_id = ?1 AND start = ?2 AND seq = ?3)
                    OR EXISTS (SELECT 1 FROM history_recent JOIN history_agents ON agent = number
                               WHERE seq = ?3 AND agent_id = ?1 AND start = ?2)";
    let is_there: bool =
        connection.prepare_cached(is_there)?.query_row(params![agent.as_str(), start.0, seq], |row| row.get(0))?;
    if !is_there {
        return Ok(Became::Unknown);
    }
    let there = "SELECT count(*) FROM disputes WHERE agent = ?";
    let there: usize = connection.prepare_cached(there)?.query_row([number], |row| row.get(0))?;
    if there >= MOST_OF_AN_AGENT {
        return Ok(Became::TooMany);
    }
    let insert = "INSERT INTO disputes VALUES (?, ?, ?, ?, ?, ?)";
    connection.prepare_cached(insert)?.execute(params![id, number, start.0, seq, note, at.0])?;
    Ok(Became::Kept)
}

/// Deletes at most so many of a person's that were said before an instant. Returns how many.
pub(super) fn forget(connection: &Connection, agent: i64, at: Timestamp, most: usize) -> rusqlite::Result<usize> {
    let delete = "DELETE FROM disputes WHERE dispute_id IN (
                      SELECT dispute_id FROM disputes WHERE agent = ? AND at < ? LIMIT ?)";
    connection.prepare_cached(delete)?.execute(params![agent, at.0, most])
}

const DISPUTE: &str = "SELECT dispute_id, id, start, seq, note, at FROM disputes JOIN plan_people ON number = agent";

/// All that an agent disputes, newest first.
///
/// # Errors
/// What the database says.
pub fn of_agent(connection: &Connection, agent: &AgentId) -> rusqlite::Result<Vec<Dispute>> {
    let Some(agent) = number(connection, agent.as_str())? else { return Ok(Vec::new()) };
    let find = format!("{DISPUTE} WHERE agent = ? ORDER BY at DESC, dispute_id DESC");
    connection.prepare_cached(&find)?.query_map([agent], dispute)?.collect()
}

/// Where a page ends: when the last dispute that it looked at was said, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was said.
    pub at: Timestamp,
    /// Its id.
    pub id: String,
}

/// Which disputes.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of agents that are of any of these teams now, or were last; none for all.
    pub teams: Option<BTreeSet<String>>,
    /// Said from this instant on.
    pub from: Timestamp,
    /// Said before this one.
    pub to: Timestamp,
    /// Those that were said before this one.
    pub below: Option<Place>,
    /// The most of them.
    pub most: usize,
}

/// The disputes that are wanted, newest first, and where the next page begins, if there may be one.
///
/// # Errors
/// [`Failed`]
pub fn page(connection: &Connection, wanted: &Wanted) -> Result<(Vec<Dispute>, Option<Place>), Failed> {
    let Wanted { teams, from, to, below, most } = wanted;
    let (at, id) = below.as_ref().map_or((to.0, ""), |place| (place.at.0, place.id.as_str()));
    let find = format!(
        "{DISPUTE} WHERE (at, dispute_id) < (?, ?) AND at >= ? ORDER BY at DESC, dispute_id DESC LIMIT {LOOKED_AT}"
    );
    let mut select = connection.prepare_cached(&find)?;
    let mut known: HashMap<AgentId, bool> = HashMap::new();
    let (mut found, mut last, mut looked_at) = (Vec::new(), None, 0);
    for one in select.query_map(params![at, id, from.0], dispute)? {
        let one = one?;
        looked_at += 1;
        last = Some(Place { at: one.at, id: one.id.clone() });
        let is_wanted = match (teams, known.get(&one.agent)) {
            (None, _) => true,
            (Some(_), Some(is_of_them)) => *is_of_them,
            (Some(teams), None) => {
                let is_of_them = !last_teams(connection, &one.agent)?.unwrap_or_default().is_disjoint(teams);
                known.insert(one.agent.clone(), is_of_them);
                is_of_them
            }
        };
        if is_wanted {
            found.push(one);
        }
        if found.len() == *most {
            return Ok((found, last));
        }
    }
    Ok((found, last.filter(|_| looked_at == LOOKED_AT)))
}

fn dispute(row: &Row<'_>) -> rusqlite::Result<Dispute> {
    let agent: String = row.get(1)?;
    let damaged = |error: crate::domain::ids::InvalidId| {
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, error.into())
    };
    Ok(Dispute {
        id: row.get(0)?,
        agent: AgentId::new(agent).map_err(damaged)?,
        start: Timestamp(row.get(2)?),
        seq: row.get(3)?,
        note: row.get(4)?,
        at: Timestamp(row.get(5)?),
    })
}
