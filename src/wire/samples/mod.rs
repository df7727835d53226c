//! A sample of every frame, body and answer, with everything in it that can be. They are the golden
//! files of `tests/wire`, and the examples of the served documents.

mod answers;
mod api_tokens;
mod audit;
mod changes;
mod erasures;
mod figures;
mod frames;
mod page_sessions;
mod plans;
mod records;
mod reports;
mod revocations;
mod webhooks;

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::code::ErrorCode;
use super::problem::Location;
use super::shapes::*;

pub(crate) use frames::{client_frames, hub_frames};

const NOON: &str = "2026-11-22T12:00:00.000Z";
const EARLIER: &str = "2026-11-22T11:40:00.000Z";
const LATER: &str = "2026-11-22T12:02:30.000Z";

fn text(text: &str) -> String {
    text.to_owned()
}

/// What stands in results, bodies and answers, by the name of its file: that of the shape first.
pub(crate) fn shapes() -> Vec<(&'static str, Value)> {
    [
        state(),
        answers::all(),
        api_tokens::all(),
        audit::all(),
        changes::all(),
        erasures::all(),
        figures::all(),
        page_sessions::all(),
        plans::all(),
        records::all(),
        reports::all(),
        revocations::all(),
        webhooks::all(),
    ]
    .concat()
}

/// The sample of the shape of this name, if it has one.
pub(crate) fn example(name: &str) -> Option<Value> {
    shapes().into_iter().find(|(of, _)| *of == name).map(|(_, sample)| sample)
}

/// A sample's JSON, if parsing it gives the sample back.
pub(crate) fn written<T: Serialize + DeserializeOwned + PartialEq + Debug>(sample: &T) -> Value {
    let json = serde_json::to_value(sample).unwrap();
    assert_eq!(serde_json::from_value::<T>(json.clone()).unwrap(), *sample, "{json}");
    json
}

fn state() -> Vec<(&'static str, Value)> {
    vec![
        ("AgentPresence", written(&at_work())),
        ("AgentPresence.disconnected", written(&disconnected())),
        ("WatchedAgent", written(&watched())),
        ("WatchedAgent.signed-out", written(&watched_signed_out())),
        ("Presence", written(&busy())),
        ("WorkItem", written(&work_item())),
        ("Summary", written(&summary())),
    ]
}

fn presence(id: &str, name: &str, base: BasePresenceStatus) -> Presence {
    Presence {
        presence_id: text(id),
        presence_name: text(name),
        presence_text: text(name),
        base_presence_status: base,
        description: String::new(),
        built_in: true,
        can_user_set: true,
        presence_color: text("#c50f1f"),
        labels: BTreeMap::from([(text("de"), text("Beschäftigt"))]),
        enabled: true,
    }
}

fn busy() -> Presence {
    presence("busy", "Busy", BasePresenceStatus::Busy)
}

fn capacity() -> Capacity {
    Capacity {
        units: Some(Units { max: 100, used: 40, reserved: 20, available: 60 }),
        profiles: vec![ProfileUse {
            profile_id: text("chat"),
            max: 1,
            used: 2,
            reserved: 0,
            available: -1,
            block_assignment: true,
            reset_duration: ResetDuration::Daily,
        }],
        open_work_items: 2,
        utilization: Utilization::Partial,
    }
}

/// At work.
fn at_work() -> AgentPresence {
    AgentPresence {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        teams: vec![text("billing")],
        presence: busy(),
        since: text(NOON),
        held_since: text(EARLIER),
        held_by: ModifiedBy { kind: ActorType::Integration, id: Some(text("acd")) },
        version: 42,
        seq: 81_251,
        origin: Origin::Automatic,
        hold: None,
        event_name: EventName::SessionAssigned,
        sub_event_name: Some(SubEventName::AssignmentAccept),
        modified_by: ModifiedBy { kind: ActorType::Integration, id: Some(text("acd")) },
        reason: None,
        until: None,
        next_presence_id: None,
        is_agent_logged_in: true,
        active_browser_sessions: 1,
        restore: None,
        capacity: capacity(),
        is_blocked_by_some_profile: true,
    }
}

/// Disconnected inside the restore window.
fn disconnected() -> AgentPresence {
    AgentPresence {
        presence: presence("offline", "Offline", BasePresenceStatus::Offline),
        event_name: EventName::Disconnected,
        sub_event_name: Some(SubEventName::NetworkLost),
        modified_by: ModifiedBy { kind: ActorType::System, id: None },
        active_browser_sessions: 0,
        restore: Some(Restore {
            presence: presence("inactive", "Inactive", BasePresenceStatus::Away),
            origin: Origin::Automatic,
            hold: Some(Hold::Missed),
            reason: Some(text("lunch")),
            presence_until: Some(text(LATER)),
            next_presence_id: Some(text("busy")),
            until: text(LATER),
        }),
        capacity: Capacity { units: None, profiles: Vec::new(), open_work_items: 0, utilization: Utilization::Unused },
        is_blocked_by_some_profile: false,
        ..at_work()
    }
}

fn work_item() -> WorkItem {
    WorkItem {
        work_item_id: text("c-9"),
        state: WorkItemState::WrapUp,
        since: Some(text(NOON)),
        workstream_id: Some(text("sales-chat")),
        units: Some(20),
        profiles: Some(vec![text("chat")]),
        holds_capacity: Some(true),
        deadline: Said::Is(Some(text(LATER))),
    }
}

/// With everything that an entry of a board can have.
fn watched() -> WatchedAgent {
    WatchedAgent {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        teams: vec![text("billing")],
        queues: vec![text("billing-chat")],
        skills: vec![text("refunds")],
        presence_id: text("away"),
        since: text(NOON),
        held_since: Some(text(EARLIER)),
        held_by: Some(ModifiedBy { kind: ActorType::Supervisor, id: Some(text("sam")) }),
        version: 42,
        seq: 81_251,
        origin: Origin::Supervisor,
        event_name: EventName::SetPresence,
        sub_event_name: Some(SubEventName::TabClosed),
        is_agent_logged_in: true,
        open_work_items: 2,
        active_browser_sessions: 1,
        is_blocked_by_some_profile: true,
        hold: Some(Hold::WorkItemLimit),
        reason: Some(text("lunch")),
        until: Some(text(LATER)),
        next_presence_id: Some(text("available")),
        modified_by: Some(ModifiedBy { kind: ActorType::Supervisor, id: Some(text("sue")) }),
        restore: Some(WatchedRestore { presence_id: text("away"), until: text(LATER) }),
        capacity: Some(capacity()),
        work_items: Some(vec![work_item()]),
    }
}

/// With nothing that can be left out.
fn watched_signed_out() -> WatchedAgent {
    WatchedAgent {
        agent_id: text("a18"),
        name: text("Ben Okafor"),
        teams: Vec::new(),
        queues: Vec::new(),
        skills: Vec::new(),
        presence_id: text("offline"),
        since: text(NOON),
        held_since: None,
        held_by: None,
        version: 1,
        seq: 7,
        origin: Origin::Automatic,
        event_name: EventName::NewUser,
        sub_event_name: None,
        is_agent_logged_in: false,
        open_work_items: 0,
        active_browser_sessions: 0,
        is_blocked_by_some_profile: false,
        hold: None,
        reason: None,
        until: None,
        next_presence_id: None,
        modified_by: None,
        restore: None,
        capacity: None,
        work_items: None,
    }
}

fn summary() -> Summary {
    use BasePresenceStatus::{Available, Away, Busy, BusyDoNotDisturb, Offline};
    Summary {
        total: 2,
        by_base_status: BTreeMap::from([(Available, 0), (Busy, 0), (BusyDoNotDisturb, 0), (Away, 1), (Offline, 1)]),
        by_presence: BTreeMap::from([(text("away"), 1), (text("offline"), 1)]),
    }
}
