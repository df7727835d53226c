//! The directory as it is kept: presences, profiles, workstreams, settings, and where each stands in
//! the log.

use std::collections::HashMap;
use std::sync::Arc;

use super::cell::Known;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::policy::{Policy, PolicyOverrides};
use crate::domain::presence::InvalidField;
use crate::domain::record::AgentRecord;
use crate::domain::rejection::Rejection;
use crate::engine::{Loaded, Seq, Subject};

/// The directory as it is kept, and where each of its records stands in the log.
#[derive(Clone, Debug, Default)]
pub struct DirectoryView {
    /// What rules read.
    pub directory: Arc<Directory>,
    /// What is stored over the settings of the file.
    pub overrides: PolicyOverrides,
    /// The newest position of any directory entry.
    pub seq: Seq,
    positions: Positions,
}

/// The newest position of each record, of deleted ones too.
#[derive(Clone, Debug, Default)]
struct Positions {
    presences: HashMap<PresenceId, Seq>,
    profiles: HashMap<ProfileId, Seq>,
    workstreams: HashMap<WorkstreamId, Seq>,
    settings: Seq,
}

impl DirectoryView {
    /// The directory as the engine had it, over the settings of the file.
    #[must_use]
    pub fn load(loaded: &Loaded, file: &Policy) -> Self {
        Self { seq: loaded.directory_seq, ..Self::of(&loaded.directory, file) }
    }

    /// The directory after these changes, over the settings of the file.
    #[must_use]
    pub fn of(changes: &[(Seq, DirectoryChange)], file: &Policy) -> Self {
        let directory = Directory { policy: file.clone(), ..Directory::default() };
        let mut view = Self { directory: Arc::new(directory), ..Self::default() };
        for (position, change) in changes {
            view.evolve(*position, change, file);
        }
        view
    }

    pub(super) fn evolved(&self, seq: Seq, change: &DirectoryChange, file: &Policy) -> Self {
        let mut view = self.clone();
        view.evolve(seq, change, file);
        view
    }

    fn evolve(&mut self, seq: Seq, change: &DirectoryChange, file: &Policy) {
        let directory = Arc::make_mut(&mut self.directory);
        match change.clone() {
            DirectoryChange::Presence(presence) => directory.catalog.put(presence),
            DirectoryChange::PresenceRemoved(id) => directory.catalog.remove(&id),
            DirectoryChange::Profile(profile) => drop(directory.profiles.insert(profile.id.clone(), profile)),
            DirectoryChange::ProfileRemoved(id) => drop(directory.profiles.remove(&id)),
            DirectoryChange::Workstream(stream) => drop(directory.workstreams.insert(stream.id.clone(), stream)),
            DirectoryChange::WorkstreamRemoved(id) => drop(directory.workstreams.remove(&id)),
            DirectoryChange::Settings(overrides) => {
                directory.policy = overrides.over(file);
                self.overrides = overrides;
            }
        }
        *self.positions.place(change) = seq;
        self.seq = seq;
    }

    /// The newest position of this record; 0 if there never was one.
    pub(super) fn position(&self, subject: &Subject) -> Seq {
        let positions = &self.positions;
        let position = match subject {
            Subject::Presence(id) => positions.presences.get(id),
            Subject::Profile(id) => positions.profiles.get(id),
            Subject::Workstream(id) => positions.workstreams.get(id),
            Subject::Settings => Some(&positions.settings),
            // Agents' records are kept with the agents.
            Subject::Agent(_) => None,
        };
        position.copied().unwrap_or(0)
    }

    /// Whether a record that the agent has, holds or works for changed after its state was decided.
    #[must_use]
    pub fn concerns(&self, known: &Known) -> bool {
        let decided = known.directory_seq;
        let Some(record) = known.record().filter(|_| decided < self.seq) else { return false };
        let newer = |position: Option<&Seq>| position.is_some_and(|position| *position > decided);
        let presence = |id: &PresenceId| newer(self.positions.presences.get(id));
        let standing = &known.agent.standing;
        presence(&standing.presence)
            || standing.next.as_ref().is_some_and(|next| presence(&next.presence))
            || record.default_presence.as_ref().is_some_and(presence)
            || record.selectable.iter().flatten().any(presence)
            || record.profiles.iter().any(|own| newer(self.positions.profiles.get(&own.profile)))
            || known
                .agent
                .items
                .iter()
                .filter_map(|item| item.workstream.as_ref())
                .any(|id| newer(self.positions.workstreams.get(id)))
    }

    /// Checks that what an agent's record names exists. A default that was retired may stay as it was
    /// `before`.
    ///
    /// # Errors
    /// Names what does not, and what would be right.
    pub fn check_record(&self, record: &AgentRecord, before: Option<&AgentRecord>) -> Result<(), Rejection> {
        let catalog = &self.directory.catalog;
        let default_before = before.and_then(|before| before.default_presence.as_ref());
        if let Some(id) = record.default_presence.as_ref().filter(|id| Some(*id) != default_before) {
            let presence = catalog.find(id).filter(|presence| presence.enabled);
            let presence = presence.ok_or_else(|| {
                InvalidField::new("defaultPresenceId", format!("no enabled presence is called `{id}`"))
            })?;
            if presence.built_in && !presence.can_user_set {
                return Err(InvalidField::new("defaultPresenceId", "Inactive is set by the hub only (R-3, A-3)").into());
            }
        }
        for id in record.selectable.iter().flatten() {
            if catalog.find(id).is_none() {
                return Err(InvalidField::new("selectablePresenceIds", format!("no presence is called `{id}`")).into());
            }
        }
        for own in &record.profiles {
            if !self.directory.profiles.contains_key(&own.profile) {
                return Err(Rejection::UnknownProfile(own.profile.as_str().to_owned()));
            }
        }
        Ok(())
    }
}

impl Positions {
    fn place(&mut self, change: &DirectoryChange) -> &mut Seq {
        match change {
            DirectoryChange::Presence(presence) => self.presences.entry(presence.id.clone()).or_default(),
            DirectoryChange::PresenceRemoved(id) => self.presences.entry(id.clone()).or_default(),
            DirectoryChange::Profile(profile) => self.profiles.entry(profile.id.clone()).or_default(),
            DirectoryChange::ProfileRemoved(id) => self.profiles.entry(id.clone()).or_default(),
            DirectoryChange::Workstream(stream) => self.workstreams.entry(stream.id.clone()).or_default(),
            DirectoryChange::WorkstreamRemoved(id) => self.workstreams.entry(id.clone()).or_default(),
            DirectoryChange::Settings(_) => &mut self.settings,
        }
    }
}
