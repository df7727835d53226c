//! The newest changes of agents, which lines read when their question is asked again.

use std::collections::VecDeque;

use super::rank::Rank;

/// Changes that are kept for lines. A line that is further behind begins anew: about as much work.
const KEPT: usize = if cfg!(test) { 8 } else { 8_192 };

/// The newest changes, in order.
#[derive(Debug, Default)]
pub(super) struct News {
    /// How many there ever were.
    told: u64,
    /// Each agent's rank before and after; the newest is last.
    kept: VecDeque<Moved>,
}

/// An agent changed, and perhaps its rank.
#[derive(Debug)]
pub(super) struct Moved {
    pub before: Option<Rank>,
    pub after: Option<Rank>,
}

impl News {
    pub fn add(&mut self, moved: Moved) {
        self.told += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(moved);
    }

    /// How much there ever was.
    pub fn told(&self) -> u64 {
        self.told
    }

    /// What came after the first `heard`; none if some of it is no longer kept.
    pub fn after(&self, heard: u64) -> Option<impl Iterator<Item = &Moved>> {
        let missed = usize::try_from(self.told - heard).unwrap_or(usize::MAX);
        Some(self.kept.range(self.kept.len().checked_sub(missed)?..))
    }
}
