//! The served documents and the tables of `docs/`, made from the routes, the frames and their types. The
//! tests here hold the files to them: `ACCEPT=1 cargo test --locked --lib documents` writes the files anew.

mod asyncapi;
mod openapi;
mod tables;

use serde_json::{Value, json};

use crate::config::outside;
use crate::domain::policy::Policy;
use crate::wire::documents::{Schemas, accept, accept_part, typescript};
use crate::wire::samples;
use crate::wire::shapes::{ClientFrame, HubFrame};

/// The sample of the type of this name.
fn example(name: &str) -> Option<Value> {
    if name == "Settings" {
        return Some(outside::told(&Policy::default()));
    }
    samples::example(name)
}

/// Each schema with the sample of its type.
fn with_examples(mut schemas: Value) -> Value {
    for (name, schema) in schemas.as_object_mut().unwrap() {
        if let Some(sample) = example(name.trim_end_matches("Input")) {
            schema["examples"] = json!([sample]);
        }
    }
    schemas
}

fn pretty(document: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(document).unwrap())
}

#[test]
fn the_openapi_document_is_what_the_routes_say() {
    accept("docs/openapi.json", &pretty(&openapi::document()));
}

#[test]
fn the_asyncapi_document_is_what_the_frames_say() {
    accept("docs/asyncapi.json", &pretty(&asyncapi::document()));
}

#[test]
fn the_browsers_types_are_those_of_the_wire() {
    let mut schemas = Schemas::default();
    schemas.read::<HubFrame>();
    schemas.written::<ClientFrame>();
    asyncapi::results(&mut schemas);
    for route in crate::edge::http::operations() {
        route.operation(&mut schemas);
    }
    let (all, _) = schemas.finish(Value::Null);
    accept("web/wire.ts", &format!("{}{}", typescript(&all), tables::close_codes_in_typescript()));
}

#[test]
fn the_tables_of_the_contract_are_what_the_types_say() {
    for (name, table) in tables::all() {
        accept_part("docs/contract.md", name, &table);
    }
}
