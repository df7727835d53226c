//! What a Prometheus asks.

use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::answer::Answer;
use super::preference::preferred;
use super::route::{Asked, Route, Verb};
use crate::config::MetricsReaders;
use crate::edge::Door;
use crate::edge::address::came_through_a_proxy;
use crate::edge::caller::{Signed, Who, host, origin};
use crate::edge::terms::Terms;
use crate::identity::{Action, is_loopback_name};
use crate::sessions::Peer;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

const OPEN_METRICS: &str = "application/openmetrics-text";

/// They are asked by address, and need no name and no origin.
pub fn routes() -> Vec<Route> {
    let route = Route::new(Verb::Get, "/metrics", Action::ReadMetrics, read);
    vec![route.called("readMetrics", "health", "Figures of the hub for Prometheus").says(
        "Without a token too from the hub's own machine, unless `[server] metrics` says otherwise. In the format \
                 of OpenMetrics if `Accept` prefers it, else in the text format of Prometheus. Which figures there are \
                 stands in `docs/metrics.md`.",
    )]
}

/// Whoever may read them.
struct Reader;

impl Who for Reader {
    const REFUSALS: &'static [ErrorCode] = Signed::REFUSALS;

    fn of(parts: &Parts, door: &Door, terms: &Terms) -> Result<Self, Problem> {
        let may_without_token = match door.server.metrics {
            MetricsReaders::Anyone => true,
            MetricsReaders::Token => false,
            MetricsReaders::Local => asks_from_here(parts),
        };
        if may_without_token { Ok(Self) } else { Signed::of(parts, door, terms).map(|_| Self) }
    }
}

/// Whether a program of this machine asks for itself: not a proxy for somebody else, and no page of a browser, not
/// even by a name that was pointed at this machine.
fn asks_from_here(Parts { extensions, headers, .. }: &Parts) -> bool {
    matches!(extensions.get(), Some(Peer::Here(_)))
        && host(headers).is_some_and(is_loopback_name)
        && origin(headers).is_none()
        && !came_through_a_proxy(headers)
}

/// The figures, as text of this kind.
struct Figures {
    kind: &'static str,
    text: String,
}

impl Answer for Figures {
    fn respond(self) -> Response {
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        let vary = (header::VARY, HeaderValue::from_static("accept"));
        ([kind, vary], self.text).into_response()
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<super::answer::Described> {
        vec![super::answer::Described {
            status: 200,
            description: "The figures.",
            schema: None,
            is_tagged: false,
            texts: &[OPEN_METRICS, "text/plain"],
        }]
    }
}

async fn read(asked: Asked<(), (), (), Reader>) -> Result<Figures, Problem> {
    let exposition = &asked.door.exposition;
    Ok(if preferred(&asked.headers, header::ACCEPT, &["text/plain", OPEN_METRICS]) == OPEN_METRICS {
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        Figures { kind, text: exposition.open_metrics() }
    } else {
        Figures { kind: "text/plain; version=0.0.4; charset=utf-8", text: exposition.prometheus() }
    })
}
