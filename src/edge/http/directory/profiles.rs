//! Capacity profiles.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::Value;

use super::{Answer, Listed, created_or, exists, not_found, patched, settle_id};
use crate::agents::DirectoryView;
use crate::domain::ids::ProfileId;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::{Asked, Body};
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, directory as shape, records};

/// `GET /api/v1/capacity-profiles`
pub async fn list(State(door): State<Arc<Door>>, signed: Signed, Asked(listed): Asked<Listed>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let view = door.agents.directory();
    let profiles = view.directory.profiles.values().map(shape::capacity_profile).collect();
    Ok(listed.page()?.cut(profiles, |one: &records::CapacityProfile| &one.profile_id, Clone::clone).into_response())
}

fn profile_of(view: &DirectoryView, id: &str) -> Result<records::CapacityProfile, Problem> {
    view.directory.profiles.get(id).map(shape::capacity_profile).ok_or_else(|| not_found("capacity profile"))
}

/// `GET /api/v1/capacity-profiles/{id}`
pub async fn read(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(profile_of(&door.agents.directory(), &id)?).into_response())
}

/// `POST /api/v1/capacity-profiles`
pub async fn create(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(record): Body<records::CapacityProfile>,
) -> Answer {
    signed.may(Action::Administer)?;
    if profile_of(&door.agents.directory(), &record.profile_id).is_ok() {
        return Err(exists());
    }
    save(&door, &signed, record).await
}

/// `PUT /api/v1/capacity-profiles/{id}`
pub async fn put(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::CapacityProfile>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.profile_id, id)?;
    save(&door, &signed, record).await
}

/// `PATCH /api/v1/capacity-profiles/{id}`
pub async fn patch(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = patched(&profile_of(&door.agents.directory(), &id)?, patch)?;
    settle_id(&mut record.profile_id, id)?;
    save(&door, &signed, record).await
}

async fn save(door: &Door, signed: &Signed, record: records::CapacityProfile) -> Answer {
    let profile = accept::capacity_profile(&record)?;
    let known = door.agents.directory().directory.profiles.contains_key(&profile.id);
    let body = shape::capacity_profile(&profile);
    door.agents.put_profile(profile, signed.admin()).await?;
    Ok((created_or(known), Json(body)).into_response())
}

/// `DELETE /api/v1/capacity-profiles/{id}`
pub async fn delete(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let id = ProfileId::new(id).map_err(|_| not_found("capacity profile"))?;
    door.agents.remove_profile(&id, signed.admin()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
