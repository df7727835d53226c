//! An engine for tests: another engine that fails, stalls and forgets to answer, on demand.

use std::fmt;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{oneshot, watch};

use super::{
    Append, Beside, Engine, Health, Judged, LoadedAgent, LogReader, OperationId, Outcome, Recalled, Release, Reply,
    Subject, Submitted, Unreachable,
};
use crate::domain::ids::AgentId;
use crate::history::reader::Reader;

/// How a [`Faulty`] engine behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As the engine within.
    Calm,
    /// Keeps nothing and says so.
    Failing,
    /// Holds appends back until the mood changes.
    Stalled,
    /// Keeps what it can, and answers [`Outcome::Unknown`].
    UnknownButKept,
    /// Keeps nothing, and answers [`Outcome::Unknown`].
    UnknownAndLost,
}

/// Another engine, in a changing mood. Clones share the mood; what the engine within keeps comes out of
/// its own tail.
pub struct Faulty<E> {
    shared: Arc<Shared<E>>,
}

struct Shared<E> {
    inner: E,
    state: Mutex<State>,
    judged: watch::Sender<Option<Judged>>,
}

struct State {
    mood: Mood,
    held: Vec<Submitted>,
}

impl<E: Engine> Faulty<E> {
    /// A calm one around `inner`.
    pub fn new(inner: E) -> Self {
        let state = Mutex::new(State { mood: Mood::Calm, held: Vec::new() });
        Self { shared: Arc::new(Shared { inner, state, judged: watch::Sender::new(None) }) }
    }

    /// Behaves like this from now on. What a stall held back meets the new mood, in its old order.
    pub fn becomes(&self, mood: Mood) {
        let mut state = self.state();
        state.mood = mood;
        for Submitted { append, release } in std::mem::take(&mut state.held) {
            self.meet(&mut state, append, release);
        }
    }

    /// Lets go what a stall holds back about this subject, ahead of everything else.
    pub fn let_go(&self, subject: &Subject) {
        let let_go: Vec<_> = self.state().held.extract_if(.., |held| held.append.subject == *subject).collect();
        for Submitted { append, release } in let_go {
            self.shared.inner.submit(append, release);
        }
    }

    /// How many appends a stall holds back.
    #[must_use]
    pub fn held(&self) -> usize {
        self.state().held.len()
    }

    /// How far agents were judged in this life, for whoever waits for it.
    #[must_use]
    pub fn judged(&self) -> watch::Receiver<Option<Judged>> {
        self.shared.judged.subscribe()
    }

    fn meet(&self, state: &mut State, append: Append, release: Release) {
        match state.mood {
            Mood::Calm => self.shared.inner.submit(append, release),
            Mood::Failing => release.with(Outcome::Unavailable),
            Mood::Stalled => state.held.push(Submitted { append, release }),
            Mood::UnknownButKept => {
                drop(self.shared.inner.append(append));
                release.with(Outcome::Unknown);
            }
            Mood::UnknownAndLost => release.with(Outcome::Unknown),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock()
    }
}

impl<E: Engine> Engine for Faulty<E> {
    fn submit(&self, append: Append, release: Release) {
        self.meet(&mut self.state(), append, release);
    }

    fn recall(&self, operation: OperationId) -> oneshot::Receiver<Result<Option<Recalled>, Unreachable>> {
        if self.state().mood == Mood::Failing {
            return refused();
        }
        self.shared.inner.recall(operation)
    }

    fn find(&self, agent: AgentId) -> oneshot::Receiver<Result<Option<LoadedAgent>, Unreachable>> {
        if self.state().mood == Mood::Failing {
            return refused();
        }
        self.shared.inner.find(agent)
    }

    fn mark_alive(&self) {
        if !matches!(self.state().mood, Mood::Failing | Mood::Stalled) {
            self.shared.inner.mark_alive();
        }
    }

    fn mark_judged(&self, judged: Judged) {
        if self.state().mood != Mood::Failing {
            self.shared.inner.mark_judged(judged);
            self.shared.judged.send_replace(Some(judged));
        }
    }

    fn health(&self) -> Health {
        if self.state().mood == Mood::Failing {
            return Health::Failing { error: "it was told to fail".to_owned() };
        }
        self.shared.inner.health()
    }

    fn history(&self) -> Option<Reader> {
        self.shared.inner.history()
    }

    fn keep(&self, what: Beside, reply: Reply) {
        if matches!(what, Beside::Note(_)) && self.state().mood == Mood::Failing {
            return reply.refuse("it was told to fail");
        }
        self.shared.inner.keep(what, reply);
    }

    fn log(&self) -> Option<LogReader> {
        self.shared.inner.log()
    }

    fn warning(&self) -> Option<String> {
        self.shared.inner.warning()
    }
}

fn refused<T>() -> oneshot::Receiver<Result<T, Unreachable>> {
    let (reply, answer) = oneshot::channel();
    drop(reply.send(Err(Unreachable("it was told to fail".to_owned()))));
    answer
}

impl<E> Clone for Faulty<E> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<E> fmt::Debug for Faulty<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty").finish_non_exhaustive()
    }
}
