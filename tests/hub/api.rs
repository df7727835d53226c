//! The documents of the API say what the hub does: no more, and no less. That they say what the types say
//! is held where they are made, in `src/edge/documents`.

mod schema;

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::harness::{Http, Hub};
use schema::Document;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[tokio::test]
async fn both_documents_are_served_to_anyone() {
    let hub = Hub::start().await;
    for name in ["openapi.json", "asyncapi.json"] {
        let (status, head, body) = Http::anonymous(&hub).raw("GET", &format!("/api/{name}"), "", None).await;
        assert_eq!(status, 200);
        assert!(head.to_ascii_lowercase().contains("content-type: application/json"), "{head}");
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), Document::read(name).0, "{name}");
    }
}

#[test]
fn every_reference_resolves_and_what_both_documents_name_is_the_same() {
    let (openapi, asyncapi) = (Document::read("openapi.json"), Document::read("asyncapi.json"));
    for document in [&openapi, &asyncapi] {
        let mut references = 0;
        visit(&document.0, &mut |value| {
            if let Some(reference) = value["$ref"].as_str() {
                document.at(reference);
                references += 1;
            }
        });
        assert!(references > 50, "{references} references were found");
    }
    let schemas = |document: &Document| document.0["components"]["schemas"].as_object().unwrap().clone();
    let shared: Vec<_> =
        schemas(&openapi).into_iter().filter(|(name, _)| schemas(&asyncapi).contains_key(name)).collect();
    assert!(shared.len() > 15, "only {} schemas are shared", shared.len());
    for (name, schema) in shared {
        assert_eq!(schema, asyncapi.0["components"]["schemas"][&name], "{name}");
    }
}

#[tokio::test]
async fn every_operation_of_the_document_answers_as_it_says() {
    let document = Document::read("openapi.json");
    let hub = Hub::start().await;
    let creations = ["/presences", "/capacity-profiles", "/workstreams", "/agents", "/webhooks", "/activities"]
        .map(|path| format!("/api/v1{path}"));
    let rank = |method: &str, path: &str| match method {
        "post" => creations.iter().position(|creation| creation == path).unwrap_or(creations.len()),
        "delete" => creations.len() + 1,
        _ => creations.len(),
    };
    let mut operations = operations(&document);
    operations.sort_by_key(|(method, path, _)| rank(method, path));
    assert!(operations.len() > 40);
    let mut ada = None;
    // The ids that the hub itself has made.
    let mut made: BTreeMap<&str, String> =
        ["webhookId", "revocationId", "tokenId", "exceptionId"].map(|name| (name, String::new())).into();
    for (method, path, operation) in operations {
        if rank(&method, &path) == creations.len() && ada.is_none() {
            ada = Some(hub.signs_in("a17").await);
        }
        let named = [
            ("agentId", "a17"),
            ("presenceId", "lunch"),
            ("profileId", "chat"),
            ("workstreamId", "sales-chat"),
            ("activityId", "calls"),
        ];
        let named = named.into_iter().chain(made.iter().map(|(name, id)| (*name, id.as_str())));
        let asked = named.fold(path.clone(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        // Questions about the past name an instant.
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let instants = parameters.filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
        let instants: Vec<String> = instants
            .map(|parameter| match parameter["name"].as_str().unwrap() {
                // What is planned in the examples lies before.
                "to" if path.contains("/plan") => "to=2100-01-01T00:00:00Z".to_owned(),
                "to" => "to=2020-01-02T00:00:00Z".to_owned(),
                name => format!("{name}=2020-01-01T00:00:00Z"),
            })
            .collect();
        let asked = if instants.is_empty() { asked } else { format!("{asked}?{}", instants.join("&")) };
        let http = match (method.as_str(), path.as_str()) {
            // Ending a session ends its token.
            (_, "/session") => hub.http_as("leaver", &["supervisor"]),
            ("post", "/api/v1/agents/{agentId}/disputes") => hub.http_as("a17", &["agent"]),
            _ => hub.http(),
        };
        for (kind, mut body) in bodies(&operation) {
            // The version of the example is not the agent's, and its times have passed.
            if let Some(fields) = body.as_mut().and_then(Value::as_object_mut) {
                fields
                    .retain(|name, _| !["ifVersion", "until", "nextPresenceId", "expiresAt"].contains(&name.as_str()));
                // Nothing is sent to the address of the example.
                fields.entry("url").and_modify(|url| *url = json!("http://127.0.0.1:1/"));
            }
            let headers = format!("content-type: {kind}\r\n");
            let (status, answer) = http.request(&method.to_uppercase(), &asked, &headers, body.as_ref()).await;
            assert_eq!(status, expected(&method, &path, status), "{method} {path} → {answer}");
            for (name, id) in &mut made {
                if let Some(new) = answer[name].as_str() {
                    new.clone_into(id);
                }
            }
            let told = document.resolve(&operation["responses"][status.to_string()]);
            assert!(told.is_object(), "{method} {path}: {status} is not in the document: {answer}");
            let schema = told["content"].as_object().and_then(|content| content.values().next()?.get("schema"));
            match schema {
                Some(schema) => document.fits(schema, &answer, &format!("{method} {path} → {status}")),
                None => assert_eq!(answer, Value::Null, "{method} {path} → {status}"),
            }
        }
    }
}

/// The status of an answer: a success, but for what the examples cannot do.
fn expected(method: &str, path: &str, status: u16) -> u16 {
    match (method, path) {
        ("get", "/ws") => 426,
        ("post", "/session") => 401,
        // The hub of the test is no node of a cluster.
        ("get", "/api/v1/cluster/database") => 404,
        // Nobody signs in at a provider here, whose forms are no JSON; and nobody is signed in to the pages.
        ("get", "/sign-in" | "/sign-in/callback") | ("delete", "/api/v1/sessions/{sessionId}") => 404,
        ("post", "/sign-in/back-channel-logout") => 422,
        // The entry of the example is none of the agent's.
        ("post", "/api/v1/erasures" | "/api/v1/agents/{agentId}/disputes") => 404,
        ("post", "/api/v1/webhooks/{webhookId}/resume") => 410,
        ("post", "/api/v1/agents/{agentId}/presence/reset")
        | ("delete", "/api/v1/capacity-profiles/{profileId}" | "/api/v1/activities/{activityId}") => 409,
        _ if (200..300).contains(&status) => status,
        _ => 200,
    }
}

#[test]
fn every_message_has_examples_that_fit_it() {
    let document = Document::read("asyncapi.json");
    for (name, message) in document.0["components"]["messages"].as_object().unwrap() {
        let examples = message["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{name} has no example");
        for example in examples {
            document.fits(&message["payload"], &example["payload"], name);
        }
    }
}

#[test]
fn every_golden_shape_fits_its_schema() {
    let documents = [Document::read("openapi.json"), Document::read("asyncapi.json")];
    let mut fitted = 0;
    for entry in fs::read_dir(format!("{}/tests/wire", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let Some(name) = file.strip_prefix("shape.").and_then(|file| file.split('.').next()) else { continue };
        let golden: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for document in &documents {
            if document.0["components"]["schemas"].get(name).is_some() {
                document.fits(&json!({ "$ref": format!("#/components/schemas/{name}") }), &golden, file);
                fitted += 1;
            }
        }
    }
    assert!(fitted > 30, "{fitted} files were found");
}

/// Method, path and operation, each once.
fn operations(document: &Document) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document.0["paths"].as_object().unwrap() {
        let of_path = item.as_object().unwrap().iter().filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.extend(of_path.map(|(method, operation)| (method.clone(), path.clone(), operation.clone())));
    }
    operations
}

/// The bodies that an operation takes, each with its media type; one without a body if it takes none.
fn bodies(operation: &Value) -> BTreeMap<String, Option<Value>> {
    let Some(content) = operation["requestBody"]["content"].as_object() else {
        return BTreeMap::from([("application/json".to_owned(), None)]);
    };
    let example = |kind: &str, media: &Value| {
        media.get("example").cloned().unwrap_or_else(|| panic!("{}: {kind} has no example", operation["operationId"]))
    };
    content.iter().map(|(kind, media)| (kind.clone(), Some(example(kind, media)))).collect()
}

fn visit(value: &Value, seen: &mut impl FnMut(&Value)) {
    seen(value);
    match value {
        Value::Object(fields) => fields.values().for_each(|value| visit(value, seen)),
        Value::Array(items) => items.iter().for_each(|value| visit(value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
