//! What a node knows of the nodes that share the log.
//!
//! A session lives on a node, in one of its lives (boots). The log says which boots are over; that a node is silent, this
//! one finds out for itself. On one machine there is one node, which is always there.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::domain::ids::{AgentId, SessionId};
use crate::domain::time::Timestamp;

/// A boot of a node, and all before it, that will not come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostNode {
    /// The node.
    pub node: u16,
    /// Its last boot that is over.
    pub boot: u32,
    /// When it was last known alive.
    pub at: Timestamp,
}

/// The nodes that share the log, as this one knows them. Clones share it. By default there is this one alone, number 0.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// None on one machine.
    cluster: Option<Arc<Cluster>>,
}

#[derive(Debug)]
struct Cluster {
    own: (u16, u32),
    peers: RwLock<BTreeMap<u16, Peer>>,
    addresses: RwLock<BTreeMap<u16, String>>,
    /// Until when what this node knows is current.
    current: RwLock<Instant>,
    /// How often a peer became silent, or was heard again.
    changes: watch::Sender<u64>,
}

/// What is known of another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its newest boot.
    pub boot: u32,
    /// How that is.
    pub state: PeerState,
}

/// How another node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    /// It was heard lately.
    Alive,
    /// It was not. Its agents get no work, and it is declared to be gone.
    Silent,
    /// Its last boot is over.
    Gone,
}

/// The next boot of a node, later than all before it: than the `last` of which the log has a word, and than the one that
/// its database knows. If the log may have lost the words of some, and the database may be a copy of another node's, it is
/// the seconds of the clock: no node begins so often.
#[must_use]
pub fn next_boot(last: Option<u32>, known: u32, has_lost_some: bool, now: Timestamp) -> u32 {
    let next = last.unwrap_or(0).max(known).saturating_add(1);
    let seconds = u32::try_from(now.0 / 1_000).unwrap_or(0);
    if has_lost_some { next.max(seconds) } else { next }
}

impl Members {
    /// This node, of a cluster of which nothing else is known.
    #[must_use]
    pub fn of_a_cluster(node: u16, boot: u32) -> Self {
        let current = RwLock::new(Instant::now());
        let cluster = Cluster {
            own: (node, boot),
            peers: RwLock::default(),
            addresses: RwLock::default(),
            current,
            changes: watch::Sender::new(0),
        };
        Self { cluster: Some(Arc::new(cluster)) }
    }

    /// Whether other nodes may share the log.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.cluster.is_some()
    }

    /// The number of this node; 0 on one machine.
    #[must_use]
    pub fn node(&self) -> u16 {
        self.cluster.as_ref().map_or(0, |cluster| cluster.own.0)
    }

    /// Whether what this node knows is what the log says.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.cluster.as_ref().is_none_or(|cluster| Instant::now() < *cluster.current.read())
    }

    /// What this node knows is current until then.
    pub fn are_current_until(&self, until: Instant) {
        if let Some(cluster) = &self.cluster {
            *cluster.current.write() = until;
        }
    }

    /// Whether the session's node is there, in the boot that the session is of.
    #[must_use]
    pub fn is_there(&self, session: &SessionId) -> bool {
        let Some(cluster) = &self.cluster else { return true };
        match session.node == cluster.own.0 {
            true => session.boot == cluster.own.1,
            false => {
                let peer = cluster.peers.read().get(&session.node).copied();
                // Of a node that was never heard nothing is known; one that starts is heard before its sessions are.
                peer.is_some_and(|peer| peer.boot == session.boot && peer.state == PeerState::Alive)
            }
        }
    }

    /// Whether the session is of a boot that will not come again.
    #[must_use]
    pub fn is_over(&self, session: &SessionId) -> bool {
        let Some(cluster) = &self.cluster else { return false };
        if session.node == cluster.own.0 {
            return session.boot < cluster.own.1;
        }
        let peer = cluster.peers.read().get(&session.node).copied();
        peer.is_some_and(|peer| {
            session.boot < peer.boot || (session.boot == peer.boot && peer.state == PeerState::Gone)
        })
    }

    /// How many nodes are to act on the agent before this one: those that are alive and have a session of it, then all
    /// others that are, each in an order that is the same on every node.
    #[must_use]
    pub fn rank(&self, agent: &AgentId, sessions: &[SessionId]) -> u32 {
        let Some(cluster) = &self.cluster else { return 0 };
        let own = cluster.own.0;
        let order = |node: u16| {
            let has_a_session = sessions.iter().any(|session| session.node == node && self.is_there(session));
            if has_a_session { (0, u64::from(node)) } else { (1, weight(node, agent)) }
        };
        let before = order(own);
        let peers = cluster.peers.read().clone();
        let others = peers.iter().filter(|(_, peer)| peer.state == PeerState::Alive);
        others.filter(|(node, _)| order(**node) < before).count().try_into().unwrap_or(u32::MAX)
    }

    /// Whether this node is the first of those that are not gone: what one node does for all is its own to do.
    #[must_use]
    pub fn is_first(&self) -> bool {
        let Some(cluster) = &self.cluster else { return true };
        let peers = cluster.peers.read();
        // Whoever is silent may only come back later than this node after the log was without a leader.
        !peers.iter().any(|(node, peer)| *node < cluster.own.0 && peer.state != PeerState::Gone)
    }

    /// Where the other nodes say that they are.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.cluster.as_ref().map(|cluster| cluster.addresses.read().values().cloned().collect()).unwrap_or_default()
    }

    /// Another node says where it is.
    pub fn is_at(&self, node: u16, address: &str) {
        let Some(cluster) = &self.cluster else { return };
        if cluster.addresses.read().get(&node).map(String::as_str) != Some(address) {
            cluster.addresses.write().insert(node, address.to_owned());
        }
    }

    /// The other nodes.
    #[must_use]
    pub fn peers(&self) -> BTreeMap<u16, Peer> {
        self.cluster.as_ref().map(|cluster| cluster.peers.read().clone()).unwrap_or_default()
    }

    /// This is known of another node now.
    pub fn is_known(&self, node: u16, peer: Peer) {
        let Some(cluster) = &self.cluster else { return };
        let before = cluster.peers.write().insert(node, peer);
        if before != Some(peer) {
            cluster.changes.send_modify(|changes| *changes += 1);
        }
    }

    /// Tells of peers that become silent, or are heard again; none on one machine.
    #[must_use]
    pub fn changes(&self) -> Option<watch::Receiver<u64>> {
        self.cluster.as_ref().map(|cluster| cluster.changes.subscribe())
    }
}

/// The weight of an agent on a node: the same in every release, as nodes of two may share a log (FNV-1a).
fn weight(node: u16, agent: &AgentId) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = agent.as_str().bytes().chain(node.to_be_bytes());
    bytes.fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
