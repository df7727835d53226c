//! Each disconnection: which sessions ended without a sign-out, why, what became of it, and which of them belong to
//! one incident.

use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;

use super::forward::{Goes, each_agent, each_row};
use super::numbers::{Numbers, Step};
use super::reader::{Failed, known};
use super::rows::Place;
use super::summary::{Figure, coming_or_going};
use super::wanted::{MOST_LINES, Wanted};
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::network::Network;
use crate::domain::time::Timestamp;

/// Disconnections by the same cause are of one incident if each follows the one before within so many milliseconds:
/// sessions of one network that is lost are found out one by one, within a ping's interval and the wait for its pong.
pub const APART: i64 = 10_000;

/// A session that ended without a sign-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disconnection {
    /// Whose.
    pub agent: String,
    /// The agent's name then.
    pub name: String,
    /// When, and where in the log.
    pub at: Place,
    /// Why.
    pub how: SubEventName,
    /// From which network the session was, as far as is known.
    pub network: Option<Network>,
    /// What became of it; none while the restore window is open.
    pub became: Option<Became>,
    /// When, and where in the log; none as well if there were other sessions.
    pub then: Option<Place>,
    /// The incident that it belongs to, by its place among the incidents.
    pub incident: Option<usize>,
}

/// What became of a disconnection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// The agent had another session, and others saw nothing of it.
    OtherSessions,
    /// It was back within the restore window.
    Restored,
    /// It was not.
    Lapsed,
    /// It was disabled or deleted meanwhile.
    Removed,
}

/// Losses that hit several agents at once. What people do at the same time, as they close their tabs when a shift ends,
/// is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Why.
    pub how: SubEventName,
    /// Of which network, as far as is known.
    pub network: Option<Network>,
    /// When the first session ended.
    pub first: Timestamp,
    /// When the last one did.
    pub last: Timestamp,
    /// Of how many agents.
    pub agents: usize,
    /// How many sessions.
    pub sessions: usize,
}

/// The disconnections of the time, agent by agent, and the incidents among them, the first first.
///
/// # Errors
/// [`Failed`]
pub fn disconnections(connection: &Connection, wanted: &Wanted) -> Result<(Vec<Disconnection>, Vec<Incident>), Failed> {
    known(connection, wanted.from)?;
    let (mut found, mut read) = (Vec::new(), 0);
    each_agent(&mut Numbers::of(connection)?, wanted, |numbers, number, agent| {
        let begins = Place::at(wanted.from);
        let before = numbers.rows.before(number, begins, 1)?.pop();
        let mut walk = Walk { agent, wanted, before, open: None, found: &mut found };
        each_row(numbers, wanted, number, begins, &mut read, |numbers, step| walk.comes_to(numbers, step))
    })?;
    let incidents = incidents(&mut found);
    Ok((found, incidents))
}

/// On the way from row to row of an agent.
struct Walk<'a> {
    agent: &'a str,
    wanted: &'a Wanted,
    before: Option<Step>,
    /// The disconnection of which is not known what became, by its place; and whether there is one that does not count.
    open: Option<Option<usize>>,
    found: &'a mut Vec<Disconnection>,
}

impl Walk<'_> {
    fn comes_to(&mut self, numbers: &mut Numbers<'_>, step: &Step) -> Result<Goes, Failed> {
        let (before, after) = (numbers.there(self.before.as_ref())?, numbers.there(Some(step))?);
        let (cause, network) = numbers.cause_and_network(step.cause)?;
        self.before = Some(*step);
        let lost = (cause.sub_event.unwrap_or(SubEventName::Unknown), network);
        let figure = coming_or_going(before, after, cause.event);
        let is_within = step.place.start < self.wanted.to;
        match figure {
            Some(Figure::Drops) if is_within => self.open = Some(self.push(numbers, step, lost, None)?),
            Some(Figure::Restores) => self.close(step.place, Became::Restored),
            Some(Figure::Lapses) => self.close(step.place, Became::Lapsed),
            Some(Figure::Removals) => self.close(step.place, Became::Removed),
            _ if cause.event == EventName::ConnectionEnded && is_within => {
                self.push(numbers, step, lost, Some(Became::OtherSessions))?;
            }
            _ => {}
        }
        Ok(if self.open.is_some() { Goes::On } else { Goes::ToTheEnd })
    }

    /// Keeps one, if the question is about the agent as it was then. Returns its place.
    fn push(
        &mut self,
        numbers: &mut Numbers<'_>,
        step: &Step,
        (how, network): (SubEventName, Option<Network>),
        became: Option<Became>,
    ) -> Result<Option<usize>, Failed> {
        let record = numbers.record(step.record)?;
        if !self.wanted.scope.includes(&record.teams) {
            return Ok(None);
        }
        if self.found.len() == MOST_LINES {
            return Err(Failed::TooMuch { most: MOST_LINES, what: "disconnections would be answered" });
        }
        let (agent, name) = (self.agent.to_owned(), record.name.clone());
        self.found.push(Disconnection {
            agent,
            name,
            at: step.place,
            how,
            network,
            became,
            then: None,
            incident: None,
        });
        Ok(Some(self.found.len() - 1))
    }

    fn close(&mut self, at: Place, became: Became) {
        if let Some(open) = self.open.take().flatten() {
            (self.found[open].became, self.found[open].then) = (Some(became), Some(at));
        }
    }
}

/// Whether it happens to an agent, and nobody did it.
fn is_lost(how: SubEventName) -> bool {
    matches!(how, SubEventName::NetworkLost | SubEventName::HubRestart | SubEventName::Unknown)
}

/// Finds the incidents, and notes of each disconnection to which it belongs.
fn incidents(found: &mut [Disconnection]) -> Vec<Incident> {
    let mut order: Vec<usize> = (0..found.len()).filter(|place| is_lost(found[*place].how)).collect();
    order.sort_unstable_by_key(|place| found[*place].at);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut newest: HashMap<(SubEventName, Option<Network>), usize> = HashMap::new();
    for place in order {
        let (lost, at) = ((found[place].how, found[place].network), found[place].at.start.0);
        let follows = |group: &Vec<usize>| group.last().is_some_and(|last| at - found[*last].at.start.0 <= APART);
        match newest.get(&lost).copied().filter(|group| follows(&groups[*group])) {
            Some(group) => groups[group].push(place),
            None => {
                newest.insert(lost, groups.len());
                groups.push(vec![place]);
            }
        }
    }
    let mut incidents = Vec::new();
    for group in groups {
        let agents = group.iter().map(|place| found[*place].agent.as_str()).collect::<BTreeSet<_>>().len();
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        if agents > 1 {
            let (how, network) = (found[*first].how, found[*first].network);
            let (first, last) = (found[*first].at.start, found[*last].at.start);
            for place in &group {
                found[*place].incident = Some(incidents.len());
            }
            incidents.push(Incident { how, network, first, last, agents, sessions: group.len() });
        }
    }
    incidents
}
