//! Changes of the directory: one at a time, each decided on all that were kept before it.

use super::by::By;
use super::cell::Known;
use super::turn::Refusal;
use super::{Agents, DirectoryView};
use crate::domain::agent::Agent;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::policy::PolicyOverrides;
use crate::domain::presence::{InvalidField, Presence};
use crate::domain::record::{CapacityProfile, Workstream};
use crate::domain::rejection::Rejection;
use crate::engine::Subject;

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
        let removes = |view: &DirectoryView, holder: Option<&Known>| {
            let presence = view.directory.catalog.find(id).ok_or(DirectoryRefusal::Unknown)?;
            if presence.built_in {
                return Err(DirectoryRefusal::BuiltInPresence.into());
            }
            check(presence)?;
            Ok::<_, E>(match holder {
                Some(_) => DirectoryChange::Presence(Presence { enabled: false, ..presence.clone() }),
                None => DirectoryChange::PresenceRemoved(id.clone()),
            })
        };
        self.remove(&Subject::Presence(id.clone()), by.into(), names, removes).await
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
        let removes = |view: &DirectoryView, holder: Option<&Known>| {
            check(view.directory.profiles.get(id).ok_or(DirectoryRefusal::Unknown)?)?;
            if let Some(known) = holder {
                return Err(DirectoryRefusal::InUse(format!("agent `{}` has it", known.agent.record.agent)).into());
            }
            if let Some(stream) = view.directory.workstreams.values().find(|stream| stream.profiles.contains(id)) {
                return Err(DirectoryRefusal::InUse(format!("workstream `{}` takes it", stream.id)).into());
            }
            Ok::<_, E>(DirectoryChange::ProfileRemoved(id.clone()))
        };
        self.remove(&Subject::Profile(id.clone()), by.into(), has, removes).await
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
        let removes = |view: &DirectoryView, holder: Option<&Known>| {
            check(view.directory.workstreams.get(id).ok_or(DirectoryRefusal::Unknown)?)?;
            if let Some(known) = holder {
                let who = &known.agent.record.agent;
                return Err(DirectoryRefusal::InUse(format!("agent `{who}` has work of it")).into());
            }
            Ok::<_, E>(DirectoryChange::WorkstreamRemoved(id.clone()))
        };
        self.remove(&Subject::Workstream(id.clone()), by.into(), works, removes).await
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
}
