//! The bounded way to the writer. The writer alone decides when it is woken, so that callers do not
//! pay for waking a thread that gathers.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::{Append, Judged, LoadedAgent, OperationId, Recalled, Release, Unreachable};

/// How many jobs may wait. At 512 entries a commit this is eight commits: more would only be
/// answered later than callers wait. Beyond it the answer is [`Unavailable`](crate::engine::Outcome::Unavailable).
pub(super) const CAPACITY: usize = 4_096;

/// Something for the writer to do.
pub(super) enum Job {
    Append {
        append: Append,
        release: Release,
    },
    Recall {
        operation: OperationId,
        reply: oneshot::Sender<Result<Option<Recalled>, Unreachable>>,
    },
    Find {
        agent: AgentId,
        reply: oneshot::Sender<Result<Option<LoadedAgent>, Unreachable>>,
    },
    /// How tests break the database, or hold the writer.
    Meddle(Box<dyn FnOnce(&Connection) + Send>),
}

/// Why a job was not taken.
pub(super) enum Refused {
    Full(Job),
    Closed(Job),
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
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

/// How the jobs that wait look.
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
            return Err(Refused::Closed(job));
        }
        if state.jobs.len() >= CAPACITY {
            return Err(Refused::Full(job));
        }
        state.jobs.push_back(job);
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
        let first = state.jobs.iter().find_map(|job| match job {
            Job::Append { append, .. } => Some(append),
            Job::Recall { .. } | Job::Find { .. } | Job::Meddle(_) => None,
        });
        look(Waiting { jobs: state.jobs.len(), first })
    }

    /// Takes jobs from the front with at most `entries` entries in all, at least one job.
    pub(super) fn take(&self, entries: usize) -> Taken {
        let mut state = self.lock();
        let mut room = entries;
        let mut jobs = Vec::new();
        while let Some(job) = state.jobs.front() {
            let needs = match job {
                Job::Append { append, .. } => append.entries.len(),
                Job::Recall { .. } | Job::Find { .. } | Job::Meddle(_) => 0,
            };
            if needs > room && !jobs.is_empty() {
                break;
            }
            room = room.saturating_sub(needs);
            jobs.extend(state.jobs.pop_front());
        }
        let mark = std::mem::take(&mut state.mark);
        let judged = state.judged.take();
        Taken { jobs, now: state.now, mark, judged, closed: state.closed && state.jobs.is_empty() }
    }

    fn wait_for(&self, many: usize, patience: Option<Duration>) {
        let mut state = self.lock();
        state.wake_at = Some(many);
        let idle = |state: &mut State| !state.is_due(many);
        state = match patience {
            Some(patience) => {
                self.ready.wait_timeout_while(state, patience, idle).unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.ready.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner),
        };
        state.wake_at = None;
    }

    fn wake(&self, state: &mut State) {
        if state.wake_at.is_some_and(|many| state.is_due(many)) {
            // Once is enough: the writer sets it again when it next waits.
            state.wake_at = None;
            self.ready.notify_one();
        }
    }

    /// A panic while it is held leaves nothing half done, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_due(&self, many: usize) -> bool {
        self.jobs.len() >= many || self.closed || (many == 1 && self.mark)
    }
}
