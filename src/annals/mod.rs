//! A past that nobody lived (`presence-hub simulate --history`): the working days of a floor, decided by the
//! domain's rules and written to a new data folder by the engine's own code.
//!
//! It is there to be asked questions, and to find out what years cost.

mod worker;

use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::directory::{Directory, DirectoryChange};
use crate::domain::policy::Policy;
use crate::domain::presence::InvalidField;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::engine::embedded::{FillError, Filled, Filling};
use crate::engine::{Entry, Seq};
use crate::floor::cast;
use crate::wire::parse;
use worker::Worker;

const DAY: i64 = 24 * 3_600_000;
/// Days that may be decided and not written yet.
const DAYS_AHEAD: usize = 1;

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// How many agents work.
    pub agents: u32,
    /// The changes that each makes on a working day.
    pub changes: u32,
    /// How long the past is; it ends with the last midnight in UTC.
    pub span: Duration,
    /// The same seed makes the same past.
    pub seed: u64,
}

/// Why a past was not written.
#[derive(Debug, thiserror::Error)]
pub enum AnnalsError {
    /// The engine did not keep it.
    #[error(transparent)]
    Fill(#[from] FillError),
    /// A record of the floor is not right.
    #[error("a record of the floor is refused")]
    Record(#[from] InvalidField),
    /// An agent did what the rules refuse.
    #[error("the rules refuse what {agent} does")]
    Refused {
        /// Who.
        agent: String,
        /// Why.
        source: Rejection,
    },
}

/// Writes the past that ends with the last midnight before `now`, and tells of each day that is written: when it
/// began, and how many changes there are.
///
/// # Errors
/// [`AnnalsError`]; what stands in the folder then is of no use.
pub fn write(
    wanted: &Wanted,
    policy: &Policy,
    mut filling: Filling,
    now: Timestamp,
    mut tell: impl FnMut(Timestamp, Seq),
) -> Result<Filled, AnnalsError> {
    let end = now.0 - now.0.rem_euclid(DAY);
    let days = i64::try_from(wanted.span.as_millis()).unwrap_or(i64::MAX) / DAY;
    let begin = end - days * DAY;
    let directory = opened(policy, &mut filling, Timestamp(begin))?;
    let (decided, days) = sync_channel(DAYS_AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            if let Err(error) = decide(wanted, &directory, begin..end, &decided) {
                // Whoever writes may have given up.
                drop(decided.send(Err(error)));
            }
            drop(decided);
        });
        for day in days {
            let Day { begin, changes } = day?;
            filling.add_changes(changes)?;
            filling.keep_up(Timestamp(begin + DAY))?;
            tell(Timestamp(begin), filling.seq());
        }
        Ok(filling.finish(Timestamp(end))?)
    })
}

/// A day that was decided.
struct Day {
    begin: i64,
    /// In the order of time.
    changes: Vec<Change>,
}

type Decided = SyncSender<Result<Day, AnnalsError>>;

/// Presences, profiles and workstreams, as the floor has them.
fn opened(policy: &Policy, filling: &mut Filling, at: Timestamp) -> Result<Directory, AnnalsError> {
    let mut directory = Directory { policy: policy.clone(), ..Directory::default() };
    let mut changes = Vec::new();
    for record in cast::presences() {
        let presence = parse::presence(&record)?;
        directory.catalog.put(presence.clone());
        changes.push(DirectoryChange::Presence(presence));
    }
    for record in cast::profiles() {
        let profile = parse::capacity_profile(&record)?;
        directory.profiles.insert(profile.id.clone(), profile.clone());
        changes.push(DirectoryChange::Profile(profile));
    }
    for record in cast::workstreams() {
        let workstream = parse::workstream(&record)?;
        directory.workstreams.insert(workstream.id.clone(), workstream.clone());
        changes.push(DirectoryChange::Workstream(workstream));
    }
    let entries = changes.into_iter().map(|change| Entry::Directory { change, at, actor: administrator() });
    filling.add_directory(at, entries.collect())?;
    Ok(directory)
}

fn administrator() -> Actor {
    Actor::Admin("simulate".to_owned())
}

/// Day by day, until all are decided or nobody writes them.
fn decide(
    wanted: &Wanted,
    directory: &Directory,
    time: std::ops::Range<i64>,
    decided: &Decided,
) -> Result<(), AnnalsError> {
    let mut workers = Vec::new();
    // What was decided of the next day by those who work at night.
    let mut ahead = Vec::new();
    for index in 0..wanted.agents {
        let record = parse::agent_record(&cast::agent(wanted.seed, index))?;
        let (worker, changes) = Worker::hired(record, wanted, index, Timestamp(time.start), directory)?;
        workers.push(worker);
        ahead.extend(changes);
    }
    let mut begin = time.start;
    while begin < time.end {
        let mut changes = std::mem::take(&mut ahead);
        for worker in &mut workers {
            changes.extend(worker.works(begin, time.end, directory)?);
        }
        // Those of one instant stay in the order in which they were decided.
        changes.sort_by_key(|change| change.at);
        ahead = changes.split_off(changes.partition_point(|change| change.at.0 < begin + DAY));
        if decided.send(Ok(Day { begin, changes })).is_err() {
            return Ok(());
        }
        begin += DAY;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
