//! The path of `[server] public_url`, below which a proxy serves the hub.
//!
//! A proxy keeps the path or takes it off, so the hub answers to its addresses with and without it. That lets
//! nobody in: what a request may do depends on its credentials, origin and host, and never on this path, and
//! no path of a public address begins like an address of the hub.

use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A request for the path alone.
#[derive(Debug)]
pub struct NeedsSlash<'a> {
    base: &'a str,
}

/// The request as the routes know it: without the path `base`.
///
/// # Errors
/// It asks for the path alone, to which the addresses on the pages are not relative: it is sent to the path
/// with a slash.
pub fn below<B>(base: &str, mut request: Request<B>) -> Result<Request<B>, NeedsSlash<'_>> {
    if base.is_empty() {
        return Ok(request);
    }
    let asked = request.uri().path_and_query().map_or("", PathAndQuery::as_str);
    let Some(rest) = asked.strip_prefix(base) else { return Ok(request) };
    match rest.as_bytes().first() {
        Some(b'/') => {}
        None | Some(b'?') => return Err(NeedsSlash { base }),
        Some(_) => return Ok(request),
    }
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(rest).ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    Ok(request)
}

impl IntoResponse for NeedsSlash<'_> {
    fn into_response(self) -> Response {
        (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{}/", self.base))]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::{http, pages};
    use crate::identity::OWN_ADDRESSES;

    fn asked(uri: &str) -> Result<String, NeedsSlash<'static>> {
        let request = Request::builder().uri(uri).body(()).unwrap();
        below("/a/presence", request).map(|request| request.uri().to_string())
    }

    #[test]
    fn the_path_is_taken_off_where_it_is_one() {
        for (uri, known) in [
            ("/a/presence/", "/"),
            ("/a/presence/ws?roles=agent", "/ws?roles=agent"),
            ("/a/presence/api/v1/agents/a%2Fb", "/api/v1/agents/a%2Fb"),
            ("/a/presence/a/presence/desk", "/a/presence/desk"),
            ("http://hub.example/a/presence/desk", "http://hub.example/desk"),
            ("/desk", "/desk"),
            ("/a/presences/desk", "/a/presences/desk"),
            ("/A/presence/desk", "/A/presence/desk"),
            ("/a/presence//desk", "//desk"),
        ] {
            assert_eq!(asked(uri).unwrap(), known, "{uri}");
        }
    }

    #[test]
    fn the_path_alone_is_sent_to_where_addresses_are_relative_to_it() {
        for uri in ["/a/presence", "/a/presence?from=mail"] {
            let sent = asked(uri).unwrap_err().into_response();
            assert_eq!(sent.status(), StatusCode::TEMPORARY_REDIRECT, "{uri}");
            assert_eq!(sent.headers()["location"], "/a/presence/", "{uri}");
        }
    }

    #[test]
    fn no_path_of_a_public_address_begins_like_an_address_of_the_hub() {
        let routes = http::operations().into_iter().chain(http::watch_routes()).map(|route| route.path());
        for path in routes.chain(pages::ADDRESSES).chain(["/ws", "/test/clock"]).filter(|path| *path != "/") {
            let first = path.split('/').nth(1).unwrap();
            assert!(OWN_ADDRESSES.contains(&first), "{path}");
        }
    }
}
