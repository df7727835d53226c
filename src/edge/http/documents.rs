//! `/api/openapi.json` and `/api/asyncapi.json`: what this hub answers, for those who build on it.

use axum::http::Method;

use super::answer::Document;
use super::route::{Asked, Route};
use crate::edge::caller::Anyone;
use crate::identity::Action;
use crate::wire::problem::Problem;

const OPENAPI: &str = include_str!("../../../docs/openapi.json");
const ASYNCAPI: &str = include_str!("../../../docs/asyncapi.json");

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/api/openapi.json", Action::AskOpenly, openapi).called(
            "readOpenApi",
            "documents",
            "This document",
        ),
        Route::new(Method::GET, "/api/asyncapi.json", Action::AskOpenly, asyncapi).called(
            "readAsyncApi",
            "documents",
            "The AsyncAPI document of the socket",
        ),
    ]
}

async fn openapi(_: Asked<(), (), (), Anyone>) -> Result<Document, Problem> {
    Ok(Document(OPENAPI))
}

async fn asyncapi(_: Asked<(), (), (), Anyone>) -> Result<Document, Problem> {
    Ok(Document(ASYNCAPI))
}
