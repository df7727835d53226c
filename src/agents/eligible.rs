//! Eligibility over all agents: who may get work of a workstream now.

use super::Agents;
use super::slot::Known;
use crate::domain::agent::Connection;
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::ids::WorkstreamId;
use crate::domain::rejection::Rejection;
use crate::domain::rules::eligibility::{Reason, obstacles, takes_by_default};

/// An agent, and why it may not get work; nothing if it may.
#[derive(Clone, Debug)]
pub struct Eligibility {
    /// The agent.
    pub known: Known,
    /// Its sums.
    pub capacity: Capacity,
    /// Why not.
    pub reasons: Vec<Reason>,
}

impl Agents {
    /// Every agent's eligibility for an item of `workstream`: the eligible first, most free capacity
    /// first, then longest waiting.
    ///
    /// # Errors
    /// [`Rejection::UnknownWorkstream`].
    pub fn eligibility(&self, workstream: &WorkstreamId) -> Result<Vec<Eligibility>, Rejection> {
        let view = self.directory();
        let directory = &view.directory;
        let workstream = directory
            .workstreams
            .get(workstream)
            .ok_or_else(|| Rejection::UnknownWorkstream(workstream.as_str().to_owned()))?;
        let takes = takes_by_default(workstream);
        let assess = |known: Known| {
            let mut reasons = obstacles(&known.agent, directory, workstream, &takes);
            if self.is_gone_but_not_kept(&known) && !reasons.contains(&Reason::NotConnected) {
                reasons.push(Reason::NotConnected);
            }
            let capacity = Capacity::of(&known.agent, directory, Counting::All);
            Eligibility { known, capacity, reasons }
        };
        let mut agents: Vec<Eligibility> = self.all().into_iter().map(assess).collect();
        agents.sort_by_cached_key(|one| {
            let free = one.capacity.units.map_or(i64::MAX, |units| units.unreserved());
            (
                !one.reasons.is_empty(),
                std::cmp::Reverse(free),
                one.known.agent.since,
                one.known.agent.record.agent.clone(),
            )
        });
        Ok(agents)
    }

    /// Whether all live sessions have ended and only the engine does not know it yet.
    pub(super) fn is_gone_but_not_kept(&self, known: &Known) -> bool {
        let Connection::Connected { sessions } = &known.agent.connection else { return false };
        let ended = self.owed().ended_sessions(&known.agent.record.agent);
        !ended.is_empty() && sessions.iter().all(|session| ended.contains(session))
    }
}
