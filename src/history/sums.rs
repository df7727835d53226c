//! Sums over the rows of agents, cut to the time that is asked for: of each agent, each team, or each part of the
//! time. What is summed, a [`Measure`] says.

use std::collections::HashMap;
use std::hash::Hash;

use super::forward::{count, each_agent};
use super::numbers::{Numbers, Step};
use super::reader::Failed;
use super::rows::Place;
use super::wanted::{By, MOST_LINES, Of, Wanted};
use crate::domain::time::Timestamp;

/// Rows that one read takes.
const BITE: usize = 4_000;

/// What is summed.
pub(super) trait Measure {
    /// What has a sum of its own.
    type Kind: Copy + Eq + Hash;
    /// How many sums are one line of a report.
    const OF_A_LINE: usize;

    /// As what the time counts that passes from a row to the next.
    fn lasts(numbers: &mut Numbers<'_>, step: &Step) -> Result<[Option<Self::Kind>; 4], Failed>;

    /// As what a row itself counts, behind the one before it.
    fn happens(
        numbers: &mut Numbers<'_>,
        before: Option<&Step>,
        step: &Step,
    ) -> Result<[Option<Self::Kind>; 2], Failed>;
}

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

/// The sums, in any order.
pub(super) fn sums<M: Measure>(numbers: &mut Numbers<'_>, wanted: &Wanted) -> Result<Vec<Sum<M::Kind>>, Failed> {
    let mut sums: Sums<'_, M> =
        Sums { wanted, rows: 0, amounts: HashMap::new(), throughout: HashMap::new(), agents: HashMap::new() };
    each_agent(numbers, wanted, |numbers, number, agent| sums.add_agent(numbers, number, agent))?;
    sums.finish(numbers)
}

/// The sums in the making, by numbers: a row costs no text.
struct Sums<'a, M: Measure> {
    wanted: &'a Wanted,
    rows: usize,
    /// By what they are of and by their kind.
    amounts: HashMap<(Key, M::Kind), i64>,
    /// By kind: how many more agents, or fewer, had it throughout a part than throughout the part before. So what
    /// lasts for very many parts costs no more than what begins in one and ends in another.
    throughout: HashMap<M::Kind, Vec<i64>>,
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

impl<M: Measure> Sums<'_, M> {
    fn add_agent(&mut self, numbers: &mut Numbers<'_>, number: i64, agent: &str) -> Result<(), Failed> {
        let to = self.wanted.to.0;
        let (mut place, end) = (Place::at(self.wanted.from), Place::at(self.wanted.to));
        let mut last: Option<Step> = numbers.rows.before(number, place, 1)?.pop();
        // Of the last row that counts.
        let mut record = None;
        loop {
            let bite: Vec<Step> = numbers.rows.between(number, place, end, BITE)?;
            count(&mut self.rows, bite.len())?;
            for step in &bite {
                if let Some(last) = &last {
                    record = self.add_time(numbers, number, last, step.place.start.0)?.or(record);
                }
                record = self.add_row(numbers, number, last.as_ref(), step)?.or(record);
                last = Some(*step);
            }
            match bite.last() {
                Some(step) if bite.len() == BITE => place = step.place.next(),
                Some(_) | None => break,
            }
        }
        if let Some(last) = &last {
            record = self.add_time(numbers, number, last, to)?.or(record);
        }
        if let Some(record) = record {
            self.agents.insert(number, (agent.to_owned(), numbers.record(record)?.name.clone()));
        }
        Ok(())
    }

    /// Adds what lasted from a row until `end`. Returns the number of its record if it counts.
    fn add_time(
        &mut self,
        numbers: &mut Numbers<'_>,
        agent: i64,
        step: &Step,
        end: i64,
    ) -> Result<Option<i64>, Failed> {
        let (from, to) = (step.place.start.0.max(self.wanted.from.0), end.min(self.wanted.to.0));
        if step.state.is_none() || from >= to || !self.wanted.scope.includes(&numbers.record(step.record)?.teams) {
            return Ok(None);
        }
        let mut counts = None;
        for kind in M::lasts(numbers, step)?.into_iter().flatten() {
            counts = Some(step.record);
            let By::Part(begin) = &self.wanted.by else {
                self.count_whole(numbers, agent, step.record, kind, to - from)?;
                continue;
            };
            let (first, last) = (part_of(begin, from), part_of(begin, to - 1));
            if first == last {
                self.count(Key::Part(first), kind, to - from)?;
            } else {
                self.count(Key::Part(first), kind, self.wanted.end_of(begin, first).0 - from)?;
                self.count(Key::Part(last), kind, to - begin[last].0)?;
                let changes = self.throughout.entry(kind).or_insert_with(|| vec![0; begin.len()]);
                changes[first + 1] += 1;
                changes[last] -= 1;
            }
        }
        Ok(counts)
    }

    /// Adds what a row counts for. Returns the number of its record if it counts.
    fn add_row(
        &mut self,
        numbers: &mut Numbers<'_>,
        agent: i64,
        before: Option<&Step>,
        step: &Step,
    ) -> Result<Option<i64>, Failed> {
        // A deletion leaves nothing of the record: what it ends was of the teams until then.
        let record = before.filter(|_| step.state.is_none()).unwrap_or(step).record;
        let mut counts = None;
        for kind in M::happens(numbers, before, step)?.into_iter().flatten() {
            if !self.wanted.scope.includes(&numbers.record(record)?.teams) {
                return Ok(None);
            }
            counts = Some(record);
            match &self.wanted.by {
                By::Part(begin) => self.count(Key::Part(part_of(begin, step.place.start.0)), kind, 1)?,
                By::Agent | By::Team => self.count_whole(numbers, agent, record, kind, 1)?,
            }
        }
        Ok(counts)
    }

    /// Counts for the agent, or for the teams that it was in.
    fn count_whole(
        &mut self,
        numbers: &mut Numbers<'_>,
        agent: i64,
        record: i64,
        kind: M::Kind,
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

    fn count(&mut self, key: Key, kind: M::Kind, amount: i64) -> Result<(), Failed> {
        *self.amounts.entry((key, kind)).or_default() += amount;
        if self.amounts.len() > MOST_LINES * M::OF_A_LINE {
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

    fn finish(mut self, numbers: &Numbers<'_>) -> Result<Vec<Sum<M::Kind>>, Failed> {
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

fn part_of(begin: &[Timestamp], instant: i64) -> usize {
    begin.partition_point(|begin| begin.0 <= instant).saturating_sub(1)
}
