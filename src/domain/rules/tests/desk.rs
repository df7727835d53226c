//! An agent at a desk, told in the words of the rule book. Every decision is held against the
//! [`laws`](super::laws).

mod happens;

use std::sync::Arc;
use std::time::Duration;

use super::laws;
use crate::domain::agent::Agent;
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::command::{Ask, Choice, Command, Condition, Terms};
use crate::domain::directory::Directory;
use crate::domain::ids::{AgentId, PresenceId, ProfileId, WorkItemId, WorkstreamId};
use crate::domain::policy::Policy;
use crate::domain::presence::{BaseStatus, Presence};
use crate::domain::record::{
    AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock,
};
use crate::domain::rules::Under;
use crate::domain::rules::eligibility::{self, Reason};
use crate::domain::standing::{Hold, Origin, Standing};
use crate::domain::time::{Standstill, Timestamp};
use crate::domain::trace::{Rule, Verdict};

/// The instant that tests call 0.
pub const START: Timestamp = Timestamp(1_600_000_000_000);

/// What the hub answers.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Applied.
    Applied,
    /// There was nothing to change.
    Unchanged,
    /// Applied, with something the caller should know.
    AppliedWith(&'static str),
    /// Refused, with the contract's code.
    Refused(&'static str),
}

/// An agent and all that its rules read.
#[derive(Clone, Debug)]
pub struct Desk {
    pub agent: Agent,
    pub directory: Directory,
    pub now: Timestamp,
    /// Every change so far, oldest first.
    pub log: Vec<Change>,
    /// Those that the agent's state has not waited for yet.
    standstills: Vec<Standstill>,
    boot: u32,
    opened: u64,
}

/// An agent with `units`, signed in and idle.
pub fn on_duty(units: u32) -> Desk {
    let mut desk = off_duty(units);
    desk.signs_in();
    desk
}

/// An agent with `units`, not signed in.
pub fn off_duty(units: u32) -> Desk {
    Desk::of(|record, _| record.units = Some(units))
}

/// An agent with profiles and no units, not signed in.
pub fn with_profiles(profiles: &[CapacityProfile]) -> Desk {
    Desk::of(|record, directory| {
        record.profiles =
            profiles.iter().map(|profile| AgentProfile { profile: profile.id.clone(), max: None }).collect();
        directory.profiles = profiles.iter().map(|profile| (profile.id.clone(), profile.clone())).collect();
    })
}

/// A profile of `max` items.
pub fn profile(id: &str, max: u32) -> CapacityProfile {
    let id = ProfileId::new(id).unwrap();
    let name = id.to_string();
    CapacityProfile { id, name, default_max: max, block_assignment: false, reset: ResetDuration::Immediate }
}

pub fn blocking(id: &str, max: u32) -> CapacityProfile {
    CapacityProfile { block_assignment: true, ..profile(id, max) }
}

pub fn daily(id: &str, max: u32) -> CapacityProfile {
    CapacityProfile { reset: ResetDuration::Daily, ..profile(id, max) }
}

/// A custom presence whose name is its id.
pub fn custom(id: &str, base: BaseStatus) -> Presence {
    Presence {
        id: PresenceId::new(id).unwrap(),
        name: id.to_owned(),
        text: id.to_owned(),
        base,
        description: String::new(),
        built_in: false,
        can_user_set: true,
        color: "#13a10e".to_owned(),
        labels: Default::default(),
        enabled: true,
    }
}

/// A workstream that allows Available and Busy, and whose items take 1 unit.
pub fn workstream(id: &str) -> Workstream {
    Workstream {
        id: WorkstreamId::new(id).unwrap(),
        name: id.to_owned(),
        allowed: [BaseStatus::Available, BaseStatus::Busy].into(),
        units: None,
        profiles: Vec::new(),
        wrap_up: WrapUpBlock::Always,
        presence_effect: PresenceEffect::Moves,
    }
}

/// What an item asks for.
pub fn units(units: u32) -> Terms {
    Terms { units: Some(units), ..Terms::default() }
}

pub fn profiles(profiles: &[&str]) -> Terms {
    Terms { profiles: Some(profiles.iter().map(|id| ProfileId::new(id).unwrap()).collect()), ..Terms::default() }
}

pub fn of(workstream: &str) -> Terms {
    Terms { workstream: Some(WorkstreamId::new(workstream).unwrap()), ..Terms::default() }
}

pub fn if_eligible(terms: Terms) -> Terms {
    Terms { condition: Condition::IfEligible, ..terms }
}

pub fn item(id: &str) -> WorkItemId {
    WorkItemId::new(id).unwrap()
}

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub fn supervisor() -> Actor {
    Actor::Supervisor("s1".to_owned())
}

fn integration() -> Actor {
    Actor::Integration("router".to_owned())
}

impl Desk {
    /// An agent whose record and directory are made by `make`, created and not signed in.
    pub fn of(make: impl FnOnce(&mut AgentRecord, &mut Directory)) -> Self {
        let mut record = AgentRecord::new(AgentId::new("a1").unwrap(), "Ada");
        let mut directory = Directory::default();
        make(&mut record, &mut directory);
        let agent = Agent::unborn(record.clone(), START);
        let mut desk =
            Self { agent, directory, now: START, log: Vec::new(), standstills: Vec::new(), boot: 1, opened: 0 };
        desk.asks(Ask::Configure(Arc::new(record)), Actor::Admin("admin".to_owned()));
        desk
    }

    // Before it begins.

    pub fn with_policy(mut self, set: impl FnOnce(&mut Policy)) -> Self {
        set(&mut self.directory.policy);
        self
    }

    pub fn with_presence(mut self, presence: Presence) -> Self {
        self.directory.catalog.put(presence);
        self
    }

    pub fn with_workstream(mut self, workstream: Workstream) -> Self {
        self.directory.workstreams.insert(workstream.id.clone(), workstream);
        self
    }

    pub fn with_default(mut self, presence: &str) -> Self {
        self.is_configured(|record| record.default_presence = Some(PresenceId::new(presence).unwrap()));
        self
    }

    pub fn on_duty(mut self) -> Self {
        self.signs_in();
        self
    }

    pub fn holding(mut self, items: &[&str]) -> Self {
        for id in items {
            self.accepts(id);
        }
        self
    }

    // Time.

    /// `ms` later, without anybody looking.
    pub fn after(&mut self, ms: u64) -> &mut Self {
        self.now = self.now.plus(Duration::from_millis(ms));
        self
    }

    /// Another node of the cluster decides, for which there was no standstill.
    pub fn at_another_node(&mut self, decides: impl FnOnce(&mut Self)) -> &mut Self {
        let standstills = std::mem::take(&mut self.standstills);
        decides(self);
        self.standstills = standstills;
        self
    }

    /// The hub looks at the clock.
    pub fn ticks(&mut self) -> Answer {
        self.asks(Ask::Tick, Actor::System)
    }

    // What is asked, and what is seen.

    pub fn asks(&mut self, ask: Ask, actor: Actor) -> Answer {
        self.commands(&Command::new(ask, actor))
    }

    pub fn commands(&mut self, command: &Command) -> Answer {
        let decided = self.agent.decide_after(&self.standstills, Under::TheSame(&self.directory), command, self.now);
        let decision = match decided {
            Ok(decision) => decision,
            Err(rejection) => return Answer::Refused(name_of(&rejection)),
        };
        self.standstills.clear();
        laws::hold(&self.agent, &decision, self.now, &self.directory);
        let changed = !decision.changes.is_empty();
        if let Some(last) = decision.changes.last() {
            self.agent = (*last.after).clone();
        }
        self.log.extend(decision.changes);
        match decision.remark {
            Some(remark) => Answer::AppliedWith(name_of(&remark)),
            None if changed => Answer::Applied,
            None => Answer::Unchanged,
        }
    }

    fn herself(&self) -> Actor {
        Actor::Agent(self.agent.record.agent.clone())
    }

    /// The presence that others see.
    pub fn shown(&self) -> &str {
        self.agent.shown_presence()
    }

    /// What is kept while others see Offline.
    pub fn kept(&self) -> &Standing {
        &self.agent.standing
    }

    pub fn origin(&self) -> Origin {
        self.agent.standing.origin
    }

    pub fn hold(&self) -> Option<Hold> {
        self.agent.standing.hold
    }

    pub fn capacity(&self) -> Capacity {
        Capacity::of(&self.agent, &self.directory, Counting::All)
    }

    /// Units used and reserved.
    pub fn units(&self) -> (u32, u32) {
        self.capacity().units.map_or((0, 0), |units| (units.used, units.reserved))
    }

    /// The newest change.
    pub fn last(&self) -> &Change {
        self.log.last().expect("something has changed")
    }

    /// Whether the newest decision was decided by `rule`.
    pub fn was_decided_by(&self, rule: Rule) -> bool {
        let considered = self.last().trace.considered();
        considered.iter().any(|one| one.rule == rule && one.verdict == Verdict::Decided)
    }

    /// Why routing passes the agent over for an item of `workstream`.
    pub fn obstacles(&self, workstream: &str) -> Vec<Reason> {
        let workstream = &self.directory.workstreams[workstream];
        let takes = eligibility::takes_by_default(workstream);
        eligibility::obstacles(&self.agent, &self.directory, workstream, &takes)
    }
}

pub fn choice(presence: &str, until: Option<Timestamp>, next: Option<&str>) -> Ask {
    let next = next.map(ToOwned::to_owned);
    Ask::Choose(Choice { presence: presence.to_owned(), until, next, reason: None })
}

/// The name of a variant, as the wire and the worked examples write it.
fn name_of(variant: &impl std::fmt::Debug) -> &'static str {
    let shown = format!("{variant:?}");
    let mut name = String::new();
    for letter in shown.chars().take_while(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name.leak()
}
