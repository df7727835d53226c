//! What agents did, in figures, and what changed over the floor.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let report = |line| SummaryReport { from: text(NOON), to: text(LATER), items: vec![line] };
    let by_team = SummaryLine { agent_id: None, name: None, team: Some(text("billing")), ..line() };
    let nobody_called = SummaryLine { missed_rate: None, rejected_rate: None, ..line() };
    let sign_ins = |one| SignInsReport { from: text(NOON), to: text(LATER), items: vec![one] };
    let lasts =
        SignedIn { left: None, left_seq: None, left_by: None, end: None, end_seq: None, ended: None, ..signed_in() };
    let difference = PresenceDifference { agent_id: text("a17"), before: None, after: Some(answers::past_presence()) };
    vec![
        ("SummaryReport", written(&report(line()))),
        ("SummaryReport.by-team", written(&report(by_team))),
        ("SummaryReport.quiet", written(&report(nobody_called))),
        ("SignInsReport", written(&sign_ins(signed_in()))),
        ("SignInsReport.lasts", written(&sign_ins(lasts))),
        ("DisconnectionsReport", written(&disconnections())),
        ("PresenceDifferenceList", written(&List { items: vec![difference], next_cursor: None })),
    ]
}

fn line() -> SummaryLine {
    SummaryLine {
        agent_id: Some(text("a17")),
        name: Some(text("Ada Lindqvist")),
        team: None,
        start: None,
        end: None,
        sign_ins: 2,
        sign_outs: 1,
        disconnections: 3,
        restores: 2,
        lapses: 2,
        removals: 0,
        signed_in_ms: 150_000,
        connected_ms: 149_000,
        notifications: 9,
        accepted_notifications: 6,
        missed_notifications: 2,
        rejected_notifications: 0,
        missed_rate: Some(0.25),
        rejected_rate: Some(0.0),
        unused_ms: 50_000,
        partly_used_ms: 90_000,
        full_ms: 9_000,
        missed_hold_ms: 4_711,
        rejected_hold_ms: 0,
        work_item_limit_hold_ms: 0,
    }
}

fn signed_in() -> SignedIn {
    SignedIn {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        start: text(NOON),
        start_seq: 81_251,
        left: Some(text(LATER)),
        left_seq: Some(81_300),
        left_by: Some(SubEventName::NetworkLost),
        end: Some(text(LATER)),
        end_seq: Some(81_304),
        ended: Some(SignInEnd::Lapsed),
        restores: 1,
        signed_in_ms: 300_000,
        connected_ms: 150_000,
    }
}

fn disconnections() -> DisconnectionsReport {
    let lost = Disconnection {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        at: text(NOON),
        seq: 81_251,
        sub_event_name: SubEventName::NetworkLost,
        network: Some(text("203.0.113.0/24")),
        became: Some(Became::Restored),
        became_at: Some(text(LATER)),
        became_seq: Some(81_300),
        incident: Some(1),
    };
    let open = Disconnection {
        agent_id: text("a18"),
        became: None,
        became_at: None,
        became_seq: None,
        seq: 81_252,
        ..lost.clone()
    };
    let incident = Incident {
        incident: 1,
        sub_event_name: SubEventName::NetworkLost,
        network: Some(text("203.0.113.0/24")),
        first: text(NOON),
        last: text(NOON),
        agents: 2,
        sessions: 2,
    };
    DisconnectionsReport {
        from: text(NOON),
        to: text(LATER),
        causes: vec![DisconnectionCause { sub_event_name: SubEventName::NetworkLost, sessions: 2, disconnections: 2 }],
        incidents: vec![incident],
        items: vec![lost, open],
    }
}
