//! `POST /api/v1/events`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Body;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::events::{self, MAX_BATCH};
use crate::edge::problem::Problem;
use crate::edge::requests::Results;
use crate::identity::Action;

/// One CloudEvent or an array of them.
pub async fn take_in(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Body(body): Body<Value>,
) -> Result<Response, Problem> {
    signed.may(Action::SendEvents)?;
    let events = match body {
        Value::Array(events) => events,
        event @ Value::Object(_) => vec![event],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Problem::malformed("one CloudEvent or an array of them is right"));
        }
    };
    if events.len() > MAX_BATCH {
        let detail = format!("{} events; at most {MAX_BATCH} are right", events.len());
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail));
    }
    let results = events::take_in(&door.agents, &signed.0.subject, &events).await;
    let none_kept = !results.is_empty() && results.iter().all(|result| result.status == "unavailable");
    let status = if none_kept { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok((status, Json(Results { results })).into_response())
}
