//! Each sign-in: from when to when an agent was signed in, and how it ended.

use rusqlite::Connection;

use super::forward::{Goes, count, each_agent, each_row};
use super::numbers::{Numbers, Step};
use super::reader::{Failed, known};
use super::row::There;
use super::rows::Place;
use super::summary::{Figure, coming_or_going};
use super::wanted::{MOST_LINES, Wanted};
use crate::domain::cause::{Cause, EventName};
use crate::domain::time::Timestamp;

/// Rows that one read takes on the way back to the sign-in.
const BACK: usize = 256;

/// A time in which an agent was signed in, restore windows included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Whose.
    pub agent: String,
    /// The agent's name when it signed in.
    pub name: String,
    /// When, and where in the log.
    pub start: Place,
    /// When its last session ended; none while it is there.
    pub left: Option<Left>,
    /// When it was over; none while it lasts.
    pub end: Option<Place>,
    /// How it was over.
    pub ended: Option<Ended>,
    /// How often the agent was back within the restore window.
    pub restores: u32,
    /// For how long it was there of it, in milliseconds.
    pub connected: i64,
}

/// When the last session of an agent ended, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// When, and where in the log.
    pub at: Place,
    /// Why.
    pub cause: Cause,
}

/// How a sign-in was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The agent signed out, or was signed out, and did not come back within the restore window.
    SignedOut,
    /// It was disconnected, and did not come back within the restore window.
    Lapsed,
    /// It was disabled or deleted.
    Removed,
    /// It lasts, or ended elsewhere: the agent left the teams that the question is about.
    LeftTeams,
}

/// The sign-ins that last within the time, each whole, agent by agent. What lasts counts up to `now`.
///
/// # Errors
/// [`Failed`]
pub fn sign_ins(connection: &Connection, wanted: &Wanted, now: Timestamp) -> Result<Vec<SignIn>, Failed> {
    known(connection, wanted.from)?;
    let (mut found, mut read) = (Vec::new(), 0);
    each_agent(&mut Numbers::of(connection)?, wanted, |numbers, number, agent| {
        let begins = begins(numbers, wanted, number, &mut read)?;
        let mut walk = Walk { agent, wanted, open: None, before: None, found: &mut found };
        each_row(numbers, wanted, number, begins, &mut read, |numbers, step| walk.comes_to(numbers, step))?;
        walk.ends(now)
    })?;
    Ok(found)
}

/// Where the sign-in begins that lasts at the begin of the time; else where the time does.
fn begins(numbers: &mut Numbers<'_>, wanted: &Wanted, agent: i64, read: &mut usize) -> Result<Place, Failed> {
    let mut place = Place::at(wanted.from);
    loop {
        let before: Vec<Step> = numbers.rows.before(agent, place, BACK)?;
        count(read, before.len())?;
        for step in &before {
            if numbers.there(Some(step))? == There::SignedOut {
                return Ok(place);
            }
            place = step.place;
        }
        if before.len() < BACK {
            return Ok(place);
        }
    }
}

/// On the way from row to row of an agent.
struct Walk<'a> {
    agent: &'a str,
    wanted: &'a Wanted,
    open: Option<Open>,
    before: Option<Step>,
    found: &'a mut Vec<SignIn>,
}

/// A sign-in that is not over.
struct Open {
    sign_in: SignIn,
    /// Whether it is of somebody whom the question is about.
    counts: bool,
}

impl Walk<'_> {
    fn comes_to(&mut self, numbers: &mut Numbers<'_>, step: &Step) -> Result<Goes, Failed> {
        let (before, after) = (numbers.there(self.before.as_ref())?, numbers.there(Some(step))?);
        let cause = numbers.cause(step.cause)?;
        if let (Some(open), Some(last)) = (&mut self.open, &self.before)
            && matches!(before, There::Connected | There::Held)
        {
            open.sign_in.connected += step.place.start.0 - last.place.start.0;
        }
        self.before = Some(*step);
        if before == There::SignedOut && after != There::SignedOut && step.place.start < self.wanted.to {
            let record = numbers.record(step.record)?;
            let sign_in = SignIn {
                agent: self.agent.to_owned(),
                name: record.name.clone(),
                start: step.place,
                left: None,
                end: None,
                ended: None,
                restores: 0,
                connected: 0,
            };
            self.open = Some(Open { sign_in, counts: self.wanted.scope.includes(&record.teams) });
        }
        let Some(Open { sign_in, counts }) = &mut self.open else { return Ok(Goes::ToTheEnd) };
        // Whoever asks about a team is not told what becomes of somebody who left it. A deleted agent is of no team.
        let stays = after == There::SignedOut || self.wanted.scope.includes(&numbers.record(step.record)?.teams);
        if *counts && !stays {
            (sign_in.end, sign_in.ended) = (Some(step.place), Some(Ended::LeftTeams));
            self.close()?;
            return Ok(Goes::ToTheEnd);
        }
        let figure = coming_or_going(before, after, cause.event);
        match figure {
            Some(Figure::Restores) => (sign_in.left, sign_in.restores) = (None, sign_in.restores + 1),
            Some(Figure::SignOuts | Figure::Drops) => sign_in.left = Some(Left { at: step.place, cause }),
            _ => {}
        }
        if after != There::SignedOut {
            return Ok(Goes::On);
        }
        let signed_out = sign_in.left.is_some_and(|left| left.cause.event == EventName::Logout);
        sign_in.end = Some(step.place);
        sign_in.ended = Some(match figure {
            Some(Figure::Removals) => Ended::Removed,
            _ if signed_out => Ended::SignedOut,
            _ => Ended::Lapsed,
        });
        self.close()?;
        Ok(Goes::ToTheEnd)
    }

    /// There are no more rows.
    fn ends(mut self, now: Timestamp) -> Result<(), Failed> {
        if let (Some(Open { sign_in, .. }), Some(last)) = (&mut self.open, &self.before)
            && sign_in.left.is_none()
        {
            sign_in.connected += (now.0 - last.place.start.0).max(0);
        }
        self.close()
    }

    /// Keeps what is open, if it lasts within the time. One that is over as the time begins does not.
    fn close(&mut self) -> Result<(), Failed> {
        let Some(Open { sign_in, counts }) = self.open.take() else { return Ok(()) };
        let from = self.wanted.from;
        if counts && (sign_in.start.start >= from || sign_in.end.is_none_or(|end| end.start > from)) {
            self.found.push(sign_in);
        }
        if self.found.len() > MOST_LINES {
            return Err(Failed::TooMuch { most: MOST_LINES, what: "sign-ins would be answered" });
        }
        Ok(())
    }
}
