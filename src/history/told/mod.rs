//! What people tell beside the log: what agents are planned to do, times that are excused, and what agents say of
//! entries of their history. It is no projection of the log, so nothing makes it anew; what is true of it now is true
//! of the past.

use std::sync::Arc;

use crate::domain::dispute::Dispute;
use crate::domain::ids::ActivityId;
use crate::domain::plan::{Activity, Exception, Plan};

pub mod disputes;
pub mod keep;
pub mod people;
pub mod read;
pub mod tables;

#[cfg(test)]
mod tests;

/// A change of what is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// There is this activity, new or as it is now.
    Activity(Activity),
    /// This activity is gone.
    ActivityRemoved(ActivityId),
    /// This is all that is planned of an agent in its time.
    Plan(Arc<Plan>),
    /// There is this exception.
    Exception(Exception),
    /// This exception is gone.
    ExceptionRemoved(String),
    /// An agent disputes an entry of its history.
    Dispute(Dispute),
}

/// What became of a [`Told`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was kept.
    Kept,
    /// There is nothing of this id.
    Unknown,
    /// Plans name the activity.
    InUse,
    /// There never was an agent of this id, or it was erased.
    UnknownAgent,
    /// It names an activity that there is not.
    UnknownActivity(ActivityId),
    /// More than [`keep::MOST_REPLACED`] planned activities stand where it is to be.
    TooMuch,
    /// The agent disputes [`disputes::MOST_OF_AN_AGENT`] entries already.
    TooMany,
}
