//! Administration of presences, agents, capacity profiles and workstreams.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Page;
use super::{Asked, Body, Named};
use crate::agents::{Applied, DirectoryView, Known};
use crate::domain::ids::{AgentId, PresenceId, ProfileId, WorkstreamId};
use crate::domain::presence::Presence;
use crate::domain::record::{AgentRecord, WrapUpBlock};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, directory as shape, present, records};

type Answer = Result<Response, Problem>;

/// The most agents of one bulk.
const MAX_BULK: usize = 10_000;

/// Presences, capacity profiles and workstreams.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/presences", get(list_presences).post(create_presence))
        .route("/presences/{id}", get(read_presence).put(put_presence).patch(patch_presence).delete(delete_presence))
        .route("/capacity-profiles", get(list_profiles).post(create_profile))
        .route(
            "/capacity-profiles/{id}",
            get(read_profile).put(put_profile).patch(patch_profile).delete(delete_profile),
        )
        .route("/workstreams", get(list_workstreams).post(create_workstream))
        .route(
            "/workstreams/{id}",
            get(read_workstream).put(put_workstream).patch(patch_workstream).delete(delete_workstream),
        )
}

/// The query of a list.
#[derive(Deserialize)]
pub struct Listed {
    limit: Option<String>,
    cursor: Option<String>,
}

impl Listed {
    fn page(self) -> Result<Page, Problem> {
        Page::of(self.limit.as_deref(), self.cursor)
    }
}

/// The record with `patch` over it (RFC 7396), read as it would be read whole.
fn patched<T: Serialize + DeserializeOwned>(record: &T, patch: Value) -> Result<T, Problem> {
    let mut whole = json!(record);
    merge(&mut whole, patch);
    serde_json::from_value(whole)
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string()))
}

fn merge(whole: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *whole = patch;
        return;
    };
    if !whole.is_object() {
        *whole = json!({});
    }
    let Value::Object(fields) = whole else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The id of the path, which the body may repeat but not contradict.
fn settle_id(body: &mut String, path: String) -> Result<(), Problem> {
    if !body.is_empty() && *body != path {
        return Err(Problem::malformed(format!("the body is about `{body}`, the path about `{path}`")));
    }
    *body = path;
    Ok(())
}

fn exists() -> Problem {
    Problem::new(StatusCode::CONFLICT, "in_use", "this id is taken; PUT replaces a record")
}

fn not_found(what: &str) -> Problem {
    Problem::not_found("not_found", format!("no {what} has this id"))
}

fn created_or(status: bool) -> StatusCode {
    if status { StatusCode::OK } else { StatusCode::CREATED }
}

// Presences.

fn presence_of(door: &Door, id: &str) -> Result<Presence, Problem> {
    let view = door.agents.directory();
    let id = PresenceId::new(present::presence_id_of(id)).map_err(|_| unknown_presence())?;
    view.directory.catalog.find(&id).cloned().ok_or_else(unknown_presence)
}

fn unknown_presence() -> Problem {
    Problem::not_found("unknown_presence", "no presence has this id")
}

async fn list_presences(State(door): State<Arc<Door>>, signed: Signed, Asked(listed): Asked<Listed>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let view = door.agents.directory();
    let presences = view.directory.catalog.iter().collect();
    Ok(listed.page()?.cut(presences, |one: &&Presence| one.id.as_str(), |one| present::presence(one)).into_response())
}

async fn read_presence(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(present::presence(&presence_of(&door, &id)?)).into_response())
}

async fn create_presence(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(record): Body<records::PresenceRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    if presence_of(&door, &record.presence_id).is_ok() {
        return Err(exists());
    }
    save_presence(&door, &signed, &record).await
}

async fn put_presence(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::PresenceRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.presence_id, id)?;
    save_presence(&door, &signed, &record).await
}

async fn patch_presence(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let known = presence_of(&door, &id)?;
    if known.built_in {
        return Err(crate::agents::directory::DirectoryRefusal::BuiltInPresence.into());
    }
    let whole: records::PresenceRecord = serde_json::from_value(json!(present::presence(&known)))
        .map_err(|error| Problem::malformed(error.to_string()))?;
    save_presence(&door, &signed, &patched(&whole, patch)?).await
}

async fn save_presence(door: &Door, signed: &Signed, record: &records::PresenceRecord) -> Answer {
    let presence = accept::presence(record)?;
    let known = door.agents.directory().directory.catalog.find(&presence.id).is_some();
    let warnings: Vec<String> = presence.contradiction().into_iter().collect();
    let mut body = json!(present::presence(&presence));
    door.agents.put_presence(presence, signed.admin()).await?;
    if !warnings.is_empty() {
        body["warnings"] = json!(warnings);
    }
    Ok((created_or(known), Json(body)).into_response())
}

async fn delete_presence(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let presence = presence_of(&door, &id)?;
    door.agents.remove_presence(&presence.id, signed.admin()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

// Capacity profiles.

async fn list_profiles(State(door): State<Arc<Door>>, signed: Signed, Asked(listed): Asked<Listed>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let view = door.agents.directory();
    let profiles = view.directory.profiles.values().map(shape::capacity_profile).collect();
    Ok(listed.page()?.cut(profiles, |one: &records::CapacityProfile| &one.profile_id, Clone::clone).into_response())
}

fn profile_of(view: &DirectoryView, id: &str) -> Result<records::CapacityProfile, Problem> {
    view.directory.profiles.get(id).map(shape::capacity_profile).ok_or_else(|| not_found("capacity profile"))
}

async fn read_profile(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(profile_of(&door.agents.directory(), &id)?).into_response())
}

async fn create_profile(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(record): Body<records::CapacityProfile>,
) -> Answer {
    signed.may(Action::Administer)?;
    if profile_of(&door.agents.directory(), &record.profile_id).is_ok() {
        return Err(exists());
    }
    save_profile(&door, &signed, record).await
}

async fn put_profile(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::CapacityProfile>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.profile_id, id)?;
    save_profile(&door, &signed, record).await
}

async fn patch_profile(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = patched(&profile_of(&door.agents.directory(), &id)?, patch)?;
    settle_id(&mut record.profile_id, id)?;
    save_profile(&door, &signed, record).await
}

async fn save_profile(door: &Door, signed: &Signed, record: records::CapacityProfile) -> Answer {
    let profile = accept::capacity_profile(&record)?;
    let known = door.agents.directory().directory.profiles.contains_key(&profile.id);
    let body = shape::capacity_profile(&profile);
    door.agents.put_profile(profile, signed.admin()).await?;
    Ok((created_or(known), Json(body)).into_response())
}

async fn delete_profile(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let id = ProfileId::new(id).map_err(|_| not_found("capacity profile"))?;
    door.agents.remove_profile(&id, signed.admin()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

// Workstreams.

async fn list_workstreams(State(door): State<Arc<Door>>, signed: Signed, Asked(listed): Asked<Listed>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let view = door.agents.directory();
    let streams = view.directory.workstreams.values().map(shape::workstream).collect();
    Ok(listed.page()?.cut(streams, |one: &records::Workstream| &one.workstream_id, Clone::clone).into_response())
}

fn workstream_of(view: &DirectoryView, id: &str) -> Result<records::Workstream, Problem> {
    let unknown = || Problem::not_found("unknown_workstream", "no workstream has this id");
    view.directory.workstreams.get(id).map(shape::workstream).ok_or_else(unknown)
}

async fn read_workstream(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(workstream_of(&door.agents.directory(), &id)?).into_response())
}

async fn create_workstream(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(record): Body<records::Workstream>,
) -> Answer {
    signed.may(Action::Administer)?;
    if workstream_of(&door.agents.directory(), &record.workstream_id).is_ok() {
        return Err(exists());
    }
    save_workstream(&door, &signed, record).await
}

async fn put_workstream(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::Workstream>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.workstream_id, id)?;
    save_workstream(&door, &signed, record).await
}

async fn patch_workstream(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = patched(&workstream_of(&door.agents.directory(), &id)?, patch)?;
    settle_id(&mut record.workstream_id, id)?;
    save_workstream(&door, &signed, record).await
}

async fn save_workstream(door: &Door, signed: &Signed, record: records::Workstream) -> Answer {
    let stream = accept::workstream(&record)?;
    let known = door.agents.directory().directory.workstreams.contains_key(&stream.id);
    let mut warnings = Vec::new();
    if let WrapUpBlock::Custom(lasts) = stream.wrap_up
        && lasts.as_secs() < accept::USUAL_WRAP_UP_SECONDS
    {
        warnings.push(format!("wrapUpSeconds: {} is below the usual 30 seconds", lasts.as_secs()));
    }
    if stream.allowed.is_empty() {
        warnings.push("allowedPresences: names none, so nobody is ever eligible (R-67)".to_owned());
    }
    let mut body = json!(shape::workstream(&stream));
    door.agents.put_workstream(stream, signed.admin()).await?;
    if !warnings.is_empty() {
        body["warnings"] = json!(warnings);
    }
    Ok((created_or(known), Json(body)).into_response())
}

async fn delete_workstream(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let id = WorkstreamId::new(id).map_err(|_| not_found("workstream"))?;
    door.agents.remove_workstream(&id, signed.admin()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

// Agents.

fn agent_body(known: &Known) -> Value {
    let mut body = json!(shape::agent_record(&known.agent.record));
    body["version"] = json!(known.agent.version);
    body["seq"] = json!(known.seq);
    body
}

/// `GET /api/v1/agents/{agentId}`
pub async fn read_agent(signed: Signed, Named(known): Named) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(agent_body(&known)).into_response())
}

/// `POST /api/v1/agents`
pub async fn create_agent(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(record): Body<records::AgentRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    let record = accept::agent_record(&record)?;
    if door.agents.existing(&record.agent).is_some() {
        return Err(exists());
    }
    save_agent(&door, &signed, record).await
}

/// `PUT /api/v1/agents/{agentId}`
pub async fn put_agent(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::AgentRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.agent_id, id)?;
    save_agent(&door, &signed, accept::agent_record(&record)?).await
}

/// `PATCH /api/v1/agents/{agentId}`
pub async fn patch_agent(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Named(known): Named,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = patched(&shape::agent_record(&known.agent.record), patch)?;
    settle_id(&mut record.agent_id, known.agent.record.agent.as_str().to_owned())?;
    save_agent(&door, &signed, accept::agent_record(&record)?).await
}

async fn save_agent(door: &Door, signed: &Signed, record: AgentRecord) -> Answer {
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
pub async fn put_agents(State(door): State<Arc<Door>>, signed: Signed, Body(bulk): Body<Bulk>) -> Answer {
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
pub async fn delete_agent(State(door): State<Arc<Door>>, signed: Signed, Named(known): Named) -> Answer {
    signed.may(Action::Administer)?;
    let command = crate::domain::command::Command::new(crate::domain::command::Ask::Delete, signed.admin());
    door.agents.decide(&known.agent.record.agent, command).await.map_err(Problem::of_path)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
