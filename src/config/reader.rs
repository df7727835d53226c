//! Takes settings one by one, and remembers every mistake instead of stopping at the first.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::mistake::{ConfigErrors, Mistake};
use super::nearest::nearest;
use super::source::{Place, Sources, variable_of};

/// A setting's name with its sections before it, such as `auth.jwt.issuer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub &'static str);

pub struct Reader {
    sources: Sources,
    taken: BTreeMap<Key, Taken>,
    mistakes: Vec<Mistake>,
}

/// Where a setting that was asked for came from.
enum Taken {
    Found { shown: String, place: String },
    Default,
}

impl Reader {
    pub fn new(sources: Sources) -> Self {
        Self { sources, taken: BTreeMap::new(), mistakes: Vec::new() }
    }

    /// The setting `key`: what `kind` reads, or `default` if it is absent or wrong. A wrong one is
    /// remembered with what would be right.
    pub fn take<T>(&mut self, key: Key, kind: &impl Kind<Value = T>, default: T) -> T {
        let Some(found) = self.sources.values.get(key.0) else {
            self.taken.insert(key, Taken::Default);
            return default;
        };
        let read = kind.read(&found.written);
        let taken = Taken::Found { shown: kind.shown(&found.written), place: found.place.to_string() };
        self.taken.insert(key, taken);
        read.unwrap_or_else(|right| {
            self.wrong(key, right);
            default
        })
    }

    /// Remembers that the value of `key` does not do; for rules between settings.
    pub fn wrong(&mut self, key: Key, right: impl Into<String>) {
        let (name, right) = (key.0.to_owned(), right.into());
        self.mistakes.push(match self.taken.get(&key) {
            Some(Taken::Found { shown, place }) => {
                Mistake::Wrong { key: name, value: shown.clone(), place: place.clone(), right }
            }
            Some(Taken::Default) | None => Mistake::WrongByDefault { key: name, right },
        });
    }

    /// Whether `key` already has a mistake, so that rules between settings do not blame its default.
    pub fn is_wrong(&self, key: Key) -> bool {
        self.mistakes.iter().any(|mistake| matches!(mistake, Mistake::Wrong { key: wrong, .. } if wrong == key.0))
    }

    /// Whether somebody said what `key` is.
    pub fn is_said(&self, key: Key) -> bool {
        matches!(self.taken.get(&key), Some(Taken::Found { .. }))
    }

    /// Every mistake, with what nobody asked for among them.
    pub fn finish(mut self) -> Result<(), ConfigErrors> {
        let known = || self.taken.keys().map(|key| key.0);
        for (key, found) in &self.sources.values {
            if !known().any(|known| known == key) {
                let nearest = nearest(key, known()).map(|known| match &found.place {
                    Place::Line { .. } => known.to_owned(),
                    Place::Variable(_) => variable_of(known),
                });
                self.mistakes.push(Mistake::Unknown { key: key.clone(), place: found.place.to_string(), nearest });
            }
        }
        for (section, place) in &self.sources.sections {
            let prefix = format!("{section}.");
            let is_used = |key: &str| key.starts_with(&prefix);
            // One with keys was reported by its keys.
            if !known().any(is_used) && !self.sources.values.keys().any(|key| is_used(key)) {
                let key = format!("[{section}]");
                self.mistakes.push(Mistake::Unknown { key, place: place.to_string(), nearest: None });
            }
        }
        if self.mistakes.is_empty() { Ok(()) } else { Err(ConfigErrors(self.mistakes)) }
    }
}
