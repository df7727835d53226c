//! Assignment events: a batch stands in its caller's line, is decided agent by agent, in order for each,
//! and answered once every applied event is durable.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Door;
use super::items::Items;
use super::problem::of_json;
use super::turnstile::Entry;
use crate::agents::{Agents, Applied, Once, Refusal};
use crate::domain::cause::Actor;
use crate::domain::command::Command;
use crate::domain::ids::AgentId;
use crate::domain::rejection::Rejection;
use crate::engine::OperationId;
use crate::wire::code::ErrorCode;
use crate::wire::event::{AssignmentEvent, Malformed};
use crate::wire::problem::Problem;
use crate::wire::shapes::{EventResult, EventStatus, MAX_EVENTS};

/// A batch whose events stand in the line.
pub struct Batch {
    source: Arc<str>,
    /// In the order they came; none for those that are not decided yet.
    results: Vec<Option<EventResult>>,
    by_agent: BTreeMap<AgentId, Vec<Waiting>>,
}

/// An event in the line.
struct Waiting {
    /// Its place in the batch.
    place: usize,
    event: AssignmentEvent,
    entry: Entry,
}

impl Batch {
    /// Understands a list of events, or a single one, and lets them stand in the line of `source`.
    ///
    /// # Errors
    /// `malformed`, `too_large` or `rate_limited`; then none of them was taken.
    pub async fn take_in(door: &Door, source: &Arc<str>, text: &[u8]) -> Result<Self, Problem> {
        door.batches.admit(source)?;
        let mut events = Vec::new();
        match Items::of_array(text) {
            Some(mut items) => {
                while let Some(event) = items.next::<Value>().await? {
                    if events.len() == MAX_EVENTS {
                        return Err(Problem::too_large(format!("at most {MAX_EVENTS} events are right")));
                    }
                    events.push(AssignmentEvent::parse(&event));
                }
            }
            None => events.push(AssignmentEvent::parse(&one(text)?)),
        }
        let mut batch = Self { source: source.clone(), results: vec![None; events.len()], by_agent: BTreeMap::new() };
        for (place, event) in events.into_iter().enumerate() {
            match event {
                Ok(event) => {
                    let entry = door.batches.enter(source, &event.agent);
                    batch.by_agent.entry(event.agent.clone()).or_default().push(Waiting { place, event, entry });
                }
                Err(malformed) => {
                    door.tally.event(None, EventStatus::Rejected);
                    batch.results[place] = Some(of_malformed(malformed));
                }
            }
        }
        Ok(batch)
    }

    /// What became of each event, in the order they came.
    pub async fn answers(self, door: &Door) -> Vec<EventResult> {
        let Self { source, mut results, by_agent } = self;
        // Agents do not wait for each other, so that one commit serves many of them.
        let answered = by_agent.into_values().map(|events| in_order(door, &source, events));
        for (place, result) in futures::future::join_all(answered).await.into_iter().flatten() {
            results[place] = Some(result);
        }
        results.into_iter().flatten().collect()
    }
}

/// A single event.
fn one(text: &[u8]) -> Result<Value, Problem> {
    let event: Value = serde_json::from_slice(text).map_err(|error| of_json(&error))?;
    if event.is_object() { Ok(event) } else { Err(Problem::malformed("one CloudEvent or an array of them is right")) }
}

/// One agent's events, one after the other. Once one could not be kept, the later ones are not
/// tried: they would overtake it.
async fn in_order(door: &Door, source: &str, events: Vec<Waiting>) -> Vec<(usize, EventResult)> {
    let mut results = Vec::with_capacity(events.len());
    let mut kept_so_far = true;
    for Waiting { place, event, entry } in events {
        let through = entry.pass().await;
        let result = if kept_so_far && through.is_some() {
            apply(&door.agents, source, &event).await
        } else {
            unavailable(&event, Refusal::Unavailable)
        };
        door.tally.event(Some(event.kind), result.status);
        kept_so_far &= result.status != EventStatus::Unavailable;
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
    match agents.decide_once(&event.agent, command, operation).await {
        Ok(Once::Now(Applied { known, remark })) => EventResult {
            code: remark.map(ErrorCode::from),
            kept: remark.is_none(),
            version: Some(known.agent.version),
            presence_id: Some(known.agent.shown_presence().to_owned()),
            ..about(event, EventStatus::Applied)
        },
        Ok(Once::Before(recalled)) => EventResult {
            version: Some(recalled.version),
            presence_id: Some(recalled.presence.as_str().to_owned()),
            ..about(event, EventStatus::Duplicate)
        },
        Err(Refusal::Rejected(rejection)) => of_rejection(agents, event, rejection),
        Err(refusal @ Refusal::TooLarge) => of_problem(event, EventStatus::Rejected, refusal.into()),
        Err(refusal @ (Refusal::Unavailable | Refusal::OutcomeUnknown)) => unavailable(event, refusal),
    }
}

fn of_rejection(agents: &Agents, event: &AssignmentEvent, rejection: Rejection) -> EventResult {
    let known = agents.existing(&event.agent);
    let is_repeated = rejection == Rejection::OfferAlreadyEnded;
    let status = if is_repeated { EventStatus::Duplicate } else { EventStatus::Rejected };
    let result = EventResult {
        version: known.as_ref().map(|known| known.agent.version),
        presence_id: known.as_ref().map(|known| known.agent.shown_presence().to_owned()),
        ..of_problem(event, status, within_data(rejection.into()))
    };
    if is_repeated { EventResult { code: None, field: None, ..result } } else { result }
}

/// What the rules refuse is said in the data of an event.
fn within_data(problem: Problem) -> Problem {
    let field = problem.at.field.as_ref().map(|field| format!("data.{field}"));
    match field {
        Some(field) => problem.in_field(field),
        None => problem,
    }
}

fn unavailable(event: &AssignmentEvent, refusal: Refusal) -> EventResult {
    of_problem(event, EventStatus::Unavailable, refusal.into())
}

fn of_problem(event: &AssignmentEvent, status: EventStatus, problem: Problem) -> EventResult {
    EventResult {
        code: Some(problem.code),
        message: Some(problem.detail),
        field: problem.at.field,
        ..about(event, status)
    }
}

fn of_malformed(malformed: Malformed) -> EventResult {
    let Malformed { id, problem } = malformed;
    EventResult {
        id,
        status: EventStatus::Rejected,
        code: Some(problem.code),
        message: Some(problem.detail),
        field: problem.at.field,
        kept: true,
        agent_id: None,
        version: None,
        presence_id: None,
    }
}

fn about(event: &AssignmentEvent, status: EventStatus) -> EventResult {
    EventResult {
        id: Some(event.id.clone()),
        status,
        kept: true,
        code: None,
        message: None,
        field: None,
        agent_id: Some(event.agent.as_str().to_owned()),
        version: None,
        presence_id: None,
    }
}
