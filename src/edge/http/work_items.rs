//! An agent's work items: read, and reconciled with what the work system knows.

use super::answer::Ok200;
use super::body::Json;
use super::listing::ITEMS_FOR_ONE_REQUEST;
use super::path::NamedAgent;
use super::route::{Asked, Route, Verb};
use crate::agents::Known;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::of_path;
use crate::identity::Action;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{Reconciliation, WorkItems};
use crate::wire::{parse, show};

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/agents/{agentId}/work-items", Action::ReadWorkItems, read)
            .called("readAgentWorkItems", "work", "An agent's work items")
            .says("Whatever is offered, active or in wrap-up."),
        Route::new(Verb::Put, "/api/v1/agents/{agentId}/work-items", Action::ReconcileWorkItems, reconcile)
            .called("reconcileAgentWorkItems", "work", "Say the whole truth about an agent's work")
            .says(
                "The hub reconciles to what is sent (cause `RECONCILED`): items that are not named end. Send it after \
                 the work system was away. `version_conflict` if events overtook it.",
            )
            .refuses(&[VersionConflict, UnknownWorkstream, UnknownProfile, TooLarge, Unavailable, OutcomeUnknown]),
    ]
}

async fn read(asked: Asked<NamedAgent>) -> Result<Ok200<WorkItems>, Problem> {
    Ok(listed(&asked.path.0))
}

async fn reconcile(asked: Asked<NamedAgent, (), Json<Reconciliation>>) -> Result<Ok200<WorkItems>, Problem> {
    let Asked { door, caller, path: NamedAgent(known), body: Json(truth), .. } = asked;
    caller.spend(&door, u32::try_from(truth.items.len() / ITEMS_FOR_ONE_REQUEST).unwrap_or(u32::MAX))?;
    door.queue.long(settle(&door, &caller, known, &truth)).await
}

async fn settle(
    door: &Door,
    caller: &Signed,
    known: Known,
    truth: &Reconciliation,
) -> Result<Ok200<WorkItems>, Problem> {
    // It may have waited.
    let known = door.agents.find(&known.agent.record.agent).unwrap_or(known);
    let view = door.agents.directory();
    let now = door.agents.clock().now();
    let items = parse::work_items(&truth.items, &known.agent.items, &view.directory, now)?;
    let agent = &known.agent.record.agent;
    let actor = Actor::Integration(caller.0.subject.clone());
    // What the items leave out came from this version, so an event in between is a conflict too.
    let if_version = Some(truth.if_version.unwrap_or(known.agent.version));
    let command = Command { if_version, ..Command::new(Ask::Reconcile(items), actor) };
    door.agents.decide(agent, command).await.map_err(of_path)?;
    Ok(listed(&door.agents.find(agent).unwrap_or(known)))
}

fn listed(known: &Known) -> Ok200<WorkItems> {
    let items = known.agent.items.iter().map(show::work_item).collect();
    Ok200(WorkItems { items, version: known.agent.version })
}
