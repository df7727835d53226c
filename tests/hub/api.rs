//! The documents of the API say what the hub does: no more, and no less.

mod schema;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use presence_hub::wire::shapes::{ClientFrame, HubFrame};
use serde_json::{Value, json};

use super::harness::{Http, Hub};
use schema::Document;
use source::root;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// The error codes of the contract.
const CODES: &str = "malformed unknown_type unauthenticated forbidden unknown_agent agent_disabled unknown_presence \
                     presence_not_settable presence_not_allowed agent_not_connected nothing_to_reset version_conflict \
                     unknown_work_item already_offered already_assigned not_eligible work_item_limit unknown_profile \
                     unknown_workstream unknown_watch built_in_presence in_use invalid precondition_failed too_large rate_limited \
                     unavailable outcome_unknown";

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

#[test]
fn every_route_of_the_hub_stands_in_the_document() {
    let document = Document::read("openapi.json");
    let told: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| (method, without_names(&path))).collect();
    let rooms = ["mod.rs", "http/mod.rs", "http/health.rs", "http/documents.rs", "http/directory/mod.rs"];
    let routes: Vec<_> =
        rooms.iter().flat_map(|room| source::routes(&source::text(&format!("src/edge/{room}")))).collect();
    assert!(routes.len() > 30, "only these routes were found: {routes:?}");
    for (method, path) in routes {
        let path = without_names(&path);
        let stands = |prefix: &str| told.contains(&(method.clone(), format!("{prefix}{path}")));
        assert!(stands("/api/v1") || stands(""), "{method} {path} is not in docs/openapi.json");
    }
}

#[tokio::test]
async fn every_operation_of_the_document_answers_as_it_says() {
    let document = Document::read("openapi.json");
    let hub = Hub::start().await;
    let creations =
        ["/presences", "/capacity-profiles", "/workstreams", "/agents"].map(|path| format!("/api/v1{path}"));
    let rank = |method: &str, path: &str| match method {
        "post" => creations.iter().position(|creation| creation == path).unwrap_or(creations.len()),
        "delete" => creations.len() + 1,
        _ => creations.len(),
    };
    let mut operations = operations(&document);
    operations.sort_by_key(|(method, path, _)| rank(method, path));
    assert!(operations.len() > 40);
    let mut ada = None;
    for (method, path, operation) in operations {
        if rank(&method, &path) == creations.len() && ada.is_none() {
            ada = Some(hub.signs_in("a17").await);
        }
        let named =
            [("agentId", "a17"), ("presenceId", "lunch"), ("profileId", "chat"), ("workstreamId", "sales-chat")];
        let asked = named.iter().fold(path.clone(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
        // Ending a session ends its token.
        let http = if path == "/session" { hub.http_as("leaver", &["supervisor"]) } else { hub.http() };
        for (kind, body) in bodies(&operation) {
            let headers = format!("content-type: {kind}\r\n");
            let (status, answer) = http.request(&method.to_uppercase(), &asked, &headers, body.as_ref()).await;
            assert_eq!(status, expected(&method, &path, status), "{method} {path} → {answer}");
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
        ("post", "/api/v1/agents/{agentId}/presence/reset") | ("delete", "/api/v1/capacity-profiles/{profileId}") => {
            409
        }
        _ if (200..300).contains(&status) => status,
        _ => 200,
    }
}

#[test]
fn every_error_code_of_the_hub_is_in_both_documents() {
    let mut codes: BTreeSet<String> = CODES.split_whitespace().map(str::to_owned).collect();
    let found: BTreeSet<String> = ["edge", "feed", "domain", "agents", "wire"]
        .iter()
        .flat_map(|room| source::codes_of(&root().join("src").join(room)))
        .collect();
    assert!(found.len() > 20, "only these codes were found: {found:?}");
    codes.extend(found);
    for name in ["openapi.json", "asyncapi.json"] {
        let document = Document::read(name);
        let told = &document.at("#/components/schemas/ErrorCode")["enum"];
        let told: BTreeSet<_> = told.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert_eq!(codes, told, "{name}");
    }
}

#[test]
fn every_frame_has_a_message_whose_examples_are_such_frames() {
    let document = Document::read("asyncapi.json");
    let messages = document.0["components"]["messages"].as_object().unwrap();
    let frames = |file: &str, name| source::variants(&source::text(&format!("src/wire/shapes/{file}")), name);
    let (client, hub) = (frames("client_frame.rs", "ClientFrame"), frames("hub_frame.rs", "HubFrame"));
    let told: BTreeSet<String> = messages.keys().cloned().collect();
    assert_eq!(told, client.union(&hub).cloned().collect());
    let operations = document.0["operations"].as_object().unwrap().values();
    let said = |action: &str| -> BTreeSet<String> {
        let of_action = operations.clone().filter(|operation| operation["action"] == action);
        let messages = of_action.flat_map(|operation| operation["messages"].as_array().unwrap());
        messages.map(|message| message["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(said("receive"), client);
    // A result is only ever a reply.
    assert_eq!(said("send"), hub.iter().filter(|frame| *frame != "result").cloned().collect());
    for (name, message) in messages {
        let examples = message["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{name} has no example");
        for example in examples {
            let example = &example["payload"];
            document.fits(&message["payload"], example, name);
            if hub.contains(name) {
                let frame: HubFrame = serde_json::from_value(example.clone()).unwrap();
                assert_eq!(json!(frame), *example);
            } else {
                let frame: ClientFrame = serde_json::from_value(example.clone()).unwrap();
                let (frame, fields) = (json!(frame), example.as_object().unwrap());
                assert!(fields.iter().all(|(field, value)| field == "id" || frame[field] == *value), "{example}");
            }
        }
    }
}

#[test]
fn every_golden_frame_and_shape_fits_the_document() {
    let document = Document::read("asyncapi.json");
    let known = document.0["components"]["schemas"].as_object().unwrap();
    let mut fitted = 0;
    for entry in fs::read_dir(root().join("tests/wire")).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        // What was sent stands in a folder of its own.
        if path.is_dir() {
            continue;
        }
        let mut parts = file.split('.');
        let (room, name) = (parts.next().unwrap(), parts.next().unwrap());
        let schema = match room {
            "words" => continue,
            // The other document's.
            "shape" if !known.contains_key(name) => continue,
            "shape" => document.at(&format!("#/components/schemas/{name}")),
            _ => document.at(&format!("#/components/messages/{name}/payload")),
        };
        let mut golden: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        if room == "client" {
            // The shapes stand beside the id of a request.
            golden["id"] = json!(1);
        }
        document.fits(schema, &golden, file);
        fitted += 1;
    }
    assert!(fitted > 30, "{fitted} files were found");
}

#[test]
fn every_example_of_the_http_document_fits_its_schema() {
    let document = Document::read("openapi.json");
    let mut examples = 0;
    visit(&document.0, &mut |value| {
        if let (Some(schema), Some(example)) = (value.get("schema"), value.get("example")) {
            document.fits(schema, example, &example.to_string());
            examples += 1;
        }
    });
    assert!(examples > 30, "{examples} examples were found");
}

#[test]
fn every_close_code_is_told_with_its_advice() {
    let document = Document::read("asyncapi.json");
    let socket = &document.0["channels"]["socket"];
    let in_words = socket["description"].as_str().unwrap();
    let told = socket["x-close-codes"].as_array().unwrap().iter().map(|close| {
        let row = format!("| {} | {} |", close["code"], close["meaning"].as_str().unwrap());
        assert!(in_words.contains(&row), "{row} is not in the description");
        close["code"].as_u64().unwrap()
    });
    let told: BTreeSet<_> = told.collect();
    let web = source::text("web/client/close-codes.ts");
    let names = web.lines().filter_map(|line| line.strip_prefix("export const ")?.strip_suffix(';')?.split_once(" = "));
    let names: BTreeMap<&str, &str> = names.collect();
    let advised = web.lines().filter_map(|line| {
        let code = line.strip_prefix("  ")?.split_once(": \"")?.0.trim_matches(['[', ']']);
        names.get(code).unwrap_or(&code).parse().ok()
    });
    assert_eq!(told, advised.collect());
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
    content.iter().map(|(kind, media)| (kind.clone(), Some(media["example"].clone()))).collect()
}

fn without_names(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn visit(value: &Value, seen: &mut impl FnMut(&Value)) {
    seen(value);
    match value {
        Value::Object(fields) => fields.values().for_each(|value| visit(value, seen)),
        Value::Array(items) => items.iter().for_each(|value| visit(value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
