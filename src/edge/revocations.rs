//! Revocations: kept by the engine first, then effective. Sockets and streams of what is no longer believed end
//! within a second, by whoever [watches](super::tokens) over live tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tracing::error;

use super::ledger::next_id;
use crate::domain::audit::Note;
use crate::domain::time::Timestamp;
use crate::engine::{Engine, Ledger, LedgerChange, LedgerRecord};
use crate::identity::{Identity, Revoke};

/// The most revocations that do not end by themselves. A record takes some hundred bytes.
pub const MOST_WITHOUT_END: usize = 100_000;
/// The most in all: each of 200,000 people signs out five times within the life of a token and a day.
pub const MOST_IN_ALL: usize = 1_000_000;
/// What was to be forgotten is kept for a day more: the wall clock may have been ahead.
const KEPT_LONGER: Duration = Duration::from_hours(24);

/// Of those, so many are forgotten at once: each sign-out of a large house may have made one, and nobody is to wait for
/// all of them.
const MOST_AT_ONCE: usize = 1_000;

/// A revocation, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The token that it is about; none if it is about all of a subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// Whose tokens, or whose token if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The digest of the subject that it is about, which stays when the name is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who revoked it.
    pub revoked_by: String,
    /// When; of a subject everything that was issued before.
    pub at: i64,
    /// When it means nothing any more, because the token has expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// What is to be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// One token.
    Token {
        /// Its id.
        id: String,
        /// Whose it is, if that is known.
        of: Option<String>,
        /// When it is not believed any more in any case, if that is known.
        until: Option<Timestamp>,
    },
    /// All that a subject was issued up to now.
    Subject(String),
}

/// Why nothing was revoked, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is none of that id.
    #[error("no revocation has this id")]
    Unknown,
    /// There are enough.
    #[error(
        "there are {MOST_WITHOUT_END} revocations that do not end by themselves, or {MOST_IN_ALL} in all; take some back"
    )]
    TooMany,
    /// The engine could not keep it.
    #[error("it was not kept: {0}")]
    NotKept(String),
}

/// All revocations. Clones share them.
#[derive(Clone)]
pub struct Revocations {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Arc<dyn Engine>,
    identity: Identity,
    /// One change of what is kept at a time.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    all: BTreeMap<String, Record>,
    /// Those that end by themselves, by when.
    ending: BTreeSet<(i64, String)>,
    /// For each subject the one that is about all of its tokens.
    of: BTreeMap<String, String>,
}

impl Record {
    fn revoke(&self) -> Option<Revoke> {
        match (&self.token_id, &self.digest) {
            (Some(id), _) => Some(Revoke::Token(id.clone())),
            (None, Some(digest)) => Some(Revoke::Subject { digest: digest.clone(), before: Timestamp(self.at) }),
            (None, None) => None,
        }
    }

    fn kept(&self, id: &str) -> LedgerRecord {
        let record = serde_json::to_string(self).unwrap_or_else(|_| unreachable!("texts and numbers are JSON"));
        LedgerRecord { id: id.to_owned(), record, until: self.until.map(Timestamp) }
    }
}

impl State {
    fn insert(&mut self, id: String, record: Record) {
        if let Some(until) = record.until {
            self.ending.insert((until, id.clone()));
        }
        if let Some(digest) = &record.digest {
            self.of.insert(digest.clone(), id.clone());
        }
        self.all.insert(id, record);
    }

    fn remove(&mut self, id: &str) -> Option<Record> {
        let record = self.all.remove(id)?;
        if let Some(until) = record.until {
            self.ending.remove(&(until, id.to_owned()));
        }
        if let Some(digest) = &record.digest
            && self.of.get(digest).is_some_and(|other| other == id)
        {
            self.of.remove(digest);
        }
        Some(record)
    }

    /// Those that mean nothing any more, or the first of them.
    fn over(&self, now: Timestamp) -> Vec<String> {
        let is_over = |until: i64| Timestamp(until).plus(KEPT_LONGER) <= now;
        let over = self.ending.iter().take_while(|(until, _)| is_over(*until));
        over.take(MOST_AT_ONCE).map(|(_, id)| id.clone()).collect()
    }
}

impl Revocations {
    /// Those that the engine had, which count from now on.
    #[must_use]
    pub fn begin(engine: Arc<dyn Engine>, identity: Identity, kept: Vec<LedgerRecord>) -> Self {
        let mut state = State::default();
        for LedgerRecord { id, record, .. } in kept {
            match serde_json::from_str::<Record>(&record) {
                Ok(record) => {
                    if let Some(revoke) = record.revoke() {
                        identity.revoke(&revoke);
                    }
                    state.insert(id, record);
                }
                Err(error) => error!(id, %error, "a revocation cannot be read, and does not count"),
            }
        }
        let (turn, state) = (tokio::sync::Mutex::default(), Mutex::new(state));
        Self { shared: Arc::new(Shared { engine, identity, turn, state }) }
    }

    /// Revokes a token, or all tokens of a subject. It is kept together with the `note` for the audit, whose asker is
    /// who revoked. Once this returns it counts, also after a restart. A newer revocation of a subject takes the
    /// place of the older one.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn revoke(
        &self,
        which: Which,
        reason: Option<String>,
        note: Note,
        now: Timestamp,
    ) -> Result<(String, Record), Refused> {
        let revocations = self.clone();
        // Whoever asked may go away; what was kept counts in any case.
        let done = tokio::spawn(async move { revocations.revoke_here(which, reason, note, now).await }).await;
        done.unwrap_or_else(|error| Err(Refused::NotKept(error.to_string())))
    }

    async fn revoke_here(
        &self,
        which: Which,
        reason: Option<String>,
        note: Note,
        now: Timestamp,
    ) -> Result<(String, Record), Refused> {
        let _turn = self.shared.turn.lock().await;
        let at = now.0;
        let by = note.asker.as_ref().map(|asker| asker.subject.clone()).unwrap_or_default();
        let record = match which {
            Which::Token { id, of, until } => Record {
                token_id: Some(id),
                subject: of,
                digest: None,
                reason,
                revoked_by: by,
                at,
                until: until.map(|until| until.0),
            },
            Which::Subject(subject) => {
                let Revoke::Subject { digest, .. } = Revoke::subject(&subject, now) else {
                    unreachable!("it is about a subject")
                };
                let (subject, digest) = (Some(subject), Some(digest));
                Record { token_id: None, subject, digest, reason, revoked_by: by, at, until: None }
            }
        };
        let id = next_id(now);
        let gone = {
            let state = self.shared.state.lock();
            let without_end = state.all.len() - state.ending.len();
            let before = record.digest.as_ref().and_then(|digest| state.of.get(digest).cloned());
            let mut gone = state.over(now);
            let is_one_too_many = (record.until.is_none() && before.is_none() && without_end >= MOST_WITHOUT_END)
                || state.all.len() >= MOST_IN_ALL + gone.len();
            if is_one_too_many {
                return Err(Refused::TooMany);
            }
            gone.extend(before);
            gone
        };
        let mut changes: Vec<_> = gone.iter().map(|id| LedgerChange::Removed { id: id.clone() }).collect();
        changes.push(LedgerChange::Put(record.kept(&id)));
        self.keep(changes, note).await?;
        let mut state = self.shared.state.lock();
        if let Some(revoke) = record.revoke() {
            self.shared.identity.revoke(&revoke);
        }
        for id in gone {
            self.forget(&mut state, &id);
        }
        state.insert(id.clone(), record.clone());
        Ok((id, record))
    }

    /// Takes one back: what it was about is believed again.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn take_back(&self, id: String, note: Note) -> Result<(), Refused> {
        let revocations = self.clone();
        let done = tokio::spawn(async move {
            let _turn = revocations.shared.turn.lock().await;
            if !revocations.shared.state.lock().all.contains_key(&id) {
                return Err(Refused::Unknown);
            }
            revocations.keep(vec![LedgerChange::Removed { id: id.clone() }], note).await?;
            revocations.forget(&mut revocations.shared.state.lock(), &id);
            Ok(())
        });
        done.await.unwrap_or_else(|error| Err(Refused::NotKept(error.to_string())))
    }

    /// The one of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Record> {
        self.shared.state.lock().all.get(id).cloned()
    }

    /// So many beyond an id, in the order of their making.
    #[must_use]
    pub fn beyond(&self, after: Option<&str>, many: usize) -> Vec<(String, Record)> {
        let state = self.shared.state.lock();
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let beyond = state.all.range::<str, _>((after, Bound::Unbounded)).take(many);
        beyond.map(|(id, record)| (id.clone(), record.clone())).collect()
    }

    /// Another node has revoked something, or taken that back.
    pub fn follow(&self, changes: &[LedgerChange]) {
        let mut state = self.shared.state.lock();
        for change in changes {
            match change {
                LedgerChange::Removed { id } => self.forget(&mut state, id),
                LedgerChange::Put(LedgerRecord { id, record, .. }) => match serde_json::from_str::<Record>(record) {
                    Ok(record) => {
                        if let Some(revoke) = record.revoke() {
                            self.shared.identity.revoke(&revoke);
                        }
                        state.insert(id.clone(), record);
                    }
                    Err(error) => error!(id, %error, "a revocation cannot be read, and does not count"),
                },
            }
        }
    }

    /// A person was erased, and is called otherwise.
    pub fn erase(&self, person: &str, pseudonym: &str) {
        for record in self.shared.state.lock().all.values_mut() {
            if record.subject.as_deref() == Some(person) {
                record.subject = Some(pseudonym.to_owned());
                record.reason = None;
            }
            if record.revoked_by == person {
                pseudonym.clone_into(&mut record.revoked_by);
            }
        }
    }

    fn forget(&self, state: &mut State, id: &str) {
        if let Some(revoke) = state.remove(id).and_then(|record| record.revoke()) {
            self.shared.identity.believe_again(&revoke);
        }
    }

    async fn keep(&self, changes: Vec<LedgerChange>, note: Note) -> Result<(), Refused> {
        let kept = self.shared.engine.keep_ledger(Ledger::Revocations, changes, Some(note)).await;
        match kept {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Refused::NotKept(error.to_string())),
            Err(_) => Err(Refused::NotKept("the engine has stopped".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_large_house_signed_out_of_is_forgotten_a_thousand_at_a_time() {
        let mut state = State::default();
        for n in 0..2_500 {
            let record = Record {
                token_id: Some(n.to_string()),
                subject: None,
                digest: None,
                reason: None,
                revoked_by: "ada".to_owned(),
                at: 0,
                until: Some(n),
            };
            state.insert(n.to_string(), record);
        }
        let now = Timestamp(2_499).plus(KEPT_LONGER);
        let many: Vec<usize> = std::iter::from_fn(|| {
            let over = state.over(now);
            over.iter().for_each(|id| drop(state.remove(id)));
            Some(over.len()).filter(|many| *many > 0)
        })
        .collect();
        assert_eq!(many, [1_000, 1_000, 500]);
    }
}
