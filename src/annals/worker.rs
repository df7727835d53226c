//! One agent of the floor, working day by working day.

use std::sync::Arc;
use std::time::Duration;

use super::{AnnalsError, DAY, Wanted, administrator};
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, SubEventName};
use crate::domain::change::Change;
use crate::domain::command::{Ask, Choice, Command, Ended, Opens, Terms, WorkEvent};
use crate::domain::directory::Directory;
use crate::domain::ids::{SessionId, WorkItemId, WorkstreamId};
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::floor::Channel;
use crate::floor::cast;
use crate::floor::dice::Dice;

const HOUR: f64 = 3_600.0;
/// How long people work.
const SHIFT: f64 = 8.0 * HOUR;
/// After so long everybody has gone, whatever was left to do.
const LONGEST: Duration = Duration::from_hours(11);
/// When a shift begins, in hours of UTC, with its share of the floor in percent. The last goes on across midnight.
const SHIFTS: [(u32, i64); 4] = [(30, 6), (40, 8), (22, 13), (8, 20)];
/// The days from Monday to Friday.
const WORKING_DAYS: i64 = 5;
/// How long a notification is shown.
const OFFER_TIMEOUT: Duration = Duration::from_secs(20);

/// What an agent does next.
#[derive(Clone, Copy)]
enum Does {
    Works,
    Rejects,
    Misses,
    TakesABreak,
    LosesTheNetwork,
}

/// How often.
const OFTEN: [(u32, Does); 5] =
    [(82, Does::Works), (3, Does::Rejects), (3, Does::Misses), (9, Does::TakesABreak), (3, Does::LosesTheNetwork)];

/// One agent, as it was left.
pub(super) struct Worker {
    agent: Arc<Agent>,
    dice: Dice,
    /// When its shift begins, in milliseconds from midnight.
    shift: i64,
    /// The changes of a working day.
    changes: usize,
    sessions: u64,
    items: u64,
}

impl Worker {
    /// A new agent, and the change that makes it one.
    pub fn hired(
        record: AgentRecord,
        wanted: &Wanted,
        index: u32,
        at: Timestamp,
        directory: &Directory,
    ) -> Result<(Self, Vec<Change>), AnnalsError> {
        // Other dice than those that chose the record, and those of the day that is played.
        let mut dice = Dice::new(wanted.seed.rotate_left(32), index);
        let shift = dice.weighted(&SHIFTS) * 3_600_000;
        let agent = Arc::new(Agent::unborn(record.clone(), at));
        let mut worker = Self { agent, dice, shift, changes: wanted.changes as usize, sessions: 0, items: 0 };
        let mut day = Working { worker: &mut worker, directory, at, made: Vec::new() };
        day.does(Ask::Configure(Arc::new(record)), administrator())?;
        let made = day.made;
        Ok((worker, made))
    }

    /// What it does on the day that begins at `midnight`, if it works then and is done before `end`.
    pub fn works(&mut self, midnight: i64, end: i64, directory: &Directory) -> Result<Vec<Change>, AnnalsError> {
        // 1970 began with a Thursday.
        let weekday = (midnight.div_euclid(DAY) + 3).rem_euclid(7);
        let late = self.dice.seconds(0.0, 600.0);
        let at = Timestamp(midnight + self.shift).plus(late);
        if weekday >= WORKING_DAYS || at.plus(LONGEST).0 >= end {
            return Ok(Vec::new());
        }
        let wanted = self.changes;
        let mut day = Working { worker: self, directory, at, made: Vec::new() };
        day.signs_in()?;
        let gone_by = at.plus(LONGEST - Duration::from_hours(1));
        while day.made.len() + 1 < wanted && day.at < gone_by {
            day.passes(1.0);
            match day.worker.dice.weighted(&OFTEN) {
                Does::Works => day.serves()?,
                Does::Rejects => day.ends_an_offer(Some(WorkEvent::Rejected))?,
                Does::Misses => day.ends_an_offer(None)?,
                Does::TakesABreak => day.takes_a_break()?,
                Does::LosesTheNetwork => day.loses_the_network()?,
            }
        }
        day.passes(1.0);
        day.signs_out()?;
        Ok(day.made)
    }
}

/// A working day on its way.
struct Working<'a> {
    worker: &'a mut Worker,
    directory: &'a Directory,
    at: Timestamp,
    made: Vec<Change>,
}

impl Working<'_> {
    /// Time passes: so many times what is usual between two changes of a day.
    fn passes(&mut self, times: f64) {
        let usual = SHIFT / self.worker.changes as f64;
        self.at = self.at.plus(self.worker.dice.about(usual * times));
    }

    fn seconds(&mut self, from: f64, to: f64) {
        self.at = self.at.plus(self.worker.dice.seconds(from, to));
    }

    fn signs_in(&mut self) -> Result<(), AnnalsError> {
        self.worker.sessions += 1;
        let session = self.session();
        self.does(Ask::OpenSession(session, self.at, Opens::ByItself), self.itself())
    }

    fn signs_out(&mut self) -> Result<(), AnnalsError> {
        self.does(Ask::SignOut, self.itself())?;
        // A restore window, if there is one, is over long before the next day.
        Ok(())
    }

    /// An item is offered, accepted, wrapped up and closed.
    fn serves(&mut self) -> Result<(), AnnalsError> {
        let item = self.is_offered()?;
        self.seconds(2.0, 12.0);
        let accepted = WorkEvent::Assigned { terms: Terms::default(), how: SubEventName::AssignmentAccept };
        self.works_on(&item, accepted)?;
        self.passes(1.4);
        self.works_on(&item, WorkEvent::WrapUpStarted { block: None, lasts: None, how: None })?;
        self.seconds(8.0, 29.0);
        self.works_on(&item, WorkEvent::Released { how: SubEventName::ConversationClosed })
    }

    /// An offer is answered so, or by nobody; then the hold is reset.
    fn ends_an_offer(&mut self, answer: Option<WorkEvent>) -> Result<(), AnnalsError> {
        let item = self.is_offered()?;
        match answer {
            Some(answer) => {
                self.seconds(2.0, 12.0);
                self.works_on(&item, answer)?;
            }
            None => {
                self.at = self.at.plus(OFFER_TIMEOUT);
                self.does(Ask::Tick, Actor::System)?;
            }
        }
        self.seconds(15.0, 90.0);
        if self.worker.agent.standing.hold.is_some() {
            self.does(Ask::Reset, self.itself())?;
        }
        Ok(())
    }

    fn takes_a_break(&mut self) -> Result<(), AnnalsError> {
        let breaks = [(40, "away"), (25, "lunch"), (15, "training"), (20, "follow-up")];
        let presence = self.worker.dice.weighted(&breaks);
        let reason = self.worker.dice.percent(10).then(|| "as planned".to_owned());
        self.chooses(presence, reason)?;
        self.passes(2.0);
        self.chooses("available", None)
    }

    fn chooses(&mut self, presence: &str, reason: Option<String>) -> Result<(), AnnalsError> {
        let choice = Choice { presence: presence.to_owned(), until: None, next: None, reason };
        self.does(Ask::Choose(choice), self.itself())
    }

    /// Some return in time, others find themselves signed out.
    fn loses_the_network(&mut self) -> Result<(), AnnalsError> {
        let ended = Ended::At { at: self.at, how: SubEventName::NetworkLost, network: None };
        self.does(Ask::EndSession(self.session(), ended), self.itself())?;
        self.seconds(5.0, 240.0);
        self.signs_in()
    }

    fn is_offered(&mut self) -> Result<WorkItemId, AnnalsError> {
        self.worker.items += 1;
        let id = format!("{}-{}", self.worker.agent.record.agent, self.worker.items);
        let Ok(item) = WorkItemId::new(&id) else { unreachable!("`{id}` is an id") };
        let channel = self.worker.dice.weighted(&[(75, Channel::Chat), (25, Channel::Voice)]);
        let workstream = WorkstreamId::new(cast::workstream_id(channel)).ok();
        let terms = Terms { workstream, ..Terms::default() };
        self.works_on(&item, WorkEvent::Offered { terms, timeout: Some(OFFER_TIMEOUT) })?;
        Ok(item)
    }

    fn works_on(&mut self, item: &WorkItemId, event: WorkEvent) -> Result<(), AnnalsError> {
        self.does(Ask::Work(item.clone(), event), Actor::Integration("acd".to_owned()))
    }

    fn does(&mut self, ask: Ask, actor: Actor) -> Result<(), AnnalsError> {
        let decided = self.worker.agent.decide(&Command::new(ask, actor), self.at, self.directory);
        let decision = decided
            .map_err(|source| AnnalsError::Refused { agent: self.worker.agent.record.agent.to_string(), source })?;
        if let Some(last) = decision.changes.last() {
            self.worker.agent = Arc::clone(&last.after);
        }
        self.made.extend(decision.changes);
        Ok(())
    }

    fn itself(&self) -> Actor {
        Actor::Agent(self.worker.agent.record.agent.clone())
    }

    /// The session that is open, or opens.
    fn session(&self) -> SessionId {
        SessionId { node: 0, boot: 0, number: self.worker.sessions }
    }
}
