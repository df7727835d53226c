//! An engine for the simulation of several nodes: they share a log in memory, each behind a way of its own that is slow,
//! loses what is sent, or is cut.
//!
//! It does what the engine of a [cluster](super::nats) does, with the same [words](super::words): a node marks the log, is
//! current while its marks come back, declares gone who is silent, and ends when it is declared gone itself. An append is
//! judged when it arrives at the log, and answered once it has come out again.
//!
//! Time is that of whoever plays: nothing moves until [`Disk::reach`] says how late it is, and each node lives in a runtime
//! of its own whose clock is paused. Chance is the seed's.

mod database;
mod disk;
mod log;
mod network;
mod node;
mod opening;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

use super::{
    Append, Beside, Engine, FromPeer, Health, Judged, Kept, LoadedAgent, LogReader, Members, OperationId, Recalled,
    Release, Reply, Unreachable,
};
use crate::domain::ids::AgentId;
use crate::history::reader::Reader;
pub use disk::{Disk, What};
pub use network::{Cut, Link};
use node::{Node, Out};
pub use opening::open;

/// How often it is looked who waits for too long, and who is silent.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A handle to a node, which leaves the others when the last one is dropped.
#[derive(Clone)]
pub struct Shared {
    handle: Arc<Handle>,
}

struct Handle {
    inner: Arc<Inner>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.inner.leaves();
    }
}

struct Inner {
    number: u16,
    disk: Disk,
    members: Members,
    node: Mutex<Node>,
    wake: Arc<Notify>,
    /// The node has ended.
    gone: Notify,
}

impl Shared {
    fn of(node: Node, wake: Arc<Notify>) -> Self {
        let (number, disk, members) = (node.nodes.own.0, node.disk.clone(), node.members.clone());
        let inner = Arc::new(Inner { number, disk, members, node: Mutex::new(node), wake, gone: Notify::new() });
        Self { handle: Arc::new(Handle { inner }) }
    }

    /// Leaves the others: what is on its way is waited for, and then the last word is said.
    pub async fn leave(&self) {
        self.close();
        self.inner().gone.notified().await;
    }

    /// The same, without waiting for it: nothing is taken from now on.
    pub fn close(&self) {
        self.inner().leaves();
    }

    fn inner(&self) -> &Arc<Inner> {
        &self.handle.inner
    }

    /// Why the node has ended, if it has.
    #[must_use]
    pub fn over(&self) -> Option<String> {
        self.inner().node.lock().over.clone()
    }

    /// Up to which position of the log it has followed.
    #[must_use]
    pub fn known(&self) -> u64 {
        self.inner().node.lock().known
    }

    /// The life of the node, until it ends.
    fn life(&self, tail: mpsc::Sender<Vec<Kept>>, peers: mpsc::Sender<FromPeer>) -> impl Future<Output = ()> + use<> {
        self.inner().clone().live(tail, peers)
    }
}

impl Inner {
    /// Nothing is taken from now on.
    fn leaves(&self) {
        self.node.lock().leaves();
        self.wake.notify_one();
    }

    async fn live(self: Arc<Self>, tail: mpsc::Sender<Vec<Kept>>, peers: mpsc::Sender<FromPeer>) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            let again = self.node.lock().sends_again_at();
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = at(again) => self.node.lock().look(),
                _ = ticks.tick() => self.node.lock().look(),
            }
            let out = self.node.lock().read();
            for out in out {
                let taken = match out {
                    Out::Group(group) => tail.send(group).await.is_ok(),
                    // Nobody listens before the node serves, nor after.
                    Out::Peer(from_peer) => {
                        drop(peers.try_send(from_peer));
                        true
                    }
                };
                if !taken {
                    return;
                }
            }
            let mut node = self.node.lock();
            if let Some(why) = node.over.clone() {
                node.ends(&why);
                return self.gone.notify_one();
            }
        }
    }
}

/// Returns then; never if there is no such time.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

impl Engine for Shared {
    fn members(&self) -> Members {
        self.inner().members.clone()
    }

    fn submit(&self, append: Append, release: Release) {
        append.assert_lawful();
        self.inner().node.lock().append(append, release);
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        let node = self.inner().node.lock();
        let now = node.clock.now();
        answered(&node, || self.inner().disk.lock().log.recall(&operation, node.known, now))
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        let node = self.inner().node.lock();
        answered(&node, || self.inner().disk.lock().log.agent(agent, node.known))
    }

    /// Its marks in the log say so.
    fn mark_alive(&self) {}

    fn mark_judged(&self, judged: Judged) {
        self.inner().disk.lock().database(self.inner().number).judged = judged;
    }

    fn keep(&self, what: Beside, reply: Reply) {
        self.inner().node.lock().keep(what, reply);
    }

    fn history(&self) -> Option<Reader> {
        Some(Reader::within(self.inner().disk.lock().database(self.inner().number).tables()))
    }

    fn log(&self) -> Option<LogReader> {
        let inner = self.inner().clone();
        Some(LogReader::of_memory(move |after| inner.disk.changes_beyond(after, inner.node.lock().known)))
    }

    fn health(&self) -> Health {
        let over = self.over();
        if over.is_none() && self.inner().members.is_current() {
            return Health::Serving;
        }
        Health::Failing { error: over.unwrap_or_else(|| "the log does not answer".to_owned()) }
    }
}

fn answered<T>(node: &Node, what: impl FnOnce() -> Option<T>) -> oneshot::Receiver<Result<Option<T>, Unreachable>> {
    let (reply, answer) = oneshot::channel();
    let found = match &node.over {
        Some(why) => Err(Unreachable(why.clone())),
        None if node.is_leaving => Err(Unreachable("it is being stopped".to_owned())),
        None => Ok(what()),
    };
    // Whoever asked may have gone.
    drop(reply.send(found));
    answer
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("node", &self.inner().number).finish_non_exhaustive()
    }
}
