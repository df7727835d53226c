//! Who comes first among those who may get work.

use std::cmp::Reverse;

use crate::domain::agent::Agent;
use crate::domain::capacity::units;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;

/// Where an agent stands among those who may get work: most free capacity first, then longest
/// waiting, then by id. No capacity configured is unlimited.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    free: Reverse<i64>,
    since: Timestamp,
    agent: AgentId,
}

impl Rank {
    /// Where the agent stands.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        let free = units(agent).map_or(i64::MAX, |units| units.unreserved());
        Self { free: Reverse(free), since: agent.since, agent: agent.record.agent.clone() }
    }

    /// Whose it is.
    #[must_use]
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// The rank as text.
    #[must_use]
    pub fn write(&self) -> String {
        format!("{}.{}.{}", self.free.0, self.since.0, self.agent)
    }

    /// The rank that was [written](Rank::write) so.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let free = Reverse(parts.next()?.parse().ok()?);
        let since = Timestamp(parts.next()?.parse().ok()?);
        Some(Self { free, since, agent: AgentId::new(parts.next()?).ok()? })
    }
}
