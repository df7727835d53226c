//! An agent's work items: read, and reconciled with what the work system knows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Body, Named};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::presence::InvalidField;
use crate::domain::rejection::Rejection;
use crate::domain::work_item::WorkItem;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, present, shapes};

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
    Body(truth): Body<Truth>,
) -> Result<Json<Value>, Problem> {
    signed.may_concerning(Action::ReconcileWorkItems, &known)?;
    let view = door.agents.directory();
    let now = door.agents.clock().now();
    let mut items: Vec<WorkItem> = Vec::with_capacity(truth.items.len());
    for item in &truth.items {
        let held = known.agent.items.iter().find(|held| held.id.as_str() == item.work_item_id);
        if let Some(stream) =
            item.workstream_id.as_ref().filter(|id| !view.directory.workstreams.contains_key(id.as_str()))
        {
            return Err(Rejection::UnknownWorkstream(stream.clone()).into());
        }
        let item = accept::work_item(item, held, |id| view.directory.workstreams.get(id).cloned(), now)?;
        let unknown = item.takes.profiles.iter().find(|profile| {
            // An item may outlive the profile that it took.
            !view.directory.profiles.contains_key(*profile)
                && held.is_none_or(|held| !held.takes.profiles.contains(profile))
        });
        if let Some(profile) = unknown {
            return Err(Rejection::UnknownProfile(profile.as_str().to_owned()).into());
        }
        if items.iter().any(|known| known.id == item.id) {
            return Err(InvalidField::new("items", format!("`{}` is named twice", item.id)).into());
        }
        items.push(item);
    }
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
    Json(json!({ "items": items.iter().map(present::work_item).collect::<Vec<_>>(), "version": version }))
}
