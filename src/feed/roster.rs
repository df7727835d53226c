//! One list for the whole hub: agents by the place at which what is shown of them last changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::criteria::Reach;
use super::place::Place;
use super::slots::{Slot, Slots};
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::ids::AgentId;
use crate::engine::Seq;
use crate::wire::shapes::WatchedAgent;
use crate::wire::show::{self, Including};
use crate::wire::written::Written;

/// An agent's newest state, with what was encoded of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) agent: Arc<Agent>,
    /// The position of its newest entry.
    seq: Seq,
    /// Where what is shown of it last changed: there, or behind it.
    pub(super) place: Place,
    /// The entry of a frame, once for each way of including. Boxed, because of most agents nobody is told lately.
    written: Option<Box<[Option<Written<WatchedAgent>>; 8]>>,
}

/// Agents by the place at which what is shown of them last changed.
#[derive(Debug, Default)]
pub(super) struct Roster {
    rows: Vec<Row>,
    /// The slots of agents that were forgotten. Their rows are those of deleted agents, which nobody is shown.
    spare: Vec<Slot>,
    slots: HashMap<AgentId, Slot>,
    order: BTreeMap<Place, Slot>,
    /// Who is in which team, deleted ones included.
    teams: HashMap<String, BTreeSet<Slot>>,
}

impl Roster {
    /// Puts an agent's newest state in. Returns its slot and the state before; none if the
    /// roster already has this position or a newer one.
    pub(super) fn put(&mut self, seq: Seq, agent: Arc<Agent>) -> Option<(Slot, Option<Arc<Agent>>)> {
        let place = Place::of(seq);
        let Some(&slot) = self.slots.get(&agent.record.agent) else {
            let row = Row { agent: Arc::clone(&agent), seq, place, written: None };
            let slot = match self.spare.pop() {
                Some(slot) => {
                    let before = std::mem::replace(&mut self.rows[slot as usize], row);
                    self.order.remove(&before.place);
                    slot
                }
                None => {
                    let slot = Slot::try_from(self.rows.len()).ok()?;
                    self.rows.push(row);
                    slot
                }
            };
            self.slots.insert(agent.record.agent.clone(), slot);
            for team in &agent.record.teams {
                self.teams.entry(team.clone()).or_default().insert(slot);
            }
            self.order.insert(place, slot);
            return Some((slot, None));
        };
        let row = &mut self.rows[slot as usize];
        if row.seq >= seq {
            return None;
        }
        row.seq = seq;
        let before = std::mem::replace(&mut row.agent, Arc::clone(&agent));
        self.move_to(slot, place);
        if before.record.teams != agent.record.teams {
            self.change_teams(slot, &before, &agent);
        }
        Some((slot, Some(before)))
    }

    /// Lets a deleted agent go whose newest entry is at `seq`. Returns the slot that it had.
    pub(super) fn forget(&mut self, agent: &AgentId, seq: Seq) -> Option<Slot> {
        let slot = *self.slots.get(agent)?;
        let row = &mut self.rows[slot as usize];
        if row.seq != seq || row.agent.deleted.is_none() {
            return None;
        }
        row.written = None;
        self.order.remove(&row.place);
        for team in &row.agent.record.teams {
            if let Some(slots) = self.teams.get_mut(team) {
                slots.remove(&slot);
                if slots.is_empty() {
                    self.teams.remove(team);
                }
            }
        }
        self.slots.remove(agent);
        self.spare.push(slot);
        Some(slot)
    }

    /// What is shown of an agent has changed, though it has no new entry.
    pub(super) fn move_to(&mut self, slot: Slot, place: Place) {
        let row = &mut self.rows[slot as usize];
        self.order.remove(&row.place);
        self.order.insert(place, slot);
        row.place = place;
        if let Some(written) = &mut row.written {
            **written = Default::default();
        }
    }

    fn change_teams(&mut self, slot: Slot, before: &Agent, after: &Agent) {
        for team in before.record.teams.difference(&after.record.teams) {
            if let Some(slots) = self.teams.get_mut(team) {
                slots.remove(&slot);
                if slots.is_empty() {
                    self.teams.remove(team);
                }
            }
        }
        for team in after.record.teams.difference(&before.record.teams) {
            self.teams.entry(team.clone()).or_default().insert(slot);
        }
    }

    #[inline]
    pub(super) fn row(&self, slot: Slot) -> &Row {
        &self.rows[slot as usize]
    }

    /// How many agents there are, deleted ones included.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Their slots.
    pub(super) fn slots(&self) -> std::ops::Range<Slot> {
        0..Slot::try_from(self.len()).unwrap_or(Slot::MAX)
    }

    /// The agents that are within a reach.
    pub(super) fn within(&self, reach: &Reach<'_>) -> Slots {
        match reach {
            Reach::Everyone => Slots::all(self.len()),
            Reach::Agents(names) => names.iter().filter_map(|name| self.slots.get(*name)).copied().collect(),
            Reach::Teams(names) => names.iter().filter_map(|name| self.teams.get(*name)).flatten().copied().collect(),
        }
    }

    /// What of whom was changed beyond `from`, in the order of places.
    pub(super) fn beyond(&self, from: Place) -> impl Iterator<Item = (Place, Slot)> {
        self.order.range((Bound::Excluded(from), Bound::Unbounded)).map(|(place, slot)| (*place, *slot))
    }

    /// The agent's entry of a frame.
    pub(super) fn entry(&mut self, slot: Slot, directory: &Directory, including: Including) -> Written<WatchedAgent> {
        let row = &mut self.rows[slot as usize];
        let Including { capacity, work_items, record } = including;
        let way = usize::from(capacity) | usize::from(work_items) << 1 | usize::from(record) << 2;
        let entry = row.written.get_or_insert_default()[way]
            .get_or_insert_with(|| Written::of(&show::watched_agent(row.seq, &row.agent, directory, including)));
        entry.clone()
    }
}
