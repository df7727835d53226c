//! HTTP: `/api/v1`, the session cookie, and what load balancers ask.

mod agents;
mod directory;
mod documents;
mod eligible;
mod events;
pub mod health;
mod listing;
mod precondition;
mod presence;
mod session;
mod settings;
mod test_clock;
mod test_panic;
mod work_items;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::routing::{get, post};
use serde::de::DeserializeOwned;

use super::Door;
use super::problem::Problem;
use crate::agents::Known;
use crate::domain::ids::AgentId;

/// The routes of the API.
pub fn routes(test_clock: bool) -> Router<Arc<Door>> {
    let api = Router::new()
        .route("/events", post(events::take_in))
        .route("/agents", get(agents::list))
        .route("/agents/{id}/presence", get(presence::read).put(presence::set))
        .route("/agents/{id}/presence/reset", post(presence::reset))
        .route("/agents/{id}/presence/explain", get(presence::explain))
        .route("/agents/{id}/work-items", get(work_items::read).put(work_items::reconcile))
        .route("/workstreams/{id}/eligible-agents", get(eligible::list))
        .merge(directory::routes())
        .route("/settings", get(settings::read).patch(settings::patch));
    // Beside the API and within it: tests of clients know the hub by either.
    let api = if test_clock { api.route("/test/clock", post(test_clock::advance)) } else { api };
    let api = api.fallback(no_route).method_not_allowed_fallback(no_method);
    let routes = Router::new()
        .nest("/api/v1", api)
        .route("/session", get(session::read).post(session::begin).delete(session::end))
        .merge(documents::routes());
    if test_clock { routes.route("/test/clock", post(test_clock::advance)).merge(test_panic::routes()) } else { routes }
}

async fn no_route() -> Problem {
    Problem::not_found("not_found", "the API has no such address; /api/openapi.json lists them")
}

async fn no_method() -> Problem {
    let status = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(status, "method_not_allowed", "this address does not answer to this method")
}

/// A JSON body, with errors that name what is wrong.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Door>> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, door: &Arc<Door>) -> Result<Self, Problem> {
        let bytes = axum::body::Bytes::from_request(request, door).await.map_err(|error| {
            Problem::new(
                error.status(),
                if error.status() == 413 { "too_large" } else { "malformed" },
                error.body_text(),
            )
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            if error.is_data() {
                return Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string());
            }
            Problem::malformed(format!("no JSON: {error}"))
        })
    }
}

/// A query, with errors that name what is wrong.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Door>> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, door).await;
        query.map(|Query(query)| Self(query)).map_err(|error| Problem::malformed(error.body_text()))
    }
}

/// The agent that a path names.
pub struct Named(pub Known);

impl FromRequestParts<Arc<Door>> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, door).await.map_err(|_| unknown_agent())?;
        named(door, &id).map(Self)
    }
}

/// The agent of this name, for those who must not learn before they may ask.
fn named(door: &Door, id: &str) -> Result<Known, Problem> {
    let id = AgentId::new(id).map_err(|_| unknown_agent())?;
    door.agents.existing(&id).ok_or_else(unknown_agent)
}

fn unknown_agent() -> Problem {
    Problem::not_found("unknown_agent", "no agent has this id")
}
