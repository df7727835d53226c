//! How long agents were what they were: sums over intervals, cut to the time that is asked for.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::floor::teams;
use super::names::Names;
use super::reader::Failed;
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
    let mut sums = Sums { wanted, rows: 0, lines: BTreeMap::new(), names: HashMap::new() };
    let mut numbers = Numbers { connection, states: HashMap::new(), records: HashMap::new() };
    let mut after: Option<String> = None;
    loop {
        let some = wanted.scope.some(connection, after.as_deref())?;
        let Some((_, last)) = some.last() else { break };
        after = Some(last.clone());
        for (number, agent) in &some {
            sums.add_agent(&mut numbers, *number, agent)?;
        }
    }
    sums.finish(connection)
}

/// A row, as far as a sum needs it.
#[derive(Clone, Copy)]
struct Step {
    start: i64,
    seq: u64,
    state: Option<i64>,
    record: i64,
}

struct Sums<'a> {
    wanted: &'a Wanted,
    rows: usize,
    lines: BTreeMap<(Of, PresenceId, BaseStatus), i64>,
    /// By the agents' ids.
    names: HashMap<String, String>,
}

impl Sums<'_> {
    fn add_agent(&mut self, numbers: &mut Numbers<'_>, number: i64, agent: &str) -> Result<(), Failed> {
        let (from, to) = (self.wanted.from.0, self.wanted.to.0);
        let mut last: Option<Step> = before(numbers.connection, number, from)?;
        let mut place = (from, 0);
        loop {
            let bite = steps(numbers.connection, number, place, to)?;
            self.rows += bite.len();
            if self.rows > MOST_ROWS {
                return Err(Failed::TooMuch { most: MOST_ROWS, what: "changes would be read" });
            }
            for step in &bite {
                if let Some(last) = last.replace(*step) {
                    self.add(numbers, agent, last, step.start)?;
                }
            }
            match bite.last() {
                Some(step) if bite.len() == BITE => place = (step.start, step.seq + 1),
                Some(_) | None => break,
            }
        }
        match last {
            Some(last) => self.add(numbers, agent, last, to),
            None => Ok(()),
        }
    }

    /// Adds what lasted from a row until `end`.
    fn add(&mut self, numbers: &mut Numbers<'_>, agent: &str, step: Step, end: i64) -> Result<(), Failed> {
        let (from, to) = (step.start.max(self.wanted.from.0), end.min(self.wanted.to.0));
        let Some(state) = step.state.filter(|_| from < to) else { return Ok(()) };
        let record = numbers.record(step.record)?;
        if !self.wanted.scope.includes(&record.teams) {
            return Ok(());
        }
        let record = record.clone();
        let (presence, base) = numbers.state(state)?.clone();
        match &self.wanted.by {
            By::Agent => {
                self.count(Of::Agent(agent.to_owned()), &presence, base, to - from)?;
                self.names.insert(agent.to_owned(), record.name);
            }
            By::Team if record.teams.is_empty() => self.count(Of::Team(None), &presence, base, to - from)?,
            By::Team => {
                let asked = self.wanted.scope.teams.as_ref();
                for team in record.teams.into_iter().filter(|team| asked.is_none_or(|asked| asked.contains(team))) {
                    self.count(Of::Team(Some(team)), &presence, base, to - from)?;
                }
            }
            By::Part(begin) => {
                let mut part = begin.partition_point(|begin| begin.0 <= from).saturating_sub(1);
                let mut from = from;
                while from < to {
                    let end = begin.get(part + 1).copied().unwrap_or(self.wanted.to);
                    let until = end.0.min(to);
                    self.count(Of::Part(begin[part], end), &presence, base, until - from)?;
                    (part, from) = (part + 1, until);
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, of: Of, presence: &PresenceId, base: BaseStatus, millis: i64) -> Result<(), Failed> {
        *self.lines.entry((of, presence.clone(), base)).or_default() += millis;
        if self.lines.len() > MOST_LINES {
            return Err(Failed::TooMuch { most: MOST_LINES, what: "sums would be answered" });
        }
        Ok(())
    }

    fn finish(self, connection: &Connection) -> Result<Vec<Line>, Failed> {
        let mut called = Names::at(connection, self.wanted.to);
        let line = |((of, presence, base), millis)| {
            let name = match &of {
                Of::Agent(agent) => self.names.get(agent).cloned(),
                Of::Team(_) | Of::Part(..) => None,
            };
            let text = called.of(&presence)?;
            Ok(Line { of, name, presence, text, base, millis })
        };
        self.lines.into_iter().map(line).collect()
    }
}

fn step(row: &rusqlite::Row<'_>) -> rusqlite::Result<Step> {
    Ok(Step { start: row.get(0)?, seq: row.get(1)?, state: row.get(2)?, record: row.get(3)? })
}

/// An agent's last row before an instant.
fn before(connection: &Connection, agent: i64, instant: i64) -> Result<Option<Step>, Failed> {
    let last = "SELECT start, seq, state, record FROM history WHERE agent = ? AND start < ?
                ORDER BY start DESC, seq DESC LIMIT 1";
    Ok(connection.prepare_cached(last)?.query_row([agent, instant], step).optional()?)
}

/// Some of an agent's rows from a place on, up to an instant.
fn steps(connection: &Connection, agent: i64, place: (i64, u64), to: i64) -> Result<Vec<Step>, Failed> {
    let next = "SELECT start, seq, state, record FROM history
                WHERE agent = ? AND (start, seq) >= (?, ?) AND start < ? ORDER BY start, seq LIMIT ?";
    let mut select = connection.prepare_cached(next)?;
    let rows = select.query_map(params![agent, place.0, place.1, to, BITE], step)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What an agent's record said.
#[derive(Clone)]
struct Record {
    name: String,
    teams: Vec<String>,
}

/// What the numbers of rows stand for, as far as it was needed.
struct Numbers<'a> {
    connection: &'a Connection,
    states: HashMap<i64, (PresenceId, BaseStatus)>,
    records: HashMap<i64, Record>,
}

impl Numbers<'_> {
    fn state(&mut self, number: i64) -> Result<&(PresenceId, BaseStatus), Failed> {
        if !self.states.contains_key(&number) {
            let find = "SELECT presence_id, base_status FROM history_states WHERE number = ?";
            let mut select = self.connection.prepare_cached(find)?;
            let (presence, base): (String, String) =
                select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let presence = PresenceId::new(&presence).map_err(|_| Failed::Word(presence))?;
            let base = BaseStatus::parse(&base).ok_or(Failed::Word(base))?;
            self.states.insert(number, (presence, base));
        }
        Ok(&self.states[&number])
    }

    fn record(&mut self, number: i64) -> Result<&Record, Failed> {
        if !self.records.contains_key(&number) {
            let find = "SELECT name, teams FROM history_records WHERE number = ?";
            let mut select = self.connection.prepare_cached(find)?;
            let (name, list) = select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.records.insert(number, Record { name, teams: teams(list)? });
        }
        Ok(&self.records[&number])
    }
}
