//! How the feed follows the directory: what a change of it changes for boards.
//!
//! What concerns all agents, or all watchers, is only noted here. The walk does it in bites.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::frames::Object;
use super::place::Place;
use super::roster::Slot;
use super::state::State;
use crate::domain::agent::Agent;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::{PresenceId, ProfileId, SessionId, WorkstreamId};
use crate::domain::presence::Presence;
use crate::domain::record::{CapacityProfile, Workstream};
use crate::engine::{Loaded, Seq};
use crate::wire::shapes::ResyncReason;
use crate::wire::show;

/// How long changes of the catalog gather before watchers are told again: each time they are sent the
/// whole catalog.
const GATHER: Duration = Duration::from_millis(250);

/// What of the catalog watchers have yet to be told.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The presences that changed since the catalog was last encoded.
    presences: BTreeSet<PresenceId>,
    /// It was encoded again, and not everyone was told.
    untold: bool,
    /// When everyone was last told.
    told: Option<Instant>,
}

impl News {
    /// Whether a board could not tell what this agent is shown as.
    pub(super) fn are_needed_for(&self, agent: &Agent) -> bool {
        let standing = &agent.standing;
        !self.presences.is_empty()
            && (self.presences.contains(&standing.presence)
                || standing.next.as_ref().is_some_and(|next| self.presences.contains(&next.presence)))
    }

    /// When everyone is to be told, if there is anything.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let any = self.untold || !self.presences.is_empty();
        any.then(|| self.told.map_or(now, |told| told + GATHER))
    }
}

/// Capacity profiles that changed, and how far the roster was gone through since.
#[derive(Debug)]
pub(super) struct Reshown {
    now: Changed,
    next: Slot,
    /// What changed meanwhile: the roster is gone through once more.
    then: Option<Changed>,
}

/// Capacity profiles that changed, and the position of the first of the changes.
#[derive(Debug)]
struct Changed {
    profiles: BTreeSet<ProfileId>,
    since: Seq,
}

impl State {
    /// Takes a change of the directory in.
    pub(super) fn directory_changed(&mut self, seq: Seq, directory: Arc<Directory>, change: &DirectoryChange) {
        self.head = self.head.max(Place::of(seq));
        let before = std::mem::replace(&mut self.directory, directory);
        match change {
            DirectoryChange::Presence(Presence { id, .. }) | DirectoryChange::PresenceRemoved(id) => {
                self.news.presences.insert(id.clone());
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
        self.renew_catalog();
        self.news = News::default();
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
            if watched.filter.criteria.workstream() == Some(id.as_str()) {
                watched.filter.begin_again(&self.roster);
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
                let now = Changed { profiles: [id.clone()].into(), since: seq };
                self.reshown = Some(Reshown { now, next: 0, then: None });
                self.settled.begin(seq);
            }
            Some(reshown) => {
                let then = reshown.then.get_or_insert_with(|| Changed { profiles: BTreeSet::new(), since: seq });
                then.profiles.insert(id.clone());
            }
        }
    }

    /// Goes on through the roster, with about this effort, and shows those anew who have a profile that
    /// changed.
    pub(super) fn reshow(&mut self, effort: usize) {
        let Some(mut reshown) = self.reshown.take() else { return };
        let mut spent = 0;
        while spent < effort {
            if reshown.next as usize >= self.roster.len() {
                self.settled.end(self.head);
                if let Some(now) = reshown.then {
                    self.settled.begin(now.since);
                    self.reshown = Some(Reshown { now, next: 0, then: None });
                }
                return;
            }
            spent += 1;
            let own = &self.roster.row(reshown.next).agent.record.profiles;
            if own.iter().any(|own| reshown.now.profiles.contains(&own.profile)) {
                // Moving one costs as much as looking at a few.
                spent += 4 + self.show_anew(reshown.next);
            }
            reshown.next += 1;
        }
        self.reshown = Some(reshown);
    }

    /// Encodes the catalog as it is now. Whoever is sent something else is told it before that.
    pub(super) fn renew_catalog(&mut self) {
        let presences = serde_json::to_vec(&show::catalog(&self.directory.catalog)).unwrap_or_default();
        self.catalog.version += 1;
        self.catalog.frame = Object::of_type("presences", presences.len()).json("presences", &presences).finish();
        self.catalog.presences = presences.into();
        self.news.presences.clear();
        self.news.untold = true;
    }

    /// The sessions that are to be told the catalog now.
    pub(super) fn take_news(&mut self, now: Instant) -> Vec<SessionId> {
        if self.news.due(now).is_none_or(|due| due > now) {
            return Vec::new();
        }
        if !self.news.presences.is_empty() {
            self.renew_catalog();
        }
        self.news.untold = false;
        self.news.told = Some(now);
        let mut sessions: Vec<SessionId> = self.connections.keys().copied().collect();
        sessions.sort_unstable();
        sessions
    }
}
