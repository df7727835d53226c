//! The AsyncAPI document of the socket.

use serde_json::{Map, Value, json};

use super::{tables, with_examples};
use crate::edge::head::Kind;
use crate::wire::documents::Schemas;
use crate::wire::samples;
use crate::wire::shapes::{
    AgentPresence, AgentResult, ClientFrame, EventResult, HubFrame, Nothing, Results, TokenRenewed, WatchResult,
};

const ABOUT: &str = "\
What agents' browsers, supervisors' boards and work systems say to the hub over `/ws`, and what it says to them; the \
HTTP API stands in `/api/openapi.json`. One JSON object per text frame. Fields and frames may be added; clients ignore \
those they do not know.

A request carries an `id` and is answered by a `result` or an `error` of the same id. A malformed or unknown frame gets \
an `error` and the socket stays; only abuse closes it.

Every `AgentPresence` and `WatchedAgent` carries `version` and `seq`. To resume a watch, name the last position held in \
`since`; the hub answers with a snapshot instead if it cannot bring that up to date.";

const CHANNEL: &str = "\
Sub-protocol `presence.v1.json`; or `presence.v1.json.deflate`, in which the frames of watches come deflated as binary \
messages where that is shorter, and all else is the same (`docs/contract.md`, *Deflated frames*). Opening it with the \
role `agent` signs the agent in; nothing else does. Credentials or origins that are refused are told by one `error` \
frame and a close code, because a browser cannot read the status of a failed upgrade.

A socket may send 100 frames at once and 20 a second after that, pings and pongs included and `events` not: those wait \
in their line. Beyond it frames are answered with the error `rate_limited`, and after 100 of those the socket is closed \
with 4429. Of the role `integration` a frame has at most 1,048,576 bytes (`[sessions] max_frame_bytes`), of all others \
294,912.";

/// What each request is answered with.
fn result_of(kind: Kind, schemas: &mut Schemas) -> Option<Value> {
    match kind {
        Kind::SetPresence | Kind::ResetPresence => Some(schemas.read::<AgentPresence>()),
        Kind::SignOut | Kind::Unwatch => Some(schemas.read::<Nothing>()),
        Kind::Watch => Some(schemas.read::<WatchResult>()),
        Kind::SetAgentPresence | Kind::ResetAgentPresence | Kind::SignOutAgent => {
            Some(schemas.read::<Results<AgentResult>>())
        }
        Kind::Events => Some(schemas.read::<Results<EventResult>>()),
        Kind::Authenticate => Some(schemas.read::<TokenRenewed>()),
        Kind::Refreshing | Kind::Awake => None,
    }
}

/// Lets the schemas know every result.
pub fn results(schemas: &mut Schemas) {
    for kind in Kind::ALL {
        result_of(kind, schemas);
    }
}

/// The document.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let (mut messages, mut operations) = (Map::new(), Map::new());
    for (name, payload) in variants(&schemas.inlined_written::<ClientFrame>()) {
        let kind: Kind = serde_json::from_value(json!(name)).unwrap();
        let result = result_of(kind, &mut schemas);
        let mut operation = operation("receive", &name);
        operation["summary"] = json!(format!("For {}.", kind.action().who()));
        if result.is_some() {
            operation["reply"] = json!({
                "channel": { "$ref": "#/channels/socket" },
                "messages": [of_channel("result"), of_channel("error")],
            });
        }
        messages.insert(name.clone(), message(&name, with_id(payload, result.is_some()), result));
        operations.insert(name, operation);
    }
    for (name, payload) in variants(&schemas.inlined_read::<HubFrame>()) {
        messages.insert(name.clone(), message(&name, payload, None));
        operations.insert(name.clone(), operation("send", &name));
    }
    let listed: Map<String, Value> = messages
        .keys()
        .map(|name| (name.clone(), json!({ "$ref": format!("#/components/messages/{name}") })))
        .collect();
    let (schemas, mut document) = schemas.finish(json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Presence hub: the socket",
            "version": "1.0.0",
            "license": { "name": "Apache-2.0" },
            "description": ABOUT,
        },
        "defaultContentType": "application/json",
        "servers": { "hub": {
            "host": "{authority}",
            "protocol": "wss",
            "description": "The hub that served this document; `ws` on loopback.",
            "variables": { "authority": { "default": "127.0.0.1:7350" } },
            "security": [
                { "$ref": "#/components/securitySchemes/bearer" },
                { "$ref": "#/components/securitySchemes/subProtocol" },
                { "$ref": "#/components/securitySchemes/cookie" },
            ],
        } },
        "channels": { "socket": {
            "address": "/ws",
            "title": "The socket",
            "description": format!("{CHANNEL}\n\n{}", tables::close_codes()),
            "servers": [{ "$ref": "#/servers/hub" }],
            "messages": listed,
            "bindings": { "ws": bindings() },
        } },
        "operations": operations,
        "components": {
            "correlationIds": { "request": { "location": "$message.payload#/id" } },
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "A JSON Web Token with `sub`, `roles`, `exp`, and optionally `teams`, `name` and `jti`.",
                },
                "subProtocol": {
                    "type": "httpApiKey", "in": "header", "name": "Sec-WebSocket-Protocol",
                    "description": "`presence.v1.json, bearer.<token>`; the hub answers with the sub-protocol alone.",
                },
                "cookie": {
                    "type": "httpApiKey", "in": "cookie", "name": "presence-hub",
                    "description": "Set by `POST /session`; over https its name is `__Host-presence-hub`.",
                },
            },
            "messages": messages,
        },
    }));
    document["components"]["schemas"] = with_examples(schemas);
    document
}

/// The kinds of a frame, each with its name.
fn variants(frames: &Value) -> Vec<(String, Value)> {
    let kinds = frames["oneOf"].as_array().unwrap().iter();
    kinds.map(|kind| (kind["properties"]["type"]["const"].as_str().unwrap().to_owned(), kind.clone())).collect()
}

fn of_channel(message: &str) -> Value {
    json!({ "$ref": format!("#/channels/socket/messages/{message}") })
}

fn operation(action: &str, name: &str) -> Value {
    json!({ "action": action, "title": name, "channel": { "$ref": "#/channels/socket" }, "messages": [of_channel(name)] })
}

fn message(name: &str, mut payload: Value, result: Option<Value>) -> Value {
    let summary = payload.as_object_mut().unwrap().remove("description");
    let is_answered = result.is_some();
    let examples: Vec<Value> =
        examples(name, is_answered).into_iter().map(|payload| json!({ "payload": payload })).collect();
    let mut message = json!({ "name": name, "title": name, "payload": payload, "examples": examples });
    if let Some(summary) = summary {
        message["summary"] = summary;
    }
    if let Some(result) = result {
        message["correlationId"] = json!({ "$ref": "#/components/correlationIds/request" });
        message["x-result"] = result;
    }
    if matches!(name, "result" | "error") {
        message["correlationId"] = json!({ "$ref": "#/components/correlationIds/request" });
    }
    message
}

/// The samples of the frame of this name.
fn examples(name: &str, is_answered: bool) -> Vec<Value> {
    let hub = samples::hub_frames().into_iter().map(|(_, frame)| json!(frame));
    let client = samples::client_frames().into_iter().map(|(_, frame)| {
        let mut frame = json!(frame);
        if is_answered {
            frame["id"] = json!(1);
        }
        frame
    });
    hub.chain(client).filter(|frame| frame["type"] == name).collect()
}

/// A request carries an id.
fn with_id(mut payload: Value, is_answered: bool) -> Value {
    if is_answered {
        payload["properties"]["id"] = json!({
            "type": ["integer", "string"], "maxLength": 510,
            "description": "Chosen by the client, and repeated by the answer: a whole number of at most 64 bits or a text.",
        });
        payload["required"].as_array_mut().unwrap().push(json!("id"));
    }
    payload
}

fn bindings() -> Value {
    json!({
        "method": "GET",
        "query": { "type": "object", "properties": {
            "roles": {
                "type": "string", "examples": ["supervisor"],
                "description": "Narrows the token's roles for this socket; parted by commas.",
            },
            "heartbeats": {
                "type": "string", "enum": ["answered"],
                "description": "Announces that this page answers each `heartbeat` with `awake`. Then a heartbeat comes \
                                every `heartbeatSeconds`, whatever else is sent, and a page that lets one go unanswered \
                                for 30 seconds (`[sessions] page_timeout`) is lost: 4411, cause `PAGE_ASLEEP`. For pages \
                                of agents: a browser answers pings for a page that it has frozen. Clients that announce \
                                nothing are judged by their pongs.",
            },
            "signIn": { "type": "string", "enum": ["byHand"], "description": super::SIGN_IN_BY_HAND },
        } },
        "headers": { "type": "object", "properties": { "Sec-WebSocket-Protocol": {
            "type": "string",
            "description": "`presence.v1.json` or `presence.v1.json.deflate`, the first that the hub knows; and \
                            `bearer.<token>` from pages of other origins.",
        } } },
        "bindingVersion": "0.1.0",
    })
}
