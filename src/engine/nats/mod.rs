//! The engine of a cluster: a log in NATS JetStream that several hubs share.
//!
//! Every append is one message of one stream, guarded by the newest message of its subject (an agent) or of a group of
//! subjects (the directory): JetStream keeps it only if that is the one the caller knew. Every node follows the stream
//! with a [`consumer`] of its own and writes it, in its order, into a [database](super::embedded) as one machine has: so
//! history, reports, the audit and the way to resume are the same. A caller is answered once its message has come out of
//! the stream again and was written: it never knows less than boards do.
//!
//! - A thread of its own does all this (the [`actor`]); the thread that serves never waits for it.
//! - A node marks the log every half second. While its marks come back in time it is **current**; when they do not, it
//!   keeps nothing and says so. It finds out thus about a lost server, a log without a leader, being in a minority, and a
//!   consumer that stands still.
//! - Whoever is not heard for longer is **silent**: its agents get no work. A node that is current declares it **gone**,
//!   which is a message guarded by the silent node's last mark: either it is gone, or it marks the log again.
//! - The database is a snapshot, the stream what came after it. Messages leave the stream after a while (`window`); a node
//!   that was away for longer begins with a copy of another node's database.

mod actor;
mod api;
mod appends;
mod consumer;
mod following;
mod message;
mod opening;
mod settings;
mod status;
mod subjects;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use parking_lot::Mutex;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot};

use super::embedded::Embedded;
use super::{
    Append, Beside, Copies, Engine, Health, Judged, LoadedAgent, LogReader, Members, OperationId, Recalled, Release,
    Reply, Unreachable,
};
use crate::domain::ids::AgentId;
use crate::history::reader::Reader;
use crate::telemetry::metrics::{ClusterMetrics, EngineMetrics};
pub use opening::{OpenError, Opening, open};
pub use settings::{Login, Settings};
pub use status::{ClusterStatus, NodeStatus, ServerState, ServerStatus, status};

/// How many appends may wait for the log. Beyond it the answer is [`Unavailable`](super::Outcome::Unavailable).
const MOST_WAITING: usize = 8_192;

/// A handle to the engine. Its thread ends when it is closed, or when the last handle is dropped.
#[derive(Clone)]
pub struct Nats {
    inner: Arc<Inner>,
}

struct Inner {
    orders: mpsc::Sender<Order>,
    database: Embedded,
    copies: Copies,
    members: Members,
    status: Status,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Something for the thread to do.
enum Order {
    Append(Append, Release, Place),
    Beside(Beside, Reply),
}

/// A place among those that wait for the log. Dropping it gives it back.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the thread says of itself. Clones share it.
#[derive(Clone, Default)]
struct Status {
    /// Why nothing is kept, in the words of the last attempt.
    trouble: Arc<Mutex<Option<String>>>,
    /// Which nodes have other settings, for an operator.
    other_settings: Arc<Mutex<Option<String>>>,
    /// Why the engine has ended.
    ended: Arc<Mutex<Option<String>>>,
    waiting: Arc<AtomicUsize>,
    metrics: ClusterMetrics,
    /// Whether this node keeps what it is given, which takes more than a database that does.
    serving: Gauge,
    /// Leave the cluster, and end. What was ordered before may not be done.
    leave: Arc<Notify>,
}

impl Status {
    fn place(&self) -> Option<Place> {
        let place = Place(self.waiting.clone());
        (self.waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING).then_some(place)
    }

    fn is_in_trouble(&self, why: impl Into<String>) {
        *self.trouble.lock() = Some(why.into());
    }

    fn has_ended(&self, why: impl Into<String>) {
        self.ended.lock().get_or_insert_with(|| why.into());
    }
}

impl Nats {
    /// Leaves the cluster and returns once the thread has ended and the folder is free. Blocks; the tail must be read
    /// meanwhile.
    pub fn close(&self) {
        self.inner.status.leave.notify_one();
        let thread = self.inner.thread.lock().take();
        if let Some(thread) = thread {
            // Its panics are told by the hook, and end the tail.
            drop(thread.join());
        }
        self.inner.database.close();
    }
}

impl Nats {
    /// An order that is not taken is answered at once.
    fn order(&self, order: Order) {
        match self.inner.orders.try_send(order) {
            Ok(()) => {}
            Err(TrySendError::Full(order)) => order.refuse("too much waits already"),
            Err(TrySendError::Closed(order)) => order.refuse("this node is no member of the cluster any more"),
        }
    }
}

impl Engine for Nats {
    fn members(&self) -> Members {
        self.inner.members.clone()
    }

    fn submit(&self, append: Append, release: Release) {
        append.assert_lawful();
        match self.inner.status.place() {
            Some(place) => self.order(Order::Append(append, release, place)),
            None => release.with(super::Outcome::Unavailable),
        }
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        self.inner.database.recall(operation)
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        self.inner.database.find(agent)
    }

    /// Its marks in the log say so.
    fn mark_alive(&self) {}

    fn mark_judged(&self, judged: Judged) {
        self.inner.database.mark_judged(judged);
    }

    fn keep(&self, what: Beside, reply: Reply) {
        self.order(Order::Beside(what, reply));
    }

    fn health(&self) -> Health {
        if let Some(error) = self.inner.status.ended.lock().clone() {
            return Health::Failing { error };
        }
        if !self.inner.members.is_current() {
            let trouble = self.inner.status.trouble.lock().clone();
            let error = trouble.unwrap_or_else(|| "the cluster's log does not answer".to_owned());
            return Health::Failing { error };
        }
        self.inner.database.health()
    }

    fn history(&self) -> Option<Reader> {
        self.inner.database.history()
    }

    fn log(&self) -> Option<LogReader> {
        self.inner.database.log()
    }

    fn copies(&self) -> Option<Copies> {
        Some(self.inner.copies.clone())
    }

    fn warning(&self) -> Option<String> {
        let warnings = [self.inner.database.warning(), self.inner.status.other_settings.lock().clone()];
        let warnings: Vec<String> = warnings.into_iter().flatten().collect();
        (!warnings.is_empty()).then(|| warnings.join("; "))
    }

    fn metrics(&self) -> EngineMetrics {
        EngineMetrics { serving: self.inner.status.serving.clone(), ..self.inner.database.metrics() }
    }

    fn cluster_metrics(&self) -> ClusterMetrics {
        self.inner.status.metrics.clone()
    }
}

impl Order {
    /// Answers it without having done it.
    fn refuse(self, why: &str) {
        match self {
            Self::Append(_, release, _) => release.with(super::Outcome::Unavailable),
            Self::Beside(_, reply) => reply.refuse(why),
        }
    }
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats").field("health", &self.health()).finish_non_exhaustive()
    }
}
