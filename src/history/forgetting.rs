//! Rows that are older than what is kept go, some at a time, and with them what was planned then.

use rusqlite::{Connection, OptionalExtension, params};

use super::told;
use crate::domain::time::Timestamp;

/// Rows that one bite deletes at most, and agents that it looks at: some milliseconds.
const ROWS: usize = 2_000;
const AGENTS: usize = 50;

/// From when on the history is kept: what was before may be gone.
///
/// # Errors
/// What the database says.
pub fn kept_from(connection: &Connection) -> rusqlite::Result<Timestamp> {
    let kept = "SELECT kept_from FROM history_state";
    connection.prepare_cached(kept)?.query_row([], |row| row.get(0).map(since))
}

/// From when on something is there, as the tables say it: 0 while nothing is gone.
pub(super) fn since(from: i64) -> Timestamp {
    Timestamp(if from == 0 { i64::MIN } else { from })
}

/// Deletes some rows that were over before an instant, of agents behind this number; from then on the history is
/// kept. Returns the number to go on behind; none when all agents were looked at.
///
/// # Errors
/// What the database says.
pub fn bite(connection: &Connection, from: Timestamp, behind: i64) -> rusqlite::Result<Option<i64>> {
    let next = "SELECT number, agent_id FROM history_agents WHERE number > ? ORDER BY number LIMIT ?";
    let mut select = connection.prepare_cached(next)?;
    let agents = select.query_map(params![behind, AGENTS], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let agents = agents.collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    let (mut behind, mut room) = (behind, ROWS);
    for (agent, id) in &agents {
        room -= delete(connection, *agent, from, room)?;
        room -= told::keep::forget(connection, id, from, room)?;
        if room == 0 {
            break;
        }
        behind = *agent;
    }
    if room < ROWS {
        let kept = "UPDATE history_state SET kept_from = max(kept_from, ?)";
        connection.prepare_cached(kept)?.execute([from.0])?;
    }
    // Of the agent at which there was no room left there may be more.
    Ok((agents.len() == AGENTS || room == 0).then_some(behind))
}

/// Deletes at most so many of an agent's rows before the one that holds at an instant.
fn delete(connection: &Connection, agent: i64, at: Timestamp, most: usize) -> rusqlite::Result<usize> {
    let place = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?));
    // Only what is settled: the newest of an agent's rows there may be one that does not count yet.
    let holds = "SELECT start, seq FROM history WHERE agent = ? AND start <= ?
                 AND seq <= (SELECT settled FROM history_state) ORDER BY start DESC, seq DESC LIMIT 1";
    let Some(holds) = connection.prepare_cached(holds)?.query_row(params![agent, at.0], place).optional()? else {
        return Ok(0);
    };
    let last = "SELECT start, seq FROM history WHERE agent = ? AND (start, seq) < (?, ?)
                ORDER BY start, seq LIMIT 1 OFFSET ?";
    let last = connection.prepare_cached(last)?.query_row(params![agent, holds.0, holds.1, most], place).optional()?;
    let before = last.unwrap_or(holds);
    let gone = "DELETE FROM history WHERE agent = ? AND (start, seq) < (?, ?)";
    connection.prepare_cached(gone)?.execute(params![agent, before.0, before.1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::test_world::World;

    #[test]
    fn while_nothing_is_gone_all_time_is_kept_that_of_before_1970_too() {
        let kept = World::new().keep();
        assert_eq!(kept_from(&kept).unwrap(), Timestamp(i64::MIN));
        kept.execute("UPDATE history_state SET kept_from = 7", []).unwrap();
        assert_eq!(kept_from(&kept).unwrap(), Timestamp(7));
    }
}
