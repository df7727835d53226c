//! An agent's work items: read, and reconciled with what the work system knows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::listing::ITEMS_FOR_ONE_REQUEST;
use super::{Named, Unread};
use crate::agents::Known;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::work_item::WorkItem;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{parse, shapes, show};

/// `GET /api/v1/agents/{agentId}/work-items`
pub async fn read(signed: Signed, Named(known): Named) -> Result<Json<Value>, Problem> {
    signed.may_concerning(Action::ReadWorkItems, &known)?;
    Ok(listed(&known.agent.items, known.agent.version))
}

/// The whole truth of the work system about an agent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Truth {
    items: Vec<shapes::WorkItem>,
    #[serde(default)]
    if_version: Option<u64>,
}

/// `PUT /api/v1/agents/{agentId}/work-items`
pub async fn reconcile(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Named(known): Named,
    body: Unread<Truth>,
) -> Result<Json<Value>, Problem> {
    signed.may_concerning(Action::ReconcileWorkItems, &known)?;
    let truth = body.read().await?;
    signed.spend(&door, u32::try_from(truth.items.len() / ITEMS_FOR_ONE_REQUEST).unwrap_or(u32::MAX))?;
    door.counter.long(settle(&door, &signed, known, &truth)).await
}

async fn settle(door: &Door, signed: &Signed, known: Known, truth: &Truth) -> Result<Json<Value>, Problem> {
    // It may have waited.
    let known = door.agents.find(&known.agent.record.agent).unwrap_or(known);
    let view = door.agents.directory();
    let now = door.agents.clock().now();
    let items = parse::work_items(&truth.items, &known.agent.items, &view.directory, now)?;
    let agent = &known.agent.record.agent;
    let actor = Actor::Integration(signed.0.subject.clone());
    // What the items leave out came from this version, so an event in between is a conflict too.
    let if_version = Some(truth.if_version.unwrap_or(known.agent.version));
    let command = Command { if_version, ..Command::new(Ask::Reconcile(items), actor) };
    door.agents.decide(agent, command).await.map_err(Problem::of_path)?;
    let known = door.agents.find(agent).unwrap_or(known);
    Ok(listed(&known.agent.items, known.agent.version))
}

fn listed(items: &[WorkItem], version: u64) -> Json<Value> {
    Json(json!({ "items": items.iter().map(show::work_item).collect::<Vec<_>>(), "version": version }))
}
