//! What of the catalog watchers have yet to be told.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::agent::Agent;
use crate::domain::ids::PresenceId;

/// How long changes of the catalog gather before watchers are told again: each time they are sent the
/// whole catalog.
const GATHER: Duration = Duration::from_millis(250);

/// What of the catalog watchers have yet to be told.
#[derive(Debug, Default)]
pub(super) struct News {
    /// The presences that changed since the catalog was last written.
    presences: BTreeSet<PresenceId>,
    /// It was written again, and not everyone was told.
    untold: bool,
    /// When everyone was last told.
    told: Option<Instant>,
}

impl News {
    /// Whether a board could not tell what this agent is shown as.
    pub(super) fn are_needed_for(&self, agent: &Agent) -> bool {
        let standing = &agent.standing;
        !self.presences.is_empty()
            && (self.presences.contains(&standing.presence)
                || standing.next.as_ref().is_some_and(|next| self.presences.contains(&next.presence)))
    }

    /// When everyone is to be told, if there is anything.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let any = self.untold || !self.presences.is_empty();
        any.then(|| self.told.map_or(now, |told| told + GATHER))
    }

    /// A presence of the catalog changed.
    pub(super) fn presence_changed(&mut self, presence: PresenceId) {
        self.presences.insert(presence);
    }

    /// Whether the catalog changed since it was last written.
    pub(super) fn are_unwritten(&self) -> bool {
        !self.presences.is_empty()
    }

    /// The catalog was written as it is now.
    pub(super) fn written(&mut self) {
        self.presences.clear();
        self.untold = true;
    }

    /// Everyone is told what was written.
    pub(super) fn told(&mut self, now: Instant) {
        self.untold = false;
        self.told = Some(now);
    }
}
