//! What the hub promises, checked against what it kept: with every frame and answer, and in full
//! whenever the world is calm.

use std::sync::Arc;
use std::time::Duration;

use presence_hub::agents::DirectoryView;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::capacity::{Capacity, Counting};
use presence_hub::domain::cause::{EventName, SubEventName};
use presence_hub::domain::rules::eligibility::{obstacles, takes_by_default};
use presence_hub::engine::Seq;
use presence_hub::feed::{Matcher, Scope};
use presence_hub::identity::Role;
use presence_hub::wire::shapes::{AgentPresence, Filter, Include};

use super::book::Broken;
use super::people::{Asked, agent_name, token_id};
use super::shown::{before, board_shows};
use super::step::{AGENTS, BOARDS, SYSTEMS, WORKSTREAMS};
use super::world::World;

/// How long a calm world is given until everything has been told: a socket that says nothing is found
/// out within it, and what was refused for want of an engine is tried again.
const CALMS_DOWN: Duration = Duration::from_secs(14);
/// How late a deadline may be kept in a calm world.
const LATE: Duration = Duration::from_secs(2);
/// Pages that come back to a hub within this time of its start were never shown Offline: its grace,
/// less what a welcome takes.
const RETURNS_IN_TIME: Duration = Duration::from_secs(9);

impl World {
    /// An agent's presence that was shown was kept.
    pub fn was_kept(&self, shown: &AgentPresence) -> Result<(), Broken> {
        self.book.was_shown(shown)?;
        self.returned_unnoticed(&shown.agent_id, shown.seq)
    }

    /// Whoever came back to a hub in time was never shown Offline for its absence.
    fn returned_unnoticed(&self, who: &str, welcomed: Seq) -> Result<(), Broken> {
        let life = self.life();
        if life.began.elapsed() > RETURNS_IN_TIME || welcomed <= life.seq || self.died_after_a_standstill {
            return Ok(());
        }
        let lapsed = self.book.beyond(life.seq, who).find(|(_, change)| {
            change.cause.event == EventName::Disconnected && change.cause.sub_event == Some(SubEventName::HubRestart)
        });
        match lapsed {
            Some((seq, _)) => Err(format!("{who} came back in time, and was shown Offline at {seq}")),
            None => Ok(()),
        }
    }

    /// Calms everything down, and checks every promise.
    pub async fn check_when_calm(&mut self) -> Result<(), Broken> {
        self.calm();
        for board in &mut self.boards {
            board.rests = false;
        }
        self.pass(CALMS_DOWN).await?;
        self.everyone_was_answered()?;
        let view = self.book.directory(&self.config.presence);
        self.sessions_are_those_that_live()?;
        self.nobody_is_here_with_what_was_revoked()?;
        let life = self.life();
        self.book.deadlines_were_kept(life.clock.now(), LATE, &self.standstills())?;
        self.book.days_have_ended(before(self.life().clock.now(), LATE))?;
        self.book.nobody_stands_on_what_does_not_exist(&view)?;
        self.boards_show_what_is(&view)?;
        self.offers_that_ended_were_told()?;
        self.book.writes_were_kept(&self.writes, &self.config.presence)?;
        self.creations_happened()?;
        for workstream in 0..WORKSTREAMS {
            self.eligible_are_listed(&view, workstream).await?;
        }
        Ok(())
    }

    fn everyone_was_answered(&self) -> Result<(), Broken> {
        match self.outstanding.len() {
            0 => Ok(()),
            many => Err(format!("{many} requests were never answered, although the hub is calm")),
        }
    }

    fn sessions_are_those_that_live(&self) -> Result<(), Broken> {
        for number in 0..AGENTS {
            let name = agent_name(number);
            let live = self.tabs.iter().filter(|tab| tab.agent == number && tab.welcomed && !tab.silent).count();
            let kept = self.book.agent(&name).map_or(0, |(_, agent)| agent.sessions().len());
            if live != kept {
                return Err(format!("{name} has {live} tabs, and {kept} sessions were kept"));
            }
        }
        Ok(())
    }

    fn nobody_is_here_with_what_was_revoked(&self) -> Result<(), Broken> {
        let mut live = self.tabs.iter().filter(|tab| tab.welcomed && !tab.silent);
        match live.find(|tab| self.revoked.contains(&(tab.agent, tab.token))) {
            Some(tab) => Err(format!("token {} was revoked, and its tab lives", token_id(tab.agent, tab.token))),
            None => Ok(()),
        }
    }

    fn boards_show_what_is(&self, view: &DirectoryView) -> Result<(), Broken> {
        for number in 0..BOARDS {
            let board = &self.boards[usize::from(number)];
            if board.socket.is_none() {
                continue;
            }
            let (filter, include, team) = Self::watched(number);
            let filter: Filter = serde_json::from_value(filter).map_err(|error| error.to_string())?;
            if filter.workstream_id.as_ref().is_some_and(|id| !view.directory.workstreams.contains_key(id.as_str())) {
                continue;
            }
            let include: Vec<Include> = serde_json::from_value(include).map_err(|error| error.to_string())?;
            let scope = team.map_or(Scope::All, |team| Scope::Teams([format!("team-{team}")].into()));
            let matcher = Matcher::of(filter, scope, &view.directory).unwrap();
            if board.replica.is_none() {
                continue;
            }
            let matching = self.book.agents().filter(|(_, agent)| matcher.matches(agent, &view.directory));
            board_shows(board, matching, &include, view).map_err(|broken| format!("board {number} {broken}"))?;
        }
        Ok(())
    }

    /// Each work system that is here was told of every offer that ended since it was first welcomed.
    fn offers_that_ended_were_told(&self) -> Result<(), Broken> {
        for number in 0..SYSTEMS {
            let system = &self.systems[usize::from(number)];
            let (Some(since), Some(_)) = (system.known_since, &system.socket) else { continue };
            for (seq, agent, item) in self.book.withdrawn().filter(|(seq, ..)| *seq > since) {
                // Of an item that ended more than once the last end is told, unless the agent has it again.
                let has_it = |(_, agent): (Seq, &Arc<Agent>)| agent.items.iter().any(|one| one.id.as_str() == item);
                let told = system.told.iter().any(|(to, of)| to == agent && of == item);
                if !told && !self.book.agent(agent).is_some_and(has_it) && self.book.is_last_of(seq, agent, item) {
                    return Err(format!(
                        "system {number} was never told that {agent} lost the offer of {item} at {seq}"
                    ));
                }
            }
        }
        Ok(())
    }

    /// A router that asks gets whom the rules let have work, in their order: most free capacity, then
    /// longest waiting.
    async fn eligible_are_listed(&mut self, view: &DirectoryView, workstream: u8) -> Result<(), Broken> {
        let name = format!("stream-{workstream}");
        let Some(stream) = view.directory.workstreams.get(name.as_str()) else { return Ok(()) };
        let takes = takes_by_default(stream);
        let eligible =
            self.book.agents().filter(|(_, agent)| obstacles(agent, &view.directory, stream, &takes).is_empty());
        let mut eligible: Vec<_> = eligible
            .map(|(_, agent)| {
                let capacity = Capacity::of(agent, &view.directory, Counting::All);
                let free = capacity.units.map_or(i64::MAX, |units| units.unreserved());
                (std::cmp::Reverse(free), agent.since, agent.record.agent.as_str().to_owned())
            })
            .collect();
        eligible.sort();
        let expected: Vec<String> = eligible.into_iter().map(|(.., agent)| agent).collect();
        let path = format!("/api/v1/workstreams/{name}/eligible-agents");
        let asked_at = self.book.seq();
        self.requests(&[Role::Integration], "GET", &path, None, Asked::Eligible(asked_at, expected));
        self.pass(Duration::from_millis(20)).await?;
        self.everyone_was_answered()
    }

    fn creations_happened(&self) -> Result<(), Broken> {
        for (agent, acknowledged) in &self.acknowledged_creations {
            let kept = self.book.times_created(agent);
            if *acknowledged > kept {
                return Err(format!("{acknowledged} creations of {agent} were acknowledged, and {kept} kept"));
            }
        }
        Ok(())
    }
}
