//! A filter, and what was made of it for those who watch it.

use std::sync::Arc;

use bytes::Bytes;

use super::changes::{Kind, Step, Steps};
use super::filter::Filter;
use super::place::Place;
use super::snapshot::{Newest, Snapshot};
use super::world::World;

/// A filter, with the frames that were made of it: who stands where somebody stood is sent the same.
#[derive(Debug)]
pub(super) struct View {
    pub(super) filter: Filter,
    steps: Steps,
    snapshot: Newest,
}

impl View {
    pub(super) fn of(filter: Filter) -> Self {
        Self { filter, steps: Steps::default(), snapshot: Newest::default() }
    }

    /// The step of whoever stands at `from`; none for a live watch if nothing beyond it concerns the
    /// filter.
    pub(super) fn changes(&mut self, from: Place, kind: Kind, world: &mut World<'_>) -> Option<Step> {
        self.steps.find_or_make(&self.filter, from, kind, world)
    }

    /// The snapshot, shared with those who came just before if it can be.
    pub(super) fn snapshot(&mut self, world: &World<'_>) -> Arc<Snapshot> {
        self.snapshot.find_or_plan(&self.filter, world)
    }

    /// A part of a snapshot.
    pub(super) fn part(&self, snapshot: &Arc<Snapshot>, index: usize, world: &mut World<'_>) -> Bytes {
        snapshot.part(index, &self.filter, world)
    }

    /// How many frames of changes are kept for others.
    #[cfg(test)]
    pub(super) fn frames_kept(&self) -> usize {
        self.steps.kept()
    }

    /// Whether a snapshot is being sent to someone.
    #[cfg(test)]
    pub(super) fn is_sending_a_snapshot(&self) -> bool {
        self.snapshot.is_being_sent()
    }
}
