//! `/api/openapi.json` and `/api/asyncapi.json`: what this hub answers, for those who build on it.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::edge::Door;

const OPENAPI: &str = include_str!("../../../docs/openapi.json");
const ASYNCAPI: &str = include_str!("../../../docs/asyncapi.json");

/// The routes of the documents. They need no credentials: they say nothing about anyone.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/api/openapi.json", get(async || document(OPENAPI)))
        .route("/api/asyncapi.json", get(async || document(ASYNCAPI)))
}

fn document(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}
