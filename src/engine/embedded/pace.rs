//! When to commit: soon for those who wait, seldom for the disk.

use std::time::Duration;

use super::queue::Queue;
use crate::clock::Clock;
use crate::engine::{Append, Release, Subject};

/// Under load, how long after the start of the last commit the next one starts: halves the cost.
const GATHER: Duration = Duration::from_millis(3);
/// Enough to commit at once.
const ENOUGH: usize = 64;

/// When the last commit started, and for whom.
#[derive(Default)]
pub(super) struct Pace {
    started: Option<Duration>,
    /// The subject of the last group, if it was alone in it.
    alone: Option<Subject>,
}

impl Pace {
    /// Returns when it is time to commit: at once after quiet or for a lone repeated caller,
    /// otherwise when enough waits or [`GATHER`] has passed since the last start.
    pub(super) fn gather(&self, queue: &Queue, clock: &Clock) {
        let Some(started) = self.started else { return };
        let quiet = clock.running().saturating_sub(started);
        let lone = |append: &Append| self.alone.as_ref() == Some(&append.subject);
        if quiet >= GATHER || queue.look(|waiting| waiting.jobs == 1 && waiting.first.is_some_and(lone)) {
            return;
        }
        queue.gather(ENOUGH, GATHER.saturating_sub(quiet));
    }

    /// A commit of these starts now.
    pub(super) fn starts(&mut self, clock: &Clock, appends: &[(Append, Release)]) {
        self.started = Some(clock.running());
        self.alone = match appends {
            [(append, _)] => Some(append.subject.clone()),
            _ => None,
        };
    }
}
