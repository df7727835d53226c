//! What several nodes promise together, checked against their log.

use std::collections::BTreeMap;
use std::time::Duration;

use presence_hub::domain::cause::{Actor, EventName, SubEventName};
use presence_hub::domain::change::Change;
use presence_hub::engine::shared::What;
use presence_hub::engine::{Engine, Entry, Subject, stored};
use presence_hub::feed::{Matcher, Scope};
use presence_hub::wire::shapes::{AgentPresence, Include};
use serde_json::json;

use super::world::World;
use crate::book::Broken;
use crate::people::agent_name;
use crate::shown::{before, board_shows};
use crate::world::waits_at_most;

/// How long the world is given until everything has been told, in milliseconds: hubs are started again, a page that says
/// nothing is found out, a node that is gone is declared so, and every node has had its turn.
const CALMS_DOWN: u64 = 22_000;
/// How late a deadline may be kept in a calm world: each node leaves a second to the one before it.
const LATE: Duration = Duration::from_secs(4);
/// Pages that come back within this time, in milliseconds, were never shown Offline: the grace, less what a welcome takes.
const RETURNS_IN_TIME: u64 = 9_000;
/// Within this time every node has stepped in for the one before it.
const STEPS_IN: Duration = Duration::from_secs(3);
/// For so long everything has been as it should be, in milliseconds, when one node alone decides what time brings.
const SETTLED: u64 = 6_000;

impl World {
    /// Reads what the log has kept since the last time.
    pub fn read_log(&mut self) -> Result<(), Broken> {
        let kept = self.disk.kept_beyond(self.read);
        if kept.is_empty() {
            return Ok(());
        }
        let standstills = self.standstills();
        for kept in kept {
            self.read = kept.position;
            if self.gone.get(&kept.by).is_some_and(|gone| kept.sent > *gone) {
                return Err(format!("{:?} was declared gone, and has sent {:?} since", kept.by, kept.what));
            }
            match kept.what {
                What::Gone(node, boot) => drop(self.gone.insert((node, boot), kept.kept)),
                What::Entries(subject, entries, operation) => {
                    if let Some(operation) = operation
                        && !self.operations.insert(operation.clone())
                    {
                        return Err(format!("{operation} was kept a second time, of {subject:?}"));
                    }
                    self.book.read_on(entries, |deadline, set| waits_at_most(&standstills, deadline, set))?;
                }
                What::Beside(what) => self.beside(&what),
                What::Word(_) => {}
            }
        }
        self.one_node_decides()
    }

    /// In a world that has settled, what time brings is decided by one node: no other one tries.
    fn one_node_decides(&mut self) -> Result<(), Broken> {
        for refused in self.disk.refused_beyond(self.refused) {
            self.refused += 1;
            let late = refused.sent.saturating_sub(Duration::from_millis(self.disturbed + SETTLED));
            let What::Entries(subject @ Subject::Agent(_), entries, _) = &refused.what else { continue };
            let overtaking = self.disk.kept_beyond(refused.position.saturating_sub(1));
            let Some(first) = overtaking.first().filter(|first| first.by.0 != refused.by.0 && !late.is_zero()) else {
                continue;
            };
            let What::Entries(_, before, _) = &first.what else { continue };
            let (theirs, ours): (Vec<_>, Vec<_>) =
                (before.iter().map(brought_about).collect(), entries.iter().map(brought_about).collect());
            // Who waits to step in for one deadline finds the next one due: that is no harm, and no promise.
            let began = first.kept.saturating_sub(STEPS_IN);
            let has_just_decided = self.disk.kept_beyond(0).iter().any(|kept| {
                let is_before = kept.kept >= began && kept.position < first.position;
                is_before && matches!(&kept.what, What::Entries(of, ..) if of == subject)
            });
            if theirs == ours && ours.iter().all(Option::is_some) && !has_just_decided {
                return Err(format!(
                    "{:?} and {:?} have both decided {ours:?} of {subject:?}, at {:?}",
                    first.by, refused.by, refused.sent
                ));
            }
        }
        Ok(())
    }

    /// Where one node has heard all the time, no agent has a session for long whose node was declared gone.
    pub fn sessions_of_the_gone_have_ended(&self) -> Result<(), Broken> {
        let steady = self.places.iter().filter_map(|place| place.steady_since);
        let Some(since) = steady.min() else { return Ok(()) };
        let long_ago = |at: Duration| self.now > since.max(u64::try_from(at.as_millis()).unwrap()) + SETTLED;
        let gone = |node: u16, boot: u32| {
            let gone = self.gone.range((node, boot)..=(node, u32::MAX)).next();
            gone.is_some_and(|(_, at)| long_ago(*at))
        };
        for (seq, agent) in self.book.agents() {
            let session = agent.sessions().iter().find(|session| gone(session.node, session.boot));
            // What was sent long ago may have arrived just now.
            let was_kept = || self.disk.beyond(seq - 1).first().map_or(self.time(), |entry| entry.at);
            let has_just_changed = session.is_some() && self.time().since(was_kept()) < Duration::from_millis(SETTLED);
            if let Some(session) = session.filter(|_| !has_just_changed) {
                let who = &agent.record.agent;
                return Err(format!("{who} has at {seq} the session {session:?}, whose node was declared gone"));
            }
        }
        Ok(())
    }

    /// Whoever came back in time from a node that was lost was never shown Offline for it.
    pub fn came_back_unnoticed(&self, place: usize, welcomed: &AgentPresence) -> Result<(), Broken> {
        let Some((since, seq)) = self.pages[place].lost else { return Ok(()) };
        // Its machine stands still: what it says is not of now.
        if self.now > since + RETURNS_IN_TIME {
            return Ok(());
        }
        let lapsed = self.book.beyond(seq, &welcomed.agent_id).find(|(at, change)| {
            *at <= welcomed.seq
                && change.cause.event == EventName::Disconnected
                && change.cause.sub_event == Some(SubEventName::HubRestart)
        });
        match lapsed {
            Some((at, _)) => {
                let who = &welcomed.agent_id;
                Err(format!("{who} came back after {} ms, and was shown Offline at {at}", self.now - since))
            }
            None => Ok(()),
        }
    }

    /// Mends everything, and checks every promise.
    pub fn check_when_calm(&mut self) -> Result<(), Broken> {
        self.mend();
        self.pass(CALMS_DOWN)?;
        if let Some(place) = self.places.iter().find(|place| !place.is_current()) {
            return Err(format!("node {} is not back: {:?}", place.number, place.could_not_begin()));
        }
        if !self.requests.is_empty() {
            return Err(format!("{} requests were never answered, although all is calm", self.requests.len()));
        }
        self.nodes_know_the_log()?;
        self.nodes_have_the_same_beside_it()?;
        self.the_erased_have_left_the_log()?;
        self.nobody_is_here_with_what_was_revoked()?;
        self.what_was_refused_did_not_happen()?;
        self.all_was_told()?;
        self.sessions_are_those_that_live()?;
        self.book.deadlines_were_kept(self.time(), LATE, &self.standstills())?;
        self.book.days_have_ended(before(self.time(), LATE))?;
        let view = self.book.directory(&self.config.presence);
        self.book.nobody_stands_on_what_does_not_exist(&view)?;
        self.boards_show_what_is()?;
        self.book.writes_were_kept(&self.writes, &self.config.presence)
    }

    /// Every node has in memory what the log says.
    fn nodes_know_the_log(&self) -> Result<(), Broken> {
        let log: BTreeMap<String, (u64, u64)> = self
            .book
            .agents()
            .map(|(seq, agent)| (agent.record.agent.as_str().to_owned(), (seq, agent.version)))
            .collect();
        for place in &self.places {
            let known = place.with(|begun| begun.serving.hub.door().agents.all()).unwrap_or_default();
            let known: BTreeMap<String, (u64, u64)> = known
                .iter()
                .map(|known| (known.agent.record.agent.as_str().to_owned(), (known.seq, known.agent.version)))
                .collect();
            if known != log {
                return Err(format!("node {} knows {known:?}, and the log says {log:?}", place.number));
            }
        }
        Ok(())
    }

    fn sessions_are_those_that_live(&self) -> Result<(), Broken> {
        for number in 0..self.agents {
            let name = agent_name(number);
            let live = self.pages.iter().filter(|page| page.agent == number && page.welcomed && !page.silent).count();
            let Some((_, agent)) = self.book.agent(&name) else { continue };
            let kept = agent.sessions();
            if live != kept.len() {
                return Err(format!("{name} has {live} tabs, and kept were the sessions {kept:?}"));
            }
            for place in &self.places {
                let is_there = |session| place.with(|begun| begun.engine.members().is_there(session)).unwrap_or(false);
                if let Some(session) = kept.iter().find(|session| !is_there(session)) {
                    return Err(format!(
                        "node {} says of a session of {name} that it is not there: {session:?}",
                        place.number
                    ));
                }
            }
        }
        Ok(())
    }

    fn boards_show_what_is(&self) -> Result<(), Broken> {
        let view = self.book.directory(&self.config.presence);
        let include = [Include::Capacity, Include::WorkItems];
        let filter = serde_json::from_value(json!({})).unwrap();
        let matcher = Matcher::of(filter, Scope::All, &view.directory).unwrap();
        for (node, board) in self.boards.iter().enumerate() {
            let matching = self.book.agents().filter(|(_, agent)| matcher.matches(agent, &view.directory));
            board_shows(board, matching, &include, &view).map_err(|broken| format!("board {node} {broken}"))?;
        }
        Ok(())
    }
}

/// What an entry says that time, or the loss of a node, has brought about; none of all else.
fn brought_about(stored: &presence_hub::engine::memory::Stored) -> Option<(EventName, Option<SubEventName>)> {
    let Ok(Entry::Agent { change, .. }) = stored::decode(&stored.text) else { return None };
    let Change { cause, actor, .. } = &*change;
    let by_itself = matches!(actor, Actor::System)
        && match cause.event {
            EventName::Expired
            | EventName::RestoreLapsed
            | EventName::WrapUpEnded
            | EventName::EndOfDayCapacityReset
            | EventName::MissedNotification => true,
            EventName::Other | EventName::Disconnected => cause.sub_event == Some(SubEventName::HubRestart),
            _ => false,
        };
    by_itself.then_some((cause.event, cause.sub_event))
}
