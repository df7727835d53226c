//! Workstreams.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::{Answer, Listed, created_or, exists, not_found, patched, settle_id};
use crate::agents::DirectoryView;
use crate::domain::ids::WorkstreamId;
use crate::domain::record::WrapUpBlock;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::{Asked, Body};
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{accept, directory as shape, records};

/// `GET /api/v1/workstreams`
pub async fn list(State(door): State<Arc<Door>>, signed: Signed, Asked(listed): Asked<Listed>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let view = door.agents.directory();
    let streams = view.directory.workstreams.values().map(shape::workstream).collect();
    Ok(listed.page()?.cut(streams, |one: &records::Workstream| &one.workstream_id, Clone::clone).into_response())
}

fn workstream_of(view: &DirectoryView, id: &str) -> Result<records::Workstream, Problem> {
    let unknown = || Problem::not_found("unknown_workstream", "no workstream has this id");
    view.directory.workstreams.get(id).map(shape::workstream).ok_or_else(unknown)
}

/// `GET /api/v1/workstreams/{id}`
pub async fn read(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    Ok(Json(workstream_of(&door.agents.directory(), &id)?).into_response())
}

/// `POST /api/v1/workstreams`
pub async fn create(State(door): State<Arc<Door>>, signed: Signed, Body(record): Body<records::Workstream>) -> Answer {
    signed.may(Action::Administer)?;
    if workstream_of(&door.agents.directory(), &record.workstream_id).is_ok() {
        return Err(exists());
    }
    save(&door, &signed, record).await
}

/// `PUT /api/v1/workstreams/{id}`
pub async fn put(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<records::Workstream>,
) -> Answer {
    signed.may(Action::Administer)?;
    settle_id(&mut record.workstream_id, id)?;
    save(&door, &signed, record).await
}

/// `PATCH /api/v1/workstreams/{id}`
pub async fn patch(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = patched(&workstream_of(&door.agents.directory(), &id)?, patch)?;
    settle_id(&mut record.workstream_id, id)?;
    save(&door, &signed, record).await
}

async fn save(door: &Door, signed: &Signed, record: records::Workstream) -> Answer {
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

/// `DELETE /api/v1/workstreams/{id}`
pub async fn delete(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    let id = WorkstreamId::new(id).map_err(|_| not_found("workstream"))?;
    door.agents.remove_workstream(&id, signed.admin()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
