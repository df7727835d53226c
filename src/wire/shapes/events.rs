//! Assignment events: what work systems report, as CloudEvents in structured mode.

use serde::{Deserialize, Serialize};

#[cfg(test)]
use super::{Id, Reason};
use super::{SubEventName, WrapUpBlock};
use crate::wire::code::ErrorCode;
#[cfg(test)]
use crate::wire::parse::WRAP_UP_SECONDS;

/// The most events of one batch.
pub const MAX_EVENTS: usize = 1_000;
/// The longest `id` or `source` of an event.
pub const MAX_EVENT_NAME_BYTES: usize = 512;
/// The longest time an offer may ring: a day.
pub const MAX_OFFER_SECONDS: u64 = 86_400;

/// An assignment event: a CloudEvent in structured mode. Other attributes of CloudEvents are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CloudEvent {
    /// The version of CloudEvents: `1.0`.
    pub specversion: SpecVersion,
    /// The id of the event: 1 to 512 bytes. With `source` it names the event: one that was applied is
    /// remembered for 24 hours, and seen again it is a duplicate.
    #[cfg_attr(test, schemars(length(min = 1, max = MAX_EVENT_NAME_BYTES)))]
    pub id: String,
    /// Where the event comes from: 1 to 512 bytes.
    #[cfg_attr(test, schemars(length(min = 1, max = MAX_EVENT_NAME_BYTES)))]
    pub source: String,
    /// When it happened, as the work system tells it, in RFC 3339. It is kept as it came, and never orders
    /// or dates anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub time: Option<String>,
    /// What happened to whom.
    #[serde(flatten)]
    pub happened: Happened,
}

/// The version of CloudEvents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum SpecVersion {
    /// The only one that is spoken here.
    #[serde(rename = "1.0")]
    V1,
}

/// What happened to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", content = "data")]
pub enum Happened {
    /// A notification rings: the work item's capacity is reserved, and no presence changes. With
    /// `timeoutSeconds` the hub itself counts the miss.
    #[serde(rename = "workitem.offered")]
    Offered(WorkItemOffered),
    /// The agent has the work item; `subEvent` says how it came. Its capacity is taken.
    #[serde(rename = "workitem.assigned")]
    Assigned(WorkItemAssigned),
    /// Nobody answered the notification: the agent becomes Inactive, unless the setting
    /// `missedNotifications` is off.
    #[serde(rename = "workitem.missed")]
    Missed(WorkItemEvent),
    /// The agent said no: it becomes Do not disturb, unless the setting `rejectNotifications` is off.
    #[serde(rename = "workitem.rejected")]
    Rejected(WorkItemEvent),
    /// The work system took the notification back: the offer ends, and no presence changes.
    #[serde(rename = "workitem.withdrawn")]
    Withdrawn(WorkItemEvent),
    /// The conversation ended, and the agent finishes it up. By `blockCapacityForWrapUp` its capacity stays
    /// taken, is given back at once, or is given back after `wrapUpSeconds`, which the hub counts.
    #[serde(rename = "workitem.wrap_up_started")]
    WrapUpStarted(WorkItemWrapUp),
    /// The work item waits: its capacity is given back.
    #[serde(rename = "workitem.waiting")]
    Waiting(WorkItemReleased),
    /// The work item went back to a queue: its capacity is given back.
    #[serde(rename = "workitem.requeued")]
    Requeued(WorkItemReleased),
    /// The work item went to somebody else: its capacity is given back.
    #[serde(rename = "workitem.transferred")]
    Transferred(WorkItemReleased),
    /// The work item is done: its capacity is given back.
    #[serde(rename = "workitem.closed")]
    Closed(WorkItemReleased),
    /// The agent consults in somebody else's work: nothing changes but the log.
    #[serde(rename = "workitem.consult_joined")]
    ConsultJoined(WorkItemEvent),
    /// The agent no longer consults there: nothing changes but the log.
    #[serde(rename = "workitem.consult_left")]
    ConsultLeft(WorkItemEvent),
    /// The agent monitors somebody else's work: nothing changes but the log.
    #[serde(rename = "workitem.monitor_joined")]
    MonitorJoined(WorkItemEvent),
    /// The agent no longer monitors it: nothing changes but the log.
    #[serde(rename = "workitem.monitor_left")]
    MonitorLeft(WorkItemEvent),
    /// The agent's day is over: what was taken of its daily capacity profiles is given back.
    #[serde(rename = "capacity.end_of_day")]
    EndOfDay(AgentEvent),
}

/// An event about an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentEvent {
    /// The agent's id.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// Why, in the words of the work system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
}

/// An event about a work item that needs no more words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkItemEvent {
    /// The agent's id.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// The id of the work item.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub work_item_id: String,
    /// Why, in the words of the work system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
}

/// An offer of a work item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkItemOffered {
    /// The agent's id.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// The id of the work item.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub work_item_id: String,
    /// The id of the workstream that it comes from. Left out, it comes from none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Id>"))]
    pub workstream_id: Option<String>,
    /// How many units of capacity it takes. Left out: none if `profiles` is there, else what the
    /// workstream says, else 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// The ids of the capacity profiles that it takes one of each. Left out, those of the workstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Vec<Id>>", length(max = crate::domain::rules::MAX_PROFILES)))]
    pub profiles: Option<Vec<String>>,
    /// After how many seconds the hub itself records the miss: at most a day. Left out, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_OFFER_SECONDS)))]
    pub timeout_seconds: Option<u64>,
    /// Whether the offer counts only if the agent is eligible at that moment; otherwise it is rejected
    /// as `not_eligible`.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub if_eligible: bool,
    /// Why, in the words of the work system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
}

/// An assignment of a work item. One that was offered before keeps the capacity of its offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkItemAssigned {
    /// The agent's id.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// The id of the work item.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub work_item_id: String,
    /// How it came to the agent. `ASSIGNMENT_ACCEPT` if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_event: Option<AssignmentWay>,
    /// The id of the workstream that it comes from. Left out, it comes from none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Id>"))]
    pub workstream_id: Option<String>,
    /// How many units of capacity it takes. Left out: none if `profiles` is there, else what the
    /// workstream says, else 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// The ids of the capacity profiles that it takes one of each. Left out, those of the workstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Vec<Id>>", length(max = crate::domain::rules::MAX_PROFILES)))]
    pub profiles: Option<Vec<String>>,
    /// Whether the assignment counts only if the agent is eligible at that moment; otherwise it is
    /// rejected as `not_eligible`.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub if_eligible: bool,
    /// Why, in the words of the work system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
}

/// How a work item comes to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssignmentWay {
    /// The agent accepted the notification.
    AssignmentAccept,
    /// The agent picked the work item from a list.
    Pick,
    /// It was assigned without a notification.
    AutoAssign,
    /// A supervisor assigned it.
    AssignedBySupervisor,
    /// It was transferred to the agent.
    Transfer,
    /// The agent made an outbound call.
    RepresentativeInitiatedOutboundCall,
}

/// The beginning of a wrap-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkItemWrapUp {
    /// The agent's id.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// The id of the work item.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub work_item_id: String,
    /// What the wrap-up does to capacity. Left out, what the workstream says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_capacity_for_wrap_up: Option<WrapUpBlock>,
    /// For how many seconds it holds capacity, with `CUSTOM`. Left out, what the workstream says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = *WRAP_UP_SECONDS.start(), max = *WRAP_UP_SECONDS.end())))]
    pub wrap_up_seconds: Option<u64>,
    /// How the work ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_event: Option<SubEventName>,
    /// Why, in the words of the work system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
}

/// The end of a work item, for this agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WorkItemReleased {
    /// The agent's id.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub agent_id: String,
    /// The id of the work item.
    #[cfg_attr(test, schemars(with = "Id"))]
    pub work_item_id: String,
    /// How the work ended. Left out, what fits the type of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_event: Option<SubEventName>,
    /// Why, in the words of the work system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Reason>"))]
    pub reason: Option<String>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventResult {
    /// The event's id. Left out if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What became of it.
    pub status: EventStatus,
    /// Why, for programs. Left out if there is nothing to say; an offer that is `applied` and still
    /// not kept says why too: `work_item_limit` or `agent_not_connected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// False if an offer was applied and still not kept: the agent does not have it, and it can be offered
    /// to somebody else. Left out otherwise.
    #[serde(default = "super::yes", skip_serializing_if = "super::is_true")]
    pub kept: bool,
    /// What is wrong, and what would be right, for people. Left out if nothing is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The field that is wrong. Left out when no single one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The agent's id. Left out if the event could not be understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The agent's version after it. Left out if it was not decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The id of the presence that others see after it. Left out if it was not decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_id: Option<String>,
}

/// What became of one event, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum EventStatus {
    /// It counts, and what it changed is durable.
    Applied,
    /// It was applied before, and nothing happened twice.
    Duplicate,
    /// It was refused, finally: nothing was changed, and repeating it is judged anew.
    Rejected,
    /// It could not be kept: it is to be sent again with the same id. Later events of the same agent
    /// in the batch are `unavailable` too.
    Unavailable,
}
