//! A line: those whom a question found, as far along the order as it was asked for.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Bound;

use super::index::{Moved, News};
use crate::domain::agent::Agent;
use crate::domain::capacity::units;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::Seq;

/// The longest line that is kept after an answer; it is cut back to half of it. More than a page takes.
const LONGEST: usize = if cfg!(test) { 8 } else { 4_096 };

/// Where an agent stands among those who may get work: most free capacity first, then longest
/// waiting, then by id. No capacity configured is unlimited.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    free: Reverse<i64>,
    since: Timestamp,
    agent: AgentId,
}

impl Place {
    /// Where the agent stands.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        let free = units(agent).map_or(i64::MAX, |units| units.unreserved());
        Self { free: Reverse(free), since: agent.since, agent: agent.record.agent.clone() }
    }

    /// Whose it is.
    #[must_use]
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// The place as text.
    #[must_use]
    pub fn write(&self) -> String {
        format!("{}.{}.{}", self.free.0, self.since.0, self.agent)
    }

    /// The place that was [written](Place::write) so.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let free = Reverse(parts.next()?.parse().ok()?);
        let since = Timestamp(parts.next()?.parse().ok()?);
        Some(Self { free, since, agent: AgentId::new(parts.next()?).ok()? })
    }
}

/// Those whom a question found.
#[derive(Debug, Default)]
pub struct Line {
    /// Everyone up to where it reaches who passes, and nobody else.
    passed: BTreeSet<Place>,
    reach: Reach,
    /// How much of the news it has heard.
    heard: u64,
    /// The directory that it was decided under.
    directory: Seq,
}

/// How far along the order a line has looked.
#[derive(Debug, Default)]
enum Reach {
    #[default]
    Nobody,
    UpTo(Place),
    Everyone,
}

impl Reach {
    fn covers(&self, place: &Place) -> bool {
        match self {
            Self::Nobody => false,
            Self::UpTo(end) => place <= end,
            Self::Everyone => true,
        }
    }
}

impl Line {
    /// Takes news in, and decides for at most `steps` of those it is about. Returns the steps that are
    /// left.
    pub(super) fn hear(
        &mut self,
        news: &News,
        directory: Seq,
        passes: &impl Fn(&AgentId) -> bool,
        steps: usize,
    ) -> usize {
        let stale = self.directory != directory;
        let Some(moves) = news.after(self.heard).filter(|_| !stale) else {
            *self = Self { heard: news.told(), directory, ..Self::default() };
            return steps;
        };
        let mut left = steps;
        for Moved { before, after } in moves {
            if left == 0 {
                break;
            }
            if let Some(before) = before {
                self.passed.remove(before);
            }
            if let Some(after) = after.as_ref().filter(|after| self.reach.covers(after)) {
                left -= 1;
                // A place that was left again goes with the news that says so.
                if passes(after.agent()) {
                    self.passed.insert(after.clone());
                }
            }
            self.heard += 1;
        }
        left
    }

    /// Whether there is no news for it.
    pub(super) fn heard_all(&self, news: &News) -> bool {
        self.heard == news.told()
    }

    /// Looks further along the order, at most `steps` places.
    pub(super) fn walk(&mut self, order: &BTreeSet<Place>, passes: &impl Fn(&AgentId) -> bool, steps: usize) {
        let start = match &self.reach {
            Reach::Nobody => Bound::Unbounded,
            Reach::UpTo(end) => Bound::Excluded(end.clone()),
            Reach::Everyone => return,
        };
        let mut rest = order.range((start, Bound::Unbounded));
        for place in rest.by_ref().take(steps) {
            if passes(place.agent()) {
                self.passed.insert(place.clone());
            }
            self.reach = Reach::UpTo(place.clone());
        }
        if rest.next().is_none() {
            self.reach = Reach::Everyone;
        }
    }

    /// The first `most` behind `after`, or all there are; none if it has not looked far enough.
    pub(super) fn find(&mut self, after: Option<&Place>, most: usize) -> Option<Vec<Place>> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let found: Vec<Place> = self.passed.range((start, Bound::Unbounded)).take(most).cloned().collect();
        if found.len() < most && !matches!(self.reach, Reach::Everyone) {
            return None;
        }
        self.cut();
        Some(found)
    }

    fn cut(&mut self) {
        if self.passed.len() <= LONGEST {
            return;
        }
        if let Some(end) = self.passed.iter().nth(LONGEST / 2).cloned() {
            drop(self.passed.split_off(&end));
            self.reach = self.passed.last().cloned().map_or(Reach::Nobody, Reach::UpTo);
        }
    }
}
