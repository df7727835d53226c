//! Administration of presences, agents, capacity profiles and workstreams.

mod agents;
mod presences;
mod profiles;
mod workstreams;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::Page;
use crate::edge::Door;
use crate::edge::problem::Problem;

type Answer = Result<Response, Problem>;

/// The routes of administration.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/presences", get(presences::list).post(presences::create))
        .route(
            "/presences/{id}",
            get(presences::read).put(presences::put).patch(presences::patch).delete(presences::delete),
        )
        .route("/capacity-profiles", get(profiles::list).post(profiles::create))
        .route(
            "/capacity-profiles/{id}",
            get(profiles::read).put(profiles::put).patch(profiles::patch).delete(profiles::delete),
        )
        .route("/workstreams", get(workstreams::list).post(workstreams::create))
        .route(
            "/workstreams/{id}",
            get(workstreams::read).put(workstreams::put).patch(workstreams::patch).delete(workstreams::delete),
        )
        .route("/agents", post(agents::create).put(agents::put_all))
        .route("/agents/{id}", get(agents::read).put(agents::put).patch(agents::patch).delete(agents::delete))
}

/// The query of a list.
#[derive(Deserialize)]
pub struct Listed {
    limit: Option<String>,
    cursor: Option<String>,
}

impl Listed {
    fn page(self) -> Result<Page, Problem> {
        Page::of(self.limit.as_deref(), self.cursor)
    }
}

/// The record with `patch` over it (RFC 7396), read as it would be read whole.
fn patched<T: Serialize + DeserializeOwned>(record: &T, patch: Value) -> Result<T, Problem> {
    let mut whole = json!(record);
    merge(&mut whole, patch);
    serde_json::from_value(whole)
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string()))
}

fn merge(whole: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *whole = patch;
        return;
    };
    if !whole.is_object() {
        *whole = json!({});
    }
    let Value::Object(fields) = whole else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The id of the path, which the body may repeat but not contradict.
fn settle_id(body: &mut String, path: String) -> Result<(), Problem> {
    if !body.is_empty() && *body != path {
        return Err(Problem::malformed(format!("the body is about `{body}`, the path about `{path}`")));
    }
    *body = path;
    Ok(())
}

fn exists() -> Problem {
    Problem::new(StatusCode::CONFLICT, "in_use", "this id is taken; PUT replaces a record")
}

fn not_found(what: &str) -> Problem {
    Problem::not_found("not_found", format!("no {what} has this id"))
}

fn created_or(status: bool) -> StatusCode {
    if status { StatusCode::OK } else { StatusCode::CREATED }
}
