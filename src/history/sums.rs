//! Sums over the rows of agents, cut to the time that is asked for. What is summed, a [`Measure`] says.

use std::hash::Hash;

use super::amounts::Amounts;
pub(super) use super::amounts::Sum;
use super::forward::{count, each_agent};
use super::numbers::{Numbers, Step};
use super::reader::Failed;
use super::rows::Place;
use super::wanted::Wanted;

/// Rows that one read takes.
const BITE: usize = 4_000;

/// What is summed.
pub(super) trait Measure {
    /// What has a sum of its own.
    type Kind: Copy + Eq + Hash;
    /// How many sums are one line of a report.
    const OF_A_LINE: usize;

    /// As what the time counts that passes from a row to the next.
    fn lasts(numbers: &mut Numbers<'_>, step: &Step) -> Result<[Option<Self::Kind>; 4], Failed>;

    /// As what a row itself counts, behind the one before it.
    fn happens(
        numbers: &mut Numbers<'_>,
        before: Option<&Step>,
        step: &Step,
    ) -> Result<[Option<Self::Kind>; 2], Failed>;
}

/// The sums, in any order.
pub(super) fn sums<M: Measure>(numbers: &mut Numbers<'_>, wanted: &Wanted) -> Result<Vec<Sum<M::Kind>>, Failed> {
    let mut sums: Sums<'_, M> = Sums { wanted, rows: 0, amounts: Amounts::of(wanted, M::OF_A_LINE) };
    each_agent(numbers, wanted, |numbers, number, agent| sums.add_agent(numbers, number, agent))?;
    sums.amounts.finish(numbers)
}

/// The sums in the making.
struct Sums<'a, M: Measure> {
    wanted: &'a Wanted,
    rows: usize,
    amounts: Amounts<'a, M::Kind>,
}

impl<M: Measure> Sums<'_, M> {
    fn add_agent(&mut self, numbers: &mut Numbers<'_>, number: i64, agent: &str) -> Result<(), Failed> {
        let to = self.wanted.to.0;
        let (mut place, end) = (Place::at(self.wanted.from), Place::at(self.wanted.to));
        let mut last: Option<Step> = numbers.rows.before(number, place, 1)?.pop();
        // Of the last row that counts.
        let mut record = None;
        loop {
            let bite: Vec<Step> = numbers.rows.between(number, place, end, BITE)?;
            count(&mut self.rows, bite.len())?;
            for step in &bite {
                if let Some(last) = &last {
                    record = self.add_time(numbers, number, last, step.place.start.0)?.or(record);
                }
                record = self.add_row(numbers, number, last.as_ref(), step)?.or(record);
                last = Some(*step);
            }
            match bite.last() {
                Some(step) if bite.len() == BITE => place = step.place.next(),
                Some(_) | None => break,
            }
        }
        if let Some(last) = &last {
            record = self.add_time(numbers, number, last, to)?.or(record);
        }
        if let Some(record) = record {
            self.amounts.is_called(number, agent, &numbers.record(record)?.name);
        }
        Ok(())
    }

    /// Adds what lasted from a row until `end`. Returns the number of its record if it counts.
    fn add_time(
        &mut self,
        numbers: &mut Numbers<'_>,
        agent: i64,
        step: &Step,
        end: i64,
    ) -> Result<Option<i64>, Failed> {
        let (from, to) = (step.place.start.0.max(self.wanted.from.0), end.min(self.wanted.to.0));
        if step.state.is_none() || from >= to || !self.wanted.scope.includes(&numbers.record(step.record)?.teams) {
            return Ok(None);
        }
        let mut counts = None;
        for kind in M::lasts(numbers, step)?.into_iter().flatten() {
            counts = Some(step.record);
            self.amounts.lasts(numbers, (agent, step.record), kind, (from, to))?;
        }
        Ok(counts)
    }

    /// Adds what a row counts for. Returns the number of its record if it counts.
    fn add_row(
        &mut self,
        numbers: &mut Numbers<'_>,
        agent: i64,
        before: Option<&Step>,
        step: &Step,
    ) -> Result<Option<i64>, Failed> {
        // A deletion leaves nothing of the record: what it ends was of the teams until then.
        let record = before.filter(|_| step.state.is_none()).unwrap_or(step).record;
        let mut counts = None;
        for kind in M::happens(numbers, before, step)?.into_iter().flatten() {
            if !self.wanted.scope.includes(&numbers.record(record)?.teams) {
                return Ok(None);
            }
            counts = Some(record);
            self.amounts.happens(numbers, (agent, record), kind, step.place.start.0)?;
        }
        Ok(counts)
    }
}
