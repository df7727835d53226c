//! Eligibility over all agents: who may get work of a workstream now.
//!
//! Routers ask before each assignment, so the answer is kept: [`index`] holds those who may get work at
//! all in the order in which they are asked for, and for each question that was asked lately a
//! [`mod@line`] of those whom it found. What is kept is never older than the agents and the directory; an
//! answer is what a scan of all agents would give at that moment.

mod index;
mod line;
mod news;
mod rank;
#[cfg(test)]
mod tests;

use super::cell::Known;
use super::{Agents, Bite, DirectoryView};
use crate::domain::agent::{Agent, Connection};
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::directory::Directory;
use crate::domain::ids::{AgentId, WorkstreamId};
use crate::domain::record::Workstream;
use crate::domain::rejection::Rejection;
use crate::domain::rules::eligibility::{Reason, obstacles, takes_by_default};
use crate::domain::work_item::Consumption;

pub(super) use index::Index;
pub use rank::Rank;

/// Ranks that are looked at before others are served: a fraction of a millisecond.
const STEPS: usize = if cfg!(test) { 4 } else { 512 };

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

/// Which agents a question is about.
pub struct Selection<'a> {
    /// Equal for equal selections and for no others: the answer is kept under it.
    pub name: String,
    /// Whether the agent is one of them.
    pub selects: &'a (dyn Fn(&Agent, &Directory) -> bool + Sync),
}

/// What decides about an agent: the directory as it is, and an item of the workstream.
struct Terms<'a> {
    view: &'a DirectoryView,
    workstream: &'a Workstream,
    takes: Consumption,
}

impl<'a> Terms<'a> {
    fn of(view: &'a DirectoryView, workstream: &WorkstreamId) -> Result<Self, Rejection> {
        let unknown = || Rejection::UnknownWorkstream(workstream.as_str().to_owned());
        let workstream = view.directory.workstreams.get(workstream).ok_or_else(unknown)?;
        Ok(Self { view, workstream, takes: takes_by_default(workstream) })
    }
}

impl Agents {
    /// The first `most` behind `after` who may get an item of `workstream` now, of those whom `selection`
    /// selects: most free capacity first, then longest waiting.
    ///
    /// # Errors
    /// [`Rejection::UnknownWorkstream`].
    pub async fn eligible(
        &self,
        workstream: &WorkstreamId,
        selection: &Selection<'_>,
        after: Option<&Rank>,
        most: usize,
    ) -> Result<Vec<Eligibility>, Rejection> {
        let line = self.shared.eligible.line(workstream, &selection.name);
        loop {
            let view = self.directory();
            let terms = Terms::of(&view, workstream)?;
            let passes = |agent: &AgentId| {
                let chosen = self.existing(agent).filter(|known| (selection.selects)(&known.agent, &view.directory));
                chosen.is_some_and(|known| self.obstacles(&known, &terms).is_empty())
            };
            if let Some(ranks) = self.shared.eligible.bite(&line, view.seq, passes, after, most) {
                let found = ranks.iter().filter_map(|rank| self.existing(rank.agent()));
                return Ok(found.map(|known| self.assess(known, &terms)).collect());
            }
            tokio::task::yield_now().await;
        }
    }

    /// The first `most` behind `after`, by id, who may not get an item of `workstream`, of those whom
    /// `selection` selects, and why. Each is judged as it is when its bite is taken.
    ///
    /// # Errors
    /// [`Rejection::UnknownWorkstream`].
    pub async fn ineligible(
        &self,
        workstream: &WorkstreamId,
        selection: &Selection<'_>,
        after: Option<&str>,
        most: usize,
    ) -> Result<Vec<Eligibility>, Rejection> {
        let mut found = Vec::new();
        let mut after = after.map(str::to_owned);
        loop {
            let Bite { agents, last } = self.bite(after.as_deref());
            let view = self.directory();
            let terms = Terms::of(&view, workstream)?;
            let chosen = agents.into_iter().filter(|known| (selection.selects)(&known.agent, &view.directory));
            let judged = chosen.map(|known| self.assess(known, &terms)).filter(|one| !one.reasons.is_empty());
            found.extend(judged.take(most - found.len()));
            let Some(last) = last.filter(|_| found.len() < most) else { return Ok(found) };
            after = Some(last.as_str().to_owned());
            tokio::task::yield_now().await;
        }
    }

    fn assess(&self, known: Known, terms: &Terms<'_>) -> Eligibility {
        let reasons = self.obstacles(&known, terms);
        let capacity = Capacity::of(&known.agent, &terms.view.directory, Counting::All);
        Eligibility { known, capacity, reasons }
    }

    fn obstacles(&self, known: &Known, terms: &Terms<'_>) -> Vec<Reason> {
        let mut reasons = obstacles(&known.agent, &terms.view.directory, terms.workstream, &terms.takes);
        if self.has_ended_all_sessions(known) && !reasons.contains(&Reason::NotConnected) {
            reasons.push(Reason::NotConnected);
        }
        reasons
    }

    /// Whether all sessions of a connected agent have ended, or their nodes are silent, although the log does not say so
    /// yet.
    pub(super) fn has_ended_all_sessions(&self, known: &Known) -> bool {
        let Connection::Connected { sessions } = &known.agent.connection else { return false };
        let (members, ended) = (&self.shared.members, self.owed().ended_sessions(&known.agent.record.agent));
        sessions.iter().all(|session| ended.contains(session) || !members.is_there(session))
    }
}

impl Eligibility {
    /// The agent's rank among the eligible.
    #[must_use]
    pub fn rank(&self) -> Rank {
        Rank::of(&self.known.agent)
    }
}
