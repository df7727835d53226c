//! All that rules need to know besides the agent: presences, profiles, workstreams, policy.

use std::collections::BTreeMap;

use super::catalog::Catalog;
use super::ids::{PresenceId, ProfileId, WorkstreamId};
use super::policy::{Policy, PolicyOverrides};
use super::presence::Presence;
use super::record::{AgentRecord, CapacityProfile, Workstream};

/// All that rules need to know besides the agent.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The presences there are.
    pub catalog: Catalog,
    /// The capacity profiles, by id.
    pub profiles: BTreeMap<ProfileId, CapacityProfile>,
    /// The workstreams, by id.
    pub workstreams: BTreeMap<WorkstreamId, Workstream>,
    /// The settings that rules read.
    pub policy: Policy,
}

impl Directory {
    /// Whether this agent may choose that presence: it is enabled and settable, and among
    /// those the agent's record allows.
    #[must_use]
    pub fn may_choose(&self, record: &AgentRecord, presence: &Presence) -> bool {
        presence.enabled
            && presence.can_user_set
            && record.selectable.as_ref().is_none_or(|allowed| allowed.contains(&presence.id))
    }

    /// An agent's record without the presences and profiles that are there no more.
    #[must_use]
    pub fn without_what_is_gone(&self, record: &AgentRecord) -> AgentRecord {
        let mut record = record.clone();
        let is_known = |id: &PresenceId| self.catalog.find(id).is_some();
        record.default_presence.take_if(|id| !is_known(id));
        if let Some(selectable) = &mut record.selectable {
            selectable.retain(is_known);
        }
        record.profiles.retain(|own| self.profiles.contains_key(&own.profile));
        record
    }

    /// What this agent may choose, in the order of the catalog's base statuses.
    #[must_use]
    pub fn presence_options(&self, record: &AgentRecord) -> Vec<&Presence> {
        let mut options: Vec<_> = self.catalog.iter().filter(|presence| self.may_choose(record, presence)).collect();
        options.sort_by_key(|presence| (presence.base, !presence.built_in));
        options
    }
}

/// One change of the directory, as the log keeps it. Agents' records are kept with the agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryChange {
    /// A custom presence was created, replaced or retired.
    Presence(Presence),
    /// A custom presence was deleted.
    PresenceRemoved(PresenceId),
    /// A capacity profile was created or replaced.
    Profile(CapacityProfile),
    /// A capacity profile was deleted.
    ProfileRemoved(ProfileId),
    /// A workstream was created or replaced.
    Workstream(Workstream),
    /// A workstream was deleted.
    WorkstreamRemoved(WorkstreamId),
    /// The stored settings were replaced.
    Settings(PolicyOverrides),
}
