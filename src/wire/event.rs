//! Assignment events: CloudEvents in structured mode.

use std::time::Duration;

use base64::Engine;
use serde::Deserialize;
use serde_json::Value;

use super::code::ErrorCode;
use super::json;
use super::parse::{agent_id, id, profile_ids, time, wrap_up_seconds};
use super::problem::Problem;
use super::repeated::shortened;
use super::shapes::{
    Happened, MAX_EVENT_NAME_BYTES, MAX_OFFER_SECONDS, SpecVersion, WorkItemAssigned, WorkItemEvent, WorkItemOffered,
    WorkItemReleased, WorkItemWrapUp, WrapUpBlock,
};
use super::words;
use crate::domain::cause::SubEventName;
use crate::domain::command::{Ask, Condition, Terms, WorkEvent, WrapUpChoice};
use crate::domain::ids::{AgentId, WorkItemId, WorkstreamId};
use crate::domain::presence::InvalidField;

/// What is repeated of an `id` that is too long to be one.
const REPEATED_ID: usize = 512;

/// An assignment event, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentEvent {
    /// `id` of the event; with `source` it names the operation.
    pub id: String,
    /// `source` of the event.
    pub source: String,
    /// What it reports.
    pub kind: EventType,
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
    /// What is wrong: `malformed` if it is no CloudEvent, `unknown_type`, or `invalid` if its data is wrong.
    pub problem: Problem,
}

/// The event without its data, of which the type says how it is read. Other attributes are ignored.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "specversion")]
    _version: SpecVersion,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    time: Option<String>,
    #[serde(default)]
    datacontenttype: Option<String>,
    #[serde(default)]
    data_base64: Option<String>,
}

impl AssignmentEvent {
    /// An event from its JSON.
    ///
    /// # Errors
    /// [`Malformed`] says what is wrong.
    pub fn parse(event: &Value) -> Result<Self, Malformed> {
        let id = event.get("id").and_then(Value::as_str);
        let id = id.map(|id| id.chars().take(REPEATED_ID).collect::<String>());
        Self::understood(event).map_err(|problem| Malformed { id, problem })
    }

    fn understood(event: &Value) -> Result<Self, Problem> {
        let no_event = |problem: Problem| {
            let detail = format!("no CloudEvent: {}", problem.detail);
            Problem { code: ErrorCode::Malformed, detail, ..problem }
        };
        let envelope: Envelope = json::read(event).map_err(no_event)?;
        for (field, text) in [("id", &envelope.id), ("source", &envelope.source)] {
            if !(1..=MAX_EVENT_NAME_BYTES).contains(&text.len()) {
                let right = format!("1 to {MAX_EVENT_NAME_BYTES} bytes are right");
                return Err(no_event(Problem::invalid(field, right)));
            }
        }
        if let Some(reported) = &envelope.time {
            time("time", reported).map_err(|invalid| no_event(invalid.into()))?;
        }
        if let Some(kind) = envelope.datacontenttype.as_ref().filter(|kind| !kind.contains("json")) {
            let problem = format!("`{}` is not understood here; application/json is", shortened(kind));
            return Err(no_event(Problem::invalid("datacontenttype", problem)));
        }
        let packed = envelope.data_base64.as_deref().map(unpacked).transpose().map_err(no_event)?;
        let data = packed.as_ref().or_else(|| event.get("data")).unwrap_or(&Value::Null);
        let within = |problem: Problem| match &problem.at.field {
            Some(field) => Problem { detail: format!("data.{}", problem.detail), ..problem.clone() }
                .in_field(format!("data.{field}")),
            None => Problem::invalid("data", problem.detail),
        };
        let kind = EventType::parse(&envelope.kind).ok_or_else(|| {
            let detail = format!("type: `{}` is no assignment event", shortened(&envelope.kind));
            Problem::new(ErrorCode::UnknownType, detail).in_field("type")
        })?;
        let happened = kind.happened(data).map_err(within)?;
        let About { agent, reason, ask } = asked(happened).map_err(|invalid| within(invalid.into()))?;
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        Ok(Self { id: envelope.id, source: envelope.source, kind, reported_time: envelope.time, reason, agent, ask })
    }
}

/// JSON that came in base 64.
fn unpacked(text: &str) -> Result<Value, Problem> {
    let wrong = || Problem::invalid("data_base64", "is no JSON in base 64");
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| wrong())?;
    serde_json::from_slice(&bytes).map_err(|_| wrong())
}

/// What an event asks about whom, and why.
struct About {
    agent: AgentId,
    reason: Option<String>,
    ask: Ask,
}

/// The types of events, from which the functions below follow.
macro_rules! types {
    ($($kind:ident = $name:literal,)+) => {
        /// The type of an assignment event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventType { $(#[doc = $name] $kind,)+ }

        impl EventType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// As an event says it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$kind),)+
                    _ => None,
                }
            }

            /// What happened, from the data of such an event.
            fn happened(self, data: &Value) -> Result<Happened, Problem> {
                match self { $(Self::$kind => json::read(data).map(Happened::$kind),)+ }
            }
        }
    };
}

types! {
    Offered = "workitem.offered",
    Assigned = "workitem.assigned",
    Missed = "workitem.missed",
    Rejected = "workitem.rejected",
    Withdrawn = "workitem.withdrawn",
    WrapUpStarted = "workitem.wrap_up_started",
    Waiting = "workitem.waiting",
    Requeued = "workitem.requeued",
    Transferred = "workitem.transferred",
    Closed = "workitem.closed",
    ConsultJoined = "workitem.consult_joined",
    ConsultLeft = "workitem.consult_left",
    MonitorJoined = "workitem.monitor_joined",
    MonitorLeft = "workitem.monitor_left",
    EndOfDay = "capacity.end_of_day",
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
            Ok(About { agent: agent_id(&event.agent_id)?, reason: event.reason, ask: Ask::EndDay { over: None } })
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
    let how = assignment.sub_event.map_or(SubEventName::AssignmentAccept, words::assigned_how);
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
    let how = wrap_up.sub_event.map(words::sub_event_of);
    let event = WorkEvent::WrapUpStarted { block, lasts, how };
    work(&wrap_up.agent_id, &wrap_up.work_item_id, wrap_up.reason, event)
}

fn released(event: WorkItemReleased, by_default: SubEventName) -> Result<About, InvalidField> {
    let how = event.sub_event.map(words::sub_event_of).unwrap_or(by_default);
    work(&event.agent_id, &event.work_item_id, event.reason, WorkEvent::Released { how })
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
