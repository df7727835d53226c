//! An engine for the simulation of several nodes: they share a log in memory, each behind a way of its own that is slow,
//! loses what is sent, or is cut.
//!
//! It does what the engine of a [cluster](super::nats) does, with the same [words](super::words): a node marks the log, is
//! current while its marks come back, declares gone who is silent, and ends when it is declared gone itself. An append is
//! judged when it arrives at the log, and answered once it has come out again.
//!
//! Time is that of whoever plays: nothing moves until [`Disk::reach`] says how late it is, and each node lives in a runtime
//! of its own whose clock is paused. Chance is the seed's.

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
    Append, Beside, Engine, FromPeer, Health, Judged, Kept, LoadedAgent, Members, OperationId, Recalled, Release,
    Reply, Unreachable,
};
use crate::domain::ids::AgentId;
pub use disk::{Disk, What};
pub use network::{Cut, Link};
use node::{Node, Out};
pub use opening::open;

/// How often it is looked who waits for too long, and who is silent.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a node that leaves waits for what is on its way, and for its last word.
const FAREWELL: Duration = Duration::from_secs(1);

/// A handle to a node.
#[derive(Clone)]
pub struct Shared {
    inner: Arc<Inner>,
}

struct Inner {
    number: u16,
    disk: Disk,
    members: Members,
    node: Mutex<Node>,
    wake: Arc<Notify>,
}

impl Shared {
    fn of(node: Node, wake: Arc<Notify>) -> Self {
        let (number, disk, members) = (node.nodes.own.0, node.disk.clone(), node.members.clone());
        Self { inner: Arc::new(Inner { number, disk, members, node: Mutex::new(node), wake }) }
    }

    /// Leaves the others: what is on its way is waited for, and then the last word is said.
    pub async fn leave(&self) {
        self.inner.node.lock().is_leaving = true;
        self.wait_while(Node::is_waited_for).await;
        // Who was declared gone has nothing more to say.
        if self.over().is_some() {
            return;
        }
        let goodbye = self.inner.node.lock().say_goodbye();
        self.wait_while(|node| node.waits_for(goodbye)).await;
        self.inner.node.lock().ends("it was stopped");
        self.inner.wake.notify_one();
    }

    async fn wait_while(&self, is_so: impl Fn(&Node) -> bool) {
        let until = Instant::now() + FAREWELL;
        while Instant::now() < until && is_so(&self.inner.node.lock()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Why the node has ended, if it has.
    #[must_use]
    pub fn over(&self) -> Option<String> {
        self.inner.node.lock().over.clone()
    }

    /// Up to which position of the log it has followed.
    #[must_use]
    pub fn known(&self) -> u64 {
        self.inner.node.lock().known
    }

    /// Lives until the node ends.
    async fn live(self, tail: mpsc::Sender<Vec<Kept>>, peers: mpsc::Sender<FromPeer>) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                biased;
                () = self.inner.wake.notified() => {}
                _ = ticks.tick() => self.inner.node.lock().look(),
            }
            let out = self.inner.node.lock().read();
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
            let mut node = self.inner.node.lock();
            if let Some(why) = node.over.clone() {
                return node.ends(&why);
            }
        }
    }
}

impl Engine for Shared {
    fn members(&self) -> Members {
        self.inner.members.clone()
    }

    fn submit(&self, append: Append, release: Release) {
        append.assert_lawful();
        self.inner.node.lock().append(append, release);
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        let node = self.inner.node.lock();
        let now = node.clock.now();
        answered(&node, || self.inner.disk.lock().log.recall(&operation, node.known, now))
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        let node = self.inner.node.lock();
        answered(&node, || self.inner.disk.lock().log.agent(agent, node.known))
    }

    /// Its marks in the log say so.
    fn mark_alive(&self) {}

    fn mark_judged(&self, judged: Judged) {
        self.inner.disk.lock().judged.insert(self.inner.number, judged);
    }

    fn keep(&self, what: Beside, reply: Reply) {
        self.inner.node.lock().keep(what, reply);
    }

    fn health(&self) -> Health {
        let over = self.over();
        if over.is_none() && self.inner.members.is_current() {
            return Health::Serving;
        }
        Health::Failing { error: over.unwrap_or_else(|| "the log does not answer".to_owned()) }
    }
}

fn answered<T>(node: &Node, what: impl FnOnce() -> Option<T>) -> oneshot::Receiver<Result<Option<T>, Unreachable>> {
    let (reply, answer) = oneshot::channel();
    let found = match &node.over {
        Some(why) => Err(Unreachable(why.clone())),
        None => Ok(what()),
    };
    // Whoever asked may have gone.
    drop(reply.send(found));
    answer
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("node", &self.inner.number).finish_non_exhaustive()
    }
}
