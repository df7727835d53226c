//! Changes as they go out.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let presence = event(Changed::Presence(changed()));
    let other = event(Changed::Other(ChangedAgent { until: None, ..changed() }));
    let gone = GoneAgent { agent_id: text("a17"), version: 42, seq: 81_251 };
    vec![
        ("ChangeEvent", written(&presence)),
        ("ChangeEvent.changed", written(&other)),
        ("ChangeEvent.deleted", written(&event(Changed::Deleted(gone.clone())))),
        ("ChangeEvent.left", written(&event(Changed::Left(gone)))),
        ("ChangesPage", written(&ChangesPage { items: vec![presence], next_after: text("81260-6f1c2a") })),
    ]
}

fn event(changed: Changed) -> ChangeEvent {
    ChangeEvent {
        specversion: SpecVersion::V1,
        id: text("81251-6f1c2a"),
        source: text("https://presence.example.com"),
        subject: text("a17"),
        time: text(NOON),
        changed,
    }
}

fn changed() -> ChangedAgent {
    ChangedAgent {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        teams: vec![text("billing")],
        since: text(NOON),
        until: Some(text(LATER)),
        is_agent_logged_in: true,
        open_work_items: 2,
        is: away(),
    }
}

fn away() -> PastState {
    PastState {
        presence_id: text("away"),
        base_presence_status: BasePresenceStatus::Away,
        origin: Origin::Supervisor,
        hold: None,
        event_name: EventName::SetPresence,
        sub_event_name: None,
        modified_by: ModifiedBy { kind: ActorType::Supervisor, id: Some(text("sue")) },
        reason: Some(text("lunch")),
        available_units_capacity: Some(60),
        version: 42,
        seq: 81_251,
    }
}
