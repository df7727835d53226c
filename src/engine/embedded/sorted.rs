//! What was taken from the queue: appends share a transaction, everything else follows it.

use super::queue::Job;
use crate::engine::Submitted;

/// Jobs, sorted.
pub(super) struct Sorted {
    pub appends: Vec<Submitted>,
    pub questions: Vec<Job>,
}

impl Sorted {
    pub fn of(jobs: Vec<Job>) -> Self {
        let mut sorted = Self { appends: Vec::with_capacity(jobs.len()), questions: Vec::new() };
        for job in jobs {
            match job {
                Job::Append(submitted) => sorted.appends.push(submitted),
                Job::Recall { .. }
                | Job::Find { .. }
                | Job::Webhooks { .. }
                | Job::Erase { .. }
                | Job::Plans { .. }
                | Job::KeepUp(_)
                | Job::Meddle(_) => sorted.questions.push(job),
            }
        }
        sorted
    }
}
