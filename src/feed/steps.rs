//! Frames of changes that were made for some, and wait for others at the same place.

use std::collections::VecDeque;

use bytes::Bytes;

use super::filter::Filter;
use super::index::FilterId;
use super::place::Place;

/// Bytes of frames that wait, of all filters together. Whoever lags may stand anywhere, and each frame may be large.
const BYTES_KEPT: usize = 4 * 1024 * 1024;
/// Frames that wait. All of them are looked through for each frame that is to be sent.
const KEPT: usize = 128;

/// Which frame of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of a live watch; there is none if nothing changed.
    Live,
    /// The first of a resumed watch: there always is one, with presences and summary.
    Resumed,
    /// One of those that follow, if the watch is resumed from before the filter lived, until it has
    /// come to where the log is: who left before that is named on the way.
    Resuming,
}

impl Kind {
    /// The kind of the step that follows one of this kind.
    pub(super) fn next(self, from: Place, step: &Step, filter: &Filter, head: Place) -> Self {
        let unseen = match self {
            Self::Live => false,
            Self::Resumed => from < filter.born,
            Self::Resuming => true,
        };
        if unseen && step.to < head { Self::Resuming } else { Self::Live }
    }
}

/// The place to which a watch is brought, and the frame that brings it there, unless there is nothing
/// to say on the way.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) to: Place,
    pub(super) frame: Option<Bytes>,
}

/// All that a step depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) filter: FilterId,
    /// The place of the newest change that concerns the filter.
    pub(super) newest: Place,
    pub(super) from: Place,
    pub(super) kind: Kind,
    /// The version of the catalog, for one that carries it.
    pub(super) catalog: Option<u64>,
    /// The version of what leads from places to positions.
    pub(super) settled: u64,
}

impl Key {
    /// Something has changed since that was made.
    fn outdates(&self, other: &Self) -> bool {
        self.filter == other.filter && self.newest != other.newest
    }
}

/// The steps that wait for others.
#[derive(Debug, Default)]
pub(super) struct Steps {
    made: VecDeque<(Key, Step)>,
    bytes: usize,
}

impl Steps {
    pub(super) fn find(&self, key: &Key) -> Option<Step> {
        self.made.iter().rev().find(|(of, _)| of == key).map(|(_, step)| step.clone())
    }

    /// Keeps a step for others, in the place of what nobody can need any more, or of what waits longest.
    pub(super) fn keep(&mut self, key: Key, step: &Step) {
        self.made.retain(|(of, step)| {
            let is_current = !key.outdates(of);
            self.bytes -= if is_current { 0 } else { bytes(step) };
            is_current
        });
        self.made.push_back((key, step.clone()));
        self.bytes += bytes(step);
        while self.bytes > BYTES_KEPT || self.made.len() > KEPT {
            let Some((_, oldest)) = self.made.pop_front() else { return };
            self.bytes -= bytes(&oldest);
        }
    }

    /// How many wait.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.made.len()
    }
}

fn bytes(step: &Step) -> usize {
    step.frame.as_ref().map_or(0, Bytes::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(filter: FilterId, newest: u64, from: u64) -> Key {
        let (newest, from) = (Place::of(newest), Place::of(from));
        Key { filter, newest, from, kind: Kind::Live, catalog: None, settled: 0 }
    }

    fn step(bytes: usize) -> Step {
        Step { to: Place::of(9), frame: Some(vec![0; bytes].into()) }
    }

    #[test]
    fn all_filters_together_keep_so_many_bytes_and_those_that_waited_longest_go() {
        let mut steps = Steps::default();
        for filter in 0..100 {
            steps.keep(key(filter, 9, 1), &step(64 * 1024));
        }
        assert_eq!((steps.kept(), steps.bytes), (64, BYTES_KEPT));
        assert!(steps.find(&key(35, 9, 1)).is_none());
        assert!(steps.find(&key(36, 9, 1)).is_some());
        (0..1_000).for_each(|from| steps.keep(key(7, 9, from), &step(10)));
        assert_eq!((steps.kept(), steps.bytes), (KEPT, 10 * KEPT));
    }

    #[test]
    fn a_change_lets_go_of_what_was_made_of_the_filter_before_it() {
        let mut steps = Steps::default();
        for (filter, newest, from) in [(1, 5, 1), (1, 5, 2), (2, 5, 1), (1, 6, 5)] {
            steps.keep(key(filter, newest, from), &step(10));
        }
        assert_eq!((steps.kept(), steps.bytes), (2, 20));
        assert!(steps.find(&key(2, 5, 1)).is_some());
        assert!(steps.find(&key(1, 6, 1)).is_none());
    }
}
