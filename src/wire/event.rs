//! Assignment events: CloudEvents in structured mode.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::parse::{agent_id, id, profile_ids, shortened, wrap_up_seconds};
use super::shapes::{
    self, AssignmentWay, Happened, Word, WorkItemAssigned, WorkItemEvent, WorkItemOffered, WorkItemReleased,
    WorkItemWrapUp, WrapUpBlock,
};
use super::words;
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

/// The event without its data, of which the type says how it is read.
#[derive(Deserialize)]
struct Envelope {
    specversion: String,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    time: Option<String>,
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
        let data = event.get("data").unwrap_or(&Value::Null);
        let understood = happened(&envelope.kind, data).and_then(|happened| Ok(asked(happened)?));
        let About { agent, reason, ask } = understood.map_err(|problem| match problem {
            Problem::UnknownType => {
                malformed("unknown_type", format!("type: `{}` is no assignment event", shortened(&envelope.kind)))
            }
            Problem::Malformed(error) => malformed("malformed", format!("data: {error}")),
            Problem::Invalid(error) => malformed("invalid", error.to_string()),
        })?;
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        Ok(Self { id: envelope.id, source: envelope.source, reported_time: envelope.time, reason, agent, ask })
    }
}

/// What an event asks about whom, and why.
struct About {
    agent: AgentId,
    reason: Option<String>,
    ask: Ask,
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

/// What happened, from its type and its data.
fn happened(kind: &str, value: &Value) -> Result<Happened, Problem> {
    Ok(match kind {
        "workitem.offered" => Happened::Offered(data(value)?),
        "workitem.assigned" => Happened::Assigned(data(value)?),
        "workitem.missed" => Happened::Missed(data(value)?),
        "workitem.rejected" => Happened::Rejected(data(value)?),
        "workitem.withdrawn" => Happened::Withdrawn(data(value)?),
        "workitem.wrap_up_started" => Happened::WrapUpStarted(data(value)?),
        "workitem.waiting" => Happened::Waiting(data(value)?),
        "workitem.requeued" => Happened::Requeued(data(value)?),
        "workitem.transferred" => Happened::Transferred(data(value)?),
        "workitem.closed" => Happened::Closed(data(value)?),
        "workitem.consult_joined" => Happened::ConsultJoined(data(value)?),
        "workitem.consult_left" => Happened::ConsultLeft(data(value)?),
        "workitem.monitor_joined" => Happened::MonitorJoined(data(value)?),
        "workitem.monitor_left" => Happened::MonitorLeft(data(value)?),
        "capacity.end_of_day" => Happened::EndOfDay(data(value)?),
        _ => return Err(Problem::UnknownType),
    })
}

/// What the rules are asked.
fn asked(happened: Happened) -> Result<About, InvalidField> {
    match happened {
        Happened::Offered(offer) => offered(offer),
        Happened::Assigned(assignment) => assigned(assignment),
        Happened::Missed(event) => bare(event, WorkEvent::Missed),
        Happened::Rejected(event) => bare(event, WorkEvent::Rejected),
        Happened::Withdrawn(event) => bare(event, WorkEvent::Withdrawn),
        Happened::WrapUpStarted(wrap_up) => wrap_up_started(wrap_up),
        Happened::Waiting(event) => released(event, SubEventName::AgentClosed),
        Happened::Requeued(event) => released(event, SubEventName::AgentTransferToQueue),
        Happened::Transferred(event) => released(event, SubEventName::AgentTransfered),
        Happened::Closed(event) => released(event, SubEventName::ConversationClosed),
        Happened::ConsultJoined(event) => bare(event, WorkEvent::SideWork(SubEventName::ConsultJoined)),
        Happened::ConsultLeft(event) => bare(event, WorkEvent::SideWork(SubEventName::ConsultLeft)),
        Happened::MonitorJoined(event) => bare(event, WorkEvent::SideWork(SubEventName::MonitorJoined)),
        Happened::MonitorLeft(event) => bare(event, WorkEvent::SideWork(SubEventName::MonitorLeft)),
        Happened::EndOfDay(event) => {
            Ok(About { agent: agent_id(&event.agent_id)?, reason: event.reason, ask: Ask::EndDay })
        }
    }
}

/// Something that happened to a work item.
fn work(agent: &str, item: &str, reason: Option<String>, event: WorkEvent) -> Result<About, InvalidField> {
    let agent = agent_id(agent)?;
    Ok(About { agent, reason, ask: Ask::Work(id("workItemId", item, WorkItemId::new)?, event) })
}

fn bare(event: WorkItemEvent, happened: WorkEvent) -> Result<About, InvalidField> {
    work(&event.agent_id, &event.work_item_id, event.reason, happened)
}

fn offered(offer: WorkItemOffered) -> Result<About, InvalidField> {
    let timeout = offer.timeout_seconds.map(offer_seconds).transpose()?;
    let terms =
        terms(offer.workstream_id.as_deref(), offer.units, offer.profiles.as_deref(), condition(offer.if_eligible))?;
    work(&offer.agent_id, &offer.work_item_id, offer.reason, WorkEvent::Offered { terms, timeout })
}

fn assigned(assignment: WorkItemAssigned) -> Result<About, InvalidField> {
    let how = accepted(assignment.sub_event)?;
    let terms = terms(
        assignment.workstream_id.as_deref(),
        assignment.units,
        assignment.profiles.as_deref(),
        condition(assignment.if_eligible),
    )?;
    work(&assignment.agent_id, &assignment.work_item_id, assignment.reason, WorkEvent::Assigned { terms, how })
}

fn wrap_up_started(wrap_up: WorkItemWrapUp) -> Result<About, InvalidField> {
    let block = wrap_up.block_capacity_for_wrap_up.map(|block| match block {
        WrapUpBlock::Always => WrapUpChoice::Always,
        WrapUpBlock::Custom => WrapUpChoice::Custom,
        WrapUpBlock::Dont => WrapUpChoice::Dont,
    });
    let lasts = wrap_up.wrap_up_seconds.map(wrap_up_seconds).transpose()?;
    let how = wrap_up.sub_event.map(sub_event).transpose()?;
    let event = WorkEvent::WrapUpStarted { block, lasts, how };
    work(&wrap_up.agent_id, &wrap_up.work_item_id, wrap_up.reason, event)
}

fn released(event: WorkItemReleased, by_default: SubEventName) -> Result<About, InvalidField> {
    let how = event.sub_event.map(sub_event).transpose()?.unwrap_or(by_default);
    work(&event.agent_id, &event.work_item_id, event.reason, WorkEvent::Released { how })
}

/// The way in which work is assigned.
fn accepted(way: Option<Word<AssignmentWay>>) -> Result<SubEventName, InvalidField> {
    const WAYS: [AssignmentWay; 6] = [
        AssignmentWay::AssignmentAccept,
        AssignmentWay::Pick,
        AssignmentWay::AutoAssign,
        AssignmentWay::AssignedBySupervisor,
        AssignmentWay::Transfer,
        AssignmentWay::RepresentativeInitiatedOutboundCall,
    ];
    match way {
        None => Ok(SubEventName::AssignmentAccept),
        Some(Word::Known(way)) => Ok(words::assigned_how(way)),
        Some(Word::Unknown(name)) => {
            let ways = WAYS.map(|way| words::assigned_how(way).as_str()).join(", ");
            Err(InvalidField::new("subEvent", format!("`{}` is none of {ways}", shortened(&name))))
        }
    }
}

fn sub_event(name: Word<shapes::SubEventName>) -> Result<SubEventName, InvalidField> {
    match name {
        Word::Known(name) => Ok(words::sub_event_of(name)),
        Word::Unknown(name) => Err(InvalidField::new(
            "subEvent",
            format!("`{}` is no sub-event; CONVERSATION_CLOSED would be one", shortened(&name)),
        )),
    }
}

fn offer_seconds(seconds: u64) -> Result<Duration, InvalidField> {
    if !(1..=MAX_OFFER_SECONDS).contains(&seconds) {
        return Err(InvalidField::new("timeoutSeconds", format!("is {seconds}; 1 to {MAX_OFFER_SECONDS} are right")));
    }
    Ok(Duration::from_secs(seconds))
}

fn condition(if_eligible: bool) -> Condition {
    if if_eligible { Condition::IfEligible } else { Condition::None }
}

fn terms(
    workstream: Option<&str>,
    units: Option<u32>,
    profiles: Option<&[String]>,
    condition: Condition,
) -> Result<Terms, InvalidField> {
    Ok(Terms {
        workstream: workstream.map(|text| id("workstreamId", text, WorkstreamId::new)).transpose()?,
        units,
        profiles: profiles.map(profile_ids).transpose()?,
        condition,
    })
}
