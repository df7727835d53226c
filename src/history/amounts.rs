//! Amounts that are added up: of each agent, each team, or each part of the time.

use std::collections::HashMap;
use std::hash::Hash;

use super::numbers::Numbers;
use super::reader::Failed;
use super::wanted::{By, MOST_LINES, Of, Wanted};

/// A sum: milliseconds, or how many.
pub(super) struct Sum<K> {
    /// What it is of.
    pub of: Of,
    /// The agent's name, as it was last in the time asked for.
    pub name: Option<String>,
    /// What is summed.
    pub kind: K,
    /// How much.
    pub amount: i64,
}

/// Sums in the making, by numbers: a row costs no text.
pub(super) struct Amounts<'a, K> {
    wanted: &'a Wanted,
    /// How many sums are one line of a report.
    of_a_line: usize,
    /// By what they are of and by their kind.
    amounts: HashMap<(Key, K), i64>,
    /// By kind: how many more agents, or fewer, had it throughout a part than throughout the part before. So what
    /// lasts for very many parts costs no more than what begins in one and ends in another.
    throughout: HashMap<K, Vec<i64>>,
    /// The id, and the name that it had last, of agents that have sums; by their numbers.
    agents: HashMap<i64, (String, String)>,
}

/// What a sum is of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// An agent, by its number.
    Agent(i64),
    /// A team, by its place among those that were met.
    Team(Option<usize>),
    /// A part of the time, by its place.
    Part(usize),
}

impl<'a, K: Copy + Eq + Hash> Amounts<'a, K> {
    pub fn of(wanted: &'a Wanted, of_a_line: usize) -> Self {
        let (amounts, throughout, agents) = Default::default();
        Self { wanted, of_a_line, amounts, throughout, agents }
    }

    /// Adds what lasted within the time that is asked for, of an agent with this record.
    pub fn lasts(
        &mut self,
        numbers: &mut Numbers<'_>,
        (agent, record): (i64, i64),
        kind: K,
        (from, to): (i64, i64),
    ) -> Result<(), Failed> {
        let By::Part(begin) = &self.wanted.by else {
            return self.count_whole(numbers, agent, record, kind, to - from);
        };
        let (first, last) = (Wanted::part_of(begin, from), Wanted::part_of(begin, to - 1));
        if first == last {
            return self.count(Key::Part(first), kind, to - from);
        }
        self.count(Key::Part(first), kind, self.wanted.end_of(begin, first).0 - from)?;
        self.count(Key::Part(last), kind, to - begin[last].0)?;
        let changes = self.throughout.entry(kind).or_insert_with(|| vec![0; begin.len()]);
        changes[first + 1] += 1;
        changes[last] -= 1;
        Ok(())
    }

    /// Adds one that happened at an instant of the time, to an agent with this record.
    pub fn happens(
        &mut self,
        numbers: &mut Numbers<'_>,
        (agent, record): (i64, i64),
        kind: K,
        at: i64,
    ) -> Result<(), Failed> {
        match &self.wanted.by {
            By::Part(begin) => self.count(Key::Part(Wanted::part_of(begin, at)), kind, 1),
            By::Agent | By::Team => self.count_whole(numbers, agent, record, kind, 1),
        }
    }

    /// The agent of this number has sums, and had this name last.
    pub fn is_called(&mut self, number: i64, id: &str, name: &str) {
        self.agents.insert(number, (id.to_owned(), name.to_owned()));
    }

    /// Counts for the agent, or for the teams that it was in.
    fn count_whole(
        &mut self,
        numbers: &mut Numbers<'_>,
        agent: i64,
        record: i64,
        kind: K,
        amount: i64,
    ) -> Result<(), Failed> {
        if self.wanted.by == By::Agent {
            return self.count(Key::Agent(agent), kind, amount);
        }
        let record = numbers.record(record)?;
        if record.teams.is_empty() {
            return self.count(Key::Team(None), kind, amount);
        }
        let asked = self.wanted.scope.teams.as_ref();
        for (team, place) in record.teams.iter().zip(&record.places) {
            if asked.is_none_or(|asked| asked.contains(team)) {
                self.count(Key::Team(Some(*place)), kind, amount)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, key: Key, kind: K, amount: i64) -> Result<(), Failed> {
        *self.amounts.entry((key, kind)).or_default() += amount;
        if self.amounts.len() > MOST_LINES * self.of_a_line {
            return Err(Failed::TooMuch { most: MOST_LINES, what: "sums would be answered" });
        }
        Ok(())
    }

    fn add_what_lasted_throughout(&mut self) -> Result<(), Failed> {
        let wanted = self.wanted;
        let By::Part(begin) = &wanted.by else { return Ok(()) };
        for (kind, changes) in std::mem::take(&mut self.throughout) {
            let mut agents = 0;
            for (part, change) in changes.into_iter().enumerate() {
                agents += change;
                if agents > 0 {
                    let millis = wanted.end_of(begin, part).0 - begin[part].0;
                    self.count(Key::Part(part), kind, agents * millis)?;
                }
            }
        }
        Ok(())
    }

    /// The sums, in any order.
    pub fn finish(mut self, numbers: &Numbers<'_>) -> Result<Vec<Sum<K>>, Failed> {
        self.add_what_lasted_throughout()?;
        let named = |((key, kind), amount)| {
            let (of, name) = match (key, &self.wanted.by) {
                (Key::Agent(number), _) => {
                    let (id, name) = self.agents[&number].clone();
                    (Of::Agent(id), Some(name))
                }
                (Key::Team(place), _) => (Of::Team(place.map(|place| numbers.teams[place].clone())), None),
                (Key::Part(part), By::Part(begin)) => (Of::Part(begin[part], self.wanted.end_of(begin, part)), None),
                (Key::Part(_), By::Agent | By::Team) => unreachable!("parts are counted by part"),
            };
            Sum { of, name, kind, amount }
        };
        Ok(self.amounts.into_iter().map(named).collect())
    }
}
