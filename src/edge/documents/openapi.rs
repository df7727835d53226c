//! The OpenAPI document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::with_examples;
use crate::edge::http::operations;
use crate::edge::http::route::{Operation, Verb};
use crate::identity::Action;
use crate::wire::code::ErrorCode;
use crate::wire::documents::Schemas;
use crate::wire::problem::ProblemDocument;

const ABOUT: &str = "\
Presence of contact-centre agents over HTTP. The live feed is a WebSocket: see `/api/asyncapi.json`.

The first credentials present decide: `Authorization: Bearer`, then the hub's own cookie; never the URL. A request \
with an `Origin` header needs the hub's own origin or an allowed one, and a change by cookie needs an `Origin`. HTTP \
never signs an agent in.

A caller may make 400 requests at once and 100 a second after that, with the role `integration` or `admin` 2,000 and \
1,000; beyond it any request is answered 429, `rate_limited`. What is large counts as several: a page one more for \
every 20 items it may have, a reconciliation for every 20 it names, an import of plans for every 100, and a report 20. \
Events and bulk changes are not counted: they wait in their line.

A connection is kept for the next request for 75 seconds (`[server] idle_timeout`). A body that does not come within \
30 seconds (`body_timeout`) is answered 408, `request_timeout`, and its connection ends; so does one whose head does \
not come within 15 seconds, without an answer.

Times are RFC 3339 in UTC with milliseconds. Errors are RFC 9457 problem documents with a stable `code`. Answers may \
gain fields; clients ignore those they do not know. Requests may not: a field or a parameter that the hub does not \
know is refused, so that nobody believes it to count.";

const TAGS: [(&str, &str); 21] = [
    ("presence", "One agent's presence."),
    ("history", "What was, and for how long."),
    ("adherence", "What agents are planned to do, and for how long they did."),
    ("changes", "Every change of an agent, as it comes."),
    ("events", "What work systems report."),
    ("work", "Work items, and who may get more."),
    ("agents", "Agents and their records."),
    ("presences", "The catalog of presences."),
    ("capacity", "Capacity profiles."),
    ("workstreams", "Workstreams."),
    ("settings", "The rules' settings."),
    ("webhooks", "Endpoints of others that are told of changes."),
    ("erasures", "Persons that were erased."),
    ("audit", "Who did what, chained so that a change of it shows."),
    ("tokens", "API tokens: what machines show."),
    ("revocations", "Tokens that are no longer believed."),
    ("session", "Who is signed in to the hub's own pages."),
    ("socket", "The live socket."),
    ("cluster", "What nodes of a cluster ask each other."),
    ("health", "For load balancers."),
    ("documents", "The API, described."),
];

/// The document.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    schemas.read::<ProblemDocument>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut order = Vec::new();
    for route in operations().iter().chain(&crate::edge::http::watch_routes()) {
        let operation = route.operation(&mut schemas);
        if !order.contains(&operation.path) {
            order.push(operation.path);
        }
        let methods = paths.entry(operation.path).or_default();
        methods.insert(operation.method.as_str().to_lowercase(), described(&operation));
    }
    let mut listed = Map::new();
    for path in order {
        listed.insert(path.to_owned(), json!(paths[path]));
    }
    listed.insert("/ws".to_owned(), json!({ "get": socket() }));
    let (schemas, document) = schemas.finish(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Presence hub",
            "summary": "Who is there, who is busy, and who may get work.",
            "version": "1.0.0",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": ABOUT,
        },
        "servers": [{ "url": "/", "description": "This hub." }],
        "security": [{ "bearer": [] }, { "cookie": [] }],
        "tags": TAGS.map(|(name, description)| json!({ "name": name, "description": description })),
        "paths": listed,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "A JSON Web Token with `sub`, `roles`, `exp`, and optionally `teams`, `name` and `jti`.",
                },
                "cookie": {
                    "type": "apiKey", "in": "cookie", "name": "presence-hub",
                    "description": "Set by `POST /session`; over https its name is `__Host-presence-hub`, below a path `__Secure-presence-hub`.",
                },
            },
        },
    }));
    let mut document = document;
    let schemas = with_examples(schemas);
    for path in document["paths"].as_object_mut().unwrap().values_mut() {
        for operation in path.as_object_mut().unwrap().values_mut() {
            let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
            for media in content.into_iter().flat_map(Map::values_mut) {
                let name = media["schema"]["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
                if let Some([example]) = name.and_then(|name| schemas[name]["examples"].as_array()).map(Vec::as_slice) {
                    media["example"] = example.clone();
                }
            }
        }
    }
    document["components"]["schemas"] = schemas;
    document
}

fn described(operation: &Operation<'_>) -> Value {
    let Operation { about, action, refusals, described, method, .. } = operation;
    let mut parameters = described.parameters.clone();
    if refusals.contains(&ErrorCode::PreconditionFailed) {
        parameters.push(header(
            "If-Match",
            "Change the record only if it has one of these tags still, or with `*` if there is one. Judged together \
             with the change, so nobody's edit is overwritten unseen.",
        ));
        if *method == Verb::Put {
            parameters.push(header("If-None-Match", "With `*`: only if there is no such record yet."));
        }
    }
    let mut responses = Map::new();
    for answer in &described.answers {
        let mut response = json!({ "description": answer.description });
        if let Some(schema) = &answer.schema {
            response["content"] = json!({ "application/json": { "schema": schema } });
        }
        for kind in answer.texts {
            response["content"][*kind] = json!({ "schema": { "type": "string" } });
        }
        if answer.is_tagged {
            response["headers"] = json!({ "ETag": {
                "description": "Names the record as it is now. It changes with what an administrator writes, and not \
                                with an agent's presence. To be sent back in `If-Match`.",
                "schema": { "type": "string" },
            } });
        }
        responses.insert(answer.status.to_string(), response);
    }
    for (status, codes) in by_status(refusals, described.unknown) {
        let held = responses.remove(&status.to_string());
        responses.insert(status.to_string(), refusal(&codes, held));
    }
    let mut object = json!({ "tags": [about.tag], "operationId": about.id, "summary": about.summary });
    let who = if *action == Action::AskOpenly {
        "Needs no credentials.".to_owned()
    } else {
        format!("For {}.", action.who())
    };
    object["description"] = json!(format!("{who} {}", about.description).trim());
    if *action == Action::AskOpenly {
        object["security"] = json!([]);
    }
    if *action == Action::ReadMetrics {
        // Some may without a token; the settings say who.
        object["security"] = json!([{ "bearer": [] }, { "cookie": [] }, {}]);
    }
    if !parameters.is_empty() {
        object["parameters"] = json!(parameters);
    }
    if let Some(body) = &described.body {
        object["requestBody"] = body.clone();
    }
    object["responses"] = json!(responses);
    object
}

fn header(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": { "type": "string" } })
}

/// The codes of each status, each once.
fn by_status(refusals: &[ErrorCode], unknown: &[ErrorCode]) -> BTreeMap<u16, Vec<ErrorCode>> {
    let mut all: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    let in_path = unknown.iter().map(|code| (404, *code));
    let elsewhere = refusals.iter().filter(|code| !unknown.contains(code)).map(|code| (code.status(), *code));
    for (status, code) in in_path.chain(elsewhere) {
        let codes = all.entry(status).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    all
}

/// A refusal of these codes. `held` is the answer of the same status that is none.
fn refusal(codes: &[ErrorCode], held: Option<Value>) -> Value {
    let names: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let problem = json!({ "schema": { "$ref": "#/components/schemas/ProblemDocument" } });
    let mut response = held.unwrap_or_else(|| json!({ "description": "" }));
    let before = response["description"].as_str().unwrap_or_default().to_owned();
    response["description"] = json!(format!("{before} {}", names.join(", ")).trim());
    response["content"]["application/problem+json"] = problem;
    response["x-codes"] = json!(codes);
    let status = codes[0].status();
    if status == 429 || status == 503 {
        response["headers"]["Retry-After"] = json!({ "description": "Seconds.", "schema": { "type": "integer" } });
    }
    if status == 401 {
        response["headers"]["WWW-Authenticate"] = json!({ "schema": { "type": "string" } });
    }
    response
}

/// The upgrade to a socket, which no route serves.
fn socket() -> Value {
    let problem = |code: ErrorCode| refusal(&[code], None);
    json!({
        "tags": ["socket"],
        "operationId": "openSocket",
        "summary": "The socket",
        "description": "A WebSocket upgrade; what is said over it stands in `/api/asyncapi.json`. Opening it with the \
                        role `agent` signs the agent in. Refused credentials and origins are told over the socket, \
                        because a browser cannot read the status of a failed upgrade. Credentials may also be offered \
                        as the sub-protocols `presence.v1.json, bearer.<token>`.",
        "security": [{ "bearer": [] }, { "cookie": [] }, {}],
        "parameters": [
            {
                "name": "roles", "in": "query", "schema": { "type": "string" },
                "description": "Narrows the token's roles for this socket: `supervisor`, or several parted by commas.",
            },
            {
                "name": "heartbeats", "in": "query", "schema": { "type": "string", "enum": ["answered"] },
                "description": "Announces that the page answers each `heartbeat` with `awake`.",
            },
            {
                "name": "signIn", "in": "query", "schema": { "type": "string", "enum": ["byHand"] },
                "description": super::SIGN_IN_BY_HAND,
            },
        ],
        "responses": {
            "101": { "description": "The socket is open; the first frame is `welcome` or `error`." },
            "400": problem(ErrorCode::Malformed),
            "403": problem(ErrorCode::Forbidden),
            "405": problem(ErrorCode::MethodNotAllowed),
            "422": problem(ErrorCode::Invalid),
            "426": problem(ErrorCode::UpgradeRequired),
        },
    })
}
