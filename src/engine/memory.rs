//! An engine without a disk, for the simulation of the whole hub: what it keeps stays in a [`Disk`] of
//! memory, which outlives a hub that is killed. It writes in a task, so that with a paused clock a run
//! with the same seed is the same run.
//!
//! It keeps entries as they are stored, so that a restart reads what a restart of the
//! [embedded](super::embedded) engine would.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, mpsc, oneshot};

use super::stored::{self, TooLarge};
use super::{
    Append, Beside, DELETIONS_TOLD, Engine, Entry, Health, Judged, Kept, Ledger, LedgerChange, LedgerRecord, Ledgers,
    Loaded, LoadedAgent, Opened, OperationId, Outcome, REMEMBERED, Recalled, Release, Reply, Seq, Subject, Submitted,
    Unreachable,
};
use crate::clock::Clock;
use crate::domain::audit::Note;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;

/// The most entries of a commit, as in the embedded engine.
const MAX_ENTRIES: usize = 512;
/// How many committed groups may wait to be read.
const TAIL_GROUPS: usize = 64;

/// What survives a hub that is killed. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    kept: Arc<Mutex<Log>>,
}

#[derive(Debug, Default)]
struct Log {
    boot: u32,
    alive: Option<Timestamp>,
    forgotten: Seq,
    judged: Judged,
    entries: Vec<Stored>,
    newest: HashMap<Subject, Seq>,
    operations: BTreeMap<String, Seq>,
    notes: Vec<Note>,
    ledgers: BTreeMap<(Ledger, String), LedgerRecord>,
}

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its position.
    pub seq: Seq,
    /// When it was committed.
    pub at: Timestamp,
    /// The entry, as text.
    pub text: String,
}

impl Disk {
    /// All entries beyond a position, in the order of the log.
    #[must_use]
    pub fn beyond(&self, seq: Seq) -> Vec<Stored> {
        let log = self.log();
        let first = log.entries.partition_point(|entry| entry.seq <= seq);
        log.entries[first..].to_vec()
    }

    /// The audit, in its order.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        self.log().notes.clone()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.kept.lock()
    }
}

impl Log {
    fn seq(&self) -> Seq {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    fn find(&self, seq: Seq) -> Option<&Stored> {
        let place = self.entries.binary_search_by_key(&seq, |entry| entry.seq).ok()?;
        self.entries.get(place)
    }

    fn recall(&self, operation: &OperationId, now: Timestamp) -> Option<Recalled> {
        let stored = self.find(*self.operations.get(&operation.0)?)?;
        if now.since(stored.at) >= REMEMBERED {
            return None;
        }
        match stored::decode(&stored.text) {
            Ok(Entry::Agent { change, .. }) => Some(Recalled::of(&change)),
            Ok(Entry::Directory { .. }) | Err(_) => None,
        }
    }

    /// An agent's newest state.
    fn agent(&self, agent: AgentId) -> Option<LoadedAgent> {
        let seq = *self.newest.get(&Subject::Agent(agent))?;
        match stored::decode(&self.find(seq)?.text) {
            Ok(Entry::Agent { change, directory_seq }) => Some(LoadedAgent { seq, directory_seq, agent: change.after }),
            Ok(Entry::Directory { .. }) | Err(_) => None,
        }
    }

    /// Keeps an append if it may be kept.
    fn judge(&mut self, append: Append, now: Timestamp) -> Result<Vec<Kept>, Outcome> {
        if let Some(recalled) = append.operation.as_ref().and_then(|operation| self.recall(operation, now)) {
            return Err(Outcome::Duplicate(recalled));
        }
        let newest = self.newest.get(&append.subject).copied().unwrap_or(0);
        if newest != append.expected {
            return Err(Outcome::Conflict { newest });
        }
        if append.entries.is_empty() {
            return Err(Outcome::Kept { seq: newest });
        }
        let texts: Result<Vec<String>, TooLarge> =
            append.entries.iter().map(|entry| stored::encode(entry, append.limit)).collect();
        let texts = texts.map_err(|_| Outcome::TooLarge)?;
        let mut kept = Vec::with_capacity(texts.len());
        for (entry, text) in append.entries.into_iter().zip(texts) {
            let seq = self.seq() + 1;
            self.entries.push(Stored { seq, at: now, text });
            kept.push(Kept { seq, entry, release: None, is_of_a_peer: false });
        }
        let seq = self.seq();
        self.newest.insert(append.subject, seq);
        self.notes.extend(append.note.map(|note| *note));
        if let Some(operation) = append.operation {
            self.operations.insert(operation.0, seq);
        }
        self.alive = self.alive.max(Some(now));
        Ok(kept)
    }

    fn load_ledgers(&self) -> Ledgers {
        let mut ledgers = Ledgers::new();
        for ((ledger, _), record) in &self.ledgers {
            ledgers.entry(*ledger).or_default().push(record.clone());
        }
        ledgers
    }

    fn load(&mut self, now: Timestamp) -> Loaded {
        self.boot += 1;
        let mut loaded = Loaded {
            epoch: "simulated".to_owned(),
            boot: self.boot,
            seq: self.seq(),
            alive: self.alive,
            judged: self.judged,
            ledgers: self.load_ledgers(),
            ..Loaded::default()
        };
        let mut newest: Vec<Seq> = self.newest.values().copied().collect();
        newest.sort_unstable();
        for seq in newest {
            let Some(Ok(entry)) = self.find(seq).map(|stored| stored::decode(&stored.text)) else { continue };
            match entry {
                Entry::Agent { change, directory_seq } => {
                    if change.after.deleted.is_some_and(|at| now.since(at) > DELETIONS_TOLD) {
                        self.forgotten = self.forgotten.max(seq);
                        continue;
                    }
                    loaded.agents.push(LoadedAgent { seq, directory_seq, agent: change.after });
                }
                Entry::Directory { change, .. } => {
                    loaded.directory_seq = seq;
                    loaded.directory.push((seq, change));
                }
            }
        }
        loaded.forgotten = self.forgotten;
        self.alive = Some(now);
        loaded
    }
}

/// A handle to the engine. What was handed over before the last one is dropped is still kept.
#[derive(Clone)]
pub struct Memory {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
}

struct Shared {
    disk: Disk,
    clock: Clock,
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Default)]
struct Waiting {
    appends: VecDeque<Submitted>,
    /// The newest time that a caller gave, as in the embedded engine.
    now: Timestamp,
    closed: bool,
}

/// What one commit did.
struct Committed {
    group: Vec<Kept>,
    /// To those that keep nothing.
    answers: Vec<Answer>,
}

struct Answer {
    release: Release,
    outcome: Outcome,
}

/// When a hub over this disk was last known alive; none before the first.
#[must_use]
pub fn alive(disk: &Disk) -> Option<Timestamp> {
    disk.log().alive
}

/// Begins a new life of the hub, whose commits take so long: what comes meanwhile is decided without
/// what they keep. To be called within a runtime: it writes in a task.
#[must_use]
pub fn open(disk: &Disk, clock: Clock, commit: Duration) -> Opened<Memory> {
    let loaded = disk.log().load(clock.now());
    let (tail_tx, tail) = mpsc::channel(TAIL_GROUPS);
    let shared = Arc::new(Shared { disk: disk.clone(), clock, waiting: Mutex::default(), wake: Notify::new() });
    tokio::spawn(write_until_closed(shared.clone(), commit, tail_tx));
    Opened { engine: Memory { handle: Arc::new(Handle { shared }) }, loaded, tail, peers: None }
}

async fn write_until_closed(shared: Arc<Shared>, commit: Duration, tail: mpsc::Sender<Vec<Kept>>) {
    loop {
        let wake = shared.wake.notified();
        if shared.waiting().appends.is_empty() {
            if shared.waiting().closed {
                return;
            }
            wake.await;
            continue;
        }
        if commit.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(commit).await;
        }
        let Committed { group, answers } = shared.commit();
        if !group.is_empty() && tail.send(group).await.is_err() {
            return;
        }
        for Answer { release, outcome } in answers {
            release.with(outcome);
        }
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock()
    }

    /// Keeps what waits. Returns what was kept, and the answers to those that keep nothing.
    fn commit(&self) -> Committed {
        let now = self.waiting().now;
        let (mut group, mut answers) = (Vec::new(), Vec::new());
        while let Some(Submitted { append, release }) = self.next(MAX_ENTRIES.saturating_sub(group.len())) {
            match self.disk.log().judge(append, now) {
                Ok(mut kept) => {
                    if let Some(last) = kept.last_mut() {
                        last.release = Some(release);
                    }
                    group.extend(kept);
                }
                Err(outcome) => answers.push(Answer { release, outcome }),
            }
        }
        Committed { group, answers }
    }

    fn next(&self, room: usize) -> Option<Submitted> {
        let mut waiting = self.waiting();
        let fits =
            waiting.appends.front().is_some_and(|first| first.append.entries.len() <= room || room == MAX_ENTRIES);
        if fits { waiting.appends.pop_front() } else { None }
    }
}

impl Memory {
    /// Takes no more appends; those that wait are still kept.
    pub fn close(&self) {
        self.handle.close();
    }
}

impl Handle {
    fn close(&self) {
        self.shared.waiting().closed = true;
        self.shared.wake.notify_one();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close();
    }
}

impl Engine for Memory {
    fn submit(&self, append: Append, release: Release) {
        append.assert_lawful();
        let shared = &self.handle.shared;
        let mut waiting = shared.waiting();
        if waiting.closed {
            drop(waiting);
            return release.with(Outcome::Unavailable);
        }
        waiting.now = waiting.now.max(shared.clock.now());
        waiting.appends.push_back(Submitted { append, release });
        drop(waiting);
        shared.wake.notify_one();
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        let shared = &self.handle.shared;
        let found = match shared.waiting().closed {
            true => Err(Unreachable("it was closed".to_owned())),
            false => Ok(shared.disk.log().recall(&operation, shared.clock.now())),
        };
        // Whoever asked may have gone.
        drop(reply.send(found));
        answer
    }

    fn keep(&self, what: Beside, reply: Reply) {
        let mut log = self.handle.shared.disk.log();
        match what {
            Beside::Note(note) => log.notes.push(note),
            Beside::Ledger(ledger, changes, note) => {
                log.notes.extend(note);
                for change in changes {
                    match change {
                        LedgerChange::Put(kept) => log.ledgers.insert((ledger, kept.id.clone()), kept),
                        LedgerChange::Removed { id } => log.ledgers.remove(&(ledger, id)),
                    };
                }
            }
            Beside::Webhooks(..) | Beside::Told(_) | Beside::Erase(_) => {
                drop(log);
                return reply.refuse("it keeps neither webhooks nor what is told, and erases nobody");
            }
        }
        drop(log);
        reply.done(Ok(()));
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        let (reply, answer) = oneshot::channel();
        let found = self.handle.shared.disk.log().agent(agent);
        // Whoever asked may have gone.
        drop(reply.send(Ok(found)));
        answer
    }

    fn mark_alive(&self) {
        let shared = &self.handle.shared;
        let now = shared.clock.now();
        let mut log = shared.disk.log();
        log.alive = log.alive.max(Some(now));
    }

    fn mark_judged(&self, judged: Judged) {
        self.handle.shared.disk.log().judged = judged;
    }

    fn health(&self) -> Health {
        Health::Serving
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}
