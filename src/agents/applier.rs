//! The one task that evolves what is in memory, in the order of the log.

use std::sync::Arc;

use super::cell::Known;
use super::directory::DirectoryView;
use super::{Agents, counted};
use crate::domain::agent::{Agent, Connection};
use crate::domain::cause::EventName;
use crate::domain::change::Change;
use crate::domain::directory::DirectoryChange;
use crate::domain::standing::Origin;
use crate::engine::{Entry, Kept, Outcome, Seq, Tail};

/// Who is told of what was kept: called in the order of the log, from one task.
pub trait Audience: Send + Sync {
    /// An agent's entry was kept. `before` is the state it replaced, none for the first.
    fn agent_changed(&self, known: &Known, change: &Change, before: Option<&Known>, directory: &Arc<DirectoryView>);

    /// Another node has signed the agent out of all sessions but those of this state.
    fn signed_out_elsewhere(&self, _: &Agent) {}

    /// A directory entry was kept.
    fn directory_changed(&self, change: &DirectoryChange, directory: &Arc<DirectoryView>);
}

impl Agents {
    /// Applies what the engine keeps until the engine ends: evolve, tell the audience, release the
    /// waiters, entry by entry in the order of the log.
    pub async fn apply(self, mut tail: Tail, audience: Arc<dyn Audience>) {
        while let Some(group) = tail.recv().await {
            let mut newest = self.applied();
            for Kept { seq, entry, release, is_of_a_peer } in group {
                match entry {
                    Entry::Agent { change, directory_seq } => {
                        self.evolve(seq, directory_seq, &change, audience.as_ref());
                        if is_of_a_peer && change.cause.event == EventName::Logout {
                            audience.signed_out_elsewhere(&change.after);
                        }
                    }
                    Entry::Directory { change, .. } => self.evolve_directory(seq, &change, audience.as_ref()),
                }
                debug_assert!(newest < seq, "the tail has the order of the log");
                if let Some(release) = release {
                    release.with(Outcome::Kept { seq });
                }
                newest = seq;
            }
            self.shared.applied.send_replace(newest);
        }
    }

    pub(super) fn evolve(&self, seq: Seq, directory_seq: Seq, change: &Change, audience: &dyn Audience) {
        let agent = Arc::clone(&change.after);
        let cell = self.cell_or_unborn(&agent.record.agent);
        let known = Known { seq, directory_seq, agent };
        let before = Some(cell.replace(known.clone())).filter(|before| before.seq > 0);
        debug_assert!(
            before.as_ref().is_none_or(|before| known.agent.version == before.agent.version + 1),
            "each entry of an agent raises its version by one"
        );
        assert_lawful(&known.agent);
        let metrics = &self.shared.metrics;
        counted::agent(metrics, before.as_ref().map(|before| &*before.agent), &known.agent);
        counted::coming_and_going(metrics, before.as_ref().map(|before| &*before.agent), &known.agent, change.cause);
        let agent = &known.agent.record.agent;
        self.shared.deadlines.set(agent, known.agent.next_deadline());
        self.shared.eligible.changed(before.as_ref().map(|before| &*before.agent), &known.agent);
        self.shared.deleted.changed(before.as_ref(), &known);
        let view = self.directory();
        if view.concerns(&known) {
            self.shared.following.arrived_late(agent);
        }
        self.look_for_lost_sessions(&known);
        audience.agent_changed(&known, change, before.as_ref(), &view);
    }

    pub(super) fn evolve_directory(&self, seq: Seq, change: &DirectoryChange, audience: &dyn Audience) {
        let view = Arc::new(self.directory().evolved(seq, change, &self.shared.file_policy));
        *self.shared.directory.write() = view.clone();
        if let DirectoryChange::Settings(_) = change {
            self.shared.settings_changed.notify_one();
        }
        audience.directory_changed(change, &view);
        self.shared.following.directory_changed();
    }
}

/// Holds in tests what the state's types say in words only.
fn assert_lawful(agent: &Agent) {
    debug_assert!(
        !matches!(&agent.connection, Connection::Connected { sessions } if sessions.is_empty()),
        "whoever is connected has a session"
    );
    debug_assert!(
        agent.standing.hold.is_none() || agent.standing.origin == Origin::Automatic,
        "only the hub sets a hold"
    );
}
