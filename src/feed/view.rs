//! A filter, and the snapshot that is made of it for those who watch it.

use std::sync::Arc;

use bytes::Bytes;

use super::filter::Filter;
use super::snapshot::{Newest, Snapshot};
use super::world::World;

/// A filter, with its newest snapshot: who comes while somebody is sent it is sent the same.
#[derive(Debug)]
pub(super) struct View {
    pub(super) filter: Filter,
    snapshot: Newest,
}

impl View {
    pub(super) fn of(filter: Filter) -> Self {
        Self { filter, snapshot: Newest::default() }
    }

    /// The snapshot, shared with those who came just before if it can be.
    pub(super) fn snapshot(&mut self, world: &World<'_>) -> Arc<Snapshot> {
        self.snapshot.find_or_plan(&self.filter, world)
    }

    /// A part of a snapshot.
    pub(super) fn part(&self, snapshot: &Arc<Snapshot>, index: usize, world: &mut World<'_>) -> Bytes {
        snapshot.part(index, &self.filter, world)
    }

    /// Whether a snapshot is being sent to someone.
    #[cfg(test)]
    pub(super) fn is_sending_a_snapshot(&self) -> bool {
        self.snapshot.is_being_sent()
    }
}
