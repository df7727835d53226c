//! From the outside to the domain: every text is parsed here, once, and what is wrong is named.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::repeated::shortened;
use super::shapes::{MAX_LABELS, MAX_NAME, MAX_SELECTABLE};
use super::{shapes, show, words};
use crate::domain::command::Choice;
use crate::domain::directory::Directory;
use crate::domain::field::{line, plain};
use crate::domain::ids::{
    AgentId, InvalidId, PresenceId, ProfileId, WorkItemId, WorkstreamId, is_fit_for_a_record, is_pseudonym,
};
use crate::domain::presence::{InvalidField, Presence};
use crate::domain::record::{AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, Workstream, WrapUpBlock};
use crate::domain::rejection::Rejection;
use crate::domain::rules::{MAX_PROFILES, MAX_WORK_ITEMS};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

/// How long a custom wrap-up may last, in seconds (contract, *Directory records*).
pub const WRAP_UP_SECONDS: std::ops::RangeInclusive<u64> = 1..=3600;
/// A custom wrap-up shorter than this is outside what the product allows.
pub const USUAL_WRAP_UP_SECONDS: u64 = 30;
/// Where time ends here: the library keeps room for every offset before the year 10,000.
const LAST_INSTANT: &str = "9999-12-30T22:00Z";

/// An instant from its RFC 3339 text.
///
/// # Errors
/// Names the field.
pub fn time(field: &'static str, text: &str) -> Result<Timestamp, InvalidField> {
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    parsed.map(|instant| Timestamp(instant.as_millisecond())).map_err(|_| {
        let shown = shortened(text);
        InvalidField::new(
            field,
            match text.parse::<jiff::civil::DateTime>() {
                Ok(_) => {
                    format!("`{shown}` does not say of which zone it is; with Z or an offset such as +01:00 it would")
                }
                Err(_) => {
                    format!("`{shown}` is no RFC 3339 time before {LAST_INSTANT}; 2026-11-22T09:30:00.000Z would be")
                }
            },
        )
    })
}

/// An id from its text.
///
/// # Errors
/// Names the field.
pub fn id<T>(field: &'static str, text: &str, new: fn(String) -> Result<T, InvalidId>) -> Result<T, InvalidField> {
    let wrong = |error: InvalidId| InvalidField::new(field, format!("`{}`: {error}", shortened(text)));
    let id = new(text.to_owned()).map_err(wrong)?;
    plain(field, text).map(|()| id)
}

/// The id of a record, which is made if there is none.
///
/// # Errors
/// Names the field.
pub fn record_id<T>(
    field: &'static str,
    text: &str,
    new: fn(String) -> Result<T, InvalidId>,
) -> Result<T, InvalidField> {
    if !text.is_empty() && !is_fit_for_a_record(text) {
        return Err(InvalidField::new(field, format!("`{text}` cannot be an id: it is blank, `.` or `..`")));
    }
    if is_pseudonym(text) {
        return Err(InvalidField::new(field, format!("`{text}` stands for somebody who was erased")));
    }
    id(field, text, new)
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

/// An agent's record.
///
/// # Errors
/// Names the field that is wrong.
pub fn agent_record(record: &shapes::AgentRecord) -> Result<AgentRecord, InvalidField> {
    let presence = |field: &'static str, text: &String| id(field, show::presence_id_of(text), PresenceId::new);
    at_most(MAX_SELECTABLE, "selectablePresenceIds", record.selectable_presence_ids.as_ref().map_or(0, Vec::len))?;
    let selectable = match &record.selectable_presence_ids {
        Some(ids) => Some(ids.iter().map(|id| presence("selectablePresenceIds", id)).collect::<Result<_, _>>()?),
        None => None,
    };
    at_most(MAX_LABELS, "profiles", record.profiles.len())?;
    let mut profiles: Vec<AgentProfile> = Vec::new();
    for own in &record.profiles {
        let profile = id("profiles", &own.profile_id, ProfileId::new)?;
        if profiles.iter().any(|known| known.profile == profile) {
            return Err(InvalidField::new("profiles", format!("`{profile}` is named twice")));
        }
        profiles.push(AgentProfile { profile, max: own.max });
    }
    line("name", &record.name, 0, MAX_NAME)?;
    let agent = record_id("agentId", &record.agent_id, AgentId::new)?;
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

/// The record that a token makes of an agent: what an administrator may not write, it may not either.
///
/// # Errors
/// Names the field that is wrong.
pub fn provisioned(
    agent: &str,
    name: Option<&str>,
    teams: Option<&BTreeSet<String>>,
) -> Result<AgentRecord, InvalidField> {
    line("name", name.unwrap_or_default(), 0, MAX_NAME)?;
    let teams = labels("teams", &teams.into_iter().flatten().cloned().collect::<Vec<_>>())?;
    let name = name.filter(|name| !name.is_empty()).unwrap_or(agent);
    Ok(AgentRecord { teams, ..AgentRecord::new(record_id("agentId", agent, AgentId::new)?, name) })
}

/// Looked at before the list is, so that a long one costs nothing.
pub(super) fn at_most(most: usize, field: &'static str, are: usize) -> Result<(), InvalidField> {
    if are > most {
        return Err(InvalidField::new(field, format!("has {are}; at most {most} are right")));
    }
    Ok(())
}

/// Names of teams, queues or skills.
///
/// # Errors
/// Names the field.
pub fn labels(field: &'static str, labels: &[String]) -> Result<BTreeSet<String>, InvalidField> {
    at_most(MAX_LABELS, field, labels.len())?;
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
pub fn presence(record: &shapes::PresenceRecord) -> Result<Presence, InvalidField> {
    let base = words::base_of(record.base_presence_status);
    let color = record.presence_color.clone();
    let presence = Presence {
        id: record_id("presenceId", &record.presence_id, PresenceId::new)?,
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
pub fn capacity_profile(record: &shapes::CapacityProfile) -> Result<CapacityProfile, InvalidField> {
    let id = record_id("profileId", &record.profile_id, ProfileId::new)?;
    line("name", &record.name, 0, MAX_NAME)?;
    let name = if record.name.is_empty() { id.as_str().to_owned() } else { record.name.clone() };
    let reset = words::reset_of(record.reset_duration);
    Ok(CapacityProfile { id, name, default_max: record.default_max, block_assignment: record.block_assignment, reset })
}

/// A workstream.
///
/// # Errors
/// Names the field that is wrong.
pub fn workstream(record: &shapes::Workstream) -> Result<Workstream, InvalidField> {
    let stream = record_id("workstreamId", &record.workstream_id, WorkstreamId::new)?;
    line("name", &record.name, 0, MAX_NAME)?;
    let lasts = record.wrap_up_seconds.map(wrap_up_seconds).transpose()?;
    let wrap_up = match (record.block_capacity_for_wrap_up, lasts) {
        (shapes::WrapUpBlock::Always, None) => WrapUpBlock::Always,
        (shapes::WrapUpBlock::Dont, None) => WrapUpBlock::Dont,
        (shapes::WrapUpBlock::Custom, Some(lasts)) => WrapUpBlock::Custom(lasts),
        (shapes::WrapUpBlock::Custom, None) => {
            return Err(InvalidField::new("wrapUpSeconds", "is needed with CUSTOM: 1 to 3600 seconds"));
        }
        (shapes::WrapUpBlock::Always | shapes::WrapUpBlock::Dont, Some(_)) => {
            return Err(InvalidField::new("wrapUpSeconds", "goes with `blockCapacityForWrapUp` CUSTOM only"));
        }
    };
    Ok(Workstream {
        name: if record.name.is_empty() { stream.as_str().to_owned() } else { record.name.clone() },
        id: stream,
        allowed: record.allowed_presences.iter().copied().map(words::base_of).collect(),
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
    at_most(MAX_PROFILES, "profiles", ids.len())?;
    let mut profiles: Vec<ProfileId> = Vec::new();
    for text in ids {
        let profile = id("profiles", text, ProfileId::new)?;
        if !profiles.contains(&profile) {
            profiles.push(profile);
        }
    }
    Ok(profiles)
}

/// The work items of a reconciliation, each once. What one leaves out stays as it is of those that the
/// agent has, `known`; else it comes from its workstream, else it is as for an event.
///
/// # Errors
/// Says what is wrong, and with which of them.
pub fn work_items(
    items: &[shapes::WorkItem],
    known: &[WorkItem],
    directory: &Directory,
    now: Timestamp,
) -> Result<Vec<WorkItem>, Rejection> {
    if items.len() > MAX_WORK_ITEMS {
        let problem = format!("has {}; at most {MAX_WORK_ITEMS} are right", items.len());
        return Err(InvalidField::new("items", problem).into());
    }
    let known: BTreeMap<&str, &WorkItem> = known.iter().map(|item| (item.id.as_str(), item)).collect();
    let mut named = BTreeSet::new();
    let mut accepted = Vec::with_capacity(items.len());
    for item in items {
        if !named.insert(&item.work_item_id) {
            return Err(InvalidField::new("items", format!("`{}` is named twice", item.work_item_id)).into());
        }
        accepted.push(work_item(item, known.get(item.work_item_id.as_str()).copied(), directory, now)?);
    }
    Ok(accepted)
}

fn work_item(
    item: &shapes::WorkItem,
    known: Option<&WorkItem>,
    directory: &Directory,
    now: Timestamp,
) -> Result<WorkItem, Rejection> {
    // An item may outlive the workstream and the profiles that it came with; new ones have to be there.
    let kept = known.filter(|known| {
        let named = item.workstream_id.as_deref();
        named.is_none() || named == known.workstream.as_ref().map(WorkstreamId::as_str)
    });
    let workstream = match (kept, &item.workstream_id) {
        (Some(known), _) => known.workstream.clone(),
        (None, Some(text)) => Some(id("workstreamId", text, WorkstreamId::new)?),
        (None, None) => None,
    };
    let stream = workstream.as_ref().and_then(|id| directory.workstreams.get(id));
    if let (None, None, Some(id)) = (kept, stream, &workstream) {
        return Err(Rejection::UnknownWorkstream(id.as_str().to_owned()));
    }
    let by_default = match (known, stream) {
        (Some(known), _) => known.takes.clone(),
        (None, Some(stream)) => crate::domain::rules::eligibility::takes_by_default(stream),
        (None, None) => Consumption { units: u32::from(item.profiles.is_none()), profiles: Vec::new() },
    };
    let takes = Consumption {
        units: item.units.unwrap_or(by_default.units),
        profiles: item.profiles.as_deref().map(profile_ids).transpose()?.unwrap_or(by_default.profiles),
    };
    let unknown = takes.profiles.iter().find(|profile| {
        !directory.profiles.contains_key(*profile) && known.is_none_or(|known| !known.takes.profiles.contains(profile))
    });
    if let Some(profile) = unknown {
        return Err(Rejection::UnknownProfile(profile.as_str().to_owned()));
    }
    let wrap_up = stream.map_or(WrapUpBlock::Always, |stream| stream.wrap_up);
    let stage = stage(item, known.map(|known| known.stage), wrap_up, now)?;
    let same_stage = known.filter(|known| std::mem::discriminant(&known.stage) == std::mem::discriminant(&stage));
    Ok(WorkItem {
        id: id("workItemId", &item.work_item_id, WorkItemId::new)?,
        stage,
        since: match &item.since {
            Some(text) => time("since", text)?,
            None => same_stage.map_or(now, |known| known.since),
        },
        presence_effect: match (kept, stream) {
            (Some(known), _) => known.presence_effect,
            (None, Some(stream)) => stream.presence_effect,
            (None, None) => PresenceEffect::Moves,
        },
        workstream,
        takes,
    })
}

/// Where a work item is. A deadline that is left out stays, and so does capacity that its wrap-up gave
/// back; of a wrap-up that is new to the hub the workstream says what it does.
fn stage(
    item: &shapes::WorkItem,
    known: Option<Stage>,
    wrap_up: WrapUpBlock,
    now: Timestamp,
) -> Result<Stage, InvalidField> {
    let said = match &item.deadline {
        shapes::Said::Is(Some(text)) => Some(Some(time("deadline", text)?)),
        shapes::Said::Is(None) => Some(None),
        shapes::Said::LeftOut => None,
    };
    let running = |running: Option<Timestamp>| said.unwrap_or(running);
    Ok(match (item.state, item.holds_capacity, known) {
        (shapes::WorkItemState::Active, _, _) => Stage::Active,
        (shapes::WorkItemState::Offered, _, Some(Stage::Offered { deadline })) => {
            Stage::Offered { deadline: running(deadline) }
        }
        (shapes::WorkItemState::Offered, _, _) => Stage::Offered { deadline: running(None) },
        (shapes::WorkItemState::WrapUp, Some(true) | None, Some(Stage::WrapUp { deadline })) => {
            Stage::WrapUp { deadline: running(deadline) }
        }
        (shapes::WorkItemState::WrapUp, Some(false), _)
        | (shapes::WorkItemState::WrapUp, None, Some(Stage::WrapUpReleased)) => Stage::WrapUpReleased,
        (shapes::WorkItemState::WrapUp, Some(true), _) => Stage::WrapUp { deadline: running(None) },
        (shapes::WorkItemState::WrapUp, None, _) => match (said, wrap_up) {
            (Some(deadline), _) => Stage::WrapUp { deadline },
            (None, WrapUpBlock::Always) => Stage::WrapUp { deadline: None },
            (None, WrapUpBlock::Custom(lasts)) => Stage::WrapUp { deadline: Some(now.plus(lasts)) },
            (None, WrapUpBlock::Dont) => Stage::WrapUpReleased,
        },
    })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
