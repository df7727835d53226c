//! Assignment events: CloudEvents in structured mode.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::accept::{id, profile_ids, shortened, wrap_up_seconds};
use super::records::WrapUpBlock;
use crate::domain::cause::SubEventName;
use crate::domain::command::{Ask, Condition, Terms, WorkEvent, WrapUpChoice};
use crate::domain::ids::{AgentId, WorkItemId, WorkstreamId};
use crate::domain::presence::InvalidField;

/// The longest time an offer may ring: a day.
const MAX_OFFER_SECONDS: u64 = 86_400;

/// The longest `time`. It is kept as it came.
const MAX_TIME_BYTES: usize = 64;
/// What is repeated of an `id` that is too long to be one.
const REPEATED_ID: usize = 512;

/// An assignment event, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentEvent {
    /// `id` of the event; with `source` it names the operation.
    pub id: String,
    /// `source` of the event.
    pub source: String,
    /// The time the work system reported.
    pub reported_time: Option<String>,
    /// Why, in the words of the work system.
    pub reason: Option<String>,
    /// Whose presence it may move.
    pub agent: AgentId,
    /// What happened.
    pub ask: Ask,
}

/// An event that could not be understood. It fails alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its `id`, if it has one.
    pub id: Option<String>,
    /// `malformed`, `unknown_type` or `invalid`.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub message: String,
}

#[derive(Deserialize)]
struct Envelope {
    specversion: String,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    time: Option<String>,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    agent_id: String,
    #[serde(default)]
    work_item_id: Option<String>,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    #[serde(default)]
    workstream_id: Option<String>,
    #[serde(default)]
    units: Option<u32>,
    #[serde(default)]
    profiles: Option<Vec<String>>,
    #[serde(default)]
    timeout_seconds: Option<u64>,
    #[serde(default)]
    if_eligible: bool,
    #[serde(default)]
    sub_event: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrapUp {
    #[serde(default)]
    block_capacity_for_wrap_up: Option<WrapUpBlock>,
    #[serde(default)]
    wrap_up_seconds: Option<u64>,
    #[serde(default)]
    sub_event: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Released {
    #[serde(default)]
    sub_event: Option<String>,
}

impl AssignmentEvent {
    /// An event from its JSON.
    ///
    /// # Errors
    /// [`Malformed`] says what is wrong.
    pub fn parse(event: &Value) -> Result<Self, Malformed> {
        let id = event.get("id").and_then(Value::as_str);
        let id = id.map(|id| id.chars().take(REPEATED_ID).collect::<String>());
        let malformed = |code, message: String| Malformed { id: id.clone(), code, message };
        if !event.is_object() {
            return Err(malformed("malformed", "no CloudEvent: an object is right".to_owned()));
        }
        let envelope: Envelope =
            Envelope::deserialize(event).map_err(|error| malformed("malformed", format!("no CloudEvent: {error}")))?;
        if envelope.specversion != "1.0" {
            let message = format!("specversion: `{}` is not supported; 1.0 is", shortened(&envelope.specversion));
            return Err(malformed("malformed", message));
        }
        for (field, text) in [("id", &envelope.id), ("source", &envelope.source)] {
            if text.is_empty() || text.len() > 512 {
                return Err(malformed("malformed", format!("{field}: 1 to 512 bytes are right")));
            }
        }
        if envelope.time.as_ref().is_some_and(|time| time.len() > MAX_TIME_BYTES) {
            return Err(malformed("malformed", format!("time: at most {MAX_TIME_BYTES} bytes are right")));
        }
        let invalid = |error: InvalidField| malformed("invalid", error.to_string());
        let about: About = data(&envelope.data).map_err(|error| malformed("malformed", format!("data: {error}")))?;
        let agent = super::accept::agent_id(&about.agent_id).map_err(invalid)?;
        let ask = if envelope.kind == "capacity.end_of_day" {
            Ask::EndDay
        } else {
            let Some(happened) = envelope.kind.strip_prefix("workitem.") else {
                return Err(malformed(
                    "unknown_type",
                    format!("type: `{}` is no assignment event", shortened(&envelope.kind)),
                ));
            };
            let Some(item) = &about.work_item_id else {
                return Err(malformed("malformed", "data: missing field `workItemId`".to_owned()));
            };
            let item = super::accept::id("workItemId", item, WorkItemId::new).map_err(invalid)?;
            let event = work_event(happened, &envelope.data).map_err(|problem| match problem {
                Problem::UnknownType => {
                    malformed("unknown_type", format!("type: `{}` is no assignment event", shortened(&envelope.kind)))
                }
                Problem::Malformed(error) => malformed("malformed", format!("data: {error}")),
                Problem::Invalid(error) => invalid(error),
            })?;
            Ask::Work(item, event)
        };
        let reason = about.reason.filter(|reason| !reason.trim().is_empty());
        Ok(Self { id: envelope.id, source: envelope.source, reported_time: envelope.time, reason, agent, ask })
    }
}

enum Problem {
    UnknownType,
    Malformed(serde_json::Error),
    Invalid(InvalidField),
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed(error)
    }
}

impl From<InvalidField> for Problem {
    fn from(error: InvalidField) -> Self {
        Self::Invalid(error)
    }
}

fn data<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    // Else a list would be read as fields, by their order.
    if value.is_array() {
        return Err(serde::de::Error::custom("an object is right"));
    }
    T::deserialize(value)
}

fn work_event(happened: &str, value: &Value) -> Result<WorkEvent, Problem> {
    match happened {
        "offered" => {
            let asked: Asked = data(value)?;
            let timeout = asked.timeout_seconds.map(offer_seconds).transpose()?;
            Ok(WorkEvent::Offered { terms: terms(asked)?, timeout })
        }
        "assigned" => {
            let asked: Asked = data(value)?;
            let how = accepted(asked.sub_event.as_deref())?;
            Ok(WorkEvent::Assigned { terms: terms(asked)?, how })
        }
        "missed" => Ok(WorkEvent::Missed),
        "rejected" => Ok(WorkEvent::Rejected),
        "withdrawn" => Ok(WorkEvent::Withdrawn),
        "wrap_up_started" => {
            let wrap_up: WrapUp = data(value)?;
            let block = wrap_up.block_capacity_for_wrap_up.map(|block| match block {
                WrapUpBlock::Always => WrapUpChoice::Always,
                WrapUpBlock::Custom => WrapUpChoice::Custom,
                WrapUpBlock::Dont => WrapUpChoice::Dont,
            });
            let lasts = wrap_up.wrap_up_seconds.map(wrap_up_seconds).transpose()?;
            let how = wrap_up.sub_event.as_deref().map(sub_event).transpose()?;
            Ok(WorkEvent::WrapUpStarted { block, lasts, how })
        }
        "waiting" => released(value, SubEventName::AgentClosed),
        "requeued" => released(value, SubEventName::AgentTransferToQueue),
        "transferred" => released(value, SubEventName::AgentTransfered),
        "closed" => released(value, SubEventName::ConversationClosed),
        "consult_joined" => Ok(WorkEvent::SideWork(SubEventName::ConsultJoined)),
        "consult_left" => Ok(WorkEvent::SideWork(SubEventName::ConsultLeft)),
        "monitor_joined" => Ok(WorkEvent::SideWork(SubEventName::MonitorJoined)),
        "monitor_left" => Ok(WorkEvent::SideWork(SubEventName::MonitorLeft)),
        _ => Err(Problem::UnknownType),
    }
}

fn released(value: &Value, by_default: SubEventName) -> Result<WorkEvent, Problem> {
    let released: Released = data(value)?;
    let how = released.sub_event.as_deref().map(sub_event).transpose()?.unwrap_or(by_default);
    Ok(WorkEvent::Released { how })
}

/// The ways in which work is assigned.
fn accepted(name: Option<&str>) -> Result<SubEventName, InvalidField> {
    const WAYS: [SubEventName; 6] = [
        SubEventName::AssignmentAccept,
        SubEventName::Pick,
        SubEventName::AutoAssign,
        SubEventName::AssignedBySupervisor,
        SubEventName::Transfer,
        SubEventName::OutboundCall,
    ];
    let Some(name) = name else { return Ok(SubEventName::AssignmentAccept) };
    WAYS.into_iter().find(|way| way.as_str() == name).ok_or_else(|| {
        let ways = WAYS.map(SubEventName::as_str).join(", ");
        InvalidField::new("subEvent", format!("`{}` is none of {ways}", shortened(name)))
    })
}

fn sub_event(name: &str) -> Result<SubEventName, InvalidField> {
    SubEventName::parse(name).ok_or_else(|| {
        InvalidField::new(
            "subEvent",
            format!("`{}` is no sub-event; CONVERSATION_CLOSED would be one", shortened(name)),
        )
    })
}

fn offer_seconds(seconds: u64) -> Result<Duration, InvalidField> {
    if !(1..=MAX_OFFER_SECONDS).contains(&seconds) {
        return Err(InvalidField::new("timeoutSeconds", format!("is {seconds}; 1 to {MAX_OFFER_SECONDS} are right")));
    }
    Ok(Duration::from_secs(seconds))
}

fn terms(asked: Asked) -> Result<Terms, InvalidField> {
    Ok(Terms {
        workstream: asked
            .workstream_id
            .as_deref()
            .map(|text| id("workstreamId", text, WorkstreamId::new))
            .transpose()?,
        units: asked.units,
        profiles: asked.profiles.as_deref().map(profile_ids).transpose()?,
        condition: if asked.if_eligible { Condition::IfEligible } else { Condition::None },
    })
}
