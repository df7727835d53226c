//! `POST /test/panic {"task"}`: lets a task of the hub panic, to see that the hub does not outlive it.
//! Only there with `[server] test_clock`, and for the hub's own tests: no document names it.

use serde::Deserialize;

use super::answer::Accepted;
use super::body::Json;
use super::route::{Asked, Route, Verb};
use crate::edge::caller::Anyone;
use crate::identity::Action;
use crate::wire::problem::Problem;

/// Which task.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Panic {
    task: String,
}

pub fn routes() -> Vec<Route> {
    vec![Route::new(Verb::Post, "/test/panic", Action::AskOpenly, told)]
}

async fn told(asked: Asked<(), (), Json<Panic>, Anyone>) -> Result<Accepted, Problem> {
    asked.door.panics.send_replace(asked.body.0.task);
    Ok(Accepted)
}
