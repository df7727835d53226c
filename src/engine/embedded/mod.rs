//! The engine of one machine: SQLite in a folder of its own, written by one thread.
//!
//! - Every commit is on the disk before anyone hears of it (WAL, `synchronous=FULL`). The writer
//!   commits what waits as one group, so durability costs milliseconds, not throughput.
//! - Every entry is kept together with its row of the [history](crate::history).
//! - The [audit](mod@audit) is kept with what it is about, in the same transaction.
//! - [Operations](operations) are remembered for a day. A commit puts in order, and forgets, at the pace at which it
//!   adds, so that a busy time is not paid for by the commits that come later.
//! - Entries of some days are [packed], and go, with rows of the history, once they are older than what is
//!   [kept](Retention), in quiet moments.
//! - A full disk, or any error before the commit, is rolled back and answered `Unavailable`. After
//!   an error at the commit itself nobody knows; the writer opens the database anew and looks.
//! - The folder belongs to one hub at a time, held by a lock on `hub.lock`.

mod audit;
mod checkpoint;
mod checkpointer;
mod condition;
pub mod copies;
mod database;
mod disk_use;
mod erasing;
mod filling;
mod folder;
mod group;
mod ledgers;
mod log_reader;
mod newest;
mod opening;
mod operations;
pub mod ordered;
pub(super) mod pace;
mod packed;
mod projecting;
mod queue;
mod room;
mod schema;
mod sorted;
mod store;
mod then;
mod upkeep;
mod wal;
mod webhooks;
mod writer;

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Mutex, MutexGuard};
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::oneshot;
use tracing::{error, warn};

use super::{
    Append, Beside, Engine, Health, Judged, LoadedAgent, OperationId, Recalled, Release, Reply, Seq, Subject,
    Submitted, Unreachable,
};
use crate::clock::Clock;
use crate::domain::ids::AgentId;
use crate::history::reader::Reader;
use crate::telemetry::metrics::EngineMetrics;
use crate::telemetry::said_by;
pub use audit::{AuditChecked, AuditEntry, AuditPage, AuditQuery, audit};
pub use erasing::erasures;
pub use filling::{FillError, Filled, Filling};
pub use log_reader::{LogFailed, LogReader};
pub use opening::{Followed, OpenError, Opening, database, is_there, load_followed, open};
use ordered::Ordered;
pub use projecting::Progress;
use queue::{Job, Queue, Refused};
pub use then::{Then, then};
pub use upkeep::Retention;
use writer::Writer;

/// A handle to the engine. The writer drains what waits and ends when the last one is dropped.
#[derive(Clone)]
pub struct Embedded {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    health: SharedHealth,
    clock: Clock,
    history: Reader,
    log: LogReader,
    metrics: EngineMetrics,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Embedded {
    fn start(writer: Writer, clock: Clock, history: Reader, log: LogReader) -> io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let metrics = writer.metrics.clone();
        let health = SharedHealth::counted_by(metrics.serving.clone());
        let thread = std::thread::Builder::new().name("engine".to_owned()).spawn({
            let (queue, health, clock) = (Arc::clone(&queue), health.clone(), clock.clone());
            move || write_until_closed(writer, &queue, &health, &clock)
        })?;
        let thread = Mutex::new(Some(thread));
        Ok(Self { inner: Arc::new(Inner { queue, health, clock, history, log, metrics, thread }) })
    }

    /// Takes no more appends, commits those that wait, and returns once the writer has ended and the
    /// folder is free. Blocks; the tail must be read meanwhile.
    pub fn close(&self) {
        self.inner.history.end();
        self.inner.log.end();
        self.inner.queue.close();
        let thread = self.inner.thread.lock().take();
        if let Some(thread) = thread {
            // Its panics are caught inside.
            drop(thread.join());
        }
    }

    /// Writes what the log of a cluster brings; answered once it is written and handed over. A batch that fails may
    /// have been written in part: [`Embedded::position`] says how far.
    pub fn follow(&self, batch: Vec<Ordered>) -> oneshot::Receiver<Result<(), Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::Ordered { batch, reply });
        answer
    }

    /// The position of a subject's newest entry; 0 if there is none.
    pub fn newest(&self, subject: Subject) -> oneshot::Receiver<Result<Seq, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::Newest(subject, reply));
        answer
    }

    /// The position of the directory's newest entry; 0 if there is none.
    pub fn newest_of_directory(&self) -> oneshot::Receiver<Result<Seq, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::NewestOfDirectory(reply));
        answer
    }

    /// Up to where the log of a cluster was followed.
    pub fn position(&self) -> oneshot::Receiver<Result<u64, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::Position(reply));
        answer
    }

    /// Does something on the writer's thread, with its connection: how tests break the one and hold the other.
    #[doc(hidden)]
    pub fn meddle(&self, work: impl FnOnce(&rusqlite::Connection) + Send + 'static) {
        self.push(Job::Meddle(Box::new(work)));
    }

    /// Does what is otherwise done in quiet moments, as far as it is due. Tests cannot wait for quiet.
    #[doc(hidden)]
    pub fn keep_up(&self) -> oneshot::Receiver<()> {
        let (done, wait) = oneshot::channel();
        self.push(Job::KeepUp(done));
        wait
    }

    /// A job that the queue does not take is answered at once.
    fn push(&self, job: Job) {
        match self.inner.queue.push(job, self.inner.clock.now()) {
            Ok(()) => {}
            Err(Refused::Full(job)) => job.refuse("too much waits already"),
            Err(Refused::Closed(job)) => job.refuse("its writer has ended"),
        }
    }
}

impl Engine for Embedded {
    fn submit(&self, append: Append, release: Release) {
        append.assert_lawful();
        self.push(Job::Append(Submitted { append, release }));
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::Recall { operation, reply });
        answer
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::Find { agent, reply });
        answer
    }

    fn mark_alive(&self) {
        self.inner.queue.mark_alive(self.inner.clock.now());
    }

    fn mark_judged(&self, judged: Judged) {
        self.inner.queue.mark_judged(judged, self.inner.clock.now());
    }

    fn keep(&self, what: Beside, reply: Reply) {
        self.push(Job::Beside { what, reply });
    }

    fn health(&self) -> Health {
        self.inner.health.get()
    }

    fn history(&self) -> Option<Reader> {
        Some(self.inner.history.clone())
    }

    fn log(&self) -> Option<LogReader> {
        Some(self.inner.log.clone())
    }

    fn warning(&self) -> Option<String> {
        self.inner.health.warning()
    }

    fn metrics(&self) -> EngineMetrics {
        self.inner.metrics.clone()
    }
}

impl Job {
    /// Answers it without having done it.
    fn refuse(self, why: &str) {
        match self {
            Self::Append(submitted) => submitted.refuse(),
            Self::Recall { reply, .. } => drop(reply.send(Err(Unreachable(why.to_owned())))),
            Self::Find { reply, .. } => drop(reply.send(Err(Unreachable(why.to_owned())))),
            Self::Beside { what, reply } => {
                if let Beside::Note(note) = what {
                    warn!(why, action = note.deed.as_str(), "the audit does not have it: it was not kept");
                }
                reply.refuse(why);
            }
            Self::Newest(_, reply) | Self::NewestOfDirectory(reply) => {
                drop(reply.send(Err(Unreachable(why.to_owned()))))
            }
            Self::Position(reply) => drop(reply.send(Err(Unreachable(why.to_owned())))),
            Self::Ordered { reply, .. } => drop(reply.send(Err(Unreachable(why.to_owned())))),
            Self::KeepUp(_) | Self::Meddle(_) => {}
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("health", &self.health()).finish_non_exhaustive()
    }
}

/// What the writer says of itself.
#[derive(Clone)]
struct SharedHealth {
    said: Arc<Mutex<Said>>,
    serving: Gauge,
}

struct Said {
    health: Health,
    warning: Option<String>,
}

impl SharedHealth {
    fn counted_by(serving: Gauge) -> Self {
        serving.set(1);
        Self { said: Arc::new(Mutex::new(Said { health: Health::Serving, warning: None })), serving }
    }

    fn get(&self) -> Health {
        self.said().health.clone()
    }

    fn warning(&self) -> Option<String> {
        self.said().warning.clone()
    }

    fn warn(&self, warning: Option<String>) {
        self.said().warning = warning;
    }

    fn set(&self, health: Health) {
        self.serving.set(i64::from(health == Health::Serving));
        self.said().health = health;
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock()
    }
}

/// The thread. A panic ends it, and the tail with it; those whose group it had in hand are answered
/// `Unknown` as their releases are dropped, everyone after them `Unavailable`.
fn write_until_closed(writer: Writer, queue: &Queue, health: &SharedHealth, clock: &Clock) {
    // Whoever sees the tail end asks the health why, so it ends last.
    let _tail = writer.tail.clone();
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| writer.run(queue, health, clock))) else { return };
    let panic = said_by(panic.as_ref());
    error!(panic, "the engine's writer panicked; nothing more is kept until the hub is started again");
    health.set(Health::Failing { error: format!("the writer panicked: {panic}") });
    queue.close();
    loop {
        let taken = queue.take();
        taken.jobs.into_iter().for_each(|job| job.refuse("its writer has ended"));
        if taken.closed {
            return;
        }
    }
}
