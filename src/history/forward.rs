//! Rows of one agent after the other, each once, for questions that follow what became of something.

use super::numbers::{Numbers, Step};
use super::reader::Failed;
use super::rows::Place;
use super::wanted::{MOST_ROWS, Wanted};

/// Rows that one read takes: days of an agent, so that little is read beyond the time asked for.
const BITE: usize = 256;

/// Whether what comes next matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goes {
    /// Something that began is not over.
    On,
    /// Nothing is open: rows matter up to the end of the time asked for.
    ToTheEnd,
}

/// Shows each agent that a question may be about, with its number, in the order of their ids.
pub(super) fn each_agent(
    numbers: &mut Numbers<'_>,
    wanted: &Wanted,
    mut show: impl FnMut(&mut Numbers<'_>, i64, &str) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut after: Option<String> = None;
    loop {
        let some = wanted.scope.some(numbers.rows.connection, after.as_deref())?;
        let Some((_, last)) = some.last() else { return Ok(()) };
        after = Some(last.clone());
        for (number, agent) in &some {
            show(numbers, *number, agent)?;
        }
    }
}

/// Shows an agent's rows from a place on: those of the time asked for, and those beyond it while one of them says that
/// it goes on. `read` counts them.
pub(super) fn each_row(
    numbers: &mut Numbers<'_>,
    wanted: &Wanted,
    agent: i64,
    mut place: Place,
    read: &mut usize,
    mut show: impl FnMut(&mut Numbers<'_>, &Step) -> Result<Goes, Failed>,
) -> Result<(), Failed> {
    let mut goes = Goes::On;
    loop {
        let end = if goes == Goes::On { Place::LAST } else { Place::at(wanted.to) };
        let bite: Vec<Step> = numbers.rows.between(agent, place, end, BITE)?;
        count(read, bite.len())?;
        for step in &bite {
            if step.place.start >= wanted.to && goes == Goes::ToTheEnd {
                return Ok(());
            }
            goes = show(numbers, step)?;
        }
        match bite.last() {
            Some(last) if bite.len() == BITE => place = last.place.next(),
            Some(_) | None => return Ok(()),
        }
    }
}

/// Counts rows that were read.
pub(super) fn count(read: &mut usize, rows: usize) -> Result<(), Failed> {
    *read += rows;
    if *read > MOST_ROWS {
        return Err(Failed::TooMuch { most: MOST_ROWS, what: "changes would be read" });
    }
    Ok(())
}
