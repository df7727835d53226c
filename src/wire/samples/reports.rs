//! Assignment events, and what became of them.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    [types(), sends(), results()].concat()
}

/// An event of every type.
fn types() -> Vec<(&'static str, Value)> {
    let released =
        |sub_event| WorkItemReleased { agent_id: text("a17"), work_item_id: text("c-9"), sub_event, reason: None };
    let closed = released(Some(SubEventName::CustomerEndConversation));
    vec![
        ("CloudEvent.offered", written(&offered())),
        ("CloudEvent.assigned", written(&assigned())),
        ("CloudEvent.missed", written(&event(Happened::Missed(bare())))),
        ("CloudEvent.rejected", written(&event(Happened::Rejected(bare())))),
        ("CloudEvent.withdrawn", written(&event(Happened::Withdrawn(bare())))),
        ("CloudEvent.wrap-up-started", written(&event(Happened::WrapUpStarted(wrap_up())))),
        ("CloudEvent.waiting", written(&event(Happened::Waiting(released(None))))),
        ("CloudEvent.requeued", written(&event(Happened::Requeued(released(None))))),
        ("CloudEvent.transferred", written(&event(Happened::Transferred(released(None))))),
        ("CloudEvent.closed", written(&event(Happened::Closed(closed)))),
        ("CloudEvent.consult-joined", written(&event(Happened::ConsultJoined(bare())))),
        ("CloudEvent.consult-left", written(&event(Happened::ConsultLeft(bare())))),
        ("CloudEvent.monitor-joined", written(&event(Happened::MonitorJoined(bare())))),
        ("CloudEvent.monitor-left", written(&event(Happened::MonitorLeft(bare())))),
        (
            "CloudEvent.end-of-day",
            written(&event(Happened::EndOfDay(AgentEvent { agent_id: text("a17"), reason: None }))),
        ),
    ]
}

fn event(happened: Happened) -> CloudEvent {
    CloudEvent { specversion: SpecVersion::V1, id: text("e-1"), source: text("/acd"), time: Some(text(NOON)), happened }
}

fn bare() -> WorkItemEvent {
    WorkItemEvent { agent_id: text("a17"), work_item_id: text("c-9"), reason: Some(text("the customer hung up")) }
}

fn offered() -> CloudEvent {
    event(Happened::Offered(WorkItemOffered {
        agent_id: text("a17"),
        work_item_id: text("c-9"),
        workstream_id: Some(text("sales-chat")),
        units: Some(20),
        profiles: Some(vec![text("chat")]),
        timeout_seconds: Some(30),
        if_eligible: true,
        reason: None,
    }))
}

pub(super) fn assigned() -> CloudEvent {
    event(Happened::Assigned(WorkItemAssigned {
        agent_id: text("a17"),
        work_item_id: text("c-9"),
        sub_event: Some(AssignmentWay::AssignmentAccept),
        workstream_id: None,
        units: None,
        profiles: None,
        if_eligible: false,
        reason: None,
    }))
}

fn wrap_up() -> WorkItemWrapUp {
    WorkItemWrapUp {
        agent_id: text("a17"),
        work_item_id: text("c-9"),
        block_capacity_for_wrap_up: Some(WrapUpBlock::Custom),
        wrap_up_seconds: Some(60),
        sub_event: None,
        reason: None,
    }
}

fn sends() -> Vec<(&'static str, Value)> {
    vec![
        ("EventsToSend", written(&EventsToSend::Many(vec![offered(), assigned()]))),
        ("EventsToSend.one", written(&EventsToSend::One(Box::new(offered())))),
    ]
}

fn results() -> Vec<(&'static str, Value)> {
    let applied = EventResult {
        kept: true,
        field: None,
        id: Some(text("e-1")),
        status: EventStatus::Applied,
        code: None,
        message: None,
        agent_id: Some(text("a17")),
        version: Some(42),
        presence_id: Some(text("busy")),
    };
    let rejected = EventResult {
        status: EventStatus::Rejected,
        code: Some(ErrorCode::NotEligible),
        message: Some(text("the agent is not eligible: HOLD")),
        ..applied.clone()
    };
    vec![
        ("EventResult", written(&applied)),
        ("EventResult.rejected", written(&rejected)),
        ("EventResults", written(&Results { results: vec![applied, rejected] })),
    ]
}
