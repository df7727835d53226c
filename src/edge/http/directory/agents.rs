//! Agents' records, one by one and in bulk. The list of agents is beside their presences.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Kind, Saved};
use crate::agents::{Applied, Known};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::{Body, named, unknown_agent};
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, directory as shape, records};

/// The most agents of one bulk.
const MAX_BULK: usize = 10_000;

/// Agents' records.
pub struct Agents;

impl Kind for Agents {
    type Record = records::AgentRecord;

    const READ_ONLY: &'static [&'static str] = &["version", "seq"];

    fn unknown() -> Problem {
        unknown_agent()
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        named(door, id).ok().map(|known| read(&known))
    }

    fn id(record: &mut records::AgentRecord) -> &mut String {
        &mut record.agent_id
    }

    async fn save(door: &Door, actor: Actor, record: records::AgentRecord) -> Result<Saved, Problem> {
        let record = accept::agent_record(&record)?;
        door.agents.directory().check_record(&record)?;
        let warnings = warnings(&record);
        match door.agents.configure(record, actor, None).await? {
            Applied::Now { known, .. } => Ok(Saved { record: read(&known), warnings }),
            Applied::Before(_) => unreachable!("requests are not operations"),
        }
    }

    async fn remove(door: &Door, actor: Actor, id: &str) -> Result<(), Problem> {
        let known = named(door, id)?;
        let delete = Command::new(Ask::Delete, actor);
        door.agents.decide(&known.agent.record.agent, delete).await.map_err(Problem::of_path)?;
        Ok(())
    }
}

/// A record as it is read, with the version and position of the agent.
fn read(known: &Known) -> Value {
    let mut record = json!(shape::agent_record(&known.agent.record));
    record["version"] = json!(known.agent.version);
    record["seq"] = json!(known.seq);
    record
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
