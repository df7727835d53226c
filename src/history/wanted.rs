//! What a report is of: whose rows, of what time, and what has figures of its own.

use super::scope::Scope;
use crate::domain::time::Timestamp;

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
    pub(super) fn end_of(&self, begin: &[Timestamp], part: usize) -> Timestamp {
        begin.get(part + 1).copied().unwrap_or(self.to)
    }

    /// The part that an instant lies in.
    pub(super) fn part_of(begin: &[Timestamp], instant: i64) -> usize {
        begin.partition_point(|begin| begin.0 <= instant).saturating_sub(1)
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
