//! What was taken from the queue: appends and notes share a transaction, everything else follows it.

use super::queue::Job;
use crate::domain::audit::Note;
use crate::engine::{Beside, Reply, Submitted};

/// A note for the audit that comes alone, and whoever waits for it.
pub(super) type Alone = (Note, Reply);

/// Jobs, sorted.
pub(super) struct Sorted {
    pub appends: Vec<Submitted>,
    pub notes: Vec<Alone>,
    pub questions: Vec<Job>,
}

impl Sorted {
    pub fn of(jobs: Vec<Job>) -> Self {
        let mut sorted = Self { appends: Vec::with_capacity(jobs.len()), notes: Vec::new(), questions: Vec::new() };
        for job in jobs {
            match job {
                Job::Append(submitted) => sorted.appends.push(submitted),
                Job::Beside { what: Beside::Note(note), reply } => sorted.notes.push((note, reply)),
                Job::Recall { .. }
                | Job::Find { .. }
                | Job::Beside { .. }
                | Job::Ordered { .. }
                | Job::Newest(..)
                | Job::NewestOfDirectory(_)
                | Job::Position(_)
                | Job::KeepUp(_)
                | Job::Meddle(_) => sorted.questions.push(job),
            }
        }
        sorted
    }
}
