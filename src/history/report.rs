//! How long agents were what they were: sums over intervals, cut to the time that is asked for.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row};

use super::floor::teams;
use super::names::Names;
use super::reader::{Failed, kept};
use super::rows::{Columns, Place, Rows};
use super::scope::Scope;
use crate::domain::ids::PresenceId;
use crate::domain::presence::BaseStatus;
use crate::domain::time::Timestamp;

/// Rows that one read takes.
const BITE: usize = 4_000;
/// The most rows that a report reads: a few seconds of a thread.
pub const MOST_ROWS: usize = 3_000_000;
/// The most lines of a report.
pub const MOST_LINES: usize = 50_000;

/// What is to be summed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From this instant on.
    pub from: Timestamp,
    /// Up to this one. Beyond it nothing is known or asked.
    pub to: Timestamp,
    /// Whose time.
    pub scope: Scope,
    /// What has a sum of its own.
    pub by: By,
}

impl Wanted {
    /// Where a part ends.
    fn end_of(&self, begin: &[Timestamp], part: usize) -> Timestamp {
        begin.get(part + 1).copied().unwrap_or(self.to)
    }
}

/// What has a sum of its own, for each presence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Each agent.
    Agent,
    /// Each team. Who is in several counts in each.
    Team,
    /// Each part of the time; where they begin, the first at `from`.
    Part(Vec<Timestamp>),
}

/// What a sum is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// An agent, by its id.
    Agent(String),
    /// A team; none for agents without.
    Team(Option<String>),
    /// A part of the time, from one instant to another.
    Part(Timestamp, Timestamp),
}

/// A sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is of.
    pub of: Of,
    /// The agent's name, as it was last in the time asked for.
    pub name: Option<String>,
    /// The presence.
    pub presence: PresenceId,
    /// What it was called at the end of the time asked for.
    pub text: String,
    /// The base status that it had.
    pub base: BaseStatus,
    /// How long, in milliseconds.
    pub millis: i64,
}

/// The sums, in the order of what they are of and of the presences.
///
/// # Errors
/// [`Failed`]
pub fn time_in_status(connection: &Connection, wanted: &Wanted) -> Result<Vec<Line>, Failed> {
    kept(connection, wanted.from)?;
    let mut sums = Sums { wanted, rows: 0, millis: HashMap::new(), throughout: HashMap::new(), agents: HashMap::new() };
    let mut numbers = Numbers { rows: Rows::of_all(connection)?, records: HashMap::new(), teams: Vec::new() };
    let mut after: Option<String> = None;
    loop {
        let some = wanted.scope.some(connection, after.as_deref())?;
        let Some((_, last)) = some.last() else { break };
        after = Some(last.clone());
        for (number, agent) in &some {
            sums.add_agent(&mut numbers, *number, agent)?;
        }
    }
    sums.finish(numbers)
}

/// A row, as far as a sum needs it.
#[derive(Clone, Copy)]
struct Step {
    place: Place,
    state: Option<i64>,
    record: i64,
}

/// The sums in the making, by numbers: a row costs no text.
struct Sums<'a> {
    wanted: &'a Wanted,
    rows: usize,
    /// By what they are of and by the number of the state.
    millis: HashMap<(Key, i64), i64>,
    /// By the number of the state: how many more agents, or fewer, had it throughout a part than throughout the
    /// part before. So what lasts for very many parts costs no more than what begins in one and ends in another.
    throughout: HashMap<i64, Vec<i64>>,
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

impl Sums<'_> {
    fn add_agent(&mut self, numbers: &mut Numbers<'_>, number: i64, agent: &str) -> Result<(), Failed> {
        let to = self.wanted.to.0;
        let (mut place, end) = (Place::at(self.wanted.from), Place::at(self.wanted.to));
        let mut last: Option<Step> = numbers.rows.before(number, place, 1)?.pop();
        // Of the last row that counts.
        let mut record = None;
        loop {
            let bite: Vec<Step> = numbers.rows.between(number, place, end, BITE)?;
            self.rows += bite.len();
            if self.rows > MOST_ROWS {
                return Err(Failed::TooMuch { most: MOST_ROWS, what: "changes would be read" });
            }
            for step in &bite {
                if let Some(last) = last.replace(*step) {
                    record = self.add(numbers, number, last, step.place.start.0)?.or(record);
                }
            }
            match bite.last() {
                Some(step) if bite.len() == BITE => place = step.place.next(),
                Some(_) | None => break,
            }
        }
        if let Some(last) = last {
            record = self.add(numbers, number, last, to)?.or(record);
        }
        if let Some(record) = record {
            self.agents.insert(number, (agent.to_owned(), numbers.record(record)?.name.clone()));
        }
        Ok(())
    }

    /// Adds what lasted from a row until `end`. Returns the number of its record if it counts.
    fn add(&mut self, numbers: &mut Numbers<'_>, agent: i64, step: Step, end: i64) -> Result<Option<i64>, Failed> {
        let (from, to) = (step.place.start.0.max(self.wanted.from.0), end.min(self.wanted.to.0));
        let Some(state) = step.state.filter(|_| from < to) else { return Ok(None) };
        let record = numbers.record(step.record)?;
        if !self.wanted.scope.includes(&record.teams) {
            return Ok(None);
        }
        match &self.wanted.by {
            By::Agent => self.count(Key::Agent(agent), state, to - from)?,
            By::Team if record.teams.is_empty() => self.count(Key::Team(None), state, to - from)?,
            By::Team => {
                let asked = self.wanted.scope.teams.as_ref();
                for (team, place) in record.teams.iter().zip(&record.places) {
                    if asked.is_none_or(|asked| asked.contains(team)) {
                        self.count(Key::Team(Some(*place)), state, to - from)?;
                    }
                }
            }
            By::Part(begin) => {
                let part_of = |instant| begin.partition_point(|begin| begin.0 <= instant).saturating_sub(1);
                let (first, last) = (part_of(from), part_of(to - 1));
                if first == last {
                    self.count(Key::Part(first), state, to - from)?;
                } else {
                    self.count(Key::Part(first), state, self.wanted.end_of(begin, first).0 - from)?;
                    self.count(Key::Part(last), state, to - begin[last].0)?;
                    let changes = self.throughout.entry(state).or_insert_with(|| vec![0; begin.len()]);
                    changes[first + 1] += 1;
                    changes[last] -= 1;
                }
            }
        }
        Ok(Some(step.record))
    }

    fn count(&mut self, key: Key, state: i64, millis: i64) -> Result<(), Failed> {
        *self.millis.entry((key, state)).or_default() += millis;
        if self.millis.len() > MOST_LINES {
            return Err(Failed::TooMuch { most: MOST_LINES, what: "sums would be answered" });
        }
        Ok(())
    }

    fn add_what_lasted_throughout(&mut self) -> Result<(), Failed> {
        let wanted = self.wanted;
        let By::Part(begin) = &wanted.by else { return Ok(()) };
        for (state, changes) in std::mem::take(&mut self.throughout) {
            let mut agents = 0;
            for (part, change) in changes.into_iter().enumerate() {
                agents += change;
                if agents > 0 {
                    let millis = wanted.end_of(begin, part).0 - begin[part].0;
                    self.count(Key::Part(part), state, agents * millis)?;
                }
            }
        }
        Ok(())
    }

    /// The lines, in order. States that differ in nothing but who set them, or in a hold, are one presence.
    fn finish(mut self, numbers: Numbers<'_>) -> Result<Vec<Line>, Failed> {
        self.add_what_lasted_throughout()?;
        let mut lines: BTreeMap<(Of, PresenceId, BaseStatus), (Option<String>, i64)> = BTreeMap::new();
        for ((key, state), millis) in self.millis {
            let (of, name) = match (key, &self.wanted.by) {
                (Key::Agent(number), _) => {
                    let (id, name) = self.agents[&number].clone();
                    (Of::Agent(id), Some(name))
                }
                (Key::Team(place), _) => (Of::Team(place.map(|place| numbers.teams[place].clone())), None),
                (Key::Part(part), By::Part(begin)) => (Of::Part(begin[part], self.wanted.end_of(begin, part)), None),
                (Key::Part(_), By::Agent | By::Team) => unreachable!("parts are counted by part"),
            };
            let (presence, base) = numbers.state(state)?;
            lines.entry((of, presence, base)).or_insert((name, 0)).1 += millis;
        }
        let mut called = Names::at(numbers.rows.connection, self.wanted.to);
        let line = |((of, presence, base), (name, millis))| {
            let text = called.of(&presence)?;
            Ok(Line { of, name, presence, text, base, millis })
        };
        lines.into_iter().map(line).collect()
    }
}

impl Columns for Step {
    const COLUMNS: &str = "one.start, one.seq, one.state, one.record";
    const JOINS: &str = "";

    fn read(row: &Row<'_>) -> Result<Self, Failed> {
        let place = Place { start: Timestamp(row.get(0)?), seq: row.get(1)? };
        Ok(Self { place, state: row.get(2)?, record: row.get(3)? })
    }

    fn place(&self) -> Place {
        self.place
    }
}

/// What an agent's record said.
struct Record {
    name: String,
    teams: Vec<String>,
    /// Each team's place among those that were met.
    places: Vec<usize>,
}

/// What the numbers of rows stand for, as far as it was needed.
struct Numbers<'a> {
    rows: Rows<'a>,
    records: HashMap<i64, Record>,
    /// The teams that were met.
    teams: Vec<String>,
}

impl Numbers<'_> {
    fn state(&self, number: i64) -> Result<(PresenceId, BaseStatus), Failed> {
        let find = "SELECT presence_id, base_status FROM history_states WHERE number = ?";
        let mut select = self.rows.connection.prepare_cached(find)?;
        let (presence, base): (String, String) = select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let presence = PresenceId::new(&presence).map_err(|_| Failed::Word(presence))?;
        let base = BaseStatus::parse(&base).ok_or(Failed::Word(base))?;
        Ok((presence, base))
    }

    fn record(&mut self, number: i64) -> Result<&Record, Failed> {
        if !self.records.contains_key(&number) {
            let find = "SELECT name, teams FROM history_records WHERE number = ?";
            let mut select = self.rows.connection.prepare_cached(find)?;
            let (name, list) = select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let teams = teams(list)?;
            let places = teams.iter().map(|team| self.place(team)).collect();
            self.records.insert(number, Record { name, teams, places });
        }
        Ok(&self.records[&number])
    }

    fn place(&mut self, team: &str) -> usize {
        let known = self.teams.iter().position(|known| known == team);
        known.unwrap_or_else(|| {
            self.teams.push(team.to_owned());
            self.teams.len() - 1
        })
    }
}
