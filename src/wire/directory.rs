//! Directory records as they are read: from the domain to their shapes.

use super::shapes;
use super::words;
use crate::domain::presence::Presence;
use crate::domain::record::{AgentRecord, CapacityProfile, PresenceEffect, Workstream, WrapUpBlock};

/// An agent's record.
#[must_use]
pub fn agent_record(record: &AgentRecord) -> shapes::AgentRecord {
    let profile = |own: &crate::domain::record::AgentProfile| shapes::AgentProfile {
        profile_id: own.profile.as_str().to_owned(),
        max: own.max,
    };
    shapes::AgentRecord {
        agent_id: record.agent.as_str().to_owned(),
        name: record.name.clone(),
        teams: record.teams.iter().cloned().collect(),
        queues: record.queues.iter().cloned().collect(),
        skills: record.skills.iter().cloned().collect(),
        default_presence_id: record.default_presence.as_ref().map(|id| id.as_str().to_owned()),
        selectable_presence_ids: record
            .selectable
            .as_ref()
            .map(|allowed| allowed.iter().map(|id| id.as_str().to_owned()).collect()),
        units: record.units,
        profiles: record.profiles.iter().map(profile).collect(),
        enabled: record.enabled,
        version: None,
        seq: None,
        warnings: Vec::new(),
    }
}

/// A capacity profile.
#[must_use]
pub fn capacity_profile(profile: &CapacityProfile) -> shapes::CapacityProfile {
    shapes::CapacityProfile {
        profile_id: profile.id.as_str().to_owned(),
        name: profile.name.clone(),
        default_max: profile.default_max,
        block_assignment: profile.block_assignment,
        reset_duration: words::reset(profile.reset),
    }
}

/// A workstream.
#[must_use]
pub fn workstream(stream: &Workstream) -> shapes::Workstream {
    let (block, seconds) = match stream.wrap_up {
        WrapUpBlock::Always => (shapes::WrapUpBlock::Always, None),
        WrapUpBlock::Custom(lasts) => (shapes::WrapUpBlock::Custom, Some(lasts.as_secs())),
        WrapUpBlock::Dont => (shapes::WrapUpBlock::Dont, None),
    };
    shapes::Workstream {
        workstream_id: stream.id.as_str().to_owned(),
        name: stream.name.clone(),
        allowed_presences: stream.allowed.iter().copied().map(words::base).collect(),
        units: stream.units,
        profiles: stream.profiles.iter().map(|id| id.as_str().to_owned()).collect(),
        block_capacity_for_wrap_up: block,
        wrap_up_seconds: seconds,
        affects_presence: stream.presence_effect == PresenceEffect::Moves,
        warnings: Vec::new(),
    }
}

/// A presence, as an administrator reads it.
#[must_use]
pub fn presence(presence: &Presence) -> shapes::PresenceRecord {
    shapes::PresenceRecord {
        presence_id: presence.id.as_str().to_owned(),
        presence_name: presence.name.clone(),
        presence_text: Some(presence.text.clone()),
        base_presence_status: words::base(presence.base),
        description: presence.description.clone(),
        built_in: presence.built_in,
        can_user_set: presence.can_user_set,
        presence_color: Some(presence.color.clone()),
        labels: presence.labels.clone(),
        enabled: presence.enabled,
        warnings: Vec::new(),
    }
}
