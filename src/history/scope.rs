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

    /// The number and the id of some agents behind this id, in the order of their ids, who ever were of these teams, or
    /// who are named; none if there are no more. Of which teams they were when, their rows say.
    pub(super) fn some(&self, connection: &Connection, after: Option<&str>) -> Result<Vec<(i64, String)>, Failed> {
        if self.teams.as_ref().is_some_and(BTreeSet::is_empty) {
            return Ok(Vec::new());
        }
        let Some(named) = &self.agents else {
            let teams = self.teams.as_ref().map(|teams| serde_json::json!(teams).to_string());
            let mut select = connection.prepare_cached(
                "SELECT number, agent_id FROM history_agents AS agents WHERE agent_id > ?1
                 AND (?2 IS NULL OR EXISTS (
                     SELECT 1 FROM history_records AS records, json_each(records.teams) AS team
                     WHERE records.agent = agents.number AND team.value IN (SELECT value FROM json_each(?2))
                 )) ORDER BY agent_id LIMIT ?3",
            )?;
            let after = after.unwrap_or_default();
            let rows = select.query_map(params![after, teams, BITE], |row| Ok((row.get(0)?, row.get(1)?)))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::test_world::{Happening, What, World};

    #[test]
    fn rows_are_read_of_agents_only_who_ever_were_of_the_teams() {
        let happens = |agent, what| Happening { agent, passes: 1, what, after_undoing: false };
        let (_, kept) = World::kept(&[
            happens(0, What::MovesTo("sales")),
            happens(0, What::MovesTo("billing")),
            happens(1, What::MovesTo("billing")),
            happens(2, What::Becomes(0)),
        ]);
        let found = |teams: &[&str]| {
            let teams = Some(teams.iter().map(|team| (*team).to_owned()).collect());
            let some = Scope { teams, agents: None }.some(&kept, None).unwrap();
            some.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
        };
        assert_eq!(found(&["sales"]), ["ada"]);
        assert_eq!(found(&["billing", "support"]), ["ada", "ben"]);
        assert!(found(&["support"]).is_empty() && found(&[]).is_empty());
        assert_eq!(Scope::default().some(&kept, Some("ada")).unwrap().len(), 2);
    }
}
