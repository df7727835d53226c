//! Whose entries have yet to be shown anew.

use std::collections::BTreeSet;

use super::slots::Slot;
use crate::domain::agent::Agent;
use crate::domain::ids::ProfileId;
use crate::engine::Seq;

/// Capacity profiles that changed, and how far the roster was gone through since.
#[derive(Debug)]
pub(super) struct Reshown {
    now: Changed,
    next: Slot,
    /// What changed meanwhile: the roster is gone through once more.
    then: Option<Changed>,
}

impl Reshown {
    /// The profile changed, at this position.
    pub(super) fn of(profile: ProfileId, since: Seq) -> Self {
        Self { now: Changed { profiles: [profile].into(), since }, next: 0, then: None }
    }

    /// One more profile changed, at this position.
    pub(super) fn add(&mut self, profile: ProfileId, since: Seq) {
        let then = self.then.get_or_insert_with(|| Changed { profiles: BTreeSet::new(), since });
        then.profiles.insert(profile);
    }

    /// The next agent to be looked at.
    pub(super) fn take(&mut self) -> Slot {
        let slot = self.next;
        self.next += 1;
        slot
    }

    /// Whether the roster of so many agents was gone through.
    pub(super) fn is_through(&self, agents: usize) -> bool {
        self.next as usize >= agents
    }

    /// Whether what is shown of this agent has changed.
    pub(super) fn concerns(&self, agent: &Agent) -> bool {
        agent.record.profiles.iter().any(|own| self.now.profiles.contains(&own.profile))
    }

    /// Once the roster was gone through: what changed meanwhile, with the position from which on it did.
    pub(super) fn again(self) -> Option<(Self, Seq)> {
        let now = self.then?;
        let since = now.since;
        Some((Self { now, next: 0, then: None }, since))
    }
}

/// Capacity profiles that changed, and the position of the first of the changes.
#[derive(Debug)]
struct Changed {
    profiles: BTreeSet<ProfileId>,
    since: Seq,
}
