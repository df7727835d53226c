//! The metrics, room by room. What stands above one is its help.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry, Unit};
use std::sync::atomic::AtomicU64;
use tokio::time::Instant;

use super::{By, Channel, Delivery, DropCause, Longest, Part, Sizes, Took, Total, Within};
use crate::domain::presence::BaseStatus;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::event::EventType;
use crate::wire::limit::Limit;
use crate::wire::shapes::{EventStatus, WebhookStatus};

/// How often the serving thread is looked at.
const TICK: Duration = Duration::from_millis(20);

/// Declares the metrics of a room: `field: Kind as "name" in Unit;` below its help. The prefix of all, the unit
/// and `_total` are added to the name.
macro_rules! metrics {
    ($(#[doc = $about:literal])+ $name:ident in $prefix:literal {
        $($(#[doc = $help:literal])+ $field:ident: $type:ty as $metric:literal $(in $unit:ident)?;)+
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $($(#[doc = $help])+ pub $field: $type,)+
        }

        impl Part for $name {
            fn register(&self, registry: &mut Registry) {
                let registry = registry.sub_registry_with_prefix($prefix);
                $(register(registry, $metric, concat!($($help),+), metrics!(@ $($unit)?), self.$field.clone());)+
            }
        }
    };
    (@) => { None };
    (@ $unit:ident) => { Some(Unit::$unit) };
}

fn register(registry: &mut Registry, name: &str, help: &str, unit: Option<Unit>, metric: impl Metric) {
    // The library ends it with a full stop.
    let help = help.trim().trim_end_matches('.');
    match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, metric),
        None => registry.register(name, help, metric),
    }
}

metrics! {
    /// What the agents' room counts.
    AgentMetrics in "presence_hub" {
        /// Agents by the base status that others see, deleted ones left out.
        agents: By<BaseStatus, Gauge> as "agents";
        /// Sign-ins of agents who were signed out; further tabs and returns left out.
        sign_ins: Counter as "sign_ins";
        /// Sign-outs by the agent or a supervisor.
        sign_outs: Counter as "sign_outs";
        /// Agents who lost their last session without a sign-out, and did not come back within a grace.
        drops: By<DropCause, Counter> as "drops";
        /// Returns of agents who found what they had left.
        restores: By<Within, Counter> as "restores";
        /// Restore windows that passed without a return.
        lapses: Counter as "lapses";
        /// How long a change waited from its decision until it was kept and released to boards.
        kept: Took as "change_kept" in Seconds;
        /// Changes that must be kept, could not be at the first try, and are not kept yet. While there are
        /// any, boards say that they are stale.
        late: Gauge as "late_changes";
    }
}

metrics! {
    /// What the engine of a cluster counts; on one machine it stays as it is.
    ClusterMetrics in "presence_hub_cluster" {
        /// Whether this node knows what the cluster's log says: 1, or 0 while it is cut off. 1 on one machine.
        current: Gauge as "current";
        /// Other nodes that are alive, as far as this one knows: 0 while it is not current.
        alive: Gauge as "nodes_alive";
        /// Other nodes that were not heard lately, and are not known to be gone; 0 while this one is not current.
        silent: Gauge as "nodes_silent";
        /// Servers that keep the log and have all of it, as the one that leads them said last; it is asked every ten
        /// seconds. 0 on one machine.
        servers: Gauge as "servers";
        /// Servers that are to keep the log, and are behind or not heard by the one that leads them, as it said last.
        missing: Gauge as "servers_missing";
        /// Other nodes that are alive and were told other settings than this one, of those that must be alike.
        other_settings: Gauge as "nodes_with_other_settings";
        /// Messages of the log that this node has not heard yet.
        behind: Gauge as "messages_behind";
        /// How long a change took from being sent to the log until it came back out of it.
        came_back: Took as "change_came_back" in Seconds;
        /// Changes that were overtaken by another of the same agent, and decided again.
        overtaken: Counter as "overtaken_changes";
        /// Changes of which nobody knew in time whether the log keeps them.
        unknown: Counter as "unknown_changes";
        /// How often the node's way to hear the log was made anew.
        consumers: Counter as "consumers";
        /// How far this node's clock was ahead of that of the log's server when it joined; negative if it was behind.
        clock_ahead: Gauge<f64, AtomicU64> as "clock_ahead" in Seconds;
    }
}

impl ClusterMetrics {
    /// Of a hub that shares its log with nobody.
    #[must_use]
    pub fn alone() -> Self {
        let alone = Self::default();
        alone.current.set(1);
        alone
    }
}

metrics! {
    /// What the engine counts.
    EngineMetrics in "presence_hub" {
        /// Whether the engine keeps what it is given: 1, or 0 while it fails, or while this node of a cluster is not
        /// current.
        serving: Gauge as "engine_serving";
        /// How long a commit took, from its beginning until it was on the disk.
        commit: Took as "commit" in Seconds;
        /// How many entries a commit kept.
        entries: Sizes as "commit_entries";
        /// Commits that failed, the probes of a failing database among them.
        failed: Counter as "failed_commits";
        /// The newest position of the log.
        position: Gauge as "log_position";
        /// The size of the database's file.
        database: Gauge as "database" in Bytes;
        /// The size of the database's write-ahead log.
        write_ahead_log: Gauge as "write_ahead_log" in Bytes;
        /// What is free on the disk of the data folder for the hub's user, as of the last commit or sign of life.
        disk_free: Gauge as "disk_free" in Bytes;
    }
}

metrics! {
    /// What the live sessions count.
    SessionMetrics in "presence_hub" {
        /// Live sockets by their roles; one of two roles counts for both.
        sessions: By<Role, Gauge> as "sessions";
        /// Sockets that the hub closed, by the code that it sent.
        closes: By<CloseCode, Counter> as "closes";
        /// Bytes of frames that wait for sockets which do not take them.
        queued: Gauge as "queued" in Bytes;
        /// Sockets that do not take what they are sent.
        blocked: Gauge as "blocked_sessions";
    }
}

metrics! {
    /// What the feed counts.
    FeedMetrics in "presence_hub" {
        /// Live watches.
        watches: Gauge as "watches";
        /// How long a kept change waited until it was written to the sockets that watch it: the oldest change
        /// of a frame, once for each group of up to 128 watchers.
        written: Took as "change_written" in Seconds;
        /// The longest of those waits in the last minute: how far the slowest board that takes what it is sent
        /// was behind.
        lag: Longest as "watch_lag" in Seconds;
        /// Bytes that were sent to watchers who take deflated frames.
        deflated: Counter as "deflated_frames" in Bytes;
        /// Bytes that the same frames have as texts.
        texts: Counter as "deflated_frames_as_text" in Bytes;
    }
}

metrics! {
    /// What the door counts.
    DoorMetrics in "presence_hub" {
        /// Answered HTTP requests, sockets that were opened among them.
        requests: Family<Request, Counter> as "http_requests";
        /// Refusals by their code.
        refusals: By<(Channel, ErrorCode), Counter> as "refusals";
        /// What was refused or ended because a limit was met, by the limit. `docs/security.md` has them all.
        limited: By<Limit, Counter> as "limited";
        /// Assignment events by what became of them.
        events: By<(Option<EventType>, EventStatus), Counter> as "events";
    }
}

metrics! {
    /// What is counted of webhooks.
    WebhookMetrics in "presence_hub" {
        /// Webhooks by whether they deliver; `off` waits for an administrator to resume it.
        webhooks: By<WebhookStatus, Gauge> as "webhooks";
        /// Tries to deliver a change, by whether the endpoint took it.
        deliveries: By<Delivery, Counter> as "webhook_deliveries";
        /// Positions of the log by which the webhook is behind that is furthest behind, a few seconds old; those
        /// that an administrator switched off left out.
        behind: Gauge as "webhook_behind_positions";
    }
}

metrics! {
    /// What is counted of the keys that tokens are verified with.
    KeyMetrics in "presence_hub" {
        /// Keys that tokens are verified with.
        keys: Gauge as "keys";
        /// Whether the last try to read or fetch them failed: 1, or 0. Those of before are kept.
        failing: Gauge as "keys_failing";
        /// Times that the key set was fetched from its address, or was to be.
        reads: Counter as "key_set_fetches";
        /// Tries to read or fetch keys that failed.
        failed: Counter as "failed_key_reads";
    }
}

metrics! {
    /// What the clock counts.
    ClockMetrics in "presence_hub" {
        /// Times in which the hub stood still, or the wall clock was put forward.
        standstills: Counter as "standstills";
        /// How long they lasted together.
        lasted: Total as "standstill" in Seconds;
    }
}

metrics! {
    /// What concerns the process.
    ProcessMetrics in "presence_hub" {
        /// The longest time in the last minute for which the thread that serves did not come back to whoever
        /// waited. Sleeping is exact to a millisecond or two, which it includes.
        longest_bite: Longest as "longest_bite" in Seconds;
        /// What the hub was built from.
        build: Build as "build";
    }
}

metrics! {
    /// What every process tells, by the name that all give it.
    StartMetrics in "process" {
        /// When the process started, in seconds since 1970.
        started: Gauge<f64, AtomicU64> as "start_time" in Seconds;
    }
}

impl StartMetrics {
    /// Of a process that started then.
    #[must_use]
    pub fn at(started: Timestamp) -> Self {
        let start = Self::default();
        start.started.set(Duration::from_millis(started.0.unsigned_abs()).as_secs_f64());
        start
    }
}

impl FeedMetrics {
    /// A change was written that had waited so long.
    pub fn written(&self, waited: Duration) {
        self.written.took(waited);
        self.lag.took(waited);
    }

    /// A frame was sent in so many bytes that has so many as a text.
    pub fn deflated(&self, sent: usize, text: usize) {
        self.deflated.inc_by(sent as u64);
        self.texts.inc_by(text as u64);
    }
}

impl ProcessMetrics {
    /// Watches over the thread that this runs on, for ever.
    pub async fn watch_the_thread(self) {
        loop {
            let due = Instant::now() + TICK;
            tokio::time::sleep_until(due).await;
            self.longest_bite.took(due.elapsed());
        }
    }
}

/// An answered request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Request {
    /// Its method; `other` for one that no route has.
    pub method: &'static str,
    /// The pattern of its route; `other` for none.
    pub route: &'static str,
    /// The status of the answer.
    pub status: u16,
}

/// What the hub was built from.
#[derive(Clone, Debug, Default)]
pub struct Build;

impl prometheus_client::encoding::EncodeMetric for Build {
    fn encode(&self, encoder: prometheus_client::encoding::MetricEncoder<'_>) -> std::fmt::Result {
        Info::new([("version", env!("CARGO_PKG_VERSION"))]).encode(encoder)
    }

    fn metric_type(&self) -> prometheus_client::metrics::MetricType {
        prometheus_client::metrics::MetricType::Info
    }
}
