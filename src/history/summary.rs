//! What agents did, in figures: how often they came and went, for how long they were there, what became of the work
//! that was offered to them, how much of their capacity was used, and for how long work was kept from them.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::numbers::{Numbers, Step};
use super::reader::{Failed, known};
use super::row::There;
use super::sums::{Measure, sums};
use super::wanted::{Of, Wanted};
use crate::domain::cause::{Cause, EventName, SubEventName};
use crate::domain::standing::Hold;

/// What is counted, or summed in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// How often the agent signed in.
    SignIns,
    /// How often it signed out, or was signed out.
    SignOuts,
    /// How often its last session ended otherwise, and others saw Offline.
    Drops,
    /// How often it was back within the restore window, after a drop or a sign-out.
    Restores,
    /// How often it was not.
    Lapses,
    /// How often it was disabled or deleted while it was there.
    Removals,
    /// For how long it was signed in, restore windows included.
    SignedIn,
    /// For how long it was there: with a session, or in a grace.
    Connected,
    /// How many work items it was notified of.
    Offered,
    /// How many of them it accepted.
    Accepted,
    /// How many it missed.
    Missed,
    /// How many it rejected.
    Rejected,
    /// For how long it was there and all its units were unused.
    Unused,
    /// The same, and some were used.
    PartlyUsed,
    /// The same, and none were left.
    Full,
    /// For how long a missed notification kept work from it.
    MissedHold,
    /// For how long a rejected one did.
    RejectedHold,
    /// For how long the limit of open work items did.
    WorkItemLimitHold,
}

/// How many figures there are.
const FIGURES: usize = Figure::WorkItemLimitHold as usize + 1;

/// The figures of an agent, a team, or a part of the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub of: Of,
    /// The agent's name, as it was last in the time asked for.
    pub name: Option<String>,
    figures: [i64; FIGURES],
}

impl Line {
    /// A figure.
    #[must_use]
    pub fn figure(&self, figure: Figure) -> i64 {
        self.figures[figure as usize]
    }
}

/// The figures, in the order of whose they are. Whoever was never there in that time has none.
///
/// # Errors
/// [`Failed`]
pub fn summary(connection: &Connection, wanted: &Wanted) -> Result<Vec<Line>, Failed> {
    known(connection, wanted.from)?;
    let mut lines: BTreeMap<Of, Line> = BTreeMap::new();
    for sum in sums::<Figures>(&mut Numbers::of(connection)?, wanted)? {
        let line = lines.entry(sum.of.clone());
        let line = line.or_insert(Line { of: sum.of, name: sum.name, figures: [0; FIGURES] });
        line.figures[sum.kind as usize] += sum.amount;
    }
    Ok(lines.into_values().collect())
}

/// Each figure is a sum.
struct Figures;

impl Measure for Figures {
    type Kind = Figure;
    const OF_A_LINE: usize = FIGURES;

    fn lasts(numbers: &mut Numbers<'_>, step: &Step) -> Result<[Option<Figure>; 4], Failed> {
        let there = numbers.there(Some(step))?;
        if there == There::SignedOut {
            return Ok([None; 4]);
        }
        if there == There::Disconnected {
            return Ok([Some(Figure::SignedIn), None, None, None]);
        }
        let hold = match step.state {
            Some(state) => numbers.state(state)?.hold,
            None => None,
        };
        let load = load(numbers.record(step.record)?.units, step.available_units);
        Ok([Some(Figure::SignedIn), Some(Figure::Connected), load, hold.map(held)])
    }

    fn happens(numbers: &mut Numbers<'_>, before: Option<&Step>, step: &Step) -> Result<[Option<Figure>; 2], Failed> {
        let (before, after) = (numbers.there(before)?, numbers.there(Some(step))?);
        let cause = numbers.cause(step.cause)?;
        Ok([coming_or_going(before, after, cause.event), notified(after, cause)])
    }
}

/// Whether the agent came or went.
pub(super) fn coming_or_going(before: There, after: There, event: EventName) -> Option<Figure> {
    use There::{Connected, Disconnected, Held, SignedOut};
    match (before, after) {
        (SignedOut, Connected) => Some(Figure::SignIns),
        (Disconnected, Connected) => Some(Figure::Restores),
        (Disconnected, SignedOut) if event == EventName::RestoreLapsed => Some(Figure::Lapses),
        (Disconnected, SignedOut) => Some(Figure::Removals),
        (Connected | Held, SignedOut | Disconnected) if event == EventName::Logout => Some(Figure::SignOuts),
        (Connected | Held, SignedOut | Disconnected) if event == EventName::Disconnected => Some(Figure::Drops),
        (Connected | Held, SignedOut | Disconnected) => Some(Figure::Removals),
        (SignedOut, SignedOut | Held | Disconnected)
        | (Connected | Held, Connected | Held)
        | (Disconnected, Held | Disconnected) => None,
    }
}

/// What became of a notification.
fn notified(there: There, Cause { event, sub_event }: Cause) -> Option<Figure> {
    if event == EventName::MissedNotification {
        return Some(Figure::Missed);
    }
    if event == EventName::RejectedNotification {
        return Some(Figure::Rejected);
    }
    if event == EventName::AssignmentAttempted {
        // What is offered to nobody ends at once.
        return matches!(there, There::Connected | There::Held).then_some(Figure::Offered);
    }
    (sub_event == Some(SubEventName::AssignmentAccept)).then_some(Figure::Accepted)
}

fn load(units: Option<i64>, available: Option<i64>) -> Option<Figure> {
    let (units, available) = (units?, available?);
    Some(match available {
        ..=0 => Figure::Full,
        _ if available < units => Figure::PartlyUsed,
        _ => Figure::Unused,
    })
}

fn held(hold: Hold) -> Figure {
    match hold {
        Hold::Missed => Figure::MissedHold,
        Hold::Rejected => Figure::RejectedHold,
        Hold::WorkItemLimit => Figure::WorkItemLimitHold,
    }
}
