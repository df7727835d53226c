//! The directory's record of an agent, and the directory around it.

use super::draft::Draft;
use super::manual::Retired;
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::domain::trace::Rule;

impl Draft<'_> {
    /// The record was created or replaced. Limits apply at once.
    pub fn configure(&mut self, record: &AgentRecord, at: Timestamp, actor: &Actor) {
        let born = self.agent.version == 0 || self.agent.deleted.is_some();
        if !born && self.agent.record == *record {
            return;
        }
        self.leave_teams(|team| !record.teams.contains(team), at);
        self.agent.former_teams.retain(|(team, _)| !record.teams.contains(team));
        self.agent.record = record.clone();
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
        } else {
            self.follow_limits();
        }
        self.step(at, Cause::of(EventName::ConfigurationUpdate), actor, None);
    }

    /// Presences, profiles or settings changed.
    pub fn follow_directory(&mut self, at: Timestamp, actor: &Actor) {
        let retired = self.follow_catalog();
        self.follow_limits();
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
        self.agent.record.teams.clear();
        self.agent.items.clear();
        self.agent.daily.clear();
        self.agent.deleted = Some(at);
        self.step(at, Cause::of(EventName::ConfigurationUpdate), actor, None);
    }

    /// Remembers teams that the agent leaves: their supervisors are told that it left.
    fn leave_teams(&mut self, leaves: impl Fn(&String) -> bool, at: Timestamp) {
        let left: Vec<String> = self.agent.record.teams.iter().filter(|team| leaves(team)).cloned().collect();
        for team in left {
            self.agent.former_teams.retain(|(known, _)| *known != team);
            self.agent.former_teams.push((team, at));
        }
    }
}
