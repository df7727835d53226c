//! A row of the history, as it is read: what an agent was from then on.

use rusqlite::Row;

use super::reader::Failed;
use super::row::{State, There};
use super::rows::{Columns, Place};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::ids::PresenceId;
use crate::domain::presence::BaseStatus;
use crate::domain::standing::{Hold, Origin};
use crate::domain::time::Timestamp;

/// What an agent was from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// The instant.
    pub start: Timestamp,
    /// The position of the change in the log.
    pub seq: u64,
    /// The agent's version from then on.
    pub version: u64,
    /// What others saw; none if the agent was deleted.
    pub state: Option<State>,
    /// What caused the change.
    pub cause: Cause,
    /// Who caused it.
    pub actor: Actor,
    /// Why.
    pub reason: Option<String>,
    /// The units that work left, if they were configured.
    pub available_units: Option<i64>,
}

/// A time in which an agent was there and was what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// What it was, from its start on.
    pub stood: Stood,
    /// What others saw.
    pub state: State,
    /// When it was over; none if it lasts.
    pub end: Option<Timestamp>,
}

/// The columns of a [`Stood`].
macro_rules! columns {
    () => {
        "one.start, one.seq, one.version, states.presence_id, states.base_status, states.origin, states.hold,
         states.connection, causes.event_name, causes.sub_event_name, actors.type, actors.id, reasons.reason, one.available_units"
    };
}
/// How many they are.
pub(super) const WIDTH: usize = 14;

/// The tables that they stand in.
macro_rules! joins {
    () => {
        "LEFT JOIN history_states AS states ON states.number = one.state
         JOIN history_causes AS causes ON causes.number = one.cause
         JOIN history_actors AS actors ON actors.number = one.actor
         LEFT JOIN history_reasons AS reasons ON reasons.number = one.reason"
    };
}

pub(super) use {columns, joins};

impl Columns for Stood {
    const COLUMNS: &str = columns!();
    const JOINS: &str = joins!();

    fn read(row: &Row<'_>) -> Result<Self, Failed> {
        let state = match word_if_any(row, 3, |id| PresenceId::new(id).ok())? {
            None => None,
            Some(presence) => Some(State {
                presence,
                base: word(row, 4, BaseStatus::parse)?,
                origin: word(row, 5, Origin::parse)?,
                hold: word_if_any(row, 6, Hold::parse)?,
                there: word(row, 7, There::parse)?,
            }),
        };
        let cause =
            Cause { event: word(row, 8, EventName::parse)?, sub_event: word_if_any(row, 9, SubEventName::parse)? };
        let kind: String = row.get(10)?;
        Ok(Self {
            start: Timestamp(row.get(0)?),
            seq: row.get(1)?,
            version: row.get(2)?,
            state,
            cause,
            actor: Actor::of_kind_and_id(&kind, row.get(11)?).ok_or(Failed::Word(kind))?,
            reason: row.get(12)?,
            available_units: row.get(13)?,
        })
    }

    fn place(&self) -> Place {
        Place { start: self.start, seq: self.seq }
    }
}

impl Stood {
    /// The interval that ends then; none if the agent was not there.
    pub(super) fn until(self, end: Option<Timestamp>) -> Option<Interval> {
        let state = self.state.clone()?;
        Some(Interval { stood: self, state, end })
    }
}

/// The word of a vocabulary that stands in this column.
fn word<T>(row: &Row<'_>, column: usize, parse: fn(&str) -> Option<T>) -> Result<T, Failed> {
    let text: String = row.get(column)?;
    parse(&text).ok_or(Failed::Word(text))
}

/// The same, if one does.
fn word_if_any<T>(row: &Row<'_>, column: usize, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Failed> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| parse(&text).ok_or(Failed::Word(text))).transpose()
}
