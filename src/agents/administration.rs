//! Changes of the directory: one at a time, each decided on all that were kept before it.

use tokio::sync::OwnedMutexGuard;

use super::by::By;
use super::turn::Refusal;
use super::{Agents, DirectoryView};
use crate::domain::agent::Agent;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::policy::PolicyOverrides;
use crate::domain::presence::{InvalidField, Presence};
use crate::domain::record::{CapacityProfile, Workstream};
use crate::domain::rejection::Rejection;
use crate::engine::{Append, Entry, Lane, Outcome, SizeLimit, Subject};

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

/// The turn of whoever changes the directory.
type DirectoryTurn = OwnedMutexGuard<()>;

/// What became of a change.
enum Tried {
    Kept,
    /// Another node's change of the same record was kept first; decide again.
    Overtaken(DirectoryTurn),
}

// `make` and `check` are asked in the turn, of the newest kept record, and asked again if another
// node's change of it was kept first.
impl Agents {
    /// Creates or replaces a custom presence by what `make` says, and returns it.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `make`; but for an unknown outcome, nothing has changed.
    pub async fn put_presence<E: From<DirectoryRefusal>>(
        &self,
        id: &PresenceId,
        by: impl Into<By>,
        mut make: impl FnMut(Option<&Presence>) -> Result<Presence, E>,
    ) -> Result<Presence, E> {
        self.change_directory(Subject::Presence(id.clone()), by.into(), |view| {
            let known = view.directory.catalog.find(id);
            if known.is_some_and(|known| known.built_in) {
                return Err(DirectoryRefusal::BuiltInPresence.into());
            }
            let presence = make(known)?;
            presence.validate().map_err(DirectoryRefusal::from)?;
            let change = (known != Some(&presence)).then(|| DirectoryChange::Presence(presence.clone()));
            Ok((presence, change))
        })
        .await
    }

    /// Deletes a custom presence if `check` agrees. One that an agent holds or a record
    /// names is retired instead: its record stays, disabled, and its holders move to the built-in one
    /// of the same base.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `check`; but for an unknown outcome, nothing has changed.
    pub async fn remove_presence<E: From<DirectoryRefusal>>(
        &self,
        id: &PresenceId,
        by: impl Into<By>,
        mut check: impl FnMut(&Presence) -> Result<(), E>,
    ) -> Result<(), E> {
        let names = |agent: &Agent| {
            let (standing, record) = (&agent.standing, &agent.record);
            standing.presence == *id
                || standing.next.as_ref().is_some_and(|next| next.presence == *id)
                || record.default_presence.as_ref() == Some(id)
                || record.selectable.as_ref().is_some_and(|allowed| allowed.contains(id))
        };
        let (by, mut turn) = (by.into(), self.directory_turn().await);
        loop {
            let view = self.directory();
            let presence = view.directory.catalog.find(id).ok_or(DirectoryRefusal::Unknown)?;
            if presence.built_in {
                return Err(DirectoryRefusal::BuiltInPresence.into());
            }
            check(presence)?;
            let change = match self.first_matching(names).await {
                Some(_) => DirectoryChange::Presence(Presence { enabled: false, ..presence.clone() }),
                None => DirectoryChange::PresenceRemoved(id.clone()),
            };
            match self.keep_change(turn, &view, change, &by).await? {
                Tried::Kept => return Ok(()),
                Tried::Overtaken(again) => turn = again,
            }
        }
    }

    /// Creates or replaces a capacity profile by what `make` says, and returns it. When it is given back is
    /// fixed at creation.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `make`; but for an unknown outcome, nothing has changed.
    pub async fn put_profile<E: From<DirectoryRefusal>>(
        &self,
        id: &ProfileId,
        by: impl Into<By>,
        mut make: impl FnMut(Option<&CapacityProfile>) -> Result<CapacityProfile, E>,
    ) -> Result<CapacityProfile, E> {
        self.change_directory(Subject::Profile(id.clone()), by.into(), |view| {
            let known = view.directory.profiles.get(id);
            let profile = make(known)?;
            if known.is_some_and(|known| known.reset != profile.reset) {
                let fixed = InvalidField::new("resetDuration", "is fixed when the profile is created (R-36)");
                return Err(DirectoryRefusal::from(fixed).into());
            }
            let change = (known != Some(&profile)).then(|| DirectoryChange::Profile(profile.clone()));
            Ok((profile, change))
        })
        .await
    }

    /// Deletes a capacity profile that no agent and no workstream has, if `check` agrees.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `check`; but for an unknown outcome, nothing has changed.
    pub async fn remove_profile<E: From<DirectoryRefusal>>(
        &self,
        id: &ProfileId,
        by: impl Into<By>,
        mut check: impl FnMut(&CapacityProfile) -> Result<(), E>,
    ) -> Result<(), E> {
        let has = |agent: &Agent| agent.record.profiles.iter().any(|own| own.profile == *id);
        let (by, mut turn) = (by.into(), self.directory_turn().await);
        loop {
            let view = self.directory();
            check(view.directory.profiles.get(id).ok_or(DirectoryRefusal::Unknown)?)?;
            if let Some(known) = self.first_matching(has).await {
                return Err(DirectoryRefusal::InUse(format!("agent `{}` has it", known.agent.record.agent)).into());
            }
            if let Some(stream) = view.directory.workstreams.values().find(|stream| stream.profiles.contains(id)) {
                return Err(DirectoryRefusal::InUse(format!("workstream `{}` takes it", stream.id)).into());
            }
            let change = DirectoryChange::ProfileRemoved(id.clone());
            match self.keep_change(turn, &view, change, &by).await? {
                Tried::Kept => return Ok(()),
                Tried::Overtaken(again) => turn = again,
            }
        }
    }

    /// Creates or replaces a workstream by what `make` says, and returns it.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `make`; but for an unknown outcome, nothing has changed.
    pub async fn put_workstream<E: From<DirectoryRefusal>>(
        &self,
        id: &WorkstreamId,
        by: impl Into<By>,
        mut make: impl FnMut(Option<&Workstream>) -> Result<Workstream, E>,
    ) -> Result<Workstream, E> {
        self.change_directory(Subject::Workstream(id.clone()), by.into(), |view| {
            let known = view.directory.workstreams.get(id);
            let stream = make(known)?;
            if let Some(unknown) = stream.profiles.iter().find(|id| !view.directory.profiles.contains_key(*id)) {
                let unknown = Rejection::UnknownProfile(unknown.as_str().to_owned());
                return Err(DirectoryRefusal::from(Refusal::from(unknown)).into());
            }
            let change = (known != Some(&stream)).then(|| DirectoryChange::Workstream(stream.clone()));
            Ok((stream, change))
        })
        .await
    }

    /// Deletes a workstream that no agent has work of, if `check` agrees.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `check`; but for an unknown outcome, nothing has changed.
    pub async fn remove_workstream<E: From<DirectoryRefusal>>(
        &self,
        id: &WorkstreamId,
        by: impl Into<By>,
        mut check: impl FnMut(&Workstream) -> Result<(), E>,
    ) -> Result<(), E> {
        let works = |agent: &Agent| agent.items.iter().any(|item| item.workstream.as_ref() == Some(id));
        let (by, mut turn) = (by.into(), self.directory_turn().await);
        loop {
            let view = self.directory();
            check(view.directory.workstreams.get(id).ok_or(DirectoryRefusal::Unknown)?)?;
            if let Some(known) = self.first_matching(works).await {
                let who = &known.agent.record.agent;
                return Err(DirectoryRefusal::InUse(format!("agent `{who}` has work of it")).into());
            }
            let change = DirectoryChange::WorkstreamRemoved(id.clone());
            match self.keep_change(turn, &view, change, &by).await? {
                Tried::Kept => return Ok(()),
                Tried::Overtaken(again) => turn = again,
            }
        }
    }

    /// Replaces the stored settings by what `make` says.
    ///
    /// # Errors
    /// [`DirectoryRefusal`], or that of `make`; but for an unknown outcome, nothing has changed.
    pub async fn put_settings<E: From<DirectoryRefusal>>(
        &self,
        by: impl Into<By>,
        mut make: impl FnMut(&DirectoryView) -> Result<PolicyOverrides, E>,
    ) -> Result<(), E> {
        self.change_directory(Subject::Settings, by.into(), |view| {
            let overrides = make(view)?;
            Ok(((), (view.overrides != overrides).then_some(DirectoryChange::Settings(overrides))))
        })
        .await
    }

    /// Keeps the change that `decide` says for the directory as it is, if it says one, and returns what
    /// else it says. It is a change of this record.
    async fn change_directory<T, E: From<DirectoryRefusal>>(
        &self,
        subject: Subject,
        by: By,
        mut decide: impl FnMut(&DirectoryView) -> Result<(T, Option<DirectoryChange>), E>,
    ) -> Result<T, E> {
        let mut turn = self.directory_turn().await;
        // On one machine everything is heard that is kept.
        let mut has_heard_all = !self.members().are_several();
        loop {
            let view = self.directory();
            let change = match decide(&view) {
                Ok((decided, Some(change))) => (decided, change),
                Ok((decided, None)) if has_heard_all => return Ok(decided),
                Err(refused) if has_heard_all => return Err(refused),
                // What another node has kept meanwhile may make it a change, or allow it.
                Ok((_, None)) | Err(_) => {
                    self.hear_all_of(&subject, &view).await?;
                    has_heard_all = true;
                    continue;
                }
            };
            let (decided, change) = change;
            match self.keep_change(turn, &view, change, &by).await? {
                Tried::Kept => return Ok(decided),
                Tried::Overtaken(again) => turn = again,
            }
        }
    }

    /// Waits until this node knows what was kept of the record before now.
    async fn hear_all_of(&self, subject: &Subject, view: &DirectoryView) -> Result<(), DirectoryRefusal> {
        let asks = Append {
            subject: subject.clone(),
            expected: view.position(subject),
            entries: Vec::new(),
            directory: 0,
            limit: SizeLimit::Usual,
            lane: Lane::People,
            operation: None,
            note: None,
        };
        match self.shared.engine.append(asks).await.unwrap_or(Outcome::Unknown) {
            Outcome::Kept { .. } => Ok(()),
            Outcome::Conflict { newest } => Ok(self.wait_until_applied(newest).await?),
            Outcome::TooLarge | Outcome::Unavailable => Err(Refusal::Unavailable.into()),
            Outcome::Duplicate(_) | Outcome::Unknown => Err(Refusal::OutcomeUnknown.into()),
        }
    }

    async fn directory_turn(&self) -> DirectoryTurn {
        self.shared.directory_turn.clone().lock_owned().await
    }

    /// Keeps a change that was decided under `view`. The turn is over only when its outcome is known,
    /// although the caller may have gone away by then: the next change is decided on this one.
    async fn keep_change(
        &self,
        turn: DirectoryTurn,
        view: &DirectoryView,
        change: DirectoryChange,
        by: &By,
    ) -> Result<Tried, DirectoryRefusal> {
        let file = &self.shared.file_policy;
        let note = by.notes.as_ref().and_then(|notes| notes.of_directory(view, &change, file)).map(Box::new);
        let entry = Entry::Directory { change, at: self.clock().now(), actor: by.actor.clone() };
        let subject = entry.subject();
        let expected = view.position(&subject);
        let append = Append {
            subject,
            expected,
            entries: vec![entry],
            directory: view.seq,
            limit: SizeLimit::Usual,
            lane: Lane::People,
            operation: None,
            note,
        };
        let outcome = self.shared.engine.append(append);
        let kept = tokio::spawn(async move { (outcome.await.unwrap_or(Outcome::Unknown), turn) });
        let Ok((outcome, turn)) = kept.await else { return Err(Refusal::OutcomeUnknown.into()) };
        match outcome {
            Outcome::Kept { .. } => Ok(Tried::Kept),
            Outcome::TooLarge => Err(Refusal::TooLarge.into()),
            Outcome::Conflict { newest } => {
                self.wait_until_applied(newest).await?;
                Ok(Tried::Overtaken(turn))
            }
            Outcome::Unavailable => Err(Refusal::Unavailable.into()),
            Outcome::Duplicate(_) | Outcome::Unknown => Err(Refusal::OutcomeUnknown.into()),
        }
    }
}
