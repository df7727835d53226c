//! `POST /api/v1/events`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Unread;
use crate::edge::caller::Uncounted;
use crate::edge::events::Batch;
use crate::edge::problem::Problem;
use crate::edge::{AT_ONCE_BYTES, Door};
use crate::identity::Action;
use crate::wire::shapes::{EventStatus, Results};

/// One CloudEvent or an array of them.
pub async fn take_in(State(door): State<Arc<Door>>, caller: Uncounted, body: Unread<()>) -> Result<Response, Problem> {
    let Uncounted(signed) = caller;
    signed.may(Action::SendEvents)?;
    let body = body.bytes(door.limits.max_frame_bytes as usize).await?;
    let source = Arc::from(signed.0.subject);
    let desk = if body.len() > AT_ONCE_BYTES { Some(door.desk.lock().await) } else { None };
    let batch = Batch::take_in(&door, &source, &body).await?;
    drop((desk, body));
    let results = batch.answers(&door.agents).await;
    let none_kept = !results.is_empty() && results.iter().all(|result| result.status == EventStatus::Unavailable);
    let status = if none_kept { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok((status, Json(Results { results })).into_response())
}
