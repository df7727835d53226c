//! Presences.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::{Answer, Listed, created_or, exists, patched, settle_id};
use crate::agents::directory::DirectoryRefusal;
use crate::domain::ids::PresenceId;
use crate::domain::presence::Presence;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::{Asked, Body};
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, present, records};

fn presence_of(door: &Door, id: &str) -> Result<Presence, Problem> {
    let view = door.agents.directory();
    let id = PresenceId::new(present::presence_id_of(id)).map_err(|_| unknown_presence())?;
    view.directory.catalog.find(&id).cloned().ok_or_else(unknown_presence)
}

fn unknown_presence() -> Problem {
    Problem::not_found("unknown_presence", "no presence has this id")
}

/// `GET /api/v1/presences`
pub async fn list(State(door): State<Arc<Door>>, signed: Signed, Asked(listed): Asked<Listed>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let view = door.agents.directory();
    let presences = view.directory.catalog.iter().collect();
    Ok(listed.page()?.cut(presences, |one: &&Presence| one.id.as_str(), |one| present::presence(one)).into_response())
}

/// `GET /api/v1/presences/{id}`
pub async fn read(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(present::presence(&presence_of(&door, &id)?)).into_response())
}

/// `POST /api/v1/presences`
pub async fn create(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(record): Body<records::PresenceRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    if presence_of(&door, &record.presence_id).is_ok() {
        return Err(exists());
    }
    save(&door, &signed, &record).await
}

/// `PUT /api/v1/presences/{id}`
pub async fn put(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::PresenceRecord>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.presence_id, id)?;
    save(&door, &signed, &record).await
}

/// `PATCH /api/v1/presences/{id}`
pub async fn patch(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let known = presence_of(&door, &id)?;
    if known.built_in {
        return Err(DirectoryRefusal::BuiltInPresence.into());
    }
    let whole: records::PresenceRecord = serde_json::from_value(json!(present::presence(&known)))
        .map_err(|error| Problem::malformed(error.to_string()))?;
    save(&door, &signed, &patched(&whole, patch)?).await
}

async fn save(door: &Door, signed: &Signed, record: &records::PresenceRecord) -> Answer {
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

/// `DELETE /api/v1/presences/{id}`
pub async fn delete(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let presence = presence_of(&door, &id)?;
    door.agents.remove_presence(&presence.id, signed.admin()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
