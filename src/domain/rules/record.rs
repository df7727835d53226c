//! The directory's record of an agent, and the directory around it.

use std::sync::Arc;

use super::draft::Draft;
use super::manual::Retired;
use crate::domain::agent::Agent;
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::daily::DailyUse;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;

impl Draft<'_> {
    /// The record was created or replaced. Limits apply at once.
    pub fn configure(&mut self, record: &Arc<AgentRecord>, at: Timestamp, actor: &Actor) {
        let born = self.agent.version == 0 || self.agent.deleted.is_some();
        if !born && self.agent.record == *record {
            return;
        }
        self.leave_teams(|team| !record.teams.contains(team), at);
        self.agent.former_teams.retain(|(team, _)| !record.teams.contains(team));
        let before = self.all_capacity();
        self.agent.record = Arc::clone(record);
        if born {
            self.trace.decided(Rule::Created);
            self.agent.deleted = None;
            self.agent.since = at;
            self.agent.cause = Cause::of(EventName::NewUser);
            self.agent.modified_by = Actor::System;
            self.step(at, Cause::of(EventName::NewUser), actor, None);
            return;
        }
        if self.trace.applies(Rule::AgentDisabled, !record.enabled) {
            self.leave();
        } else if before.limits() != self.all_capacity().limits() {
            self.follow_limits();
        }
        self.step(at, Cause::of(EventName::ConfigurationUpdate), actor, None);
    }

    /// Presences, profiles or workstreams changed. Whatever the agent has of them that is gone, it has
    /// no more; what it works on keeps what it takes.
    pub fn follow_directory(&mut self, at: Timestamp, actor: &Actor) {
        let directory = self.directory;
        let retired = self.follow_catalog();
        let left = directory.without_what_is_gone(&self.agent.record);
        if left != *self.agent.record {
            self.agent.record = Arc::new(left);
        }
        for item in &mut self.agent.items {
            item.workstream.take_if(|id| !directory.workstreams.contains_key(id));
        }
        self.follow_limits_of_directory();
        if self.has_moved() {
            let event = match retired {
                Retired::Yes => EventName::PresenceRetired,
                Retired::No => EventName::ConfigurationUpdate,
            };
            self.step(at, Cause::of(event), actor, None);
        } else {
            self.trace = crate::domain::trace::Trace::default();
        }
    }

    /// The agent was deleted. The version stays, so that one created again goes on from it.
    pub fn delete(&mut self, at: Timestamp, actor: &Actor) {
        self.trace.decided(Rule::AgentDisabled);
        self.leave();
        self.leave_teams(|_| true, at);
        Arc::make_mut(&mut self.agent.record).teams.clear();
        self.agent.items.clear();
        self.agent.daily = DailyUse::default();
        self.agent.signed_out = None;
        self.agent.deleted = Some(at);
        self.step(at, Cause::of(EventName::ConfigurationUpdate), actor, None);
    }

    fn all_capacity(&self) -> Capacity {
        Capacity::of(&self.agent, self.directory, Counting::All)
    }

    /// Remembers teams that the agent leaves: their supervisors are told that it left.
    fn leave_teams(&mut self, leaves: impl Fn(&String) -> bool, at: Timestamp) {
        let left: Vec<String> = self.agent.record.teams.iter().filter(|team| leaves(team)).cloned().collect();
        let former = &mut self.agent.former_teams;
        former.retain(|(team, since)| !left.contains(team) && at.since(*since) < Agent::FORMER_TEAM_KEPT);
        former.extend(left.into_iter().map(|team| (team, at)));
        if former.len() > Agent::FORMER_TEAMS {
            let unnamed = former.len() - Agent::FORMER_TEAMS;
            former.drain(..unnamed);
            former[0] = (Agent::ANY_TEAM.to_owned(), at);
        }
    }
}
