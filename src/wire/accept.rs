//! From the outside to the domain: every text is parsed here, once, and what is wrong is named.

use std::collections::BTreeSet;
use std::time::Duration;

use super::records;
use super::shapes;
use crate::domain::command::Choice;
use crate::domain::ids::{AgentId, InvalidId, PresenceId, ProfileId, WorkItemId, WorkstreamId};
use crate::domain::presence::{BaseStatus, InvalidField, Presence};
use crate::domain::record::{
    AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock,
};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

/// How long a custom wrap-up may last, in seconds (contract, *Directory records*).
pub const WRAP_UP_SECONDS: std::ops::RangeInclusive<u64> = 1..=3600;
/// A custom wrap-up shorter than this is outside what the product allows.
pub const USUAL_WRAP_UP_SECONDS: u64 = 30;
/// The most teams, queues, skills or profiles of an agent, so that its entries stay small.
const MAX_LABELS: usize = 50;

/// An instant from its RFC 3339 text.
///
/// # Errors
/// Names the field.
pub fn time(field: &'static str, text: &str) -> Result<Timestamp, InvalidField> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    parsed.map(|instant| Timestamp(instant.as_millisecond())).map_err(|_| {
        InvalidField::new(field, format!("`{text}` is no RFC 3339 time; 2026-11-22T09:30:00.000Z would be"))
    })
}

/// An id from its text.
///
/// # Errors
/// Names the field.
pub fn id<T>(field: &'static str, text: &str, new: fn(String) -> Result<T, InvalidId>) -> Result<T, InvalidField> {
    new(text.to_owned()).map_err(|error| InvalidField::new(field, format!("`{}`: {error}", text.escape_debug())))
}

/// An agent's id from its text.
///
/// # Errors
/// Names the field.
pub fn agent_id(text: &str) -> Result<AgentId, InvalidField> {
    id("agentId", text, AgentId::new)
}

/// What a person chose.
///
/// # Errors
/// Names the field that is wrong.
pub fn choice(set: &shapes::SetPresence) -> Result<Choice, InvalidField> {
    Ok(Choice {
        presence: set.presence_id.clone(),
        until: set.until.as_deref().map(|until| time("until", until)).transpose()?,
        next: set.next_presence_id.clone(),
        reason: set.reason.clone().filter(|reason| !reason.trim().is_empty()),
    })
}

/// The base status of the shape.
#[must_use]
pub fn base(base: shapes::BasePresenceStatus) -> BaseStatus {
    match base {
        shapes::BasePresenceStatus::Available => BaseStatus::Available,
        shapes::BasePresenceStatus::Busy => BaseStatus::Busy,
        shapes::BasePresenceStatus::BusyDoNotDisturb => BaseStatus::BusyDoNotDisturb,
        shapes::BasePresenceStatus::Away => BaseStatus::Away,
        shapes::BasePresenceStatus::Offline => BaseStatus::Offline,
    }
}

/// An agent's record.
///
/// # Errors
/// Names the field that is wrong.
pub fn agent_record(record: &records::AgentRecord) -> Result<AgentRecord, InvalidField> {
    let presence = |field: &'static str, text: &String| id(field, text, PresenceId::new);
    let selectable = match &record.selectable_presence_ids {
        Some(ids) => Some(ids.iter().map(|id| presence("selectablePresenceIds", id)).collect::<Result<_, _>>()?),
        None => None,
    };
    let mut profiles: Vec<AgentProfile> = Vec::new();
    for own in &record.profiles {
        let profile = id("profiles", &own.profile_id, ProfileId::new)?;
        if profiles.iter().any(|known| known.profile == profile) {
            return Err(InvalidField::new("profiles", format!("`{profile}` is named twice")));
        }
        profiles.push(AgentProfile { profile, max: own.max });
    }
    if profiles.len() > MAX_LABELS {
        return Err(InvalidField::new("profiles", format!("has {}; at most {MAX_LABELS} are right", profiles.len())));
    }
    if record.name.chars().count() > 200 {
        return Err(InvalidField::new("name", "has more than 200 characters"));
    }
    let agent = agent_id(&record.agent_id)?;
    let name = if record.name.is_empty() { agent.as_str().to_owned() } else { record.name.clone() };
    Ok(AgentRecord {
        agent,
        name,
        teams: labels("teams", &record.teams)?,
        queues: labels("queues", &record.queues)?,
        skills: labels("skills", &record.skills)?,
        default_presence: record
            .default_presence_id
            .as_ref()
            .map(|id| presence("defaultPresenceId", id))
            .transpose()?,
        selectable,
        units: record.units,
        profiles,
        enabled: record.enabled,
    })
}

fn labels(field: &'static str, labels: &[String]) -> Result<BTreeSet<String>, InvalidField> {
    if labels.len() > MAX_LABELS {
        return Err(InvalidField::new(field, format!("has {}; at most {MAX_LABELS} are right", labels.len())));
    }
    for label in labels {
        // The same limits as for ids.
        id(field, label, AgentId::new)?;
    }
    Ok(labels.iter().cloned().collect())
}

/// A custom presence.
///
/// # Errors
/// Names the field that is wrong.
pub fn presence(record: &records::PresenceRecord) -> Result<Presence, InvalidField> {
    let base = base(record.base_presence_status);
    let color = record.presence_color.clone();
    let presence = Presence {
        id: id("presenceId", &record.presence_id, PresenceId::new)?,
        name: record.presence_name.clone(),
        text: record.presence_text.clone().unwrap_or_else(|| record.presence_name.clone()),
        base,
        description: record.description.clone(),
        built_in: false,
        can_user_set: record.can_user_set,
        color: color.unwrap_or_else(|| Presence::built_in(crate::domain::presence::BuiltIn::of(base)).color),
        labels: record.labels.clone(),
        enabled: record.enabled,
    };
    if record.built_in {
        return Err(InvalidField::new("builtIn", "only the six presences that ship are built in"));
    }
    presence.validate()?;
    Ok(presence)
}

/// A capacity profile.
///
/// # Errors
/// Names the field that is wrong.
pub fn capacity_profile(record: &records::CapacityProfile) -> Result<CapacityProfile, InvalidField> {
    let id = id("profileId", &record.profile_id, ProfileId::new)?;
    let name = if record.name.is_empty() { id.as_str().to_owned() } else { record.name.clone() };
    let reset = match record.reset_duration {
        records::ResetDuration::Immediate => ResetDuration::Immediate,
        records::ResetDuration::Daily => ResetDuration::Daily,
    };
    Ok(CapacityProfile { id, name, default_max: record.default_max, block_assignment: record.block_assignment, reset })
}

/// A workstream.
///
/// # Errors
/// Names the field that is wrong.
pub fn workstream(record: &records::Workstream) -> Result<Workstream, InvalidField> {
    let stream = id("workstreamId", &record.workstream_id, WorkstreamId::new)?;
    let lasts = record.wrap_up_seconds.map(wrap_up_seconds).transpose()?;
    let wrap_up = match (record.block_capacity_for_wrap_up, lasts) {
        (records::WrapUpBlock::Always, None) => WrapUpBlock::Always,
        (records::WrapUpBlock::Dont, None) => WrapUpBlock::Dont,
        (records::WrapUpBlock::Custom, Some(lasts)) => WrapUpBlock::Custom(lasts),
        (records::WrapUpBlock::Custom, None) => {
            return Err(InvalidField::new("wrapUpSeconds", "is needed with CUSTOM: 1 to 3600 seconds"));
        }
        (records::WrapUpBlock::Always | records::WrapUpBlock::Dont, Some(_)) => {
            return Err(InvalidField::new("wrapUpSeconds", "goes with `blockCapacityForWrapUp` CUSTOM only"));
        }
    };
    Ok(Workstream {
        name: if record.name.is_empty() { stream.as_str().to_owned() } else { record.name.clone() },
        id: stream,
        allowed: record.allowed_presences.iter().copied().map(base).collect(),
        units: record.units,
        profiles: profile_ids(&record.profiles)?,
        wrap_up,
        presence_effect: if record.affects_presence { PresenceEffect::Moves } else { PresenceEffect::Ignored },
    })
}

/// How long a custom wrap-up lasts.
///
/// # Errors
/// If it is not within 1 to 3,600 seconds.
pub fn wrap_up_seconds(seconds: u64) -> Result<Duration, InvalidField> {
    if !WRAP_UP_SECONDS.contains(&seconds) {
        return Err(InvalidField::new("wrapUpSeconds", format!("is {seconds}; 1 to 3600 seconds are right")));
    }
    Ok(Duration::from_secs(seconds))
}

/// Profile ids, each once.
///
/// # Errors
/// Names the field that is wrong.
pub fn profile_ids(ids: &[String]) -> Result<Vec<ProfileId>, InvalidField> {
    let mut profiles: Vec<ProfileId> = Vec::new();
    for text in ids {
        let profile = id("profiles", text, ProfileId::new)?;
        if !profiles.contains(&profile) {
            profiles.push(profile);
        }
    }
    Ok(profiles)
}

/// A work item of a reconciliation. What it leaves out comes from the item that the agent has, else
/// from `workstream`, else as for an event.
///
/// # Errors
/// Names the field that is wrong.
pub fn work_item(
    item: &shapes::WorkItem,
    known: Option<&WorkItem>,
    workstream: impl Fn(&WorkstreamId) -> Option<Workstream>,
    now: Timestamp,
) -> Result<WorkItem, InvalidField> {
    let stream = match &item.workstream_id {
        Some(text) => Some(id("workstreamId", text, WorkstreamId::new)?),
        None => known.and_then(|known| known.workstream.clone()),
    };
    let of_stream = match &stream {
        Some(id) => Some(
            workstream(id)
                .ok_or_else(|| InvalidField::new("workstreamId", format!("no workstream is called `{id}`")))?,
        ),
        None => None,
    };
    let by_default = match (known, &of_stream) {
        (Some(known), _) => known.takes.clone(),
        (None, Some(stream)) => crate::domain::rules::eligibility::takes_by_default(stream),
        (None, None) => Consumption { units: u32::from(item.profiles.is_none()), profiles: Vec::new() },
    };
    let takes = Consumption {
        units: item.units.unwrap_or(by_default.units),
        profiles: item.profiles.as_deref().map(profile_ids).transpose()?.unwrap_or(by_default.profiles),
    };
    let deadline = item.deadline.as_deref().map(|text| time("deadline", text)).transpose()?;
    let stage = match (item.state, item.holds_capacity) {
        (shapes::WorkItemState::Offered, _) => Stage::Offered { deadline },
        (shapes::WorkItemState::Active, _) => Stage::Active,
        (shapes::WorkItemState::WrapUp, Some(false)) => Stage::WrapUpReleased,
        (shapes::WorkItemState::WrapUp, Some(true) | None) => Stage::WrapUp { deadline },
    };
    let same_stage = known.filter(|known| known.stage == stage).map(|known| known.since);
    let since = match &item.since {
        Some(text) => time("since", text)?,
        None => same_stage.unwrap_or(now),
    };
    let presence_effect = match (known, &of_stream) {
        (_, Some(stream)) => stream.presence_effect,
        (Some(known), None) => known.presence_effect,
        (None, None) => PresenceEffect::Moves,
    };
    Ok(WorkItem {
        id: id("workItemId", &item.work_item_id, WorkItemId::new)?,
        stage,
        since,
        workstream: stream,
        takes,
        presence_effect,
    })
}
