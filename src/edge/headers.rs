//! What every answer says to browsers and caches, unless it says something else itself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use super::Door;

/// An answer is about people: nobody keeps it, takes it for something else, shows it in a frame, or tells where it
/// was linked from.
const USUAL: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Browsers that once came over https never come without for a year. Not for names below it, which may be
/// somebody else's.
const ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds them.
pub async fn add(State(door): State<Arc<Door>>, mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for (name, value) in USUAL {
        headers.entry(name).or_insert(value);
    }
    if door.server.public_url.as_ref().is_some_and(|url| url.is_https()) {
        headers.insert(STRICT_TRANSPORT_SECURITY, ONLY_HTTPS);
    }
    answer
}
