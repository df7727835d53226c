//! The rows of an agent, wherever they stand: the older ones beside each other, the newest where
//! [settling](super::settling) has them.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::reader::Failed;
use crate::domain::time::Timestamp;

/// A row's place among those of its agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it starts.
    pub start: Timestamp,
    /// Its position in the log.
    pub seq: u64,
}

impl Place {
    /// Before all of them.
    pub const FIRST: Self = Self::at(Timestamp(i64::MIN));

    /// Behind all of them.
    pub const LAST: Self = Self::at(Timestamp(i64::MAX));

    /// Before all of those that start then.
    #[must_use]
    pub const fn at(start: Timestamp) -> Self {
        Self { start, seq: 0 }
    }

    /// Behind all of those that start then.
    #[must_use]
    pub const fn behind(start: Timestamp) -> Self {
        Self { start, seq: u64::MAX >> 1 }
    }

    /// Right behind it.
    #[must_use]
    pub fn next(self) -> Self {
        Self { seq: self.seq + 1, ..self }
    }
}

/// What is read of a row, which the statements call `one`.
pub(super) trait Columns: Sized {
    /// The columns, in the order that `read` expects.
    const COLUMNS: &str;
    /// The tables that they stand in, beside the narrow one.
    const JOINS: &str;

    fn read(row: &Row<'_>) -> Result<Self, Failed>;
    fn place(&self) -> Place;
}

/// The rows as they are when a question begins. What settles meanwhile is found all the same, what comes is not.
pub(super) struct Rows<'a> {
    pub connection: &'a Connection,
    /// Rows up to this position stand beside those of their agent.
    settled: u64,
    /// Where the others stand, by the number of their agent; in order.
    recent: HashMap<i64, Vec<Place>>,
}

impl<'a> Rows<'a> {
    /// All rows.
    pub fn of_all(connection: &'a Connection) -> Result<Self, Failed> {
        Self::of(connection, None)
    }

    /// The rows of an agent, by its number.
    pub fn of_agent(connection: &'a Connection, agent: i64) -> Result<Self, Failed> {
        Self::of(connection, Some(agent))
    }

    fn of(connection: &'a Connection, agent: Option<i64>) -> Result<Self, Failed> {
        // In one statement, so that they are of one moment.
        let mut select = connection.prepare_cached(
            "SELECT state.settled, recent.agent, recent.start, recent.seq
             FROM history_state AS state LEFT JOIN history_recent AS recent
             ON recent.seq > state.settled AND (?1 IS NULL OR recent.agent = ?1) ORDER BY recent.seq",
        )?;
        let mut rows = select.query([agent])?;
        let (mut settled, mut recent) = (0, HashMap::<i64, Vec<Place>>::new());
        while let Some(row) = rows.next()? {
            settled = row.get(0)?;
            if let Some(agent) = row.get(1)? {
                recent.entry(agent).or_default().push(Place { start: Timestamp(row.get(2)?), seq: row.get(3)? });
            }
        }
        Ok(Self { connection, settled, recent })
    }

    fn recent(&self, agent: i64) -> &[Place] {
        self.recent.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// Some of an agent's rows from a place on, up to before another: in order, at most so many.
    pub fn between<C: Columns>(&self, agent: i64, from: Place, to: Place, most: usize) -> Result<Vec<C>, Failed> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {} FROM history AS one {} WHERE one.agent = ? AND (one.start, one.seq) >= (?, ?)
             AND (one.start, one.seq) < (?, ?) AND one.seq <= ? ORDER BY one.start, one.seq LIMIT ?",
            C::COLUMNS,
            C::JOINS
        ))?;
        let values = params![agent, from.start.0, from.seq, to.start.0, to.seq, self.settled, most];
        let mut found = all(select.query(values)?)?;
        let recent = self.recent(agent).iter().filter(|place| (from..to).contains(place));
        for place in recent.take(most - found.len()) {
            found.push(self.at(agent, *place)?);
        }
        Ok(found)
    }

    /// Some of an agent's rows before a place, the last first: at most so many.
    pub fn before<C: Columns>(&self, agent: i64, place: Place, most: usize) -> Result<Vec<C>, Failed> {
        let recent = self.recent(agent).iter().rev().filter(|recent| **recent < place);
        let mut found = recent.take(most).map(|place| self.at(agent, *place)).collect::<Result<Vec<C>, _>>()?;
        if found.len() < most {
            let mut select = self.connection.prepare_cached(&format!(
                "SELECT {} FROM history AS one {} WHERE one.agent = ? AND (one.start, one.seq) < (?, ?)
                 AND one.seq <= ? ORDER BY one.start DESC, one.seq DESC LIMIT ?",
                C::COLUMNS,
                C::JOINS
            ))?;
            let values = params![agent, place.start.0, place.seq, self.settled, most - found.len()];
            found.append(&mut all(select.query(values)?)?);
        }
        Ok(found)
    }

    /// The row that was recent when the question began, and may have settled since.
    fn at<C: Columns>(&self, agent: i64, place: Place) -> Result<C, Failed> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {} FROM (
                 SELECT agent, start, seq, version, record, state, cause, actor, reason, available_units
                 FROM history_recent WHERE seq = ?3
                 UNION ALL
                 SELECT agent, start, seq, version, record, state, cause, actor, reason, available_units
                 FROM history WHERE agent = ?1 AND start = ?2 AND seq = ?3
             ) AS one {} LIMIT 1",
            C::COLUMNS,
            C::JOINS
        ))?;
        let mut rows = select.query(params![agent, place.start.0, place.seq])?;
        // It is gone if the hub's clock went back in between, and with it the start of the row.
        C::read(rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
    }
}

/// What there is of an agent's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The position of the newest.
    pub newest: u64,
    /// The agent's version from it on.
    pub version: u64,
    /// How many there are from the position on that was asked about.
    pub since: u64,
}

/// What there is of every agent's rows, by its id; `since` counts those from this position on.
///
/// # Errors
/// What the database says.
pub fn extents(connection: &Connection, from: u64) -> rusqlite::Result<HashMap<String, Extent>> {
    let mut extents = HashMap::<i64, Extent>::new();
    // Apart, and not over the view: so the rows of an agent are met together, and nothing is sorted.
    for (table, which) in [("history", "<="), ("history_recent", ">")] {
        let mut select = connection.prepare(&format!(
            "SELECT agent, max(seq), version, count(*) FILTER (WHERE seq >= ?) FROM {table}
             WHERE seq {which} (SELECT settled FROM history_state) GROUP BY agent"
        ))?;
        let mut rows = select.query([from])?;
        while let Some(row) = rows.next()? {
            let extent = extents.entry(row.get(0)?).or_default();
            (extent.newest, extent.version) = (row.get(1)?, row.get(2)?);
            extent.since += row.get::<_, u64>(3)?;
        }
    }
    let mut select = connection.prepare("SELECT number, agent_id FROM history_agents")?;
    let named = select.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
    let with_rows = named.filter_map(|agent| match agent {
        Ok((number, id)) => extents.remove(&number).map(|extent| Ok((id, extent))),
        Err(error) => Some(Err(error)),
    });
    with_rows.collect()
}

fn all<C: Columns>(mut rows: rusqlite::Rows<'_>) -> Result<Vec<C>, Failed> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(C::read(row)?);
    }
    Ok(all)
}
