//! A line: those whom a question found, as far along the order as it was asked for.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::news::{Moved, News};
use super::rank::Rank;
use crate::domain::ids::AgentId;
use crate::engine::Seq;

/// The longest line that is kept after an answer; it is cut back to half of it. More than a page takes.
const LONGEST: usize = if cfg!(test) { 8 } else { 4_096 };

/// Those whom a question found.
#[derive(Debug, Default)]
pub struct Line {
    /// Everyone up to where it reaches who passes, and nobody else.
    passed: BTreeSet<Rank>,
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
    UpTo(Rank),
    Everyone,
}

impl Reach {
    fn covers(&self, rank: &Rank) -> bool {
        match self {
            Self::Nobody => false,
            Self::UpTo(end) => rank <= end,
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
    pub(super) fn walk(&mut self, order: &BTreeSet<Rank>, passes: &impl Fn(&AgentId) -> bool, steps: usize) {
        let start = match &self.reach {
            Reach::Nobody => Bound::Unbounded,
            Reach::UpTo(end) => Bound::Excluded(end.clone()),
            Reach::Everyone => return,
        };
        let mut rest = order.range((start, Bound::Unbounded));
        for rank in rest.by_ref().take(steps) {
            if passes(rank.agent()) {
                self.passed.insert(rank.clone());
            }
            self.reach = Reach::UpTo(rank.clone());
        }
        if rest.next().is_none() {
            self.reach = Reach::Everyone;
        }
    }

    /// The first `most` behind `after`, or all there are; none if it has not looked far enough.
    pub(super) fn find(&mut self, after: Option<&Rank>, most: usize) -> Option<Vec<Rank>> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let found: Vec<Rank> = self.passed.range((start, Bound::Unbounded)).take(most).cloned().collect();
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
