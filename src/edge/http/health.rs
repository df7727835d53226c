//! What load balancers ask: is it alive, does it serve.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::edge::Door;
use crate::engine;

/// The routes of health.
pub fn routes() -> Router<Arc<Door>> {
    Router::new().route("/healthz", get(async || Json(json!({ "status": "alive" })))).route("/readyz", get(ready))
}

/// Serving: the engine keeps what it is given, and no stop has begun.
async fn ready(State(door): State<Arc<Door>>) -> Response {
    if door.is_closing() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "draining" }))).into_response();
    }
    match door.agents.health() {
        engine::Health::Serving => match door.agents.warning() {
            None => Json(json!({ "status": "serving" })).into_response(),
            Some(warning) => Json(json!({ "status": "serving", "warning": warning })).into_response(),
        },
        engine::Health::Failing { error } => {
            let body = json!({ "status": "unavailable", "engine": error });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
