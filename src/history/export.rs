//! The intervals of many agents over a time, as a table of any length: read in bites, between which nothing is held
//! but what was read.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rusqlite::types::FromSql;
use rusqlite::{Connection, Row, params};

use super::floor::teams;
use super::reader::{Failed, kept, whole_from};
use super::row::{State, There};
use super::rows::{Columns, Place, Rows};
use super::scope::Scope;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::ids::PresenceId;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::standing::{Hold, Origin};
use crate::domain::time::Timestamp;

/// Rows that one bite reads, and agents that it looks at: together about a tenth of a second.
const ROWS: usize = 8_192;
const AGENTS: usize = 500;
/// Texts of each kind that are remembered.
const REMEMBERED: usize = 32_768;

/// Which intervals.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From this instant on.
    pub from: Timestamp,
    /// Up to this one. Beyond it nothing is known or asked.
    pub to: Timestamp,
    /// Whose, while they were of those teams.
    pub scope: Scope,
}

/// An interval, as far as it lies in the time asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The agent's id.
    pub agent: Arc<str>,
    /// Its name and teams then.
    pub record: Arc<Record>,
    /// What others saw.
    pub state: Arc<State>,
    /// What the presence was called when that began.
    pub text: Arc<str>,
    /// When it began, within the time asked for.
    pub start: Timestamp,
    /// When it ended, within that time.
    pub end: Timestamp,
    /// What caused the change with which it began.
    pub cause: Cause,
    /// Who caused it.
    pub actor: Arc<Actor>,
    /// Why.
    pub reason: Option<Arc<str>>,
    /// Whether the agent was there; none of what was kept before that was told apart.
    pub there: Option<There>,
    /// The units that work left, if they were configured.
    pub available_units: Option<i64>,
    /// The agent's version from the change on.
    pub version: u64,
    /// The position of the change in the log.
    pub seq: u64,
}

/// What the directory said of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Its teams.
    pub teams: Vec<String>,
    /// The units that it had; none if they were not configured, and of what was kept before they were noted.
    pub units: Option<u32>,
}

/// Whether there is more to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// There may be.
    On,
    /// That was all.
    NoFurther,
}

/// On the way through the rows: agent by agent in the order of their ids, of each from its first on.
#[derive(Debug)]
pub struct Export {
    wanted: Wanted,
    /// Agents that come next.
    agents: VecDeque<(i64, String)>,
    /// The last of them; none at the beginning.
    after: Option<String>,
    current: Option<Current>,
    words: Words,
    /// Rows that a bite reads.
    at_once: usize,
}

/// An agent of whom some rows were read.
#[derive(Debug)]
struct Current {
    number: i64,
    agent: Arc<str>,
    /// Where its next row stands.
    place: Place,
    /// Its last row, whose end is not known yet.
    last: Option<Line>,
}

impl Export {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, agents: VecDeque::new(), after: None, current: None, words: Words::default(), at_once: ROWS }
    }

    #[cfg(test)]
    pub(super) fn at_once(self, rows: usize) -> Self {
        Self { at_once: rows, ..self }
    }

    /// Reads some rows more.
    ///
    /// # Errors
    /// [`Failed`]; then this is of no use any more.
    pub fn bite(&mut self, connection: &Connection) -> Result<(Vec<Exported>, Goes), Failed> {
        kept(connection, self.wanted.from)?;
        self.words.whole_from = whole_from(connection)?;
        let rows = Rows::of_all(connection)?;
        let (mut found, mut room) = (Vec::new(), self.at_once);
        for _ in 0..AGENTS {
            let Some(mut current) = self.next_agent(&rows)? else { return Ok((found, Goes::NoFurther)) };
            let end = Place::at(self.wanted.to);
            let some: Vec<Line> = rows.between(current.number, current.place, end, room)?;
            let is_full = some.len() == room;
            room -= some.len();
            for line in some {
                current.place = line.place.next();
                if let Some(last) = current.last.replace(line) {
                    let until = line.place.start;
                    found.extend(self.words.interval(connection, &self.wanted, &current.agent, last, until)?);
                }
            }
            if is_full {
                self.current = Some(current);
                break;
            }
            if let Some(last) = current.last {
                found.extend(self.words.interval(connection, &self.wanted, &current.agent, last, self.wanted.to)?);
            }
        }
        Ok((found, Goes::On))
    }

    /// The agent to go on with.
    fn next_agent(&mut self, rows: &Rows<'_>) -> Result<Option<Current>, Failed> {
        if let Some(current) = self.current.take() {
            return Ok(Some(current));
        }
        if self.agents.is_empty() {
            self.agents = self.wanted.scope.some(rows.connection, self.after.as_deref())?.into();
        }
        let Some((number, agent)) = self.agents.pop_front() else { return Ok(None) };
        self.after = Some(agent.clone());
        let place = Place::at(self.wanted.from);
        let last = rows.before(number, place, 1)?.pop();
        Ok(Some(Current { number, agent: agent.into(), place, last }))
    }
}

/// A row, in numbers.
#[derive(Clone, Copy, Debug)]
struct Line {
    place: Place,
    version: u64,
    record: i64,
    state: Option<i64>,
    cause: i64,
    actor: i64,
    reason: Option<i64>,
    available_units: Option<i64>,
}

impl Columns for Line {
    const COLUMNS: &str = "one.start, one.seq, one.version, one.record, one.state, one.cause, one.actor, one.reason,
                           one.available_units";
    const JOINS: &str = "";

    fn read(row: &Row<'_>) -> Result<Self, Failed> {
        Ok(Self {
            place: Place { start: Timestamp(row.get(0)?), seq: row.get(1)? },
            version: row.get(2)?,
            record: row.get(3)?,
            state: row.get(4)?,
            cause: row.get(5)?,
            actor: row.get(6)?,
            reason: row.get(7)?,
            available_units: row.get(8)?,
        })
    }

    fn place(&self) -> Place {
        self.place
    }
}

/// What the numbers stand for, as far as it was needed.
#[derive(Debug, Default)]
struct Words {
    /// From when on it was noted whether agents were there.
    whole_from: Timestamp,
    records: Known<Arc<Record>>,
    states: Known<Arc<State>>,
    causes: Known<Cause>,
    actors: Known<Arc<Actor>>,
    reasons: Known<Arc<str>>,
    /// What presences were called, each name with the instant from which on.
    names: HashMap<PresenceId, Vec<(i64, Arc<str>)>>,
}

impl Words {
    /// The interval of a row; none if it lies outside of what is wanted, or the agent was not there.
    fn interval(
        &mut self,
        connection: &Connection,
        wanted: &Wanted,
        agent: &Arc<str>,
        line: Line,
        until: Timestamp,
    ) -> Result<Option<Exported>, Failed> {
        let begins_within = line.place.start >= wanted.from;
        let Some(state) = line.state.filter(|_| begins_within || until > wanted.from) else { return Ok(None) };
        let record = self.records.of(line.record, |number| record(connection, number))?;
        if !wanted.scope.includes(&record.teams) {
            return Ok(None);
        }
        let state = self.states.of(state, |number| self::state(connection, number))?;
        let there = (line.place.start >= self.whole_from).then_some(state.there);
        let start = line.place.start.max(wanted.from);
        let reason = line.reason.map(|number| self.reasons.of(number, |number| reason(connection, number)));
        Ok(Some(Exported {
            agent: agent.clone(),
            record,
            text: self.name(connection, &state.presence, start)?,
            state,
            start,
            end: until.min(wanted.to),
            cause: self.causes.of(line.cause, |number| cause(connection, number))?,
            actor: self.actors.of(line.actor, |number| actor(connection, number))?,
            reason: reason.transpose()?,
            there,
            available_units: line.available_units,
            version: line.version,
            seq: line.place.seq,
        }))
    }

    /// What a presence was called at an instant. One that had no name yet is called by its id.
    fn name(&mut self, connection: &Connection, presence: &PresenceId, at: Timestamp) -> Result<Arc<str>, Failed> {
        if !self.names.contains_key(presence) {
            let names = names(connection, presence)?;
            self.names.insert(presence.clone(), names);
        }
        let names = self.names.get(presence).map_or(&[][..], Vec::as_slice);
        let last = names.partition_point(|(start, _)| *start <= at.0).checked_sub(1);
        Ok(last.map_or_else(|| presence.as_str().into(), |last| names[last].1.clone()))
    }
}

/// What is remembered of a kind, by number.
#[derive(Debug)]
struct Known<T>(HashMap<i64, T>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Clone> Known<T> {
    fn of(&mut self, number: i64, look_up: impl FnOnce(i64) -> Result<T, Failed>) -> Result<T, Failed> {
        if let Some(known) = self.0.get(&number) {
            return Ok(known.clone());
        }
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let found = look_up(number)?;
        self.0.insert(number, found.clone());
        Ok(found)
    }
}

fn record(connection: &Connection, number: i64) -> Result<Arc<Record>, Failed> {
    let find = "SELECT name, teams, units FROM history_records WHERE number = ?";
    let (name, list, units) =
        connection.prepare_cached(find)?.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(Arc::new(Record { name, teams: teams(list)?, units }))
}

fn state(connection: &Connection, number: i64) -> Result<Arc<State>, Failed> {
    let find = "SELECT presence_id, base_status, origin, hold, connection FROM history_states WHERE number = ?";
    let (presence, base, origin, hold, there): (String, String, String, Option<String>, String) = connection
        .prepare_cached(find)?
        .query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    Ok(Arc::new(State {
        presence: PresenceId::new(&presence).map_err(|_| Failed::Word(presence))?,
        base: word(base, BaseStatus::parse)?,
        origin: word(origin, Origin::parse)?,
        hold: hold.map(|hold| word(hold, Hold::parse)).transpose()?,
        there: word(there, There::parse)?,
    }))
}

fn cause(connection: &Connection, number: i64) -> Result<Cause, Failed> {
    let find = "SELECT event_name, sub_event_name FROM history_causes WHERE number = ?";
    let (event, sub_event): (String, Option<String>) = two(connection, find, number)?;
    let sub_event = sub_event.map(|name| word(name, SubEventName::parse)).transpose()?;
    Ok(Cause { event: word(event, EventName::parse)?, sub_event })
}

fn actor(connection: &Connection, number: i64) -> Result<Arc<Actor>, Failed> {
    let (kind, id): (String, _) = two(connection, "SELECT type, id FROM history_actors WHERE number = ?", number)?;
    Actor::of_kind_and_id(&kind, id).map(Arc::new).ok_or(Failed::Word(kind))
}

fn reason(connection: &Connection, number: i64) -> Result<Arc<str>, Failed> {
    let find = "SELECT reason FROM history_reasons WHERE number = ?";
    Ok(connection.prepare_cached(find)?.query_row([number], |row| row.get(0))?)
}

fn names(connection: &Connection, presence: &PresenceId) -> Result<Vec<(i64, Arc<str>)>, Failed> {
    if let Some(built_in) = BuiltIn::ALL.into_iter().find(|kind| kind.as_str() == presence.as_str()) {
        return Ok(vec![(i64::MIN, built_in.text().into())]);
    }
    let find = "SELECT start, text FROM history_presences WHERE presence_id = ? ORDER BY start, seq";
    let mut select = connection.prepare_cached(find)?;
    let names = select.query_map(params![presence.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(names.collect::<Result<_, _>>()?)
}

fn two<A: FromSql, B: FromSql>(connection: &Connection, select: &str, number: i64) -> rusqlite::Result<(A, B)> {
    connection.prepare_cached(select)?.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn word<T>(text: String, parse: fn(&str) -> Option<T>) -> Result<T, Failed> {
    parse(&text).ok_or(Failed::Word(text))
}
