//! `POST /api/v1/events`: CloudEvents in each of their modes.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::answer::{Answer, Serving};
use super::body::{Body, Pieces, bytes, is_unpacked, media_type};
use super::route::{Asked, Route, Verb};
use crate::edge::AT_ONCE_BYTES;
use crate::edge::caller::Anyone;
use crate::edge::events::Batch;
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{EventResult, EventStatus, EventsToSend, Results};

/// What the names of attributes begin with in binary mode.
const ATTRIBUTE: &str = "ce-";
/// Whoever may send events says so, and how many, to a sender that asks first.
const REQUEST_ORIGIN: &str = "webhook-request-origin";

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Post, "/api/v1/events", Action::SendEvents, take_in)
            .called("sendEvents", "events", "Report assignment events")
            .says(
                "One CloudEvent or a list of at most 1,000: structured (`application/cloudevents+json`), batched \
                 (`application/cloudevents-batch+json`), as plain `application/json`, or in binary mode, the \
                 attributes in `ce-` headers and `data` in the body. The answer comes once every event that is applied \
                 is durable, with a result for each in their order: 200 whatever became of them, 503 if none could be \
                 kept. A malformed event fails alone. Order holds within a list; otherwise await each answer. Send an \
                 event that was `unavailable`, or whose answer did not come, again with the same `id`: `source` and \
                 `id` of applied events are remembered for 24 hours.",
            )
            .refuses(&[RateLimited])
            .waits_in_line()
            .takes_at_most(|door| door.limits.max_frame_bytes as usize),
        Route::new(Verb::Options, "/api/v1/events", Action::AskOpenly, shake_hands)
            .called("askToSendEvents", "events", "Ask whether events may be sent")
            .says(
                "The handshake of CloudEvents webhooks: a request with `WebHook-Request-Origin` is answered with \
                 `WebHook-Allowed-Origin`. Credentials are asked for with the events.",
            ),
    ]
}

/// Events, in the mode that the request names. In binary mode the event is put together as it would be
/// written in structured mode.
struct Events(Bytes);

impl Body for Events {
    const REFUSALS: &'static [ErrorCode] = Pieces::<EventsToSend>::REFUSALS;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        let is_binary = headers.contains_key("ce-specversion") || headers.contains_key("ce-id");
        if !is_binary {
            return Pieces::<EventsToSend>::read(body, headers, most)
                .await
                .map(|pieces| Self(without_mark(pieces.bytes)));
        }
        is_unpacked(headers)?;
        let body = without_mark(bytes(body, most).await?);
        Ok(Self(wire::text(&structured(headers, &body)?).into()))
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        // The other media types say nothing else, and stand in words: the Python that
        // `openapi-python-client` makes of a body with several of them cannot send a list.
        Pieces::<EventsToSend>::describe(schemas)
    }
}

/// A byte-order mark says nothing about JSON, but some encoders write it.
fn without_mark(body: Bytes) -> Bytes {
    if body.starts_with(b"\xef\xbb\xbf") { body.slice(3..) } else { body }
}

/// An event in binary mode as one in structured mode.
fn structured(headers: &HeaderMap, body: &[u8]) -> Result<Value, Problem> {
    let mut event = Map::new();
    for (name, value) in headers {
        let Some(name) = name.as_str().strip_prefix(ATTRIBUTE) else { continue };
        let value = percent_encoding::percent_decode_str(&text_of(value)).decode_utf8().map(Cow::into_owned);
        let value = value.map_err(|_| Problem::malformed(format!("ce-{name}: is no UTF-8 behind its `%`")))?;
        event.insert(name.to_owned(), Value::String(value));
    }
    if let Some(kind) = media_type(headers) {
        event.insert("datacontenttype".to_owned(), Value::String(kind));
    }
    if !body.is_empty() {
        let data = serde_json::from_slice(body).map_err(|error| Problem::malformed(format!("no JSON: {error}")))?;
        event.insert("data".to_owned(), data);
    }
    Ok(Value::Object(event))
}

/// A header as text. What is no UTF-8 is ISO 8859-1, in which `fetch` and Python's `http` write what the SDKs
/// of CloudEvents leave unescaped.
fn text_of(value: &HeaderValue) -> Cow<'_, str> {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
    }
}

async fn take_in(asked: Asked<(), (), Events>) -> Result<Serving<Results<EventResult>>, Problem> {
    let Asked { door, caller, body: Events(body), .. } = asked;
    let source = Arc::from(caller.0.subject);
    let turn = if body.len() > AT_ONCE_BYTES { Some(door.large.lock().await) } else { None };
    let batch = Batch::take_in(&door, &source, &body).await?;
    drop((turn, body));
    let results = batch.answers(&door).await;
    let none_kept = !results.is_empty() && results.iter().all(|result| result.status == EventStatus::Unavailable);
    let results = Results { results };
    Ok(if none_kept { Serving::No(results) } else { Serving::Yes(results) })
}

/// 200, with what the sender asked for.
struct Handshake(HeaderMap);

impl Answer for Handshake {
    fn respond(self) -> Response {
        (StatusCode::OK, self.0).into_response()
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<super::answer::Described> {
        vec![super::answer::Described {
            status: 200,
            description: "Events may be sent.",
            schema: None,
            is_tagged: false,
            texts: &[],
        }]
    }
}

async fn shake_hands(asked: Asked<(), (), (), Anyone>) -> Result<Handshake, Problem> {
    let mut headers = HeaderMap::new();
    if let Some(origin) = asked.headers.get(REQUEST_ORIGIN) {
        headers.insert("webhook-allowed-origin", origin.clone());
        headers.insert("webhook-allowed-rate", HeaderValue::from_static("*"));
    }
    headers.insert(axum::http::header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    Ok(Handshake(headers))
}
