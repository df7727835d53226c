//! A sample of every frame and shape, with everything in it that can be.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use presence_hub::wire::shapes::*;

use crate::written;

const NOON: &str = "2026-11-22T12:00:00.000Z";
const LATER: &str = "2026-11-22T12:02:30.000Z";

fn text(text: &str) -> String {
    text.to_owned()
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
            reset_duration: text("DAILY"),
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
        version: 42,
        seq: 81_251,
        origin: Origin::Automatic,
        hold: None,
        event_name: text("SESSION_ASSIGNED"),
        sub_event_name: Some(text("ASSIGNMENT_ACCEPT")),
        modified_by: ModifiedBy { kind: text("INTEGRATION"), id: Some(text("acd")) },
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
        event_name: text("DISCONNECTED"),
        sub_event_name: Some(text("NETWORK_LOST")),
        modified_by: ModifiedBy { kind: text("SYSTEM"), id: None },
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
        workstream_id: Some(text("chat")),
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
        presence_id: text("away"),
        since: text(NOON),
        version: 42,
        seq: 81_251,
        origin: Origin::Supervisor,
        event_name: text("SET_PRESENCE"),
        sub_event_name: Some(text("TAB_CLOSED")),
        is_agent_logged_in: true,
        open_work_items: 2,
        active_browser_sessions: 1,
        is_blocked_by_some_profile: true,
        hold: Some(Hold::WorkItemLimit),
        reason: Some(text("lunch")),
        until: Some(text(LATER)),
        next_presence_id: Some(text("available")),
        modified_by: Some(ModifiedBy { kind: text("SUPERVISOR"), id: Some(text("sue")) }),
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
        presence_id: text("offline"),
        since: text(NOON),
        version: 1,
        seq: 7,
        origin: Origin::Automatic,
        event_name: text("NEW_USER"),
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
    let bases = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"];
    Summary {
        total: 2,
        by_base_status: bases
            .into_iter()
            .map(|base| (text(base), u32::from(matches!(base, "AWAY" | "OFFLINE"))))
            .collect(),
        by_presence: BTreeMap::from([(text("away"), 1), (text("offline"), 1)]),
    }
}

/// Every frame of the hub, by the name of its file.
pub fn hub_frames() -> Vec<(&'static str, HubFrame)> {
    [greetings(), answers(), board(), news()].concat()
}

fn greetings() -> Vec<(&'static str, HubFrame)> {
    let welcome = |roles, subject, agent, presence_options| HubFrame::Welcome {
        session_id: text("1.4.17"),
        roles,
        subject: text(subject),
        epoch: text("6f1c2a"),
        seq: 81_251,
        server_time: text(NOON),
        heartbeat_seconds: 10,
        token_expires_at: text(LATER),
        agent,
        presence_options,
    };
    vec![
        ("welcome.agent", welcome(vec![Role::Agent], "a17", Some(at_work()), Some(vec![busy()]))),
        ("welcome.supervisor", welcome(vec![Role::Supervisor, Role::Admin], "sue", None, None)),
        ("heartbeat", HubFrame::Heartbeat { seq: 81_251, server_time: text(NOON), stale: false }),
        ("heartbeat.stale", HubFrame::Heartbeat { seq: 81_251, server_time: text(NOON), stale: true }),
        ("tokenExpiring", HubFrame::TokenExpiring { expires_at: text(LATER) }),
        ("restarting", HubFrame::Restarting { reconnect_after_ms: [500, 5_000] }),
    ]
}

fn answers() -> Vec<(&'static str, HubFrame)> {
    let error = |code: &str, details| FrameError { code: text(code), message: text("what is wrong"), details };
    vec![
        ("result", HubFrame::Result { id: json!(7), result: json!({}) }),
        ("result.text-id", HubFrame::Result { id: json!("seven"), result: json!({ "tokenExpiresAt": LATER }) }),
        ("error", HubFrame::Error { id: Some(json!(7)), error: error("invalid", Some(json!({ "field": "until" }))) }),
        ("error.no-id", HubFrame::Error { id: None, error: error("malformed", None) }),
    ]
}

fn board() -> Vec<(&'static str, HubFrame)> {
    let snapshot = |part, presences, summary| HubFrame::Snapshot {
        watch_id: text("5d41402abc4b2a76b9719d91"),
        epoch: text("6f1c2a"),
        seq: 81_251,
        part,
        parts: 2,
        agents: vec![watched(), watched_signed_out()],
        presences,
        summary,
    };
    let changes = |presences, summary| HubFrame::Changes {
        watch_id: text("5d41402abc4b2a76b9719d91"),
        seq: 81_260,
        agents: vec![watched()],
        left: vec![text("a19")],
        presences,
        summary,
    };
    vec![
        ("snapshot.first", snapshot(1, Some(vec![busy()]), Some(summary()))),
        ("snapshot.last", snapshot(2, None, None)),
        ("changes", changes(None, None)),
        ("changes.resumed", changes(Some(vec![busy()]), Some(summary()))),
        ("presences", HubFrame::Presences { presences: vec![busy()] }),
        ("resync", HubFrame::Resync { watch_id: text("5d41402abc4b2a76b9719d91"), reason: text("workstreamChanged") }),
    ]
}

fn news() -> Vec<(&'static str, HubFrame)> {
    vec![
        ("presence", HubFrame::Presence { agent: at_work() }),
        ("presence.disconnected", HubFrame::Presence { agent: disconnected() }),
        ("presenceOptions", HubFrame::PresenceOptions { presences: vec![busy()] }),
        (
            "offerWithdrawn",
            HubFrame::OfferWithdrawn { agent_id: text("a17"), work_item_id: text("c-9"), reason: text("NETWORK_LOST") },
        ),
        (
            "notice",
            HubFrame::Notice {
                code: text("signedOutBySupervisor"),
                actor: Some(ModifiedBy { kind: text("SUPERVISOR"), id: Some(text("sue")) }),
                reason: Some(text("the shift is over")),
                work_item_id: None,
            },
        ),
        (
            "notice.work-item",
            HubFrame::Notice {
                code: text("missedNotification"),
                actor: Some(ModifiedBy { kind: text("SYSTEM"), id: None }),
                reason: None,
                work_item_id: Some(text("c-9")),
            },
        ),
    ]
}

fn choice() -> SetPresence {
    SetPresence {
        presence_id: text("away"),
        until: Some(text(LATER)),
        next_presence_id: Some(text("available")),
        reason: Some(text("lunch")),
        if_version: Some(42),
    }
}

/// Every frame of a client, by the name of its file; a request has an `id` besides.
pub fn client_frames() -> Vec<(&'static str, ClientFrame)> {
    let filter = Filter {
        teams: Some(vec![text("billing")]),
        queues: Some(vec![text("q1")]),
        skills: Some(vec![text("de")]),
        agent_ids: Some(vec![text("a17")]),
        base_statuses: Some(vec![BasePresenceStatus::Available, BasePresenceStatus::BusyDoNotDisturb]),
        presence_ids: Some(vec![text("busy")]),
        workstream_id: Some(text("chat")),
    };
    let since = Since { epoch: text("6f1c2a"), seq: 81_251, watch_id: Some(text("5d41402abc4b2a76b9719d91")) };
    let event = json!({
        "specversion": "1.0", "id": "e-1", "source": "/acd", "type": "workitem.assigned", "time": NOON,
        "data": { "agentId": "a17", "workItemId": "c-9", "subEvent": "ASSIGNMENT_ACCEPT" },
    });
    let agent_ids = vec![text("a17"), text("a18")];
    vec![
        ("setPresence", ClientFrame::SetPresence(choice())),
        ("resetPresence", ClientFrame::ResetPresence {}),
        ("refreshing", ClientFrame::Refreshing {}),
        ("signOut", ClientFrame::SignOut {}),
        ("watch.everyone", ClientFrame::Watch { filter: Filter::default(), include: Vec::new(), since: None }),
        (
            "watch",
            ClientFrame::Watch { filter, include: vec![Include::Capacity, Include::WorkItems], since: Some(since) },
        ),
        ("unwatch", ClientFrame::Unwatch { watch_id: text("5d41402abc4b2a76b9719d91") }),
        ("setAgentPresence", ClientFrame::SetAgentPresence { agent_ids: agent_ids.clone(), choice: choice() }),
        ("resetAgentPresence", ClientFrame::ResetAgentPresence { agent_ids: agent_ids.clone() }),
        ("signOutAgent", ClientFrame::SignOutAgent { agent_ids, reason: Some(text("the shift is over")) }),
        ("events", ClientFrame::Events { events: vec![event] }),
        ("authenticate", ClientFrame::Authenticate { token: text("header.claims.signature") }),
        ("awake", ClientFrame::Awake {}),
    ]
}

/// What stands in results and bodies, by the name of its file.
pub fn shapes() -> Vec<(&'static str, Value)> {
    let watch =
        |mode| WatchResult { watch_id: text("5d41402abc4b2a76b9719d91"), epoch: text("6f1c2a"), seq: 81_251, mode };
    let agent = |status: &str, code: Option<&str>, version| AgentResult {
        agent_id: text("a17"),
        status: text(status),
        code: code.map(text),
        version,
    };
    let event = EventResult {
        id: Some(text("e-1")),
        status: text("applied"),
        code: None,
        message: None,
        agent_id: Some(text("a17")),
        version: Some(42),
        presence_id: Some(text("busy")),
    };
    let rejected = EventResult {
        status: text("rejected"),
        code: Some(text("not_eligible")),
        message: Some(text("the agent is not eligible: HOLD")),
        ..event.clone()
    };
    vec![
        ("AgentPresence", written(&at_work())),
        ("AgentPresence.disconnected", written(&disconnected())),
        ("WatchedAgent", written(&watched())),
        ("WatchedAgent.signed-out", written(&watched_signed_out())),
        ("Presence", written(&busy())),
        ("WorkItem", written(&work_item())),
        ("Summary", written(&summary())),
        ("WatchResult.snapshot", written(&watch(WatchMode::Snapshot))),
        ("WatchResult.resumed", written(&watch(WatchMode::Resumed))),
        ("AgentResult", written(&agent("applied", None, Some(42)))),
        ("AgentResult.rejected", written(&agent("rejected", Some("agent_not_connected"), None))),
        ("EventResult", written(&event)),
        ("EventResult.rejected", written(&rejected)),
    ]
}
