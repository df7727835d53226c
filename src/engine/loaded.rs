//! What an engine holds at start.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{FromPeer, KeptWebhook, Ledgers, Seq, Tail};
use crate::domain::agent::Agent;
use crate::domain::directory::DirectoryChange;
use crate::domain::plan::Activity;
use crate::domain::time::Timestamp;

/// How far agents were judged: every agent's entry up to `log` was decided, or looked at again, under
/// the directory as of `directory`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// A position of the log.
    pub log: Seq,
    /// A position of the directory.
    pub directory: Seq,
}

/// What an engine holds at start.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The log's incarnation; changes only if the log was replaced.
    pub epoch: String,
    /// How often this node has started, this start included.
    pub boot: u32,
    /// The newest position.
    pub seq: Seq,
    /// The newest position of a directory entry.
    pub directory_seq: Seq,
    /// When the hub was last known alive, on whatever node; none at the first start, and if another node is.
    pub alive: Option<Timestamp>,
    /// Since when the life before of this node is over, if another node was alive since.
    pub absent: Option<Timestamp>,
    /// The newest deletion that boards are told of no more: one that resumes from before it is sent a
    /// snapshot. 0 if there is none.
    pub forgotten: Seq,
    /// How far agents were judged, as it was last noted.
    pub judged: Judged,
    /// Every agent's newest state, by position; deleted ones included while boards are told of them.
    pub agents: Vec<LoadedAgent>,
    /// All webhooks.
    pub webhooks: Vec<KeptWebhook>,
    /// What the ledgers hold.
    pub ledgers: Ledgers,
    /// All activities that agents can be planned to do.
    pub activities: Vec<Activity>,
    /// Every newest directory entry, by position.
    pub directory: Vec<(Seq, DirectoryChange)>,
}

/// An agent's newest entry, as loaded.
#[derive(Debug)]
pub struct LoadedAgent {
    /// Its position.
    pub seq: Seq,
    /// The position of the directory that it was decided under.
    pub directory_seq: Seq,
    /// The state.
    pub agent: Arc<Agent>,
}

/// A started engine and what it held.
#[derive(Debug)]
pub struct Opened<E> {
    /// The way to it.
    pub engine: E,
    /// What it held.
    pub loaded: Loaded,
    /// What it keeps from now on. It has to be read to its end: the writer waits for whoever reads it.
    pub tail: Tail,
    /// What other nodes do that no entry of the log says; none on one machine.
    pub peers: Option<mpsc::Receiver<FromPeer>>,
}
