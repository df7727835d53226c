//! The directory: presences, profiles, workstreams and stored settings, through the same log.

use std::collections::HashMap;
use std::sync::Arc;

use super::Agents;
use super::turn::Refusal;
use crate::domain::agent::Agent;
use crate::domain::cause::Actor;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::policy::{Policy, PolicyOverrides};
use crate::domain::presence::{InvalidField, Presence};
use crate::domain::record::{AgentRecord, CapacityProfile, Workstream};
use crate::domain::rejection::Rejection;
use crate::engine::{Append, Entry, Loaded, Outcome, Room, Seq, Subject};

/// The directory as it is kept, and where each of its records stands in the log.
#[derive(Clone, Debug, Default)]
pub struct DirectoryView {
    /// What rules read.
    pub directory: Arc<Directory>,
    /// What is stored over the settings of the file.
    pub overrides: PolicyOverrides,
    /// The newest position of any directory entry.
    pub seq: Seq,
    positions: HashMap<Subject, Seq>,
}

/// Why the directory was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryRefusal {
    /// A built-in presence cannot be changed or deleted.
    #[error("the six presences that ship cannot be changed or deleted")]
    BuiltInPresence,
    /// Something still refers to it.
    #[error("it is still in use: {0}")]
    InUse(String),
    /// Nothing has that id.
    #[error("nothing has this id")]
    Unknown,
    /// As for agents.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<InvalidField> for DirectoryRefusal {
    fn from(invalid: InvalidField) -> Self {
        Self::Refused(Rejection::from(invalid).into())
    }
}

impl DirectoryView {
    /// The directory as the engine had it, over the settings of the file.
    #[must_use]
    pub fn load(loaded: &Loaded, file: &Policy) -> Self {
        let directory = Directory { policy: file.clone(), ..Directory::default() };
        let mut view = Self { directory: Arc::new(directory), ..Self::default() };
        for (position, change) in &loaded.directory {
            view.evolve(*position, change, file);
        }
        view.seq = loaded.directory_seq;
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
        self.positions.insert(subject(change), seq);
        self.seq = seq;
    }

    /// Checks that an agent's record names only what exists.
    ///
    /// # Errors
    /// Names what does not, and what would be right.
    pub fn check_record(&self, record: &AgentRecord) -> Result<(), Rejection> {
        if let Some(id) = &record.default_presence {
            let presence = self.directory.catalog.find(id).filter(|presence| presence.enabled);
            let presence = presence.ok_or_else(|| {
                InvalidField::new("defaultPresenceId", format!("no enabled presence is called `{id}`"))
            })?;
            if presence.built_in && !presence.can_user_set {
                return Err(InvalidField::new("defaultPresenceId", "Inactive is set by the hub only (R-3, A-3)").into());
            }
        }
        for id in record.selectable.iter().flatten() {
            if self.directory.catalog.find(id).is_none() {
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

/// Whether an agent must be decided again after this change.
pub(super) fn concerns(change: &DirectoryChange, agent: &Agent) -> bool {
    let holds = |id: &PresenceId| {
        agent.standing.presence == *id || agent.standing.next.as_ref().is_some_and(|next| next.presence == *id)
    };
    let has = |id: &ProfileId| agent.record.profiles.iter().any(|own| own.profile == *id);
    match change {
        DirectoryChange::Presence(presence) => holds(&presence.id),
        DirectoryChange::PresenceRemoved(id) => holds(id),
        DirectoryChange::Profile(profile) => has(&profile.id),
        DirectoryChange::ProfileRemoved(id) => has(id),
        // Items keep what they took, and settings are read when the next rule runs.
        DirectoryChange::Workstream(_) | DirectoryChange::WorkstreamRemoved(_) | DirectoryChange::Settings(_) => false,
    }
}

fn subject(change: &DirectoryChange) -> Subject {
    match change {
        DirectoryChange::Presence(presence) => Subject::Presence(presence.id.clone()),
        DirectoryChange::PresenceRemoved(id) => Subject::Presence(id.clone()),
        DirectoryChange::Profile(profile) => Subject::Profile(profile.id.clone()),
        DirectoryChange::ProfileRemoved(id) => Subject::Profile(id.clone()),
        DirectoryChange::Workstream(stream) => Subject::Workstream(stream.id.clone()),
        DirectoryChange::WorkstreamRemoved(id) => Subject::Workstream(id.clone()),
        DirectoryChange::Settings(_) => Subject::Settings,
    }
}

impl Agents {
    /// Creates or replaces a custom presence.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn put_presence(&self, presence: Presence, actor: Actor) -> Result<(), DirectoryRefusal> {
        presence.validate()?;
        let _turn = self.shared.directory_turn.lock().await;
        if self.directory().directory.catalog.find(&presence.id).is_some_and(|known| known.built_in) {
            return Err(DirectoryRefusal::BuiltInPresence);
        }
        self.change_directory(DirectoryChange::Presence(presence), actor).await
    }

    /// Deletes a custom presence. One that an agent holds or a record names is retired instead: its
    /// record stays, disabled, and its holders move to the built-in one of the same base.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn remove_presence(&self, id: &PresenceId, actor: Actor) -> Result<(), DirectoryRefusal> {
        let _turn = self.shared.directory_turn.lock().await;
        let view = self.directory();
        let presence = view.directory.catalog.find(id).ok_or(DirectoryRefusal::Unknown)?;
        if presence.built_in {
            return Err(DirectoryRefusal::BuiltInPresence);
        }
        let named = |agent: &Agent| {
            let record = &agent.record;
            agent.standing.presence == *id
                || agent.standing.next.as_ref().is_some_and(|next| next.presence == *id)
                || record.default_presence.as_ref() == Some(id)
                || record.selectable.as_ref().is_some_and(|allowed| allowed.contains(id))
        };
        let change = if self.first(named).await.is_some() {
            DirectoryChange::Presence(Presence { enabled: false, ..presence.clone() })
        } else {
            DirectoryChange::PresenceRemoved(id.clone())
        };
        self.change_directory(change, actor).await
    }

    /// Creates or replaces a capacity profile. When it is given back is fixed at creation.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn put_profile(&self, profile: CapacityProfile, actor: Actor) -> Result<(), DirectoryRefusal> {
        let _turn = self.shared.directory_turn.lock().await;
        if self.directory().directory.profiles.get(&profile.id).is_some_and(|known| known.reset != profile.reset) {
            return Err(InvalidField::new("resetDuration", "is fixed when the profile is created (R-36)").into());
        }
        self.change_directory(DirectoryChange::Profile(profile), actor).await
    }

    /// Deletes a capacity profile that no agent and no workstream has.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn remove_profile(&self, id: &ProfileId, actor: Actor) -> Result<(), DirectoryRefusal> {
        let _turn = self.shared.directory_turn.lock().await;
        let view = self.directory();
        if !view.directory.profiles.contains_key(id) {
            return Err(DirectoryRefusal::Unknown);
        }
        let has = |agent: &Agent| agent.record.profiles.iter().any(|own| own.profile == *id);
        if let Some(known) = self.first(has).await {
            return Err(DirectoryRefusal::InUse(format!("agent `{}` has it", known.agent.record.agent)));
        }
        if let Some(stream) = view.directory.workstreams.values().find(|stream| stream.profiles.contains(id)) {
            return Err(DirectoryRefusal::InUse(format!("workstream `{}` takes it", stream.id)));
        }
        self.change_directory(DirectoryChange::ProfileRemoved(id.clone()), actor).await
    }

    /// Creates or replaces a workstream.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn put_workstream(&self, workstream: Workstream, actor: Actor) -> Result<(), DirectoryRefusal> {
        let _turn = self.shared.directory_turn.lock().await;
        let view = self.directory();
        if let Some(unknown) = workstream.profiles.iter().find(|id| !view.directory.profiles.contains_key(*id)) {
            return Err(Refusal::from(Rejection::UnknownProfile(unknown.as_str().to_owned())).into());
        }
        self.change_directory(DirectoryChange::Workstream(workstream), actor).await
    }

    /// Deletes a workstream that no agent has work of.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn remove_workstream(&self, id: &WorkstreamId, actor: Actor) -> Result<(), DirectoryRefusal> {
        let _turn = self.shared.directory_turn.lock().await;
        if !self.directory().directory.workstreams.contains_key(id) {
            return Err(DirectoryRefusal::Unknown);
        }
        let works = |agent: &Agent| agent.items.iter().any(|item| item.workstream.as_ref() == Some(id));
        if let Some(known) = self.first(works).await {
            return Err(DirectoryRefusal::InUse(format!("agent `{}` has work of it", known.agent.record.agent)));
        }
        self.change_directory(DirectoryChange::WorkstreamRemoved(id.clone()), actor).await
    }

    /// Replaces the stored settings.
    ///
    /// # Errors
    /// [`DirectoryRefusal`]; but for an unknown outcome, nothing has changed.
    pub async fn put_settings(&self, overrides: PolicyOverrides, actor: Actor) -> Result<(), DirectoryRefusal> {
        let _turn = self.shared.directory_turn.lock().await;
        self.change_directory(DirectoryChange::Settings(overrides), actor).await
    }

    async fn change_directory(&self, change: DirectoryChange, actor: Actor) -> Result<(), DirectoryRefusal> {
        let subject = subject(&change);
        let expected = self.directory().positions.get(&subject).copied().unwrap_or(0);
        let entry = Entry::Directory { change, at: self.clock().now(), actor };
        let append = Append { subject, expected, entries: vec![entry], room: Room::Usual, operation: None };
        match self.shared.engine.append(append).await.unwrap_or(Outcome::Unknown) {
            Outcome::Kept { .. } => Ok(()),
            Outcome::TooLarge => Err(Refusal::TooLarge.into()),
            // Another node changed the same record; the caller looks at it before it tries again.
            Outcome::Conflict { .. } | Outcome::Unavailable => Err(Refusal::Unavailable.into()),
            Outcome::Duplicate(_) | Outcome::Unknown => Err(Refusal::OutcomeUnknown.into()),
        }
    }
}
