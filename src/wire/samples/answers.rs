//! Answers over HTTP and results over the socket.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    [results(), reads(), past(), sign_in(), health()].concat()
}

fn was() -> PastState {
    PastState {
        presence_id: text("busy"),
        base_presence_status: BasePresenceStatus::Busy,
        origin: Origin::Automatic,
        hold: None,
        event_name: EventName::SessionAssigned,
        sub_event_name: Some(SubEventName::AssignmentAccept),
        modified_by: ModifiedBy { kind: ActorType::Integration, id: Some(text("acd")) },
        reason: None,
        available_units_capacity: Some(60),
        version: 42,
        seq: 81_251,
    }
}

pub(super) fn past_presence() -> PastPresence {
    PastPresence {
        agent_id: text("a17"),
        name: text("Ada Lindqvist"),
        teams: vec![text("billing")],
        presence_text: text("Busy"),
        start: text(NOON),
        was: was(),
    }
}

fn past() -> Vec<(&'static str, Value)> {
    let (was, floor) = (was(), past_presence());
    let ended = HistoryInterval { start: text(NOON), end: Some(text(LATER)), duration_ms: 150_000, was: was.clone() };
    let lasts = HistoryInterval { start: text(LATER), end: None, duration_ms: 4_711, was };
    let of_agent = TimeInStatus {
        agent_id: Some(text("a17")),
        name: Some(text("Ada Lindqvist")),
        team: None,
        start: None,
        end: None,
        presence_id: text("busy"),
        presence_text: text("Busy"),
        base_presence_status: BasePresenceStatus::Busy,
        duration_ms: 150_000,
    };
    let of_team = TimeInStatus { agent_id: None, name: None, team: Some(text("billing")), ..of_agent.clone() };
    let of_hour = TimeInStatus {
        agent_id: None,
        name: None,
        start: Some(text(NOON)),
        end: Some(text(LATER)),
        ..of_agent.clone()
    };
    let report = |line| TimeInStatusReport { from: text(NOON), to: text(LATER), items: vec![line] };
    vec![
        ("HistoryInterval", written(&ended)),
        ("HistoryInterval.lasts", written(&lasts)),
        ("HistoryIntervalList", written(&List { items: vec![ended], next_cursor: Some(text("1795349550000.81251")) })),
        ("PastPresence", written(&floor)),
        ("PastPresenceList", written(&List { items: vec![floor], next_cursor: Some(text("a17")) })),
        ("TimeInStatusReport", written(&report(of_agent))),
        ("TimeInStatusReport.by-team", written(&report(of_team))),
        ("TimeInStatusReport.by-hour", written(&report(of_hour))),
    ]
}

fn results() -> Vec<(&'static str, Value)> {
    let watch =
        |mode| WatchResult { watch_id: text("5d41402abc4b2a76b9719d91"), epoch: text("6f1c2a"), seq: 81_251, mode };
    let done = AgentResult::applied("a17", 42);
    let refused = AgentResult {
        agent_id: text("a18"),
        status: ResultStatus::Rejected,
        code: Some(ErrorCode::UnknownPresence),
        field: Some(text("presenceId")),
        version: None,
    };
    vec![
        ("WatchResult.snapshot", written(&watch(WatchMode::Snapshot))),
        ("WatchResult.resumed", written(&watch(WatchMode::Resumed))),
        ("AgentResult", written(&done)),
        ("AgentResult.rejected", written(&refused)),
        ("AgentResults", written(&Results { results: vec![done, refused] })),
        ("TokenRenewed", written(&TokenRenewed { token_expires_at: text(LATER) })),
        ("Nothing", written(&Nothing {})),
        ("SetPresence", written(&frames::choice())),
    ]
}

fn reads() -> Vec<(&'static str, Value)> {
    let may = EligibleAgent {
        agent_id: text("a17"),
        eligible: true,
        reasons: Vec::new(),
        version: 42,
        seq: 81_251,
        presence_id: text("busy"),
        capacity: capacity(),
    };
    let may_not = EligibleAgent {
        eligible: false,
        reasons: vec![IneligibleReason::PresenceNotAllowed, IneligibleReason::NotConnected],
        ..may.clone()
    };
    let list = |items, next_cursor| List { items, next_cursor };
    vec![
        ("EligibleAgent", written(&may)),
        ("EligibleAgent.not", written(&may_not)),
        ("EligibleAgentList", written(&list(vec![may], None))),
        ("AgentPresenceList", written(&List { items: vec![at_work()], next_cursor: Some(text("a17")) })),
        ("Explanation", written(&explanation())),
        ("WorkItems", written(&WorkItems { items: vec![work_item()], version: 42 })),
        ("Reconciliation", written(&Reconciliation { items: vec![work_item()], if_version: Some(42) })),
        ("ConnectionState.signed-out", written(&ConnectionState::SignedOut)),
        ("ConnectionState.held", written(&ConnectionState::Held { since: text(NOON), until: text(LATER) })),
        ("ConnectionState.disconnected", written(&ConnectionState::Disconnected { restore_until: text(LATER) })),
    ]
}

fn explanation() -> Explanation {
    let rule = |rule, says, applied| RuleConsidered { rule: text(rule), says: text(says), applied };
    Explanation {
        presence: at_work(),
        at: text(NOON),
        rules: vec![
            rule("R-42", "a chosen Do not disturb, Away or Offline is not moved by work", false),
            rule("R-21", "capacity is partly used: Busy", true),
        ],
        capacity: capacity(),
        holding_capacity: vec![work_item()],
        connection: ConnectionState::Connected { sessions: vec![text("1.4.17")] },
        hold: None,
    }
}

fn sign_in() -> Vec<(&'static str, Value)> {
    let ada = Person {
        subject: text("a17"),
        name: text("Ada Lindqvist"),
        roles: vec![Role::Agent],
        teams: Some(vec![text("billing")]),
        about: None,
    };
    let sue = Person {
        subject: text("sue"),
        name: text("Sue Marsh"),
        roles: vec![Role::Supervisor],
        teams: None,
        about: Some(text("supervises every team: the live board")),
    };
    let named = NamedPerson { id: sue.subject.clone(), name: sue.name.clone() };
    let demo = Some(DemoPeople { people: vec![sue] });
    let provider =
        Some(SignInProvider { name: text("Example"), sign_out_url: Some(text("https://login.example.com/sign-out")) });
    vec![
        (
            "SessionInfo",
            written(&SessionInfo {
                mode: SignInMode::Jwt,
                session: Some(ada.clone()),
                demo: None,
                provider: None,
                contact: None,
            }),
        ),
        (
            "SessionInfo.nobody",
            written(&SessionInfo {
                mode: SignInMode::Jwt,
                session: None,
                demo: None,
                provider: None,
                contact: Some(text("the IT service desk, 4711")),
            }),
        ),
        (
            "SessionInfo.demo",
            written(&SessionInfo { mode: SignInMode::Demo, session: Some(ada), demo, provider: None, contact: None }),
        ),
        ("NamedPerson", written(&named)),
        ("NamedPersonList", written(&List { items: vec![named], next_cursor: None })),
        (
            "SessionInfo.oidc",
            written(&SessionInfo { mode: SignInMode::Oidc, session: None, demo: None, provider, contact: None }),
        ),
        ("SignIn", written(&SignIn::Token(text("header.claims.signature")))),
        ("SignIn.demo", written(&SignIn::Demo(text("ada")))),
    ]
}

fn health() -> Vec<(&'static str, Value)> {
    let health = |status| Health { status, engine: None, warning: None };
    let busy_log = Some(text("somebody reads the database and keeps its write-ahead log from beginning anew"));
    vec![
        ("Health", written(&health(HealthStatus::Alive))),
        ("Health.serving", written(&health(HealthStatus::Serving))),
        ("Health.warning", written(&Health { warning: busy_log, ..health(HealthStatus::Serving) })),
        ("Health.draining", written(&health(HealthStatus::Draining))),
        (
            "Health.unavailable",
            written(&Health { engine: Some(text("the disk is full")), ..health(HealthStatus::Unavailable) }),
        ),
        ("AdvanceClock", written(&AdvanceClock { advance_ms: 150_000 })),
        ("ClockAdvanced", written(&ClockAdvanced { server_time: text(LATER) })),
    ]
}
