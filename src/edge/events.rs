//! Assignment events: a batch is decided agent by agent, in order for each, and answered once
//! every applied event is durable.

use std::collections::HashMap;

use serde_json::Value;

use crate::agents::{Agents, Applied, Refusal};
use crate::domain::cause::Actor;
use crate::domain::command::Command;
use crate::domain::ids::AgentId;
use crate::domain::rejection::Rejection;
use crate::engine::OperationId;
use crate::wire::event::{AssignmentEvent, Malformed};
use crate::wire::shapes::EventResult;

/// The most events of one batch.
pub const MAX_BATCH: usize = 1_000;

/// What became of a batch, event by event, in the order they came.
pub async fn take_in(agents: &Agents, source: &str, events: &[Value]) -> Vec<EventResult> {
    let mut results: Vec<Option<EventResult>> = vec![None; events.len()];
    let mut by_agent: HashMap<AgentId, Vec<(usize, AssignmentEvent)>> = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        match AssignmentEvent::parse(event) {
            Ok(event) => by_agent.entry(event.agent.clone()).or_default().push((place, event)),
            Err(malformed) => results[place] = Some(of_malformed(malformed)),
        }
    }
    // Agents do not wait for each other, so that one commit serves many of them.
    let answered = by_agent.into_values().map(|events| in_order(agents, source, events));
    for (place, result) in futures::future::join_all(answered).await.into_iter().flatten() {
        results[place] = Some(result);
    }
    results.into_iter().flatten().collect()
}

/// One agent's events, one after the other. Once one could not be kept, the later ones are not
/// tried: they would overtake it.
async fn in_order(agents: &Agents, source: &str, events: Vec<(usize, AssignmentEvent)>) -> Vec<(usize, EventResult)> {
    let mut results = Vec::with_capacity(events.len());
    let mut kept_so_far = true;
    for (place, event) in events {
        let result =
            if kept_so_far { apply(agents, source, &event).await } else { unavailable(&event, Refusal::Unavailable) };
        kept_so_far &= result.status != "unavailable";
        results.push((place, result));
    }
    results
}

async fn apply(agents: &Agents, source: &str, event: &AssignmentEvent) -> EventResult {
    let command = Command {
        ask: event.ask.clone(),
        actor: Actor::Integration(source.to_owned()),
        if_version: None,
        reported_time: event.reported_time.clone(),
        reason: event.reason.clone(),
    };
    // A space cannot be in a URI reference, so source and id cannot be confused.
    let operation = OperationId(format!("{} {}", event.source, event.id));
    match agents.decide_once(&event.agent, command, Some(operation)).await {
        Ok(Applied::Now { known, remark }) => {
            let code = remark.map(|remark| remark.code().to_owned());
            EventResult {
                code,
                version: Some(known.agent.version),
                presence_id: Some(known.agent.shown_presence().to_owned()),
                ..about(event, "applied")
            }
        }
        Ok(Applied::Before(recalled)) => EventResult {
            version: Some(recalled.version),
            presence_id: Some(recalled.presence.as_str().to_owned()),
            ..about(event, "duplicate")
        },
        Err(Refusal::Rejected(rejection)) => of_rejection(agents, event, &rejection),
        Err(Refusal::TooLarge) => EventResult {
            code: Some(Refusal::TooLarge.code().to_owned()),
            message: Some(Refusal::TooLarge.to_string()),
            ..about(event, "rejected")
        },
        Err(refusal @ (Refusal::Unavailable | Refusal::OutcomeUnknown)) => unavailable(event, refusal),
    }
}

fn of_rejection(agents: &Agents, event: &AssignmentEvent, rejection: &Rejection) -> EventResult {
    let known = agents.existing(&event.agent);
    let now = EventResult {
        message: Some(rejection.to_string()),
        version: known.as_ref().map(|known| known.agent.version),
        presence_id: known.as_ref().map(|known| known.agent.shown_presence().to_owned()),
        ..about(event, "rejected")
    };
    if *rejection == Rejection::OfferAlreadyEnded {
        return EventResult { status: "duplicate".to_owned(), ..now };
    }
    EventResult { code: Some(rejection.code().to_owned()), ..now }
}

fn unavailable(event: &AssignmentEvent, refusal: Refusal) -> EventResult {
    EventResult {
        code: Some(refusal.code().to_owned()),
        message: Some(refusal.to_string()),
        ..about(event, "unavailable")
    }
}

fn of_malformed(malformed: Malformed) -> EventResult {
    EventResult {
        id: malformed.id,
        status: "rejected".to_owned(),
        code: Some(malformed.code.to_owned()),
        message: Some(malformed.message),
        agent_id: None,
        version: None,
        presence_id: None,
    }
}

fn about(event: &AssignmentEvent, status: &str) -> EventResult {
    EventResult {
        id: Some(event.id.clone()),
        status: status.to_owned(),
        code: None,
        message: None,
        agent_id: Some(event.agent.as_str().to_owned()),
        version: None,
        presence_id: None,
    }
}
