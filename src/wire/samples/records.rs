//! The directory's records.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let list = |next_cursor| List { items: vec![busy()], next_cursor };
    let bare: AgentRecord = serde_json::from_str("{}").unwrap();
    vec![
        ("AgentRecord", written(&ada())),
        ("AgentRecord.bare", written(&bare)),
        (
            "AgentChanges",
            written(&AgentChanges::Each(vec![AgentChange {
                agent_id: text("a17"),
                change: serde_json::Map::from_iter([("defaultPresenceId".to_owned(), "away".into())]),
            }])),
        ),
        ("AgentRecords", written(&AgentRecords::Items { items: vec![ada()] })),
        ("AgentRecords.list", written(&AgentRecords::List(vec![ada()]))),
        ("PresenceRecord", written(&lunch())),
        ("PresenceList", written(&list(None))),
        ("CapacityProfile", written(&chat())),
        ("CapacityProfileList", written(&List { items: vec![chat()], next_cursor: None })),
        ("Workstream", written(&sales_chat())),
        ("WorkstreamList", written(&List { items: vec![sales_chat()], next_cursor: None })),
    ]
}

fn ada() -> AgentRecord {
    AgentRecord {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        teams: vec![text("billing")],
        queues: vec![text("invoices")],
        skills: vec![text("german")],
        default_presence_id: Some(text("available")),
        selectable_presence_ids: Some(vec![text("available"), text("lunch")]),
        units: Some(100),
        profiles: vec![AgentProfile { profile_id: text("chat"), max: Some(2) }],
        enabled: true,
        version: Some(42),
        seq: Some(81_251),
        warnings: vec![text("units and profiles: configure one kind, not both (A-10)")],
    }
}

fn lunch() -> PresenceRecord {
    PresenceRecord {
        presence_id: text("lunch"),
        presence_name: text("Lunch"),
        presence_text: Some(text("At lunch")),
        base_presence_status: BasePresenceStatus::Away,
        description: text("Out for a meal"),
        built_in: false,
        can_user_set: true,
        presence_color: Some(text("#eaa300")),
        labels: BTreeMap::from([(text("de"), text("Mittagspause"))]),
        enabled: true,
        warnings: Vec::new(),
    }
}

fn chat() -> CapacityProfile {
    CapacityProfile {
        profile_id: text("chat"),
        name: text("Chats at once"),
        default_max: 3,
        block_assignment: false,
        reset_duration: ResetDuration::Immediate,
    }
}

fn sales_chat() -> Workstream {
    Workstream {
        workstream_id: text("sales-chat"),
        name: text("Sales chat"),
        allowed_presences: vec![BasePresenceStatus::Available, BasePresenceStatus::Busy],
        units: Some(20),
        profiles: vec![text("chat")],
        block_capacity_for_wrap_up: WrapUpBlock::Custom,
        wrap_up_seconds: Some(60),
        affects_presence: true,
        warnings: Vec::new(),
    }
}
