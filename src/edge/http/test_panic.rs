//! `POST /test/panic {"task"}`: lets a task of the hub panic, to see that the hub does not outlive it.
//! Only there with `[server] test_clock`, and for the hub's own tests: no document names it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use super::Unread;
use crate::edge::Door;
use crate::edge::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    task: String,
}

/// The route.
pub fn routes() -> Router<Arc<Door>> {
    Router::new().route("/test/panic", post(told))
}

async fn told(State(door): State<Arc<Door>>, told: Unread<Told>) -> Result<StatusCode, Problem> {
    door.panics.send_replace(told.read().await?.task);
    Ok(StatusCode::ACCEPTED)
}
