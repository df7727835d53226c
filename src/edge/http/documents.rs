//! `/api/openapi.json` and `/api/asyncapi.json`: what this hub answers, for those who build on it.

use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::Document;
use super::route::{Asked, Route, Verb};
use crate::edge::caller::Anyone;
use crate::identity::{Action, PublicUrl};
use crate::wire::problem::Problem;

const OPENAPI: &str = include_str!("../../../docs/openapi.json");
const ASYNCAPI: &str = include_str!("../../../docs/asyncapi.json");

/// The documents of this hub: they say where it is, if it knows.
#[derive(Debug)]
pub struct Documents {
    openapi: Bytes,
    asyncapi: Bytes,
}

impl Documents {
    /// Of a hub at this address.
    #[must_use]
    pub fn of(public_url: Option<&PublicUrl>) -> Self {
        let Some(url) = public_url else {
            return Self {
                openapi: Bytes::from_static(OPENAPI.as_bytes()),
                asyncapi: Bytes::from_static(ASYNCAPI.as_bytes()),
            };
        };
        let openapi = with(OPENAPI, |document| document["servers"][0]["url"] = json!(url.to_string()));
        let asyncapi = with(ASYNCAPI, |document| {
            let hub = &mut document["servers"]["hub"];
            hub["host"] = json!(url.authority());
            hub["protocol"] = json!(if url.is_https() { "wss" } else { "ws" });
            if !url.path().is_empty() {
                hub["pathname"] = json!(url.path());
            }
            if let Some(hub) = hub.as_object_mut() {
                hub.remove("variables");
            }
        });
        Self { openapi, asyncapi }
    }
}

fn with(document: &str, change: impl FnOnce(&mut Value)) -> Bytes {
    let mut document: Value =
        serde_json::from_str(document).unwrap_or_else(|_| unreachable!("a test made the document, as JSON"));
    change(&mut document);
    crate::wire::text(&document).into()
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/openapi.json", Action::AskOpenly, openapi).called(
            "readOpenApi",
            "documents",
            "This document",
        ),
        Route::new(Verb::Get, "/api/asyncapi.json", Action::AskOpenly, asyncapi).called(
            "readAsyncApi",
            "documents",
            "The AsyncAPI document of the socket",
        ),
    ]
}

async fn openapi(asked: Asked<(), (), (), Anyone>) -> Result<Document, Problem> {
    Ok(Document(asked.door.documents.openapi.clone()))
}

async fn asyncapi(asked: Asked<(), (), (), Anyone>) -> Result<Document, Problem> {
    Ok(Document(asked.door.documents.asyncapi.clone()))
}
