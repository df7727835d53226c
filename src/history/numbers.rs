//! What the numbers in rows stand for, so that a row costs no text.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::floor::teams;
use super::reader::Failed;
use super::row::There;
use super::rows::{Columns, Place, Rows};
use crate::domain::cause::{Cause, EventName, SubEventName};
use crate::domain::ids::PresenceId;
use crate::domain::network::Network;
use crate::domain::presence::BaseStatus;
use crate::domain::standing::Hold;
use crate::domain::time::Timestamp;

/// A row, as far as figures need it.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub place: Place,
    pub state: Option<i64>,
    pub record: i64,
    pub cause: i64,
    pub available_units: Option<i64>,
}

impl Columns for Step {
    const COLUMNS: &str = "one.start, one.seq, one.state, one.record, one.cause, one.available_units";
    const JOINS: &str = "";

    fn read(row: &Row<'_>) -> Result<Self, Failed> {
        let place = Place { start: Timestamp(row.get(0)?), seq: row.get(1)? };
        let (cause, available_units) = (row.get(4)?, row.get(5)?);
        Ok(Self { place, state: row.get(2)?, record: row.get(3)?, cause, available_units })
    }

    fn place(&self) -> Place {
        self.place
    }
}

/// What an agent's record said.
pub(super) struct Record {
    pub name: String,
    pub teams: Vec<String>,
    pub units: Option<i64>,
    /// Each team's place among those that were met.
    pub places: Vec<usize>,
}

/// What others saw of an agent, and whether it was there.
#[derive(Clone)]
pub(super) struct Seen {
    pub presence: PresenceId,
    pub base: BaseStatus,
    pub hold: Option<Hold>,
    pub there: There,
}

/// What the numbers of rows stand for, as far as it was needed.
pub(super) struct Numbers<'a> {
    pub rows: Rows<'a>,
    records: HashMap<i64, Record>,
    states: HashMap<i64, Seen>,
    causes: HashMap<i64, (Cause, Option<Network>)>,
    /// The teams that were met.
    pub teams: Vec<String>,
}

impl<'a> Numbers<'a> {
    pub fn of(connection: &'a Connection) -> Result<Self, Failed> {
        let (records, states, causes) = Default::default();
        Ok(Self { rows: Rows::of_all(connection)?, records, states, causes, teams: Vec::new() })
    }

    pub fn state(&mut self, number: i64) -> Result<&Seen, Failed> {
        if !self.states.contains_key(&number) {
            let find = "SELECT presence_id, base_status, hold, connection FROM history_states WHERE number = ?";
            let mut select = self.rows.connection.prepare_cached(find)?;
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            let (presence, base, hold, there): (String, String, Option<String>, String) =
                select.query_row([number], read)?;
            let seen = Seen {
                presence: PresenceId::new(&presence).map_err(|_| Failed::Word(presence))?,
                base: word(base, BaseStatus::parse)?,
                hold: hold.map(|hold| word(hold, Hold::parse)).transpose()?,
                there: word(there, There::parse)?,
            };
            self.states.insert(number, seen);
        }
        Ok(&self.states[&number])
    }

    /// Whether the agent was there from a row on: before its first, and once it was deleted, it was not.
    pub fn there(&mut self, step: Option<&Step>) -> Result<There, Failed> {
        match step.and_then(|step| step.state) {
            Some(state) => Ok(self.state(state)?.there),
            None => Ok(There::SignedOut),
        }
    }

    pub fn cause(&mut self, number: i64) -> Result<Cause, Failed> {
        self.cause_and_network(number).map(|(cause, _)| cause)
    }

    /// The cause, and the network of the session that ended by it, as far as is known.
    pub fn cause_and_network(&mut self, number: i64) -> Result<(Cause, Option<Network>), Failed> {
        if let Some(cause) = self.causes.get(&number) {
            return Ok(*cause);
        }
        let find = "SELECT event_name, sub_event_name, network FROM history_causes WHERE number = ?";
        let mut select = self.rows.connection.prepare_cached(find)?;
        let (event, how, network): (String, Option<String>, Option<String>) =
            select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let sub_event = how.map(|how| word(how, SubEventName::parse)).transpose()?;
        let cause = Cause { event: word(event, EventName::parse)?, sub_event };
        let network = network.map(|network| word(network, Network::parse)).transpose()?;
        self.causes.insert(number, (cause, network));
        Ok((cause, network))
    }

    pub fn record(&mut self, number: i64) -> Result<&Record, Failed> {
        if !self.records.contains_key(&number) {
            let find = "SELECT name, teams, units FROM history_records WHERE number = ?";
            let mut select = self.rows.connection.prepare_cached(find)?;
            let (name, list, units) = select.query_row([number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let teams = teams(list)?;
            let places = teams.iter().map(|team| self.place(team)).collect();
            self.records.insert(number, Record { name, teams, units, places });
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

fn word<T>(text: String, parse: fn(&str) -> Option<T>) -> Result<T, Failed> {
    parse(&text).ok_or(Failed::Word(text))
}
