//! Which sessions there are, by what they have in common and by when they end.

use std::collections::{BTreeSet, HashMap};

use super::{Came, PageSession};
use crate::domain::time::Timestamp;

/// What sessions have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Who is signed in.
    Subject(String),
    /// The same, as the provider calls them.
    ProviderSubject(String),
    /// The session at the provider.
    ProviderSession(String),
    /// The token that they came from.
    Token(String),
}

/// The ids of all sessions.
#[derive(Debug, Default)]
pub struct Index {
    ends: HashMap<String, (Timestamp, Vec<Key>)>,
    ending: BTreeSet<(Timestamp, String)>,
    by: HashMap<Key, BTreeSet<String>>,
}

fn keys(session: &PageSession) -> Vec<Key> {
    let mut keys = vec![Key::Subject(session.subject.clone())];
    match &session.came {
        Came::Provider { provider_subject, provider_session, .. } => {
            keys.push(Key::ProviderSubject(provider_subject.clone()));
            keys.extend(provider_session.clone().map(Key::ProviderSession));
        }
        Came::Token { token_id, .. } => keys.push(Key::Token(token_id.clone())),
    }
    keys
}

impl Index {
    /// There is this one, new or as it is now.
    pub fn insert(&mut self, id: &str, session: &PageSession) {
        self.remove(id);
        let (until, keys) = (session.valid_until(), keys(session));
        self.ending.insert((until, id.to_owned()));
        for key in &keys {
            self.by.entry(key.clone()).or_default().insert(id.to_owned());
        }
        self.ends.insert(id.to_owned(), (until, keys));
    }

    /// It is gone.
    pub fn remove(&mut self, id: &str) {
        let Some((until, keys)) = self.ends.remove(id) else { return };
        self.ending.remove(&(until, id.to_owned()));
        for key in keys {
            if let Some(ids) = self.by.get_mut(&key) {
                ids.remove(id);
                if ids.is_empty() {
                    self.by.remove(&key);
                }
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// At most so many of those that have ended.
    pub fn over(&self, now: Timestamp, most: usize) -> Vec<String> {
        self.ending.iter().take_while(|(until, _)| *until <= now).take(most).map(|(_, id)| id.clone()).collect()
    }

    /// Those that have this in common, the oldest first.
    pub fn of(&self, key: &Key) -> Vec<String> {
        self.by.get(key).map(|ids| ids.iter().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(subject: &str, came: Came, expires_at: i64) -> PageSession {
        PageSession {
            subject: subject.to_owned(),
            name: None,
            roles: vec!["agent".to_owned()],
            teams: None,
            digest: String::new(),
            begun_at: 0,
            expires_at,
            ends_at: 100,
            address: None,
            came,
        }
    }

    fn of_provider(sid: &str) -> Came {
        Came::Provider {
            provider_subject: "p-ada".to_owned(),
            provider_session: Some(sid.to_owned()),
            provider_issued: None,
        }
    }

    fn of_token() -> Came {
        Came::Token { token_id: "t1".to_owned(), issued: None, valid_until: 15, key: None }
    }

    #[test]
    fn sessions_are_found_by_what_they_have_in_common_until_they_are_gone() {
        let mut index = Index::default();
        index.insert("1", &session("ada", of_provider("s1"), 10));
        index.insert("2", &session("ada", of_provider("s2"), 20));
        index.insert("3", &session("ada", of_token(), 12));
        assert_eq!(index.of(&Key::Subject("ada".to_owned())), ["1", "2", "3"]);
        assert_eq!(index.of(&Key::ProviderSubject("p-ada".to_owned())), ["1", "2"]);
        assert_eq!(index.of(&Key::ProviderSession("s2".to_owned())), ["2"]);
        assert_eq!(index.of(&Key::Token("t1".to_owned())), ["3"]);
        index.insert("1", &session("ada", of_provider("s1"), 30));
        assert_eq!(index.over(Timestamp(20), 9), ["3", "2"], "renewed ones last longer");
        assert_eq!(index.over(Timestamp(20), 1), ["3"]);
        for id in ["1", "2", "3", "3"] {
            index.remove(id);
        }
        assert_eq!((index.len(), index.by.len(), index.ending.len()), (0, 0, 0));
    }
}
