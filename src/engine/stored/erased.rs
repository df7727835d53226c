//! An entry without what it says of a person.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::agent::Agent;
use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::ids::{AgentId, WorkItemId};
use crate::domain::offer::PastOffers;
use crate::engine::Entry;

/// A person that is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The agent's id, or the subject.
    id: String,
    /// What stands in its place.
    pseudonym: AgentId,
    /// The id as it stands in JSON.
    written: String,
}

impl Erased {
    /// The person of this id, called so from now on.
    #[must_use]
    pub fn new(id: String, pseudonym: AgentId) -> Self {
        let written = serde_json::Value::from(id.as_str()).to_string();
        Self { id, pseudonym, written }
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What stands in its place.
    #[must_use]
    pub fn pseudonym(&self) -> &AgentId {
        &self.pseudonym
    }

    /// The id as it stands in JSON.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether a stored entry, or several, may say something of the person.
    #[must_use]
    pub fn may_be_in(&self, text: &str) -> bool {
        text.contains(&self.written)
    }

    /// Whether it is an entry of the person as an agent.
    #[must_use]
    pub fn is_subject_of(&self, entry: &Entry) -> bool {
        match entry {
            Entry::Agent { change, .. } => change.after.record.agent.as_str() == self.id,
            Entry::Directory { .. } => false,
        }
    }

    /// Takes from an entry what it says of the person. Of its own entries all texts go that somebody wrote, and what
    /// names its work; times, versions, presences, teams and what work took stay, so figures stay what they are. In
    /// those of others the pseudonym stands where the person acted.
    pub fn blank(&self, entry: &mut Entry) {
        let is_own = self.is_subject_of(entry);
        match entry {
            Entry::Agent { change, .. } => {
                if is_own {
                    self.blank_change(change);
                }
                self.rename(&mut change.actor);
                self.blank_standing_actor(change);
            }
            Entry::Directory { actor, .. } => self.rename(actor),
        }
    }

    /// Where a change carries on who set the presence, or signed the agent out, before.
    pub(crate) fn blank_standing_actor(&self, change: &mut Change) {
        if self.is(&change.after.modified_by) {
            self.rename(&mut Arc::make_mut(&mut change.after).modified_by);
        }
        if change.after.interrupted.as_ref().is_some_and(|began| self.is(&began.by))
            && let Some(began) = &mut Arc::make_mut(&mut change.after).interrupted
        {
            self.rename(&mut began.by);
        }
        if change.after.signed_out.as_ref().is_some_and(|signed_out| self.is(&signed_out.by))
            && let Some(signed_out) = &mut Arc::make_mut(&mut change.after).signed_out
        {
            self.rename(&mut signed_out.by);
        }
    }

    /// Whether it was the person who acted.
    pub(crate) fn is(&self, actor: &Actor) -> bool {
        actor.kind_and_id().1 == Some(&self.id)
    }

    fn rename(&self, actor: &mut Actor) {
        if !self.is(actor) {
            return;
        }
        match actor {
            Actor::System => {}
            Actor::Agent(id) => *id = self.pseudonym.clone(),
            Actor::Supervisor(subject) | Actor::Integration(subject) | Actor::Admin(subject) => {
                self.pseudonym.as_str().clone_into(subject);
            }
        }
    }

    fn blank_change(&self, change: &mut Change) {
        change.work_item = None;
        change.withdrawn = Vec::new();
        change.reported_time = None;
        change.reason = None;
        let Agent { record, standing, signed_out, items, past_offers, .. } = Arc::make_mut(&mut change.after);
        let record = Arc::make_mut(record);
        record.agent = self.pseudonym.clone();
        record.name = String::new();
        (record.queues, record.skills) = (BTreeSet::new(), BTreeSet::new());
        standing.reason = None;
        if let Some(signed_out) = signed_out {
            signed_out.reason = None;
        }
        for (place, item) in items.iter_mut().enumerate() {
            // What it takes is a part of the figures; a number is an id in any case.
            if let Ok(id) = WorkItemId::new((place + 1).to_string()) {
                item.id = id;
            }
        }
        *past_offers = PastOffers::default();
    }
}
