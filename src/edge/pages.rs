//! The web pages, embedded in the binary by the build script.
//!
//! Compressed variants and tags were made at build time, so answering is a lookup. What is under
//! `/assets/` carries a digest in its name and never changes; a page is asked for anew each time
//! and is usually answered with 304. So is the indicator's script, which pages of any origin may load,
//! and which comes in the language of the browser.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::http::route::Pattern;

/// One file of the pages.
struct Page {
    path: &'static str,
    content_type: &'static str,
    /// A digest of the content, without quotes.
    tag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// Sorted by path.
#[cfg(feature = "pages")]
static PAGES: &[Page] = &include!(concat!(env!("OUT_DIR"), "/pages.rs"));

#[cfg(not(feature = "pages"))]
static PAGES: &[Page] = &[];

/// Where they are.
pub const ADDRESSES: [&str; 7] = ["/", "/desk", "/board", "/admin", "/reports", "/assets/{*file}", INDICATOR];

/// The indicator for pages of other origins.
const INDICATOR: &str = "/embed/presence-indicator.js";

/// The routes of the pages. In a build without them, every one answers 404.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ADDRESSES.into_iter().fold(Router::new(), |router, path| {
        let serve = async move |uri, headers| {
            let mut answer = serve(uri, headers).await;
            answer.extensions_mut().insert(Pattern(path));
            answer
        };
        router.route(path, get(serve))
    })
}

async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or("");
    let path = match uri.path() {
        INDICATOR => indicator(uri.query().unwrap_or_default(), text(ACCEPT_LANGUAGE)),
        path => path,
    };
    answer(path, text(ACCEPT_ENCODING), text(IF_NONE_MATCH))
}

/// The indicator in the language that the address asks for (`?language=de`), else in the first of the browser's that
/// there is. Browsers name them in the order in which they are preferred.
fn indicator(query: &str, accept_language: &str) -> &'static str {
    let asked = query.split('&').find_map(|part| part.strip_prefix("language="));
    let tags = asked.into_iter().chain(accept_language.split(','));
    let languages = tags.filter_map(|tag| tag.split([';', '-']).next()).map(|tag| tag.trim().to_ascii_lowercase());
    for language in languages {
        match language.as_str() {
            "en" => break,
            "de" => return "/embed/presence-indicator.de.js",
            _ => {}
        }
    }
    "/embed/presence-indicator.en.js"
}

/// No inline script, no inline style, no string that becomes markup but through Lit's templates,
/// no other origin. `'self'` covers the hub's own WebSocket.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types lit-html";

/// Headers of the hub's own pages and their parts, beside those that every answer has.
const OWN: [(HeaderName, &str); 3] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (VARY, "accept-encoding"),
];

/// Headers of what pages of any origin may load: a script without secrets.
const FOR_ANY: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (VARY, "accept-encoding, accept-language"),
];

fn answer(path: &str, accept_encoding: &str, if_none_match: &str) -> Response {
    let Some(page) = PAGES.binary_search_by_key(&path, |page| page.path).ok().and_then(|at| PAGES.get(at)) else {
        return (StatusCode::NOT_FOUND, "there is no such page here\n").into_response();
    };
    let (encoding, content) = page.variant(accept_encoding);
    let tag = match encoding {
        Some(encoding) => format!("\"{}-{encoding}\"", page.tag),
        None => format!("\"{}\"", page.tag),
    };
    let unchanged = names(if_none_match, &tag);
    let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(Bytes::from_static(content)) });
    let headers = response.headers_mut();
    for (name, value) in if page.is_for_any() { FOR_ANY } else { OWN } {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(page.lifetime()));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(page.content_type));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

impl Page {
    /// The smallest variant that the client takes, and its encoding.
    fn variant(&self, accept_encoding: &str) -> (Option<&'static str>, &'static [u8]) {
        match (self.brotli, self.gzip) {
            (Some(brotli), _) if accepts(accept_encoding, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepts(accept_encoding, "gzip") => (Some("gzip"), gzip),
            _ => (None, self.plain),
        }
    }

    fn is_for_any(&self) -> bool {
        self.path.starts_with("/embed/")
    }

    fn lifetime(&self) -> &'static str {
        if self.path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
    }
}

/// Whether an `Accept-Encoding` names this encoding, and not with a weight of zero.
fn accepts(accept_encoding: &str, encoding: &str) -> bool {
    accept_encoding.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
        named && weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
    })
}

/// Whether an `If-None-Match` names this tag. Caches may have weakened it.
fn names(if_none_match: &str, tag: &str) -> bool {
    if_none_match.split(',').map(str::trim).any(|held| held == "*" || held.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::{accepts, indicator, names};

    #[test]
    fn an_encoding_of_weight_zero_is_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn a_weakened_tag_is_still_recognised() {
        assert!(names("W/\"a\", \"b\"", "\"a\""));
        assert!(names("*", "\"a\""));
        assert!(!names("", "\"a\""));
        assert!(!names("\"a-br\"", "\"a\""));
    }

    #[test]
    fn the_indicator_speaks_the_language_that_its_address_or_the_browser_asks_for() {
        let language = |query, accepted| indicator(query, accepted).split('.').nth(1).unwrap();
        assert_eq!(language("", "de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(language("", "fr, de;q=0.9, en;q=0.8"), "de");
        assert_eq!(language("", "en-GB,de;q=0.5"), "en");
        assert_eq!(language("", ""), "en");
        assert_eq!(language("language=de", "en"), "de");
        assert_eq!(language("language=en", "de"), "en");
    }

    #[cfg(not(feature = "pages"))]
    #[test]
    fn a_build_without_pages_says_plainly_that_there_are_none() {
        assert_eq!(super::answer("/", "br", "").status(), 404);
    }

    #[cfg(feature = "pages")]
    mod embedded {
        use super::super::{PAGES, Page, answer};

        fn header<'a>(response: &'a axum::response::Response, name: &str) -> &'a str {
            response.headers().get(name).map_or("", |value| value.to_str().unwrap())
        }

        fn asset() -> &'static Page {
            PAGES.iter().find(|page| page.path.ends_with(".js") && page.brotli.is_some()).unwrap()
        }

        #[test]
        fn every_page_is_there_under_a_strict_policy() {
            for path in ["/", "/desk", "/board", "/admin", "/reports"] {
                let response = answer(path, "gzip, br", "");
                assert_eq!(response.status(), 200, "{path}");
                assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
                assert_eq!(header(&response, "cache-control"), "no-cache");
                let policy = header(&response, "content-security-policy");
                assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            }
        }

        #[test]
        fn a_page_names_everything_relative_to_itself_because_a_proxy_may_serve_it_below_a_path() {
            for page in PAGES.iter().filter(|page| page.content_type.starts_with("text/html")) {
                let text = std::str::from_utf8(page.plain).unwrap();
                let named: Vec<&str> = text.split([' ', '>']).filter(|word| word.contains("assets/")).collect();
                assert!(!named.is_empty(), "{}", page.path);
                for name in named {
                    assert!(name.contains("=\"./assets/"), "{}: {name}", page.path);
                }
            }
        }

        #[test]
        fn only_what_carries_a_digest_in_its_name_may_be_kept_for_ever() {
            for page in PAGES {
                let kept = header(&answer(page.path, "", ""), "cache-control").contains("immutable");
                assert_eq!(kept, page.path.starts_with("/assets/"), "{}", page.path);
            }
        }

        #[test]
        fn the_encoding_is_the_best_that_the_client_takes() {
            let encoding = |accepted| header(&answer(asset().path, accepted, ""), "content-encoding").to_owned();
            assert_eq!(encoding("gzip, deflate, br"), "br");
            assert_eq!(encoding("gzip, br;q=0"), "gzip");
            assert_eq!(encoding(""), "");
        }

        #[test]
        fn a_page_that_the_client_holds_is_not_sent_again() {
            let first = answer("/desk", "br", "");
            let tag = header(&first, "etag");
            assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
            let second = answer("/desk", "br", tag);
            assert_eq!(second.status(), 304);
            assert_eq!(header(&second, "etag"), tag);
            assert_eq!(answer("/desk", "", tag).status(), 200, "another encoding is another content");
        }

        /// A promise to whoever includes it; `cargo test --lib the_indicator_stays_small -- --nocapture` prints the sizes.
        #[test]
        fn the_indicator_stays_small() {
            const MOST: usize = 12 * 1024;
            for page in PAGES.iter().filter(|page| page.is_for_any()) {
                let size = page.brotli.unwrap().len();
                println!("{}: {size} bytes compressed, of at most {MOST}", page.path);
                assert!(size <= MOST, "{}: {size} bytes compressed are more than {MOST}", page.path);
            }
        }

        #[test]
        fn pages_of_any_origin_may_load_the_indicator_and_ask_each_time_whether_it_changed() {
            for language in ["en", "de"] {
                let response = answer(super::super::indicator("", language), "br", "");
                assert_eq!(response.status(), 200);
                assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
                assert_eq!(header(&response, "cache-control"), "no-cache");
                assert_eq!(header(&response, "access-control-allow-origin"), "*");
                assert_eq!(header(&response, "cross-origin-resource-policy"), "cross-origin");
                assert_eq!(header(&response, "vary"), "accept-encoding, accept-language");
                assert_eq!(header(&response, "content-security-policy"), "");
                assert!(!header(&response, "etag").is_empty());
            }
        }

        #[test]
        fn nothing_else_is_served() {
            for path in ["/assets/", "/assets/../Cargo.toml", "/desk.html", "/assets/none.js"] {
                assert_eq!(answer(path, "", "").status(), 404, "{path}");
            }
        }

        #[test]
        fn no_file_of_the_pages_is_large() {
            for page in PAGES.iter().filter(|page| !page.is_for_any()) {
                let size = page.brotli.map_or(page.plain.len(), <[u8]>::len);
                assert!(size < 40_000, "{}: {size} bytes compressed", page.path);
            }
        }
    }
}
