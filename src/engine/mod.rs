//! The one seam: an ordered log of entries, and the newest entry of each subject.
//!
//! Every accepted change is one entry, carrying the whole new state, its cause and its actor. Its
//! position is [`Seq`]. Nothing is shown or acknowledged before the engine has kept it. What is
//! kept comes out of the [`Tail`] in the order of the log, and whoever reads the tail (one task)
//! releases the waiters after it has evolved its state, so that a caller never knows more than
//! the state does.
//!
//! On one machine the engine is [`embedded`]; several hubs share a log in [`nats`]. What an engine must do is written as tests in
//! `tests/engine_conformance.rs`, which every engine passes.

pub mod alike;
mod beside;
pub mod embedded;
mod erasure;
pub mod faulty;
mod ledger;
mod loaded;
pub mod members;
pub mod memory;
pub mod nats;
mod release;
pub mod shared;
pub mod stored;
mod webhook;
mod word;
mod words;

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::domain::audit::Note;
use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{AgentId, PresenceId, ProfileId, WorkstreamId};
use crate::domain::time::Timestamp;
use crate::history::reader::Reader;
use crate::history::told::{Became, Told};
use crate::telemetry::metrics::{ClusterMetrics, EngineMetrics};
pub use beside::{Beside, Reply};
pub use embedded::copies::Copies;
pub use embedded::{LogFailed, LogReader};
pub use erasure::{Erase, Erasure, ErasureState, NotErased};
pub use ledger::{Ledger, LedgerChange, LedgerRecord, Ledgers};
pub use loaded::{Judged, Loaded, LoadedAgent, Opened};
pub use members::{LostNode, Members};
pub use release::{Release, Submitted};
pub use webhook::{KeptWebhook, WebhookChange};

/// A position in the log. It rises, with gaps, and survives restarts; 0 is before the first entry.
pub type Seq = u64;

/// What an entry is about. A compare-and-set names one subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the thing it names")]
pub enum Subject {
    Agent(AgentId),
    Presence(PresenceId),
    Profile(ProfileId),
    Workstream(WorkstreamId),
    Settings,
}

/// What the log keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One step of an agent's life.
    Agent {
        /// The step, with the whole state after it.
        change: Box<Change>,
        /// The position of the directory that it was decided under.
        directory_seq: Seq,
    },
    /// One change of the directory.
    Directory {
        /// What changed.
        change: DirectoryChange,
        /// When.
        at: Timestamp,
        /// Who changed it.
        actor: Actor,
    },
}

impl Entry {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Agent { change, .. } => Subject::Agent(change.after.record.agent.clone()),
            Self::Directory { change, .. } => match change {
                DirectoryChange::Presence(presence) => Subject::Presence(presence.id.clone()),
                DirectoryChange::PresenceRemoved(id) => Subject::Presence(id.clone()),
                DirectoryChange::Profile(profile) => Subject::Profile(profile.id.clone()),
                DirectoryChange::ProfileRemoved(id) => Subject::Profile(id.clone()),
                DirectoryChange::Workstream(workstream) => Subject::Workstream(workstream.id.clone()),
                DirectoryChange::WorkstreamRemoved(id) => Subject::Workstream(id.clone()),
                DirectoryChange::Settings(_) => Subject::Settings,
            },
        }
    }
}

/// The largest stored entry, in bytes: what the cluster's messages will carry comfortably.
pub const MAX_ENTRY_BYTES: usize = 64 * 1024;

/// The largest entry that work or a record may lead to. What is left is a reserve for what adds little
/// and must always be possible, such as the end of a session.
pub const USUAL_ENTRY_BYTES: usize = MAX_ENTRY_BYTES / 2;

/// How long boards that resume are told of a deletion, and a deleted agent is kept in memory for it.
pub const DELETIONS_TOLD: Duration = Duration::from_secs(7 * 24 * 3_600);

/// How large the entries of an append may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeLimit {
    /// At most [`USUAL_ENTRY_BYTES`].
    Usual,
    /// Into the reserve: at most [`MAX_ENTRY_BYTES`].
    Reserve,
}

impl SizeLimit {
    /// The largest entry, in bytes.
    #[must_use]
    pub fn most_bytes(self) -> usize {
        match self {
            Self::Usual => USUAL_ENTRY_BYTES,
            Self::Reserve => MAX_ENTRY_BYTES,
        }
    }
}

/// A change of what is told, and what the audit keeps of it.
pub type NotedTold = (Told, Option<Note>);

/// Who waits for an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A person, or a deadline: it is kept as soon as possible.
    People,
    /// A work system or an import, which sends much: it is kept beside what people wait for. Of one
    /// subject the order is kept all the same.
    Batches,
}

/// Names one operation for ever: `source` and `id` of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperationId(pub String);

/// One subject's entries, all or nothing. Without any it only asks whether the subject's newest position
/// is the expected one, which is then answered as kept.
#[derive(Debug)]
pub struct Append {
    /// What they are about.
    pub subject: Subject,
    /// The position of the subject's newest entry as the caller knows it; 0 for none.
    pub expected: Seq,
    /// All of that subject.
    pub entries: Vec<Entry>,
    /// Of an entry of the directory: the newest position of the whole directory, as the caller knows it. Of several nodes
    /// that share a log, one changes the directory at a time. 0 of all else.
    pub directory: Seq,
    /// How large they may be.
    pub limit: SizeLimit,
    /// Who waits for it.
    pub lane: Lane,
    /// Seen again while it is [`REMEMBERED`], it is answered [`Outcome::Duplicate`]. Only of agents' entries.
    pub operation: Option<OperationId>,
    /// Kept in the audit with the entries, if they are kept.
    pub note: Option<Box<Note>>,
}

impl Append {
    /// Holds the law of its fields in tests.
    pub(crate) fn assert_lawful(&self) {
        debug_assert!(self.entries.iter().all(|entry| entry.subject() == self.subject), "of one subject");
        let is_of_an_agent = matches!(self.subject, Subject::Agent(_));
        debug_assert!(self.operation.is_none() || is_of_an_agent, "an operation is of an agent");
    }
}

/// What became of an [`Append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It will survive a restart.
    Kept {
        /// The position of its last entry.
        seq: Seq,
    },
    /// The subject has a newer entry; nothing was kept. Decide again after it was applied.
    Conflict {
        /// The subject's newest position.
        newest: Seq,
    },
    /// The operation was kept before; nothing was kept now.
    Duplicate(Recalled),
    /// An entry would be larger than its [`SizeLimit`]; nothing was kept, and trying again would not help.
    TooLarge,
    /// Certainly not kept.
    Unavailable,
    /// It may have been kept; the tail will tell if it was.
    Unknown,
}

/// How long an engine remembers an operation.
pub const REMEMBERED: Duration = Duration::from_hours(24);

/// What is remembered of an operation: the state it led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recalled {
    /// Whose.
    pub agent: AgentId,
    /// The version it led to.
    pub version: u64,
    /// The presence that others saw then.
    pub presence: PresenceId,
}

impl Recalled {
    /// What the change led to.
    fn of(change: &Change) -> Self {
        let agent = &change.after;
        Self { agent: agent.record.agent.clone(), version: agent.version, presence: agent.shown_presence_id() }
    }
}

/// One kept entry, on its way to the state.
#[derive(Debug)]
pub struct Kept {
    /// Its position.
    pub seq: Seq,
    /// What was kept.
    pub entry: Entry,
    /// Ends the wait of the append whose last entry this is; to be used after evolving.
    pub release: Option<Release>,
    /// Whether another node appended it, or this one and nobody waits for it any more.
    pub is_of_a_peer: bool,
}

/// Committed groups in the order of the log. Bounded: an engine that is read too slowly stops writing.
pub type Tail = mpsc::Receiver<Vec<Kept>>;

/// What another node of a cluster does that no entry of the log says.
#[derive(Debug)]
pub enum FromPeer {
    /// It has kept this beside the log.
    Kept(Beside),
    /// It is gone.
    Lost(LostNode),
}

/// Whether the engine keeps what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It does.
    Serving,
    /// It does not; appends are answered [`Outcome::Unavailable`].
    Failing {
        /// In the words of the engine.
        error: String,
    },
}

/// A question the engine could not answer.
#[derive(Debug, thiserror::Error)]
#[error("the engine cannot be asked now: {0}")]
pub struct Unreachable(pub String);

/// An ordered log. Handles are cheap; the writer behind them ends when the last one is dropped.
pub trait Engine: Send + Sync + 'static {
    /// Hands over an append and returns the wait for its outcome. The queue is bounded: when it is
    /// full the answer is [`Outcome::Unavailable`] at once.
    fn append(&self, append: Append) -> oneshot::Receiver<Outcome> {
        let (release, outcome) = Release::pair();
        self.submit(append, release);
        outcome
    }

    /// The nodes that share the log.
    fn members(&self) -> Members {
        Members::default()
    }

    /// Hands over an append; `release` will end the wait for its outcome.
    fn submit(&self, append: Append, release: Release);

    /// What is remembered of an operation, none if it was never kept or is older than [`REMEMBERED`].
    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>>;

    /// An agent's newest state, also of one that was deleted too long ago to be loaded; none if there
    /// never was one.
    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>>;

    /// Notes that the hub is alive although nothing is appended.
    fn mark_alive(&self);

    /// Notes how far agents were judged. It spares the next start to look at them again, so one that is
    /// lost costs time and nothing else.
    fn mark_judged(&self, judged: Judged);

    /// Keeps something beside the log, and answers once it is kept.
    fn keep(&self, _: Beside, reply: Reply) {
        reply.refuse("it keeps nothing beside the log");
    }

    /// Keeps in the audit what is no change of anything. It needs no waiting for: it is kept in the order of what is
    /// handed over.
    fn note(&self, note: Note) -> oneshot::Receiver<Result<(), Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.keep(Beside::Note(note), Reply::Done(reply));
        answer
    }

    /// Keeps what has changed of webhooks, with the note of it in the audit, all or nothing.
    fn keep_webhooks(
        &self,
        changes: Vec<WebhookChange>,
        note: Option<Note>,
    ) -> oneshot::Receiver<Result<(), Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.keep(Beside::Webhooks(changes, note), Reply::Done(reply));
        answer
    }

    /// Keeps what has changed of a ledger, with the note of it in the audit, all or nothing.
    fn keep_ledger(
        &self,
        ledger: Ledger,
        changes: Vec<LedgerChange>,
        note: Option<Note>,
    ) -> oneshot::Receiver<Result<(), Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.keep(Beside::Ledger(ledger, changes, note), Reply::Done(reply));
        answer
    }

    /// Begins to erase a person, which goes on by itself; asked for again it says how far that has come.
    fn erase(&self, erase: Erase) -> oneshot::Receiver<Result<Erasure, NotErased>> {
        let (reply, answer) = oneshot::channel();
        self.keep(Beside::Erase(erase), Reply::Erased(reply));
        answer
    }

    /// Keeps changes of what is told in their order, each with the note of it in the audit, as many as one
    /// transaction has room for: at least one, and each all or nothing. What became of those.
    fn keep_told(&self, changes: Vec<NotedTold>) -> oneshot::Receiver<Result<Vec<Became>, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        self.keep(Beside::Told(changes), Reply::Told(reply));
        answer
    }

    /// Whether the engine keeps what it is given.
    fn health(&self) -> Health;

    /// The way to read the history that the engine keeps beside the log, if it does.
    fn history(&self) -> Option<Reader> {
        None
    }

    /// The way to read the log, if the engine lets it be read.
    fn log(&self) -> Option<LogReader> {
        None
    }

    /// The way to copies of its database for other nodes of a cluster, if there may be others.
    fn copies(&self) -> Option<Copies> {
        None
    }

    /// What an operator should know although the engine keeps what it is given.
    fn warning(&self) -> Option<String> {
        None
    }

    /// What is counted of it; nothing is, unless it says so.
    fn metrics(&self) -> EngineMetrics {
        EngineMetrics::default()
    }

    /// What is counted of the cluster that it is part of.
    fn cluster_metrics(&self) -> ClusterMetrics {
        ClusterMetrics::alone()
    }
}
