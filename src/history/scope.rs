//! Whom a question is about.

use std::collections::BTreeSet;
use std::ops::Bound;

use rusqlite::{Connection, OptionalExtension, params};

use super::reader::Failed;

/// Agents that one read finds.
const BITE: usize = 500;

/// Whom a question is about. Teams are those of the time that it is about.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Agents of any of these teams; none for all.
    pub teams: Option<BTreeSet<String>>,
    /// Agents of these ids; none for all.
    pub agents: Option<BTreeSet<String>>,
}

impl Scope {
    /// Whether it is about an agent while that is of these teams.
    pub(super) fn includes(&self, of: &[String]) -> bool {
        self.teams.as_ref().is_none_or(|teams| of.iter().any(|team| teams.contains(team)))
    }

    /// The number and the id of some agents behind this id, in the order of their ids, whatever their teams are or
    /// were; none if there are no more.
    pub(super) fn some(&self, connection: &Connection, after: Option<&str>) -> Result<Vec<(i64, String)>, Failed> {
        if self.teams.as_ref().is_some_and(BTreeSet::is_empty) {
            return Ok(Vec::new());
        }
        let Some(named) = &self.agents else {
            let next = "SELECT number, agent_id FROM history_agents WHERE agent_id > ? ORDER BY agent_id LIMIT ?";
            let mut select = connection.prepare_cached(next)?;
            let rows =
                select.query_map(params![after.unwrap_or_default(), BITE], |row| Ok((row.get(0)?, row.get(1)?)))?;
            return Ok(rows.collect::<Result<_, _>>()?);
        };
        let mut some = Vec::new();
        for id in named.range::<str, _>((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)) {
            let find = "SELECT number FROM history_agents WHERE agent_id = ?";
            let number = connection.prepare_cached(find)?.query_row([id], |row| row.get(0)).optional()?;
            some.extend(number.map(|number| (number, id.clone())));
            if some.len() == BITE {
                break;
            }
        }
        Ok(some)
    }
}
