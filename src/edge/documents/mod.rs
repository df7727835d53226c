//! The served documents and the tables of `docs/`, made from the routes, the frames and their types. The
//! tests here hold the files to them: `ACCEPT=1 cargo test --locked --lib documents` writes the files anew.

mod asyncapi;
mod limits;
mod openapi;
mod tables;

use serde_json::{Value, json};

use crate::config::outside;
use crate::domain::policy::Policy;
use crate::wire::documents::{Schemas, accept, accept_part, typescript};
use crate::wire::samples;
use crate::wire::shapes::{ClientFrame, HubFrame};

/// What `signIn` in the query of the socket means.
const SIGN_IN_BY_HAND: &str = "Says that the person asks to be signed in. It is needed after a supervisor signed the \
    agent out: without it the socket is sent a `notice` that says who did it and why, and closed with 4410. It is for a \
    button, not for a program that comes back by itself.";

/// The sample of the type of this name, if it has one.
fn sample(name: &str) -> Option<Value> {
    if name == "Settings" {
        return Some(outside::told(&Policy::default()));
    }
    samples::example(name)
}

/// The example of a schema: the sample of its type, without what is only read where it is written, and some
/// fields of it where it is patched.
fn example(name: &str, schema: &Value) -> Option<Value> {
    let written = name.strip_suffix("Input").or_else(|| name.strip_prefix("New"));
    let mut sample = match (written, name.strip_suffix("Patch")) {
        (Some(written), _) => sample(written)?,
        (None, Some(patched)) => some_fields(sample(patched)?),
        (None, None) => return sample(name),
    };
    if let Some(fields) = sample.as_object_mut() {
        fields.retain(|field, _| schema["properties"][field]["readOnly"] != true);
    }
    Some(sample)
}

/// A closed set of words as an `enum`, whose description says what each means; none if the schema is no such set.
fn closed_set(schema: &Value) -> Option<Value> {
    let mut description = schema["description"].as_str()?.to_owned();
    let mut words = Vec::new();
    for kind in schema["oneOf"].as_array()? {
        match kind["const"].as_str() {
            Some(word) => {
                let gap = if words.is_empty() { "\n\n" } else { "\n" };
                description.push_str(&format!("{gap}- `{word}`: {}", kind["description"].as_str().unwrap_or_default()));
                words.push(json!(word));
            }
            None => words.extend(kind["enum"].as_array()?.iter().cloned()),
        }
    }
    Some(json!({ "type": "string", "description": description, "enum": words }))
}

/// What a patch of this record could say.
fn some_fields(record: Value) -> Value {
    const CHANGED: [&str; 4] = ["presenceText", "name", "defaultMax", "maxOpenWorkItems"];
    let fields = record.as_object().unwrap().iter().filter(|(name, _)| CHANGED.contains(&name.as_str()));
    fields.map(|(name, value)| (name.clone(), value.clone())).collect::<serde_json::Map<_, _>>().into()
}

/// Each schema with its example, and each closed set of words as an `enum`: generated clients of several
/// languages make nothing of a `oneOf` of words.
fn with_examples(mut schemas: Value) -> Value {
    for (name, schema) in schemas.as_object_mut().unwrap() {
        if let Some(set) = closed_set(schema) {
            *schema = set;
        }
        if let Some(example) = example(name, schema) {
            schema["examples"] = json!([example]);
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
fn the_table_of_limits_is_what_the_code_says() {
    accept_part("docs/security.md", "limits", &limits::table());
}

#[test]
fn the_tables_of_the_contract_are_what_the_types_say() {
    for (name, table) in tables::all() {
        accept_part("docs/contract.md", name, &table);
    }
}
