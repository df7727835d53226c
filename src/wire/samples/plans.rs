//! What agents are planned to do, and what they did of it.

use super::*;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    let activity = Activity {
        activity_id: text("calls"),
        text: text("Calls"),
        presence_ids: vec![text("available"), text("lunch")],
        base_presence_statuses: vec![BasePresenceStatus::Busy],
        tolerance_seconds: 120,
    };
    let planned = PlannedActivity { start: text(NOON), end: text(LATER), activity_id: text("calls") };
    let of_ada = AgentsPlannedActivity {
        agent_id: text("a17"),
        start: text(NOON),
        end: text(LATER),
        activity_id: text("calls"),
    };
    let applied = PlanResult {
        agent_id: text("a17"),
        status: ResultStatus::Applied,
        planned: Some(5),
        code: None,
        message: None,
    };
    let rejected = PlanResult {
        agent_id: text("a18"),
        status: ResultStatus::Rejected,
        planned: None,
        code: Some(ErrorCode::UnknownActivity),
        message: Some(text("no activity has the id `cals`")),
    };
    let exception = AdherenceException {
        exception_id: text("5d41402abc4b2a76b9719d91"),
        agent_id: text("a17"),
        start: text(NOON),
        end: text(LATER),
        reason: text("fire alarm"),
        author: text("sue"),
        at: text(LATER),
    };
    let disputed = DisputeEntry { start: text(NOON), seq: 4711, note: text("I was in a call that was not reported") };
    let dispute = Dispute {
        dispute_id: text("7b8b965ad4bca0e41ab51de7"),
        agent_id: text("a17"),
        start: disputed.start.clone(),
        seq: disputed.seq,
        note: disputed.note.clone(),
        at: text(LATER),
    };
    vec![
        ("Activity", written(&activity)),
        ("ActivityList", written(&List { items: vec![activity], next_cursor: None })),
        ("PlannedActivity", written(&planned)),
        ("PlannedActivities", written(&PlannedActivities { items: vec![planned.clone()] })),
        ("PlannedActivityList", written(&List { items: vec![planned], next_cursor: None })),
        ("PlansToImport", written(&PlansToImport { items: vec![of_ada] })),
        ("PlanResult", written(&applied)),
        ("PlanResult.rejected", written(&rejected)),
        ("PlanResults", written(&Results { results: vec![applied, rejected] })),
        ("ExcuseTime", written(&ExcuseTime { start: text(NOON), end: text(LATER), reason: text("fire alarm") })),
        ("AdherenceException", written(&exception)),
        ("AdherenceExceptionList", written(&List { items: vec![exception], next_cursor: None })),
        ("DisputeEntry", written(&disputed)),
        ("Dispute", written(&dispute)),
        ("DisputeList", written(&List { items: vec![dispute], next_cursor: None })),
        ("AdherenceReport", written(&report())),
        ("AgentAdherence", written(&stretches())),
    ]
}

fn report() -> AdherenceReport {
    let line = AdherenceLine {
        agent_id: Some(text("a17")),
        name: Some(text("Ada Lindqvist")),
        team: Some(text("billing")),
        start: Some(text(NOON)),
        end: Some(text(LATER)),
        planned_ms: 150_000,
        in_ms: 90_000,
        out_ms: 30_000,
        excused_ms: 30_000,
        adherence: Some(0.75),
    };
    AdherenceReport { from: text(NOON), to: text(LATER), items: vec![line] }
}

fn stretches() -> AgentAdherence {
    let stretch = AdherenceStretch {
        start: text(NOON),
        end: text(LATER),
        duration_ms: 150_000,
        activity_id: text("calls"),
        presence_id: text("away"),
        counts: AdherenceCounts::Out,
        seq: 81_251,
    };
    AgentAdherence { from: text(NOON), to: text(LATER), items: vec![stretch] }
}
