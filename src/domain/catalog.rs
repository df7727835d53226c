//! The presences there are.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::ids::PresenceId;
use super::presence::{BaseStatus, BuiltIn, Presence};

/// The presences there are, retired ones included. The six built-in ones are always among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    presences: BTreeMap<PresenceId, Presence>,
}

impl Default for Catalog {
    fn default() -> Self {
        let presences = BuiltIn::ALL.map(|kind| (kind.id(), Presence::built_in(kind)));
        Self { presences: presences.into() }
    }
}

impl Catalog {
    /// The presence of that id, retired or not.
    #[must_use]
    pub fn find(&self, id: &PresenceId) -> Option<&Presence> {
        self.presences.get(id)
    }

    /// The enabled presence that a person names: by its id, by the product's well-known id
    /// (rule book, *Ids of the product*), or by its text if exactly one has that text.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Presence> {
        let enabled = |presence: &&Presence| presence.enabled;
        if let Some(presence) = self.presences.get(name) {
            return Some(presence).filter(enabled);
        }
        if let Some(kind) = BuiltIn::of_well_known_id(name) {
            return self.presences.get(kind.as_str());
        }
        let mut of_text = self.presences.values().filter(|presence| presence.enabled && presence.text == name);
        match (of_text.next(), of_text.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    /// What is left of a presence that had this base status: itself, if it can still be held; else the
    /// built-in one of the same base.
    #[must_use]
    pub fn left_of(&self, id: &PresenceId, base: BaseStatus) -> &Presence {
        self.find(id).filter(|presence| presence.enabled).unwrap_or_else(|| self.built_in(base))
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Presence> {
        self.presences.values()
    }

    /// Those behind this id, by id.
    pub fn behind(&self, id: Option<&str>) -> impl Iterator<Item = &Presence> {
        let start = id.map_or(Bound::Unbounded, Bound::Excluded);
        self.presences.range::<str, _>((start, Bound::Unbounded)).map(|(_, presence)| presence)
    }

    /// The built-in presence of a base status.
    #[must_use]
    pub fn built_in(&self, base: BaseStatus) -> &Presence {
        &self.presences[BuiltIn::of(base).as_str()]
    }

    /// Adds or replaces a custom presence. A built-in one is never replaced.
    pub fn put(&mut self, presence: Presence) {
        if !self.presences.get(&presence.id).is_some_and(|known| known.built_in) {
            self.presences.insert(presence.id.clone(), presence);
        }
    }

    /// Takes a custom presence out. A built-in one stays.
    pub fn remove(&mut self, id: &PresenceId) {
        if !self.presences.get(id).is_some_and(|known| known.built_in) {
            self.presences.remove(id);
        }
    }
}
