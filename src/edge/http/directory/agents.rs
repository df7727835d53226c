//! Agents' records, one by one and in bulk.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, created_or, exists, patched, settle_id};
use crate::agents::{Applied, Known};
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::{Body, Named, named};
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, directory as shape, records};

/// The most agents of one bulk.
const MAX_BULK: usize = 10_000;

fn agent_body(known: &Known) -> Value {
    let mut body = json!(shape::agent_record(&known.agent.record));
    body["version"] = json!(known.agent.version);
    body["seq"] = json!(known.seq);
    body
}

/// `GET /api/v1/agents/{agentId}`
pub async fn read(signed: Signed, Named(known): Named) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(agent_body(&known)).into_response())
}

/// `POST /api/v1/agents`
pub async fn create(State(door): State<Arc<Door>>, signed: Signed, Body(record): Body<records::AgentRecord>) -> Answer {
    signed.may(Action::Administer)?;
    let record = accept::agent_record(&record)?;
    if door.agents.existing(&record.agent).is_some() {
        return Err(exists());
    }
    save(&door, &signed, record).await
}

/// `PUT /api/v1/agents/{agentId}`
pub async fn put(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::AgentRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.agent_id, id)?;
    save(&door, &signed, accept::agent_record(&record)?).await
}

/// `PATCH /api/v1/agents/{agentId}`
pub async fn patch(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let known = named(&door, &id)?;
    let mut record = patched(&shape::agent_record(&known.agent.record), patch)?;
    settle_id(&mut record.agent_id, known.agent.record.agent.as_str().to_owned())?;
    save(&door, &signed, accept::agent_record(&record)?).await
}

async fn save(door: &Door, signed: &Signed, record: AgentRecord) -> Answer {
    door.agents.directory().check_record(&record)?;
    let existed = door.agents.existing(&record.agent).is_some();
    let warnings = warnings(&record);
    match door.agents.configure(record, signed.admin(), None).await? {
        Applied::Now { known, .. } => {
            let mut body = agent_body(&known);
            if !warnings.is_empty() {
                body["warnings"] = json!(warnings);
            }
            Ok((created_or(existed), Json(body)).into_response())
        }
        Applied::Before(_) => unreachable!("requests are not operations"),
    }
}

/// What the product advises against.
fn warnings(record: &AgentRecord) -> Vec<String> {
    let mut warnings = Vec::new();
    if record.units.is_some() && !record.profiles.is_empty() {
        warnings.push("units and profiles: configure one kind, not both (A-10)".to_owned());
    }
    if record.units.is_none() && record.profiles.is_empty() {
        warnings.push("no capacity is configured, which limits nothing (A-9)".to_owned());
    }
    warnings
}

/// Many records, each created or replaced.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Bulk {
    /// As a list is read.
    Items {
        /// The records.
        items: Vec<records::AgentRecord>,
    },
    /// As a bare array.
    Array(Vec<records::AgentRecord>),
}

/// `PUT /api/v1/agents`: all records are checked before any is kept.
pub async fn put_all(State(door): State<Arc<Door>>, signed: Signed, Body(bulk): Body<Bulk>) -> Answer {
    signed.may(Action::Administer)?;
    let (Bulk::Items { items } | Bulk::Array(items)) = bulk;
    if items.len() > MAX_BULK {
        let detail = format!("{} agents; at most {MAX_BULK} are right", items.len());
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    }
    let view = door.agents.directory();
    let mut records = Vec::with_capacity(items.len());
    for item in &items {
        let record = accept::agent_record(item)?;
        view.check_record(&record)?;
        records.push(record);
    }
    let each = records.into_iter().map(|record| {
        let door = &door;
        let actor = signed.admin();
        async move {
            let id: AgentId = record.agent.clone();
            match door.agents.configure(record, actor, None).await {
                Ok(Applied::Now { known, .. }) => {
                    json!({ "agentId": id.as_str(), "status": "applied", "version": known.agent.version })
                }
                Ok(Applied::Before(_)) => unreachable!("requests are not operations"),
                Err(refusal) => json!({ "agentId": id.as_str(), "status": "rejected", "code": refusal.code() }),
            }
        }
    });
    let results = futures::future::join_all(each).await;
    Ok(Json(json!({ "results": results })).into_response())
}

/// `DELETE /api/v1/agents/{agentId}`
pub async fn delete(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let known = named(&door, &id)?;
    let command = Command::new(Ask::Delete, signed.admin());
    door.agents.decide(&known.agent.record.agent, command).await.map_err(Problem::of_path)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
