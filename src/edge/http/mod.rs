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

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
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
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address does not answer to this method")
}

/// The largest body of a single thing. A reconciliation of all the work that an agent can have fits.
const USUAL_BODY_BYTES: usize = 128 * 1024;

/// A JSON body that is not read yet, so that who asks is judged before the hub reads or parses anything
/// for them.
pub struct Unread<T> {
    request: Request,
    of: PhantomData<fn() -> T>,
}

impl<T> FromRequest<Arc<Door>> for Unread<T> {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &Arc<Door>) -> Result<Self, Infallible> {
        Ok(Self { request, of: PhantomData })
    }
}

impl<T> Unread<T> {
    /// The body's bytes, if they are at most so many.
    ///
    /// # Errors
    /// `too_large`, told before anything is read if the request says its length.
    pub async fn bytes(self, most: usize) -> Result<Bytes, Problem> {
        let mut request = self.request;
        if request.body().size_hint().lower() > most as u64 {
            return Err(Problem::too_large(format!("at most {most} bytes are right here")));
        }
        DefaultBodyLimit::max(most).apply(&mut request);
        Bytes::from_request(request, &()).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(format!("at most {most} bytes are right here")),
            status => Problem::new(status, "malformed", error.body_text()),
        })
    }
}

impl<T: DeserializeOwned> Unread<T> {
    /// What the body says, with errors that name what is wrong.
    ///
    /// # Errors
    /// `too_large`, `malformed` or `invalid`
    pub async fn read(self) -> Result<T, Problem> {
        self.read_at_most(USUAL_BODY_BYTES).await
    }

    /// The same of a body that is smaller, or larger.
    ///
    /// # Errors
    /// `too_large`, `malformed` or `invalid`
    pub async fn read_at_most(self, most: usize) -> Result<T, Problem> {
        let bytes = self.bytes(most).await?;
        // Else a list would be read as the fields of a record, by their order.
        if bytes.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
            return Err(Problem::malformed("a JSON object is right"));
        }
        serde_json::from_slice(&bytes).map_err(|error| Problem::of_json(&error))
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
