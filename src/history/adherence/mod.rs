//! Adherence: for how long agents were as they were planned to be, computed when it is asked from what is planned now.

mod walk;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::amounts::Amounts;
use super::forgetting::kept_from;
use super::forward::{count, each_agent};
use super::intervals::number;
use super::numbers::{Numbers, Step};
use super::reader::{Failed, kept};
use super::rows::Place;
use super::told;
use super::told::read::{Span, activities, exceptions, overlapping};
use super::wanted::{By, MOST_ROWS, Of, Wanted};
use crate::domain::ids::{ActivityId, AgentId, PresenceId};
use crate::domain::plan::{Activity, MAX_TOLERANCE};
use crate::domain::time::Timestamp;
pub use walk::Counts;
use walk::{Piece, Run, Walk, joined, runs};

/// Rows that one read takes.
const BITE: usize = 1_000;
/// The most stretches of an agent that are answered.
const MOST_STRETCHES: usize = 10_000;
/// How far beyond the time asked for it is looked: a stretch that reaches farther is longer than any tolerance.
#[allow(clippy::cast_possible_truncation, reason = "it is an hour")]
const BEYOND: i64 = MAX_TOLERANCE.as_millis() as i64 + 1;

/// The figures of an agent, a team, or a part of the time, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub of: Of,
    /// The agent's name, as it was last in the time asked for.
    pub name: Option<String>,
    /// In adherence, with what is tolerated.
    pub inside: i64,
    /// Out of it.
    pub outside: i64,
    /// Excused.
    pub excused: i64,
}

/// Planned time of an agent with one presence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What was planned.
    pub activity: ActivityId,
    /// What the agent was.
    pub presence: PresenceId,
    /// As what it counts.
    pub counts: Counts,
    /// The position of the change with which the presence began.
    pub seq: u64,
}

/// The figures, in the order of whose they are. Whoever had nothing planned in that time has none.
///
/// # Errors
/// [`Failed`]
pub fn adherence(connection: &Connection, wanted: &Wanted, now: Timestamp) -> Result<Vec<Line>, Failed> {
    known(connection, wanted.from)?;
    let numbers = &mut Numbers::of(connection)?;
    let mut asked = Asked::of(connection, wanted, now)?;
    let mut amounts = Amounts::of(wanted, 4);
    each_agent(numbers, wanted, |numbers, number, agent| {
        let mut record = None;
        asked.each_piece(numbers, number, agent, |numbers, piece| {
            if wanted.scope.includes(&numbers.record(piece.of.record)?.teams) {
                record = Some(piece.of.record);
                let whose = (number, piece.of.record);
                amounts.lasts(numbers, whose, piece.counts, (piece.start, piece.end))?;
            }
            Ok(())
        })?;
        if let Some(record) = record {
            amounts.is_called(number, agent, &numbers.record(record)?.name);
        }
        Ok(())
    })?;
    let mut lines: BTreeMap<Of, Line> = BTreeMap::new();
    for sum in amounts.finish(numbers)? {
        let line = lines.entry(sum.of.clone());
        let line = line.or_insert(Line { of: sum.of, name: sum.name, inside: 0, outside: 0, excused: 0 });
        match sum.kind {
            Counts::In | Counts::Tolerated => line.inside += sum.amount,
            Counts::Out => line.outside += sum.amount,
            Counts::Excused => line.excused += sum.amount,
        }
    }
    Ok(lines.into_values().collect())
}

/// The stretches of an agent's planned time, in order, cut to the time. Neighbours that differ in nothing are one.
///
/// # Errors
/// [`Failed`]
pub fn stretches(
    connection: &Connection,
    agent: &AgentId,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Stretch>, Failed> {
    known(connection, from)?;
    let Some(number) = number(connection, agent)? else { return Ok(Vec::new()) };
    let numbers = &mut Numbers::of(connection)?;
    let wanted = Wanted { from, to, scope: super::scope::Scope::default(), by: By::Agent };
    let mut asked = Asked::of(connection, &wanted, now)?;
    let names: HashMap<i64, ActivityId> = asked.activities.iter().map(|(at, one)| (*at, one.id.clone())).collect();
    let mut found: Vec<Stretch> = Vec::new();
    asked.each_piece(numbers, number, agent.as_str(), |numbers, piece| {
        let presence = numbers.state(piece.of.state)?.presence.clone();
        let (start, end) = (Timestamp(piece.start), Timestamp(piece.end));
        let activity = names[&piece.activity].clone();
        match found.last_mut() {
            Some(last)
                if last.end == start
                    && last.activity == activity
                    && last.presence == presence
                    && last.counts == piece.counts =>
            {
                last.end = end;
            }
            Some(_) | None => {
                found.push(Stretch { start, end, activity, presence, counts: piece.counts, seq: piece.of.seq });
            }
        }
        if found.len() > MOST_STRETCHES {
            return Err(Failed::TooMuch { most: MOST_STRETCHES, what: "stretches would be answered" });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Goes on only if everything is kept that matters from an instant on: also a stretch that lasts at it has to be known
/// as far as any tolerance reaches.
fn known(connection: &Connection, instant: Timestamp) -> Result<(), Failed> {
    kept(connection, instant)?;
    let from = Timestamp(kept_from(connection)?.0.saturating_add(BEYOND));
    if instant < from { Err(Failed::NotKept { from }) } else { Ok(()) }
}

/// What is known of a row besides its time.
#[derive(Clone, Copy)]
struct Row {
    record: i64,
    state: i64,
    seq: u64,
}

/// A question about adherence.
struct Asked<'a> {
    connection: &'a Connection,
    from: i64,
    to: i64,
    /// Up to when rows and plans matter.
    until: i64,
    activities: HashMap<i64, Activity>,
    /// Whether an activity allows a state, by the numbers of both.
    allowed: HashMap<(i64, i64), bool>,
    read: usize,
}

impl<'a> Asked<'a> {
    fn of(connection: &'a Connection, wanted: &Wanted, now: Timestamp) -> Result<Self, Failed> {
        let (from, to) = (wanted.from.0, wanted.to.0);
        let until = to.saturating_add(BEYOND).min(now.0.max(to));
        let activities = activities(connection)?.into_iter().collect();
        Ok(Self { connection, from, to, until, activities, allowed: HashMap::new(), read: 0 })
    }

    /// Shows the pieces of an agent's planned time, cut to the time that is asked for.
    fn each_piece(
        &mut self,
        numbers: &mut Numbers<'_>,
        number: i64,
        agent: &str,
        mut show: impl FnMut(&mut Numbers<'_>, Piece<Row>) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let (first, until) = (self.from.saturating_sub(BEYOND), self.until);
        let planned = self.planned(agent, first)?;
        let Some(begin) = planned.first().map(|run| run.start.max(first)) else { return Ok(()) };
        let excused = self.excused(agent, first)?;
        let (from, to) = (self.from, self.to);
        let mut cut = |numbers: &mut Numbers<'_>, pieces: &mut Vec<Piece<Row>>| {
            for piece in pieces.drain(..) {
                let (start, end) = (piece.start.max(from), piece.end.min(to));
                if start < end {
                    show(numbers, Piece { start, end, ..piece })?;
                }
            }
            Ok::<_, Failed>(())
        };
        let (mut walk, mut pieces) = (Walk::of(&planned, &excused), Vec::new());
        let mut place = Place::at(Timestamp(begin));
        let mut last: Option<Step> = numbers.rows.before(number, place, 1)?.pop();
        loop {
            let bite: Vec<Step> = numbers.rows.between(number, place, Place::at(Timestamp(until)), BITE)?;
            count(&mut self.read, bite.len())?;
            for step in &bite {
                self.passes(numbers, last.as_ref(), step.place.start.0, &mut walk, &mut pieces)?;
                cut(numbers, &mut pieces)?;
                last = Some(*step);
            }
            match bite.last() {
                Some(step) if bite.len() == BITE => place = step.place.next(),
                Some(_) | None => break,
            }
        }
        self.passes(numbers, last.as_ref(), until, &mut walk, &mut pieces)?;
        walk.ends(&mut pieces);
        cut(numbers, &mut pieces)
    }

    /// What a row says lasts until `end`. An agent that is not there has nothing to adhere to.
    fn passes(
        &mut self,
        numbers: &mut Numbers<'_>,
        step: Option<&Step>,
        end: i64,
        walk: &mut Walk<'_, Row>,
        pieces: &mut Vec<Piece<Row>>,
    ) -> Result<(), Failed> {
        let Some((step, state)) = step.and_then(|step| Some((step, step.state?))) else { return Ok(()) };
        let start = step.place.start.0;
        if start >= end {
            return Ok(());
        }
        let seen = numbers.state(state)?;
        let (activities, allowed) = (&self.activities, &mut self.allowed);
        let allows = |activity: i64| {
            let allows = || activities.get(&activity).is_some_and(|one| one.allows(&seen.presence, seen.base));
            *allowed.entry((activity, state)).or_insert_with(allows)
        };
        let row = Row { record: step.record, state, seq: step.place.seq };
        walk.comes((start, end), row, allows, pieces);
        Ok(())
    }

    /// What the agent is planned to do that lasts beyond an instant.
    fn planned(&mut self, agent: &str, first: i64) -> Result<Vec<Run>, Failed> {
        let (from, to) = (Timestamp(first), Timestamp(self.until));
        let Some(agent) = told::people::number(self.connection, agent)? else { return Ok(Vec::new()) };
        let spans = overlapping(self.connection, agent, from, to, MOST_ROWS + 1)?;
        count(&mut self.read, spans.len())?;
        let run = |span: Span| {
            let tolerance = self.activities.get(&span.activity).map_or(0, |activity| activity.tolerance.as_millis());
            let tolerance = i64::try_from(tolerance).unwrap_or(i64::MAX);
            Run { start: span.start.0, end: span.end.0, activity: span.activity, tolerance }
        };
        Ok(runs(spans.into_iter().map(run)))
    }

    /// What is excused of the agent beyond an instant.
    fn excused(&mut self, agent: &str, first: i64) -> Result<Vec<(i64, i64)>, Failed> {
        let Ok(agent) = AgentId::new(agent) else { return Ok(Vec::new()) };
        let (from, to) = (Timestamp(first), Timestamp(self.until));
        let found = exceptions(self.connection, &agent, from, to, MOST_ROWS + 1)?;
        count(&mut self.read, found.len())?;
        Ok(joined(found.into_iter().map(|one| (one.start.0, one.end.0))))
    }
}
