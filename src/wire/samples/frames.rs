//! Every frame, of the hub and of clients.

use serde_json::json;

use super::*;

/// Every frame of the hub, by the name of its file.
pub(crate) fn hub_frames() -> Vec<(&'static str, HubFrame)> {
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
        ("heartbeat", HubFrame::Heartbeat { seq: Some(81_251), server_time: text(NOON), stale: false }),
        ("heartbeat.stale", HubFrame::Heartbeat { seq: None, server_time: text(NOON), stale: true }),
        ("tokenExpiring", HubFrame::TokenExpiring { expires_at: text(LATER) }),
        ("restarting", HubFrame::Restarting { reconnect_after_ms: [500, 5_000] }),
    ]
}

fn answers() -> Vec<(&'static str, HubFrame)> {
    let error = |code, details| FrameError { code, message: text("what is wrong"), details };
    vec![
        ("result", HubFrame::Result { id: json!(7), result: json!(Nothing {}) }),
        (
            "result.text-id",
            HubFrame::Result { id: json!("seven"), result: json!(TokenRenewed { token_expires_at: text(LATER) }) },
        ),
        (
            "error",
            HubFrame::Error {
                id: Some(json!(7)),
                error: error(ErrorCode::Invalid, Some(Location { field: Some(text("until")), ..Location::default() })),
            },
        ),
        ("error.no-id", HubFrame::Error { id: None, error: error(ErrorCode::Malformed, None) }),
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
        (
            "resync",
            HubFrame::Resync { watch_id: text("5d41402abc4b2a76b9719d91"), reason: ResyncReason::WorkstreamChanged },
        ),
    ]
}

fn news() -> Vec<(&'static str, HubFrame)> {
    vec![
        ("presence", HubFrame::Presence { agent: at_work() }),
        ("presence.disconnected", HubFrame::Presence { agent: disconnected() }),
        ("presenceOptions", HubFrame::PresenceOptions { presences: vec![busy()] }),
        (
            "offerWithdrawn",
            HubFrame::OfferWithdrawn {
                agent_id: text("a17"),
                work_item_id: text("c-9"),
                reason: WithdrawalReason::How(SubEventName::NetworkLost),
            },
        ),
        (
            "notice",
            HubFrame::Notice {
                code: NoticeCode::SignedOutBySupervisor,
                actor: Some(ModifiedBy { kind: ActorType::Supervisor, id: Some(text("sue")) }),
                reason: Some(text("the shift is over")),
                work_item_id: None,
            },
        ),
        (
            "notice.work-item",
            HubFrame::Notice {
                code: NoticeCode::MissedNotification,
                actor: Some(ModifiedBy { kind: ActorType::System, id: None }),
                reason: None,
                work_item_id: Some(text("c-9")),
            },
        ),
    ]
}

pub(super) fn choice() -> SetPresence {
    SetPresence {
        presence_id: text("away"),
        until: Some(text(LATER)),
        next_presence_id: Some(text("available")),
        reason: Some(text("lunch")),
        if_version: Some(42),
    }
}

/// Every frame of a client, by the name of its file; a request has an `id` besides.
pub(crate) fn client_frames() -> Vec<(&'static str, ClientFrame)> {
    let filter = Filter {
        teams: Some(vec![text("billing")]),
        queues: Some(vec![text("q1")]),
        skills: Some(vec![text("de")]),
        agent_ids: Some(vec![text("a17")]),
        base_statuses: Some(vec![BasePresenceStatus::Available, BasePresenceStatus::BusyDoNotDisturb]),
        presence_ids: Some(vec![text("busy")]),
        workstream_id: Some(text("sales-chat")),
    };
    let since = Since { epoch: text("6f1c2a"), seq: 81_251, watch_id: Some(text("5d41402abc4b2a76b9719d91")) };
    let agent_ids = vec![text("a17"), text("a18")];
    vec![
        ("setPresence", ClientFrame::SetPresence(choice())),
        ("resetPresence", ClientFrame::ResetPresence {}),
        ("refreshing", ClientFrame::Refreshing {}),
        ("signOut", ClientFrame::SignOut {}),
        ("watch.everyone", ClientFrame::Watch(Watch { filter: Filter::default(), include: Vec::new(), since: None })),
        (
            "watch",
            ClientFrame::Watch(Watch {
                filter,
                include: vec![Include::Capacity, Include::WorkItems, Include::Record],
                since: Some(since),
            }),
        ),
        ("unwatch", ClientFrame::Unwatch(Unwatch { watch_id: text("5d41402abc4b2a76b9719d91") })),
        (
            "setAgentPresence",
            ClientFrame::SetAgentPresence(SetAgentPresence { agent_ids: agent_ids.clone(), choice: choice() }),
        ),
        ("resetAgentPresence", ClientFrame::ResetAgentPresence(ResetAgentPresence { agent_ids: agent_ids.clone() })),
        (
            "signOutAgent",
            ClientFrame::SignOutAgent(SignOutAgent { agent_ids, reason: Some(text("the shift is over")) }),
        ),
        ("events", ClientFrame::Events(Events { events: vec![super::reports::assigned()] })),
        ("authenticate", ClientFrame::Authenticate(Authenticate { token: Some(text("header.claims.signature")) })),
        ("authenticate.session", ClientFrame::Authenticate(Authenticate { token: None })),
        ("awake", ClientFrame::Awake {}),
    ]
}
