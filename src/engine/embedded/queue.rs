//! The bounded way to the writer, in two lanes: what people wait for goes before batches. The writer alone
//! decides when it is woken, so that callers do not pay for waking a thread that gathers.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::{Condvar, Mutex, MutexGuard};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::ordered::Ordered;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::{
    Append, Beside, Judged, Lane, LoadedAgent, OperationId, Recalled, Reply, Seq, Subject, Submitted, Unreachable,
};

/// The most entries of a commit.
pub(super) const MAX_ENTRIES: usize = 512;
/// The most entries of a commit that are of batches: it stays short for whoever comes meanwhile.
const BATCHES_ALONE: usize = 256;
/// The same in a commit that people wait for. Never zero, so that batches go on however many people come.
/// Measured (*crowded*): twice as many make people wait half as long again, for no more events a second.
const BATCHES_BESIDE: usize = 32;
/// How many jobs may wait in each lane. At 512 entries a commit this is eight commits: more would only be
/// answered later than callers wait. Beyond it the answer is [`Unavailable`](crate::engine::Outcome::Unavailable).
pub(super) const CAPACITY: usize = 4_096;

/// Something for the writer to do.
pub(super) enum Job {
    Append(Submitted),
    Recall {
        operation: OperationId,
        reply: oneshot::Sender<Result<Option<Recalled>, Unreachable>>,
    },
    Find {
        agent: AgentId,
        reply: oneshot::Sender<Result<Option<LoadedAgent>, Unreachable>>,
    },
    /// A note shares the transaction of appends, all else has one of its own. One of what is told has room for some.
    Beside {
        what: Beside,
        reply: Reply,
    },
    /// What the cluster's log brings.
    Ordered {
        batch: Vec<Ordered>,
        reply: oneshot::Sender<Result<(), Unreachable>>,
    },
    /// The position of a subject's newest entry; 0 if there is none.
    Newest(Subject, oneshot::Sender<Result<Seq, Unreachable>>),
    /// The position of the directory's newest entry; 0 if there is none.
    NewestOfDirectory(oneshot::Sender<Result<Seq, Unreachable>>),
    /// How far the cluster's log was followed.
    Position(oneshot::Sender<Result<u64, Unreachable>>),
    /// Does all that is done in quiet moments and is due. Tests cannot wait for quiet.
    KeepUp(oneshot::Sender<()>),
    /// How tests break the database, or hold the writer.
    Meddle(Box<dyn FnOnce(&Connection) + Send>),
}

impl Job {
    fn lane(&self) -> Lane {
        match self {
            Self::Append(submitted) => submitted.append.lane,
            // Asked for an event that is refused, which may wait to be kept itself.
            Self::Recall { .. } | Self::Beside { what: Beside::Told(_), .. } => Lane::Batches,
            Self::Find { .. }
            | Self::Beside { .. }
            | Self::Ordered { .. }
            | Self::Newest(..)
            | Self::NewestOfDirectory(_)
            | Self::Position(_)
            | Self::KeepUp(_)
            | Self::Meddle(_) => Lane::People,
        }
    }

    fn entries(&self) -> usize {
        match self {
            Self::Append(submitted) => submitted.append.entries.len(),
            Self::Beside { what: Beside::Note(_), .. } => 1,
            // It takes some milliseconds, so one stands beside what people wait for.
            Self::Beside { what: Beside::Told(_), .. } => BATCHES_BESIDE,
            Self::Recall { .. }
            | Self::Find { .. }
            | Self::Beside { .. }
            | Self::Ordered { .. }
            | Self::Newest(..)
            | Self::NewestOfDirectory(_)
            | Self::Position(_)
            | Self::KeepUp(_)
            | Self::Meddle(_) => 0,
        }
    }

    fn is_about(&self, subject: &Subject) -> bool {
        match self {
            Self::Append(submitted) => submitted.append.subject == *subject,
            Self::Recall { .. }
            | Self::Find { .. }
            | Self::Beside { .. }
            | Self::Ordered { .. }
            | Self::Newest(..)
            | Self::NewestOfDirectory(_)
            | Self::Position(_)
            | Self::KeepUp(_)
            | Self::Meddle(_) => false,
        }
    }
}

/// Why a job was not taken.
pub(super) enum Refused {
    Full(Box<Job>),
    Closed(Box<Job>),
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    people: VecDeque<Job>,
    batches: VecDeque<Job>,
    /// The newest time a caller gave. The writer reads no clock of its own, so tests can pause theirs.
    now: Option<Timestamp>,
    /// Whether the alive mark is wanted although nothing is appended.
    mark: bool,
    /// How far agents were judged, to be noted with the mark.
    judged: Option<Judged>,
    closed: bool,
    /// How many jobs wake the writer; none while it is busy.
    wake_at: Option<usize>,
}

/// What the writer finds.
pub(super) struct Taken {
    pub jobs: Vec<Job>,
    pub now: Option<Timestamp>,
    pub mark: bool,
    pub judged: Option<Judged>,
    /// No job will come after these.
    pub closed: bool,
}

/// What waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting<'a> {
    pub jobs: usize,
    /// The first append.
    pub first: Option<&'a Append>,
}

impl Queue {
    pub(super) fn push(&self, job: Job, now: Timestamp) -> Result<(), Refused> {
        let mut state = self.lock();
        state.now = state.now.max(Some(now));
        if state.closed {
            return Err(Refused::Closed(Box::new(job)));
        }
        let lane = job.lane();
        if state.lane(lane).len() >= CAPACITY {
            return Err(Refused::Full(Box::new(job)));
        }
        if let (Lane::People, Job::Append(submitted)) = (lane, &job) {
            state.hasten(&submitted.append.subject);
        }
        state.lane(lane).push_back(job);
        self.wake(&mut state);
        Ok(())
    }

    pub(super) fn mark_alive(&self, now: Timestamp) {
        let mut state = self.lock();
        state.now = state.now.max(Some(now));
        state.mark = true;
        self.wake(&mut state);
    }

    pub(super) fn mark_judged(&self, judged: Judged, now: Timestamp) {
        self.lock().judged = Some(judged);
        self.mark_alive(now);
    }

    /// Takes no more jobs; the writer ends after those that wait.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.wake(&mut state);
    }

    /// Waits until there is something to do, at most `patience` if given.
    pub(super) fn wait(&self, patience: Option<Duration>) {
        self.wait_for(1, patience);
    }

    /// Waits until `many` jobs are there or `patience` has passed.
    pub(super) fn gather(&self, many: usize, patience: Duration) {
        self.wait_for(many, Some(patience));
    }

    /// Looks at what waits.
    pub(super) fn look<T>(&self, look: impl FnOnce(Waiting<'_>) -> T) -> T {
        let state = self.lock();
        let first = state.people.iter().chain(&state.batches).find_map(|job| match job {
            Job::Append(submitted) => Some(&submitted.append),
            Job::Recall { .. }
            | Job::Find { .. }
            | Job::Beside { .. }
            | Job::Ordered { .. }
            | Job::Newest(..)
            | Job::NewestOfDirectory(_)
            | Job::Position(_)
            | Job::KeepUp(_)
            | Job::Meddle(_) => None,
        });
        look(Waiting { jobs: state.waiting(), first })
    }

    /// Takes what a commit is to hold: all that people wait for, as far as it fits, and then of the
    /// batches so much that the commit stays short.
    pub(super) fn take(&self) -> Taken {
        let mut state = self.lock();
        let mut jobs = Vec::new();
        take_from(&mut state.people, MAX_ENTRIES - BATCHES_BESIDE, &mut jobs);
        let people_wait = jobs.iter().any(|job| job.entries() > 0);
        let room = if people_wait { BATCHES_BESIDE } else { BATCHES_ALONE };
        take_from(&mut state.batches, room, &mut jobs);
        let mark = std::mem::take(&mut state.mark);
        let judged = state.judged.take();
        Taken { jobs, now: state.now, mark, judged, closed: state.closed && state.waiting() == 0 }
    }

    fn wait_for(&self, many: usize, patience: Option<Duration>) {
        let mut state = self.lock();
        state.wake_at = Some(many);
        let idle = |state: &mut State| !state.is_due(many);
        match patience {
            Some(patience) => {
                // In time or not, the writer looks what there is to do.
                let _ = self.ready.wait_while_for(&mut state, idle, patience);
            }
            None => self.ready.wait_while(&mut state, idle),
        }
        state.wake_at = None;
    }

    fn wake(&self, state: &mut State) {
        if state.wake_at.is_some_and(|many| state.is_due(many)) {
            // Once is enough: the writer sets it again when it next waits.
            state.wake_at = None;
            self.ready.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl State {
    fn is_due(&self, many: usize) -> bool {
        self.waiting() >= many || self.closed || (many == 1 && self.mark)
    }

    fn waiting(&self) -> usize {
        self.people.len() + self.batches.len()
    }

    fn lane(&mut self, lane: Lane) -> &mut VecDeque<Job> {
        match lane {
            Lane::People => &mut self.people,
            Lane::Batches => &mut self.batches,
        }
    }

    /// Moves what waits of the subject among the batches to the people's lane, so that the subject's order is
    /// kept.
    fn hasten(&mut self, subject: &Subject) {
        if self.batches.iter().any(|job| job.is_about(subject)) {
            let batches = std::mem::take(&mut self.batches);
            let (of_subject, others): (VecDeque<Job>, _) = batches.into_iter().partition(|job| job.is_about(subject));
            self.people.extend(of_subject);
            self.batches = others;
        }
    }
}

/// Takes jobs from the front with at most `entries` entries in all, at least one job.
fn take_from(lane: &mut VecDeque<Job>, entries: usize, jobs: &mut Vec<Job>) {
    let (mut room, before) = (entries, jobs.len());
    while let Some(job) = lane.front() {
        let needs = job.entries();
        if needs > room && jobs.len() > before {
            break;
        }
        room = room.saturating_sub(needs);
        jobs.extend(lane.pop_front());
    }
}
