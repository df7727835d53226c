//! When to commit: soon for those who wait, seldom for the disk.

use std::time::Duration;

use super::queue::Queue;
use crate::clock::Clock;
use crate::domain::cause::Actor;
use crate::engine::{Append, Entry, Subject, Submitted};

/// Under load, how long after the start of the last commit the next one starts: halves the cost.
/// Four of these, each a little late, are a lap of the feed (`[feed] gather`), which goes in step
/// with them. Measured at a million deliveries a second: 3.0 ms costs a tenth more, and more than
/// this is late.
pub(in crate::engine) const GATHER: Duration = Duration::from_micros(3_300);
/// Enough to commit at once.
const ENOUGH: usize = 64;

/// When the last commit started, and for whom.
#[derive(Default)]
pub(super) struct Pace {
    started: Option<Duration>,
    /// Whose the last group was, if it was one append.
    alone: Option<Caller>,
}

/// Who waits for an append, as far as the append tells.
#[derive(PartialEq, Eq)]
pub(in crate::engine) struct Caller {
    subject: Subject,
    actor: Option<Actor>,
}

impl Caller {
    pub fn of(append: &Append) -> Self {
        let actor = append.entries.first().map(|entry| match entry {
            Entry::Agent { change, .. } => change.actor.clone(),
            Entry::Directory { actor, .. } => actor.clone(),
        });
        Self { subject: append.subject.clone(), actor: actor.filter(|actor| *actor != Actor::System) }
    }

    /// Whether one that waits for its answer may be the same: it changes the same again, or the
    /// same person or system changes something else.
    pub fn may_be(&self, other: &Self) -> bool {
        self.subject == other.subject || (self.actor.is_some() && self.actor == other.actor)
    }
}

impl Pace {
    /// Returns when it is time to commit: at once after quiet or for a lone repeated caller,
    /// otherwise when enough waits or [`GATHER`] has passed since the last start.
    pub(super) fn gather(&self, queue: &Queue, clock: &Clock) {
        let Some(started) = self.started else { return };
        let quiet = clock.running().saturating_sub(started);
        let lone = |append: &Append| self.alone.as_ref().is_some_and(|last| last.may_be(&Caller::of(append)));
        if quiet >= GATHER || queue.look(|waiting| waiting.jobs == 1 && waiting.first.is_some_and(lone)) {
            return;
        }
        queue.gather(ENOUGH, GATHER.saturating_sub(quiet));
    }

    /// A commit of these starts now.
    pub(super) fn starts(&mut self, clock: &Clock, appends: &[Submitted]) {
        self.started = Some(clock.running());
        self.alone = match appends {
            [alone] => Some(Caller::of(&alone.append)),
            _ => None,
        };
    }
}
