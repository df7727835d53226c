//! One request of a delivery.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use bytes::Bytes;
use futures::future::BoxFuture;
use hyper::body::Incoming;

use crate::domain::time::Timestamp;
use crate::outbound::way_out::WayOut;

/// The longest pause that an endpoint may ask for.
const MOST_PAUSE: Duration = Duration::from_secs(3_600);
/// What is read of an answer's body, so that its connection can be kept. Nothing is made of it.
const MOST_ANSWER_BYTES: usize = 64 * 1024;

/// Posts letters to endpoints. Clones share their connections.
#[derive(Clone)]
pub(super) struct Poster {
    way: Way,
}

#[derive(Clone)]
enum Way {
    Out(Box<WayOut>),
    Within(Endpoint),
}

/// How deliveries are made.
#[derive(Clone, Default)]
pub enum Post {
    /// Over the network, on a thread of their own.
    #[default]
    Network,
    /// To an endpoint in memory, on the thread of the hub: of a simulation.
    Within(Endpoint),
}

/// An endpoint in memory: takes the id and the body of a delivery, and answers with a status.
pub type Endpoint = Arc<dyn Fn(String, Bytes) -> BoxFuture<'static, u16> + Send + Sync>;

/// What is sent.
pub(super) struct Letter<'a> {
    pub to: &'a str,
    pub id: &'a str,
    pub at: i64,
    pub signature: String,
    pub body: Bytes,
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    /// After so long it may be tried again.
    pub retry_after: Option<Duration>,
}

impl Poster {
    /// To be called within a runtime.
    pub fn new() -> Self {
        Self { way: Way::Out(Box::default()) }
    }

    pub fn to(endpoint: Endpoint) -> Self {
        Self { way: Way::Within(endpoint) }
    }

    /// Sends it, and waits for the answer no longer than `patience`.
    pub async fn post(&self, letter: Letter<'_>, patience: Duration, now: Timestamp) -> Result<Answer, String> {
        let exchange = async {
            let way_out = match &self.way {
                Way::Out(way_out) => way_out,
                Way::Within(endpoint) => {
                    let status = endpoint(letter.id.to_owned(), letter.body).await;
                    return Ok(Answer { status, retry_after: None });
                }
            };
            let response = way_out.send(request(letter)?).await?;
            let answer =
                Answer { status: response.status().as_u16(), retry_after: retry_after(response.headers(), now) };
            drain(response.into_body()).await;
            Ok(answer)
        };
        match tokio::time::timeout(patience, exchange).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {} ms", patience.as_millis())),
        }
    }
}

fn request(letter: Letter<'_>) -> Result<Request<Body>, String> {
    let uri: Uri = letter.to.parse().map_err(|error| format!("the address cannot be used: {error}"))?;
    let mut request = Request::new(Body::from(letter.body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let text = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
    let headers = request.headers_mut();
    let kind = HeaderValue::from_static("application/cloudevents+json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::USER_AGENT, HeaderValue::from_static("presence-hub"));
    headers.insert("webhook-id", text(letter.id)?);
    headers.insert("webhook-timestamp", HeaderValue::from(letter.at));
    headers.insert("webhook-signature", text(&letter.signature)?);
    Ok(request)
}

/// Reads the body of an answer, unless it is long or breaks: then its connection is not used again.
async fn drain(mut body: Incoming) {
    let mut left = MOST_ANSWER_BYTES;
    while let Some(Ok(frame)) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}

/// `Retry-After`, in seconds or as a time.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            Timestamp(at.as_millisecond()).since(now)
        }
    };
    Some(pause.min(MOST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_says_when_to_come_back_in_seconds_or_as_a_time() {
        let now = Timestamp("2026-11-22T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let asked = |text: &'static str| {
            let headers = [(header::RETRY_AFTER, HeaderValue::from_static(text))].into_iter().collect();
            retry_after(&headers, now)
        };
        assert_eq!(asked("120"), Some(Duration::from_secs(120)));
        assert_eq!(asked("Sun, 22 Nov 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("Sun, 22 Nov 2026 11:00:30 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("86400"), Some(MOST_PAUSE));
        assert_eq!(asked("soon"), None);
    }
}
