//! How many there may be of what callers can make: agents in all and by sign-in in a minute, and records of the
//! directory.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

use super::Door;
use super::allowance::{Allowance, Rate};
use crate::agents::{Applied, By, Refusal};
use crate::config::LimitSettings;
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// Which agents are being made, and how many were made by sign-ins lately.
#[derive(Debug)]
pub struct Growth {
    /// By how many each.
    unborn: Mutex<HashMap<AgentId, usize>>,
    by_sign_in: Mutex<Allowance>,
}

/// An agent that is being made: it counts until it is there, or is not made after all.
struct Unborn<'a> {
    growth: &'a Growth,
    agent: &'a AgentId,
}

impl Growth {
    /// As these settings say.
    #[must_use]
    pub fn of(limits: &LimitSettings) -> Self {
        let rate = Rate::a_minute(limits.new_agents_per_minute);
        Self { unborn: Mutex::default(), by_sign_in: Mutex::new(Allowance::full(rate, Duration::ZERO)) }
    }
}

impl<'a> Unborn<'a> {
    fn may_be_made(door: &'a Door, agent: &'a AgentId) -> Result<Self, Problem> {
        let growth = &door.growth;
        let mut unborn = growth.unborn.lock();
        let mut number = door.agents.number() + unborn.len();
        if number >= door.bounds.agents as usize {
            // Of some that are being made it is not yet known that they are there.
            number -= unborn.keys().filter(|other| *other == agent || door.agents.existing(other).is_some()).count();
            may_be_one_more(Limit::Agents, number, door.bounds.agents)?;
        }
        *unborn.entry(agent.clone()).or_default() += 1;
        drop(unborn);
        Ok(Self { growth, agent })
    }
}

impl Drop for Unborn<'_> {
    fn drop(&mut self) {
        let mut unborn = self.growth.unborn.lock();
        if let Some(by) = unborn.get_mut(self.agent) {
            *by -= 1;
            if *by == 0 {
                unborn.remove(self.agent);
            }
        }
    }
}

/// Makes or replaces an agent's record, as [`Agents::configure`](crate::agents::Agents::configure) does, if there is
/// room for one more when it is new.
///
/// # Errors
/// `limit_reached`, or those of `make` and of the agents.
pub async fn configure<E: From<Refusal> + From<Problem>>(
    door: &Door,
    agent: &AgentId,
    by: impl Into<By>,
    make: impl FnMut(Option<&AgentRecord>) -> Result<AgentRecord, E>,
) -> Result<Applied, E> {
    let is_new = door.agents.existing(agent).is_none();
    let _unborn = is_new.then(|| Unborn::may_be_made(door, agent)).transpose()?;
    door.agents.configure(agent, by, make).await
}

/// Goes on only if another agent whom nobody provisioned may sign in for the first time now.
///
/// # Errors
/// `rate_limited`
pub fn may_be_new(door: &Door) -> Result<(), Problem> {
    let taken = door.growth.by_sign_in.lock().take(1, door.agents.clock().running());
    taken.map_err(|_| {
        let most = door.bounds.new_agents_per_minute;
        let detail =
            format!("{most} agents signed in for the first time in a minute; come back later, or be provisioned");
        Problem::limited(Limit::NewAgents, detail)
    })
}

/// Goes on only if there may be one more than these.
///
/// # Errors
/// `limit_reached`
pub fn may_be_one_more(limit: Limit, there_are: usize, most: u32) -> Result<(), Problem> {
    if there_are < most as usize {
        return Ok(());
    }
    let detail = format!("there are {most} already, and the hub's [limits] allow no more");
    Err(Problem::no_more(limit, detail))
}
