//! An agent's intervals, page by page.

use rusqlite::{Connection, OptionalExtension, params};

use super::reader::Failed;
use super::stood::{COLUMNS, Interval, JOINS, Stood};
use crate::domain::ids::{AgentId, PresenceId};
use crate::domain::time::Timestamp;

/// Rows that one read takes.
const BITE: usize = 1_000;

/// Which intervals.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whose.
    pub agent: AgentId,
    /// Those that last beyond this instant; none for the first.
    pub from: Option<Timestamp>,
    /// Those that begin before this one; none for the last.
    pub to: Option<Timestamp>,
    /// Whether changes that left the presence as it was begin one.
    pub each: Each,
    /// Where the page begins; it stands before `from`.
    pub begins: Option<Place>,
    /// The most of them.
    pub most: usize,
}

/// What an interval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// From one change to the next.
    Change,
    /// From one presence to another: shown as it began.
    Presence,
}

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
    const FIRST: Self = Self { start: Timestamp(i64::MIN), seq: 0 };

    fn of(stood: &Stood) -> Self {
        Self { start: stood.start, seq: stood.seq }
    }
}

/// The intervals that are wanted, oldest first, each whole.
///
/// # Errors
/// [`Failed`]
pub fn intervals(connection: &Connection, wanted: &Wanted) -> Result<Vec<Interval>, Failed> {
    let find = "SELECT number FROM history_agents WHERE agent_id = ?";
    let number = connection.prepare_cached(find)?.query_row([wanted.agent.as_str()], |row| row.get(0)).optional()?;
    let Some(number) = number else { return Ok(Vec::new()) };
    let rows = Rows { connection, agent: number };
    let mut begins = match (wanted.begins, wanted.from) {
        (Some(place), _) => place,
        (None, Some(from)) => rows.spanning(from, wanted.each)?,
        (None, None) => Place::FIRST,
    };
    let mut walk = Walk { wanted, open: None, found: Vec::new() };
    loop {
        let bite = rows.from(begins)?;
        let (is_last, last) = (bite.len() < BITE, bite.last().map(Place::of));
        for stood in bite {
            if walk.comes_to(stood) == Goes::NoFurther {
                return Ok(walk.found);
            }
        }
        match last {
            Some(last) if !is_last => begins = Place { seq: last.seq + 1, ..last },
            Some(_) | None => return Ok(walk.ends()),
        }
    }
}

struct Rows<'a> {
    connection: &'a Connection,
    agent: i64,
}

impl Rows<'_> {
    /// Some rows from a place on.
    fn from(&self, place: Place) -> Result<Vec<Stood>, Failed> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM history {JOINS}
             WHERE history.agent = ? AND (history.start, history.seq) >= (?, ?)
             ORDER BY history.start, history.seq LIMIT {BITE}"
        ))?;
        let mut rows = select.query(params![self.agent, place.start.0, place.seq])?;
        let mut bite = Vec::new();
        while let Some(row) = rows.next()? {
            bite.push(Stood::read(row)?);
        }
        Ok(bite)
    }

    /// Where the interval begins that an instant lies in, or that ends at it.
    fn spanning(&self, instant: Timestamp, each: Each) -> Result<Place, Failed> {
        let mut place = Place { start: instant, seq: 0 };
        let mut presence: Option<PresenceId> = None;
        loop {
            let before = self.before(place)?;
            let is_first = before.len() < BITE;
            for stood in before {
                let held = stood.state.as_ref().map(|state| &state.presence);
                let goes_on = held.is_some() && held == presence.as_ref();
                if presence.is_some() && !goes_on {
                    return Ok(place);
                }
                let Some(held) = held else { return Ok(Place::of(&stood)) };
                presence = Some(held.clone());
                place = Place::of(&stood);
                if each == Each::Change {
                    return Ok(place);
                }
            }
            if is_first {
                return Ok(place);
            }
        }
    }

    /// Some rows before a place, the last first.
    fn before(&self, place: Place) -> Result<Vec<Stood>, Failed> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM history {JOINS}
             WHERE history.agent = ? AND (history.start, history.seq) < (?, ?)
             ORDER BY history.start DESC, history.seq DESC LIMIT {BITE}"
        ))?;
        let mut rows = select.query(params![self.agent, place.start.0, place.seq])?;
        let mut bite = Vec::new();
        while let Some(row) = rows.next()? {
            bite.push(Stood::read(row)?);
        }
        Ok(bite)
    }
}

/// Whether there is anything more to look at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    On,
    NoFurther,
}

/// On the way from row to row.
struct Walk<'a> {
    wanted: &'a Wanted,
    /// The interval that the last row is in.
    open: Option<Stood>,
    found: Vec<Interval>,
}

impl Walk<'_> {
    fn comes_to(&mut self, stood: Stood) -> Goes {
        let presence = |stood: &Stood| stood.state.as_ref().map(|state| state.presence.clone());
        if self.wanted.each == Each::Presence
            && self.open.as_ref().is_some_and(|open| presence(open) == presence(&stood))
        {
            return Goes::On;
        }
        self.close(Some(stood.start));
        let is_beyond = self.wanted.to.is_some_and(|to| stood.start >= to);
        if is_beyond || self.found.len() == self.wanted.most {
            return Goes::NoFurther;
        }
        self.open = Some(stood);
        Goes::On
    }

    /// There are no more rows.
    fn ends(mut self) -> Vec<Interval> {
        self.close(None);
        self.found
    }

    /// The interval that the last row is in ends, or lasts. Before its first and after its deletion an agent
    /// has none.
    fn close(&mut self, end: Option<Timestamp>) {
        let Some(open) = self.open.take() else { return };
        let is_within = |from| open.start >= from || end.is_none_or(|end| end > from);
        if self.wanted.from.is_none_or(is_within) {
            self.found.extend(open.until(end));
        }
    }
}
