//! Which filters a change can concern.

use std::collections::{BTreeSet, HashMap};

use super::criteria::{Criteria, Reach};
use crate::domain::agent::Agent;

/// A filter's number while it lives.
pub(super) type FilterId = u32;

/// Filters by the teams and agents they are about.
#[derive(Debug, Default)]
pub(super) struct Index {
    everyone: BTreeSet<FilterId>,
    by_team: HashMap<String, BTreeSet<FilterId>>,
    by_agent: HashMap<String, BTreeSet<FilterId>>,
}

impl Index {
    pub(super) fn insert(&mut self, id: FilterId, criteria: &Criteria) {
        let (map, names) = match criteria.reach() {
            Reach::Everyone => {
                self.everyone.insert(id);
                return;
            }
            Reach::Teams(names) => (&mut self.by_team, names),
            Reach::Agents(names) => (&mut self.by_agent, names),
        };
        for name in names {
            map.entry(name.to_owned()).or_default().insert(id);
        }
    }

    pub(super) fn remove(&mut self, id: FilterId, criteria: &Criteria) {
        let (map, names) = match criteria.reach() {
            Reach::Everyone => {
                self.everyone.remove(&id);
                return;
            }
            Reach::Teams(names) => (&mut self.by_team, names),
            Reach::Agents(names) => (&mut self.by_agent, names),
        };
        for name in names {
            if let Some(filters) = map.get_mut(name) {
                filters.remove(&id);
                if filters.is_empty() {
                    map.remove(name);
                }
            }
        }
    }

    /// The filters that a change from one state to the next can concern, each once.
    pub(super) fn concerned(&self, before: Option<&Agent>, after: &Agent) -> Vec<FilterId> {
        let mut found: Vec<FilterId> = self.everyone.iter().copied().collect();
        let teams = before.into_iter().flat_map(|agent| &agent.record.teams).chain(&after.record.teams);
        for filters in teams.filter_map(|team| self.by_team.get(team)) {
            found.extend(filters);
        }
        if let Some(filters) = self.by_agent.get(after.record.agent.as_str()) {
            found.extend(filters);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
