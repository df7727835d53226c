//! Agents to whom anything happens, and the log that it leaves.

use std::sync::Arc;

use proptest::prelude::*;
use rusqlite::Connection;

use super::keeper::Keeper;
use super::row::Row;
use super::settling::Pace;
use super::tables;
use super::told;
use crate::domain::agent::{Agent, Connection as There};
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::change::{Change, Moves};
use crate::domain::ids::{AgentId, PresenceId, SessionId};
use crate::domain::record::AgentRecord;
use crate::domain::standing::Origin;
use crate::domain::time::Timestamp;

/// When the tests begin: at eight in the morning, in UTC.
pub const START: i64 = 1_800_000_000_000;
const PRESENCES: [&str; 3] = ["available", "busy", "training"];

/// One change of one of three agents.
#[derive(Clone, Debug)]
pub struct Happening {
    pub agent: usize,
    /// What passes before it, in milliseconds. A clock may go back.
    pub passes: i64,
    pub what: What,
    /// Whether a transaction with something else is undone right before it.
    pub after_undoing: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    Becomes(usize),
    MovesTo(&'static str),
    Leaves,
    IsDeleted,
}

pub fn a_happening() -> impl Strategy<Value = Happening> {
    let passes = prop::sample::select(vec![0, 0, 0, 1, 999, 60_000, -1, -61_000]);
    let what = prop_oneof![
        4 => (0..PRESENCES.len()).prop_map(What::Becomes),
        1 => prop::sample::select(vec!["billing", "sales"]).prop_map(What::MovesTo),
        1 => Just(What::Leaves),
        1 => Just(What::IsDeleted),
    ];
    (0..3_usize, passes, what, prop::bool::weighted(0.1)).prop_map(|(agent, passes, what, after_undoing)| Happening {
        agent,
        passes,
        what,
        after_undoing,
    })
}

/// The agents' states, and the changes that led to them: what the log would hold.
pub struct World {
    pub now: i64,
    pub agents: Vec<Agent>,
    pub log: Vec<Change>,
}

impl World {
    pub fn new() -> Self {
        let agent = |name: &str| Agent::unborn(AgentRecord::new(AgentId::new(name).unwrap(), name), Timestamp(START));
        Self { now: START, agents: ["ada", "ben", "cyd"].map(agent).into(), log: Vec::new() }
    }

    /// The world after these, and a database that was given each row as it came.
    pub fn kept(happenings: &[Happening]) -> (Self, Connection) {
        let mut world = Self::new();
        happenings.iter().for_each(|happening| world.happens(happening));
        let kept = world.keep();
        (world, kept)
    }

    /// A database with a row of each change.
    pub fn keep(&self) -> Connection {
        let (connection, mut keeper) = (database(), keeper());
        for (place, change) in self.log.iter().enumerate() {
            keeper.add(&connection, &Row::of(place as u64 + 1, change)).unwrap();
        }
        connection
    }

    /// The agents' ids.
    pub fn ids(&self) -> Vec<AgentId> {
        self.agents.iter().map(|agent| agent.record.agent.clone()).collect()
    }

    pub fn happens(&mut self, happening: &Happening) {
        self.now += happening.passes;
        let after = &mut self.agents[happening.agent];
        after.version += 1;
        after.deleted = None;
        match happening.what {
            What::Becomes(presence) => {
                after.standing.presence = PresenceId::new(PRESENCES[presence]).unwrap();
                after.standing.origin = Origin::Agent;
                after.connection = There::Connected { sessions: vec![SessionId { node: 0, boot: 1, number: 1 }] };
            }
            What::MovesTo(team) => Arc::make_mut(&mut after.record).teams = [team.to_owned()].into(),
            What::Leaves => after.connection = There::SignedOut,
            What::IsDeleted => after.deleted = Some(Timestamp(self.now)),
        }
        self.log.push(Change {
            at: Timestamp(self.now),
            cause: Cause::of(EventName::SetPresence),
            actor: Actor::Supervisor("sue".to_owned()),
            moves: Moves::Presence,
            work_item: None,
            withdrawn: Vec::new(),
            reported_time: None,
            network: None,
            reason: (self.now % 2 == 0).then(|| format!("at {}", self.now)),
            trace: after.trace.clone(),
            after: after.clone().into(),
        });
    }
}

/// A keeper whose rows settle after a few of them.
pub fn keeper() -> Keeper {
    let pace = Pace { for_each_agent: 2, most: 8, least: 3, with_each: 2, cleared_after: 2, cleared_at_once: 2 };
    Keeper::settling_at(pace)
}

pub fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    tables::STEPS.iter().for_each(|step| connection.execute_batch(step).unwrap());
    connection.execute_batch(told::tables::CREATE).unwrap();
    connection.execute_batch(told::disputes::CREATE).unwrap();
    connection
}

/// What the log says of an agent, from when on: its entries, none of which may begin after the one behind it.
pub fn replayed<'a>(log: &'a [Change], agent: &AgentId) -> Vec<(i64, u64, &'a Change)> {
    let mut steps: Vec<(i64, u64, &Change)> = Vec::new();
    for (place, change) in log.iter().enumerate().filter(|(_, change)| change.after.record.agent == *agent) {
        for (start, ..) in &mut steps {
            *start = change.at.0.min(*start);
        }
        steps.push((change.at.0, place as u64 + 1, change));
    }
    steps
}
