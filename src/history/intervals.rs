//! An agent's intervals, page by page.

use rusqlite::{Connection, OptionalExtension};

use super::reader::Failed;
pub use super::rows::Place;
use super::rows::{Columns as _, Rows};
use super::stood::{Interval, Stood};
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

/// The intervals that are wanted, oldest first, each whole.
///
/// # Errors
/// [`Failed`]
pub fn intervals(connection: &Connection, wanted: &Wanted) -> Result<Vec<Interval>, Failed> {
    let Some(number) = number(connection, &wanted.agent)? else { return Ok(Vec::new()) };
    let rows = Rows::of_agent(connection, number)?;
    let mut begins = match (wanted.begins, wanted.from) {
        (Some(place), _) => place,
        (None, Some(from)) => spanning(&rows, number, from, wanted.each)?,
        (None, None) => Place::FIRST,
    };
    let mut walk = Walk { wanted, open: None, found: Vec::new() };
    loop {
        let bite: Vec<Stood> = rows.between(number, begins, Place::LAST, BITE)?;
        let (is_last, last) = (bite.len() < BITE, bite.last().map(Stood::place));
        for stood in bite {
            if walk.comes_to(stood) == Goes::NoFurther {
                return Ok(walk.found);
            }
        }
        match last {
            Some(last) if !is_last => begins = last.next(),
            Some(_) | None => return Ok(walk.ends()),
        }
    }
}

/// The number of an agent, if it was ever there.
pub(super) fn number(connection: &Connection, agent: &AgentId) -> rusqlite::Result<Option<i64>> {
    let find = "SELECT number FROM history_agents WHERE agent_id = ?";
    connection.prepare_cached(find)?.query_row([agent.as_str()], |row| row.get(0)).optional()
}

/// Where the interval begins that an instant lies in, or that ends at it.
fn spanning(rows: &Rows<'_>, agent: i64, instant: Timestamp, each: Each) -> Result<Place, Failed> {
    let mut place = Place::at(instant);
    let mut presence: Option<PresenceId> = None;
    loop {
        let before: Vec<Stood> = rows.before(agent, place, BITE)?;
        let is_first = before.len() < BITE;
        for stood in before {
            let held = stood.state.as_ref().map(|state| &state.presence);
            let goes_on = held.is_some() && held == presence.as_ref();
            if presence.is_some() && !goes_on {
                return Ok(place);
            }
            place = stood.place();
            let Some(held) = held else { return Ok(place) };
            presence = Some(held.clone());
            if each == Each::Change {
                return Ok(place);
            }
        }
        if is_first {
            return Ok(place);
        }
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
