//! `POST /test/clock`: moves the hub's time forward. Only there with `[server] test_clock`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Unread;
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::show;

/// How far.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Advance {
    advance_ms: u64,
}

/// Moves the time and answers with it. What has become due is on its way when the answer comes.
pub async fn advance(State(door): State<Arc<Door>>, body: Unread<Advance>) -> Result<Json<Value>, Problem> {
    let advance = body.read().await?;
    let clock = door.agents.clock();
    clock.advance(Duration::from_millis(advance.advance_ms));
    Ok(Json(json!({ "serverTime": show::time(clock.now()) })))
}
