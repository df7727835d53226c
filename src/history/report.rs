//! How long agents were what they were: sums over intervals, cut to the time that is asked for.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::names::Names;
use super::numbers::{Numbers, Step};
use super::reader::{Failed, kept};
use super::sums::{Measure, sums};
pub use super::wanted::{By, MOST_LINES, MOST_ROWS, Of, Wanted};
use crate::domain::ids::PresenceId;
use crate::domain::presence::BaseStatus;

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

/// Each state has a sum of its own, by its number.
struct TimeInState;

impl Measure for TimeInState {
    type Kind = i64;
    const OF_A_LINE: usize = 1;

    fn lasts(_: &mut Numbers<'_>, step: &Step) -> Result<[Option<i64>; 4], Failed> {
        Ok([step.state, None, None, None])
    }

    fn happens(_: &mut Numbers<'_>, _: Option<&Step>, _: &Step) -> Result<[Option<i64>; 2], Failed> {
        Ok([None; 2])
    }
}

/// The sums, in the order of what they are of and of the presences. States that differ in nothing but who set them,
/// in a hold, or in whether the agent was there, are one presence.
///
/// # Errors
/// [`Failed`]
pub fn time_in_status(connection: &Connection, wanted: &Wanted) -> Result<Vec<Line>, Failed> {
    kept(connection, wanted.from)?;
    let mut numbers = Numbers::of(connection)?;
    let mut lines: BTreeMap<(Of, PresenceId, BaseStatus), (Option<String>, i64)> = BTreeMap::new();
    for sum in sums::<TimeInState>(&mut numbers, wanted)? {
        let seen = numbers.state(sum.kind)?;
        let line = lines.entry((sum.of, seen.presence.clone(), seen.base));
        line.or_insert((sum.name, 0)).1 += sum.amount;
    }
    let mut called = Names::at(connection, wanted.to);
    let line = |((of, presence, base), (name, millis))| {
        let text = called.of(&presence)?;
        Ok(Line { of, name, presence, text, base, millis })
    };
    lines.into_iter().map(line).collect()
}
