//! What the hub counts of itself, for Prometheus: one registry, whose metrics are declared once.
//!
//! Each room has the [handles](parts) of its own metrics, and counts where something happens: an addition
//! to a number, or to one bucket. Nothing is counted when it is asked for, so a scrape costs the same
//! whatever the number of agents. [`Exposition`] brings the parts together and writes them. A metric is
//! told apart only by [words of closed sets](label), never by who is concerned.
//!
//! To add one, declare it in [`parts`], then `ACCEPT=1 cargo test --locked --lib documents` writes
//! `docs/metrics.md`.

mod by;
#[cfg(test)]
mod documents;
mod kinds;
pub mod label;
mod longest;
pub mod parts;
mod text;

use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

pub use by::By;
pub use kinds::{Sizes, Took, Total};
pub use label::{Channel, Delivery, DropCause, Within};
pub use longest::Longest;
pub use parts::{
    AgentMetrics, ClockMetrics, ClusterMetrics, DoorMetrics, EngineMetrics, FeedMetrics, KeyMetrics, ProcessMetrics,
    Request, SessionMetrics, StartMetrics, WebhookMetrics,
};

/// The metrics of a room, which can be written with others.
trait Part {
    /// Adds them.
    fn register(&self, registry: &mut Registry);
}

/// All there are.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "each type says whose they are")]
pub struct Parts<'a> {
    pub agents: &'a AgentMetrics,
    pub sessions: &'a SessionMetrics,
    pub feed: &'a FeedMetrics,
    pub door: &'a DoorMetrics,
    pub webhooks: &'a WebhookMetrics,
    pub keys: &'a KeyMetrics,
    pub engine: &'a EngineMetrics,
    pub cluster: &'a ClusterMetrics,
    pub clock: &'a ClockMetrics,
    pub process: &'a ProcessMetrics,
    pub start: &'a StartMetrics,
}

/// All metrics of a hub, as they are written for whoever asks.
#[derive(Debug)]
pub struct Exposition {
    registry: Registry,
}

impl Exposition {
    /// Of these parts.
    #[must_use]
    pub fn of(parts: Parts<'_>) -> Self {
        let Parts { agents, sessions, feed, door, webhooks, keys, engine, cluster, clock, process, start } = parts;
        let parts: [&dyn Part; 11] =
            [agents, sessions, feed, door, webhooks, keys, engine, cluster, clock, process, start];
        let mut registry = Registry::default();
        for part in parts {
            part.register(&mut registry);
        }
        Self { registry }
    }

    /// In the format of OpenMetrics 1.0.
    #[must_use]
    pub fn open_metrics(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).unwrap_or_else(|_| unreachable!("a text takes whatever is written"));
        text
    }

    /// In the text format of Prometheus, version 0.0.4.
    #[must_use]
    pub fn prometheus(&self) -> String {
        text::of_open_metrics(&self.open_metrics())
    }
}
