//! What all that is sent is made from.

use std::collections::HashMap;

use bytes::Bytes;

use super::Settings;
use super::deflater::Deflater;
use super::filter::Filter;
use super::index::FilterId;
use super::place::Place;
use super::roster::Roster;
use super::settled::Settled;
use super::steps::Steps;
use crate::domain::directory::Directory;
use crate::engine::Seq;
use crate::sessions::frame;
use crate::wire::shapes::{HubFrame, Presence, Since};
use crate::wire::show;
use crate::wire::written::Written;

/// What all filters are told from.
pub(super) struct World<'a> {
    pub(super) roster: &'a mut Roster,
    pub(super) directory: &'a Directory,
    pub(super) deflater: &'a mut Deflater,
    pub(super) steps: &'a mut Steps,
    /// Which filter is told.
    pub(super) filter: FilterId,
    /// More than one watch it.
    pub(super) is_shared: bool,
    pub(super) head: Place,
    pub(super) settled: &'a Settled,
    pub(super) epoch: &'a str,
    pub(super) catalog: &'a Catalog,
    pub(super) settings: &'a Settings,
    pub(super) oldest_resumable: Seq,
    /// When each workstream last changed.
    pub(super) workstreams: &'a HashMap<String, Seq>,
}

impl World<'_> {
    /// Whether what changed since that position is all that a client of the filter needs.
    pub(super) fn may_resume(&self, filter: &Filter, since: &Since) -> bool {
        let rules_changed = filter.criteria.workstream().and_then(|id| self.workstreams.get(id)).copied().unwrap_or(0);
        since.epoch == self.epoch
            && since.seq <= self.head.seq
            && since.seq >= self.oldest_resumable
            && since.seq >= rules_changed
            && since.watch_id.as_ref().is_none_or(|watch_id| *watch_id == filter.watch_id)
    }
}

/// The catalog as it is told to watchers.
#[derive(Debug)]
pub(super) struct Catalog {
    /// Raised by one with every change.
    pub(super) version: u64,
    /// The list.
    pub(super) presences: Written<Vec<Presence>>,
    /// The `presences` frame.
    pub(super) frame: Bytes,
}

impl Catalog {
    /// The catalog as the directory has it.
    pub(super) fn of(directory: &Directory, version: u64) -> Self {
        let presences = Written::of(&show::catalog(&directory.catalog));
        let frame = frame::saying(&HubFrame::Presences { presences: presences.clone() });
        Self { version, presences, frame }
    }
}
