//! `POST /api/v1/events`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::Unread;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::events::{self, MAX_BATCH};
use crate::edge::items::Items;
use crate::edge::problem::Problem;
use crate::edge::requests::Results;
use crate::identity::Action;

/// One CloudEvent or an array of them.
pub async fn take_in(State(door): State<Arc<Door>>, signed: Signed, body: Unread<()>) -> Result<Response, Problem> {
    signed.may(Action::SendEvents)?;
    let body = body.bytes(door.limits.max_frame_bytes as usize).await?;
    let mut events = Vec::new();
    if let Some(mut items) = Items::of_array(&body) {
        while let Some(event) = items.next::<Value>().await? {
            if events.len() == MAX_BATCH {
                return Err(Problem::too_large(format!("at most {MAX_BATCH} events are right")));
            }
            events.push(event);
        }
    } else {
        let event: Map<String, Value> = serde_json::from_slice(&body).map_err(|error| {
            if error.is_data() {
                Problem::malformed("one CloudEvent or an array of them is right")
            } else {
                Problem::of_json(&error)
            }
        })?;
        events.push(Value::Object(event));
    }
    let results = events::take_in(&door.agents, &signed.0.subject, &events).await;
    let none_kept = !results.is_empty() && results.iter().all(|result| result.status == "unavailable");
    let status = if none_kept { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok((status, Json(Results { results })).into_response())
}
