//! How the feed follows the directory: what a change of it changes for boards.
//!
//! What concerns all agents, or all watchers, is only noted here. The walk does it in bites.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::Instant;

use super::place::Place;
use super::reshown::Reshown;
use super::state::State;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::{ProfileId, SessionId, WorkstreamId};
use crate::domain::presence::Presence;
use crate::domain::record::{CapacityProfile, Workstream};
use crate::engine::{Loaded, Seq};
use crate::wire::shapes::ResyncReason;

impl State {
    /// Takes a change of the directory in.
    pub(super) fn directory_changed(&mut self, seq: Seq, directory: Arc<Directory>, change: &DirectoryChange) {
        self.head = self.head.max(Place::of(seq));
        let before = std::mem::replace(&mut self.directory, directory);
        match change {
            DirectoryChange::Presence(Presence { id, .. }) | DirectoryChange::PresenceRemoved(id) => {
                self.news.presence_changed(id.clone());
            }
            DirectoryChange::Profile(CapacityProfile { id, .. }) | DirectoryChange::ProfileRemoved(id) => {
                self.profile_changed(seq, &before, id);
            }
            DirectoryChange::Workstream(Workstream { id, .. }) | DirectoryChange::WorkstreamRemoved(id) => {
                self.workstream_changed(seq, &before, id);
            }
            DirectoryChange::Settings(_) => {}
        }
    }

    /// The directory as the log tells it at start.
    pub(super) fn load_directory(&mut self, loaded: &Loaded) {
        let mut profiles = BTreeMap::new();
        for (seq, change) in &loaded.directory {
            match change {
                DirectoryChange::Profile(CapacityProfile { id, .. }) | DirectoryChange::ProfileRemoved(id) => {
                    profiles.insert(id, *seq);
                }
                DirectoryChange::Workstream(Workstream { id, .. }) | DirectoryChange::WorkstreamRemoved(id) => {
                    self.note_workstream(*seq, id);
                }
                DirectoryChange::Presence(_) | DirectoryChange::PresenceRemoved(_) | DirectoryChange::Settings(_) => {}
            }
        }
        for (number, slot) in (1..).zip(self.roster.slots()) {
            let row = self.roster.row(slot);
            let changes = row.agent.record.profiles.iter().filter_map(|own| profiles.get(&own.profile));
            if let Some(seq) = changes.max().filter(|seq| **seq > row.place.seq) {
                let place = Place::behind(*seq, number);
                self.roster.move_to(slot, place);
                self.head = self.head.max(place);
            }
        }
    }

    fn note_workstream(&mut self, seq: Seq, id: &WorkstreamId) {
        self.workstreams.insert(id.as_str().to_owned(), seq);
    }

    /// Who matches a filter on the workstream is asked again; what its watchers hold is void.
    fn workstream_changed(&mut self, seq: Seq, before: &Directory, id: &WorkstreamId) {
        self.note_workstream(seq, id);
        let allowed = |directory: &Directory| directory.workstreams.get(id).map(|stream| stream.allowed.clone());
        if allowed(before) == allowed(&self.directory) {
            return;
        }
        let mut unmade = Vec::new();
        for (filter_id, watched) in &mut self.filters {
            if watched.view.filter.criteria.workstream() == Some(id.as_str()) {
                watched.view.filter.begin_again(&self.roster);
                watched.chunks.values_mut().for_each(|chunk| chunk.resync(ResyncReason::WorkstreamChanged));
                unmade.push(*filter_id);
            }
        }
        unmade.sort_unstable();
        for filter_id in unmade {
            self.lagging.remove(&filter_id);
            self.unmade.retain(|unmade| *unmade != filter_id);
            self.unmade.push_back(filter_id);
        }
    }

    /// What is shown of those who have the profile has changed, unless only its name did.
    fn profile_changed(&mut self, seq: Seq, before: &Directory, id: &ProfileId) {
        let shown = |directory: &Directory| {
            directory.profiles.get(id).map(|profile| (profile.default_max, profile.block_assignment, profile.reset))
        };
        if shown(before) == shown(&self.directory) {
            return;
        }
        match &mut self.reshown {
            None => {
                self.reshown = Some(Reshown::of(id.clone(), seq));
                self.settled.begin(seq);
            }
            Some(reshown) => reshown.add(id.clone(), seq),
        }
    }

    /// Goes on through the roster, with about this effort, and shows those anew who have a profile that
    /// changed.
    pub(super) fn reshow(&mut self, effort: usize) {
        let Some(mut reshown) = self.reshown.take() else { return };
        let mut spent = 0;
        while spent < effort {
            if reshown.is_through(self.roster.len()) {
                self.settled.end(self.head);
                if let Some((again, since)) = reshown.again() {
                    self.settled.begin(since);
                    self.reshown = Some(again);
                }
                return;
            }
            spent += 1;
            let slot = reshown.take();
            if reshown.concerns(&self.roster.row(slot).agent) {
                // Moving one costs as much as looking at a few.
                spent += 4 + self.show_anew(slot);
            }
        }
        self.reshown = Some(reshown);
    }

    /// The sessions that are to be told the catalog now.
    pub(super) fn take_news(&mut self, now: Instant) -> Vec<SessionId> {
        if self.news.due(now).is_none_or(|due| due > now) {
            return Vec::new();
        }
        if self.news.are_unwritten() {
            self.renew_catalog();
        }
        self.news.told(now);
        let mut sessions: Vec<SessionId> = self.connections.keys().copied().collect();
        sessions.sort_unstable();
        sessions
    }
}
