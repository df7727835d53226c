//! One change of the directory, as it is stored.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::cause::StoredActor;
use super::name::{Name, names, unnamed};
use crate::domain::cause::Actor;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::policy::{DailyReset, PolicyOverrides, SignInPolicy};
use crate::domain::presence::{BaseStatus, Presence};
use crate::domain::record::{CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock};
use crate::domain::time::Timestamp;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredDirectoryStep {
    at: i64,
    actor: StoredActor,
    change: StoredDirectoryChange,
}

impl StoredDirectoryStep {
    pub(super) fn of(change: &DirectoryChange, at: Timestamp, actor: &Actor) -> Self {
        Self { at: at.0, actor: StoredActor::of(actor), change: StoredDirectoryChange::of(change) }
    }

    pub(super) fn into_domain(self) -> (DirectoryChange, Timestamp, Actor) {
        (self.change.into_domain(), Timestamp(self.at), self.actor.into_domain())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredDirectoryChange {
    Presence(StoredPresence),
    PresenceRemoved(Name<PresenceId>),
    Profile(StoredProfile),
    ProfileRemoved(Name<ProfileId>),
    Workstream(StoredWorkstream),
    WorkstreamRemoved(Name<WorkstreamId>),
    Settings(StoredSettings),
}

impl StoredDirectoryChange {
    fn of(change: &DirectoryChange) -> Self {
        match change {
            DirectoryChange::Presence(presence) => Self::Presence(StoredPresence::of(presence)),
            DirectoryChange::PresenceRemoved(id) => Self::PresenceRemoved(Name(id.clone())),
            DirectoryChange::Profile(profile) => Self::Profile(StoredProfile::of(profile)),
            DirectoryChange::ProfileRemoved(id) => Self::ProfileRemoved(Name(id.clone())),
            DirectoryChange::Workstream(workstream) => Self::Workstream(StoredWorkstream::of(workstream)),
            DirectoryChange::WorkstreamRemoved(id) => Self::WorkstreamRemoved(Name(id.clone())),
            DirectoryChange::Settings(settings) => Self::Settings(StoredSettings::of(settings)),
        }
    }

    fn into_domain(self) -> DirectoryChange {
        match self {
            Self::Presence(presence) => DirectoryChange::Presence(presence.into_domain()),
            Self::PresenceRemoved(id) => DirectoryChange::PresenceRemoved(id.0),
            Self::Profile(profile) => DirectoryChange::Profile(profile.into_domain()),
            Self::ProfileRemoved(id) => DirectoryChange::ProfileRemoved(id.0),
            Self::Workstream(workstream) => DirectoryChange::Workstream(workstream.into_domain()),
            Self::WorkstreamRemoved(id) => DirectoryChange::WorkstreamRemoved(id.0),
            Self::Settings(settings) => DirectoryChange::Settings(settings.into_domain()),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredPresence {
    id: Name<PresenceId>,
    name: String,
    text: String,
    base: Name<BaseStatus>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    built_in: bool,
    can_user_set: bool,
    color: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    enabled: bool,
}

impl StoredPresence {
    fn of(presence: &Presence) -> Self {
        Self {
            id: Name(presence.id.clone()),
            name: presence.name.clone(),
            text: presence.text.clone(),
            base: Name(presence.base),
            description: presence.description.clone(),
            built_in: presence.built_in,
            can_user_set: presence.can_user_set,
            color: presence.color.clone(),
            labels: presence.labels.clone(),
            enabled: presence.enabled,
        }
    }

    fn into_domain(self) -> Presence {
        Presence {
            id: self.id.0,
            name: self.name,
            text: self.text,
            base: self.base.0,
            description: self.description,
            built_in: self.built_in,
            can_user_set: self.can_user_set,
            color: self.color,
            labels: self.labels,
            enabled: self.enabled,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredProfile {
    id: Name<ProfileId>,
    name: String,
    default_max: u32,
    block_assignment: bool,
    reset: Name<ResetDuration>,
}

impl StoredProfile {
    fn of(profile: &CapacityProfile) -> Self {
        Self {
            id: Name(profile.id.clone()),
            name: profile.name.clone(),
            default_max: profile.default_max,
            block_assignment: profile.block_assignment,
            reset: Name(profile.reset),
        }
    }

    fn into_domain(self) -> CapacityProfile {
        CapacityProfile {
            id: self.id.0,
            name: self.name,
            default_max: self.default_max,
            block_assignment: self.block_assignment,
            reset: self.reset.0,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredWorkstream {
    id: Name<WorkstreamId>,
    name: String,
    allowed: Vec<Name<BaseStatus>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<Name<ProfileId>>,
    wrap_up: StoredWrapUp,
    effect: Name<PresenceEffect>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredWrapUp {
    Always,
    CustomMillis(u64),
    Dont,
}

impl StoredWorkstream {
    fn of(workstream: &Workstream) -> Self {
        Self {
            id: Name(workstream.id.clone()),
            name: workstream.name.clone(),
            allowed: names(&workstream.allowed),
            units: workstream.units,
            profiles: names(&workstream.profiles),
            wrap_up: match workstream.wrap_up {
                WrapUpBlock::Always => StoredWrapUp::Always,
                WrapUpBlock::Custom(span) => StoredWrapUp::CustomMillis(millis(span)),
                WrapUpBlock::Dont => StoredWrapUp::Dont,
            },
            effect: Name(workstream.presence_effect),
        }
    }

    fn into_domain(self) -> Workstream {
        Workstream {
            id: self.id.0,
            name: self.name,
            allowed: unnamed(self.allowed),
            units: self.units,
            profiles: unnamed(self.profiles),
            wrap_up: match self.wrap_up {
                StoredWrapUp::Always => WrapUpBlock::Always,
                StoredWrapUp::CustomMillis(span) => WrapUpBlock::Custom(Duration::from_millis(span)),
                StoredWrapUp::Dont => WrapUpBlock::Dont,
            },
            presence_effect: self.effect.0,
        }
    }
}

/// Only what an administrator stored; absent means the file decides.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restore_window_millis: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restore_after_sign_out: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_grace_millis: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restart_grace_millis: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sign_in_policy: Option<Name<SignInPolicy>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed_notifications: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reject_notifications: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_open_work_items: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    work_item_limit_auto_clear: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    daily_reset: Option<StoredDailyReset>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auto_provision_agents: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredDailyReset {
    Off,
    At { hour: i8, minute: i8, zone: String },
}

impl StoredSettings {
    fn of(settings: &PolicyOverrides) -> Self {
        Self {
            restore_window_millis: settings.restore_window.map(millis),
            restore_after_sign_out: settings.restore_after_sign_out,
            refresh_grace_millis: settings.refresh_grace.map(millis),
            restart_grace_millis: settings.restart_grace.map(millis),
            sign_in_policy: settings.sign_in_policy.map(Name),
            missed_notifications: settings.missed_notifications,
            reject_notifications: settings.reject_notifications,
            max_open_work_items: settings.max_open_work_items,
            work_item_limit_auto_clear: settings.work_item_limit_auto_clear,
            daily_reset: settings.daily_reset.as_ref().map(StoredDailyReset::of),
            auto_provision_agents: settings.auto_provision_agents,
        }
    }

    fn into_domain(self) -> PolicyOverrides {
        PolicyOverrides {
            restore_window: self.restore_window_millis.map(Duration::from_millis),
            restore_after_sign_out: self.restore_after_sign_out,
            refresh_grace: self.refresh_grace_millis.map(Duration::from_millis),
            restart_grace: self.restart_grace_millis.map(Duration::from_millis),
            sign_in_policy: self.sign_in_policy.map(|name| name.0),
            missed_notifications: self.missed_notifications,
            reject_notifications: self.reject_notifications,
            max_open_work_items: self.max_open_work_items,
            work_item_limit_auto_clear: self.work_item_limit_auto_clear,
            daily_reset: self.daily_reset.map(StoredDailyReset::into_domain),
            auto_provision_agents: self.auto_provision_agents,
        }
    }
}

impl StoredDailyReset {
    fn of(reset: &Option<DailyReset>) -> Self {
        match reset {
            Some(DailyReset { hour, minute, zone }) => Self::At { hour: *hour, minute: *minute, zone: zone.clone() },
            None => Self::Off,
        }
    }

    fn into_domain(self) -> Option<DailyReset> {
        match self {
            Self::Off => None,
            Self::At { hour, minute, zone } => Some(DailyReset { hour, minute, zone }),
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
