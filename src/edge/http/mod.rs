//! HTTP: `/api/v1`, the session cookie, and what load balancers ask.

mod agents;
mod answer;
mod api_tokens;
mod audit;
pub mod body;
mod changes;
mod cluster;
pub mod directory;
mod documents;
mod eligible;
mod erasures;
mod events;
mod exports;
mod figures;
mod health;
mod history;
pub mod listing;
mod metrics;
mod page_sessions;
pub mod path;
mod people;
pub mod plans;
mod precondition;
mod preference;
mod presence;
mod query;
mod reports;
mod revocations;
pub mod route;
pub mod session;
mod settings;
mod sheet;
pub mod sign_in;
mod test_clock;
mod test_panic;
mod tickets;
mod webhooks;
mod work_items;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};

use super::Door;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
pub use documents::Documents;
#[cfg(any(test, fuzzing))]
pub use precondition::Precondition;
#[cfg(any(test, fuzzing))]
pub use preference::preferred;
use route::Route;

/// The operations of the API, in the order of the document.
#[cfg(test)]
pub fn operations() -> Vec<Route> {
    named_operations().into_iter().chain(cluster::routes()).collect()
}

/// Those that are asked for by a name of the hub.
fn named_operations() -> Vec<Route> {
    [
        presence::routes(),
        history::routes(),
        reports::routes(),
        exports::routes(),
        figures::routes(),
        plans::routes(),
        changes::routes(),
        events::routes(),
        work_items::routes(),
        eligible::routes(),
        agents::routes(),
        directory::routes(),
        settings::routes(),
        webhooks::routes(),
        erasures::routes(),
        audit::routes(),
        api_tokens::routes(),
        revocations::routes(),
        page_sessions::routes(),
        people::routes(),
        session::routes(),
        sign_in::routes(),
        tickets::routes(),
        documents::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The routes of the API. With `test_clock` those of tests are among them.
pub fn routes(test_clock: bool) -> Router<Arc<Door>> {
    let for_tests =
        if test_clock { test_clock::routes().into_iter().chain(test_panic::routes()).collect() } else { Vec::new() };
    let routes = named_operations().into_iter().chain(for_tests);
    let router = routes.fold(Router::new(), |router, route| route.add_to(router));
    router.fallback(no_route).method_not_allowed_fallback(no_method)
}

/// What load balancers and a Prometheus ask.
pub fn watch_routes() -> Vec<Route> {
    health::routes().into_iter().chain(metrics::routes()).collect()
}

/// What load balancers, a Prometheus and other nodes of a cluster ask, by any name.
pub fn by_any_name() -> Router<Arc<Door>> {
    watch_routes().into_iter().chain(cluster::routes()).fold(Router::new(), |router, route| route.add_to(router))
}

async fn no_route() -> Response {
    let detail = "the hub has no such address; its OpenAPI document, api/openapi.json, lists those of the API";
    Problem::new(ErrorCode::NotFound, detail).into_response()
}

/// The router adds `Allow`.
async fn no_method() -> Response {
    Problem::new(ErrorCode::MethodNotAllowed, "this address does not answer to this method").into_response()
}
