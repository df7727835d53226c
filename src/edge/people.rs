//! The names of people and machines that act on others: their tokens say them, and what is kept of their deeds is only
//! the subject. So the hub keeps who said which name last, and whoever is told a subject may ask for it.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tracing::warn;

use super::ledger::Records;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::engine::{Engine, Ledger, LedgerChange, LedgerRecord};
use crate::identity::Caller;

/// The most people. Those beyond have no name here. A record takes some hundred bytes.
pub const MOST: usize = 20_000;
/// Names that are being kept at once. Whoever comes meanwhile is noted when they ask again.
const AT_ONCE: usize = 64;

/// How long a name stands before another takes its place, and before one that could not be kept is tried again: two
/// tokens of one subject that say different names in turn, or a full disk, cost no write for each request.
const STANDS: Duration = Duration::from_hours(1);

/// What somebody is called, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Who, by the token.
    subject: String,
    /// The name that the token said.
    name: String,
    /// When it said so, in milliseconds since 1970.
    at: i64,
    /// It could not be kept, and stands in memory only.
    #[serde(skip)]
    unkept: bool,
}

/// All of them. Clones share them.
#[derive(Clone)]
pub struct People {
    records: Arc<Records<Called>>,
    places: Arc<Semaphore>,
}

impl People {
    /// Those that the engine had.
    #[must_use]
    pub fn begin(engine: Arc<dyn Engine>, kept: Vec<LedgerRecord>) -> Self {
        let records = Records::begin(engine, Ledger::People, kept);
        Self { records: Arc::new(records), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Somebody is here who was believed. The name of whoever can act on others counts at once, and is kept in the
    /// background.
    pub fn meet(&self, caller: &Caller, now: Timestamp) {
        let Some(name) = &caller.name else { return };
        let acts_on_others = caller.roles.each().any(|role| role != Role::Agent);
        if !acts_on_others || self.stands(&caller.subject, name, now) {
            return;
        }
        let Ok(place) = self.places.clone().try_acquire_owned() else { return };
        let called = Called { subject: caller.subject.clone(), name: name.to_string(), at: now.0, unkept: false };
        self.records.with(|all| drop(all.insert(called.subject.clone(), called.clone())));
        let people = self.clone();
        tokio::spawn(async move {
            people.keep(called).await;
            drop(place);
        });
    }

    /// Whether nothing is to be noted: it is known, another stands for a while yet, or there is no room.
    fn stands(&self, subject: &str, name: &str, now: Timestamp) -> bool {
        self.records.with(|all| match all.get(subject) {
            Some(called) if called.name == name && !called.unkept => true,
            // The wall clock may have been put back.
            Some(called) => u128::from(now.0.abs_diff(called.at)) < STANDS.as_millis(),
            None => all.len() >= MOST,
        })
    }

    async fn keep(&self, called: Called) {
        let _turn = self.records.turn.lock().await;
        let subject = called.subject.clone();
        // Whoever was erased meanwhile, or has another name by now, is not kept.
        if self.records.find(&subject).as_ref() != Some(&called) {
            return;
        }
        if let Err(error) = self.records.put((&subject, called, None), &[], None).await {
            warn!(%error, "a name was not kept; it is tried again in an hour");
            self.records.with(|all| {
                if let Some(called) = all.get_mut(&subject) {
                    called.unkept = true;
                }
            });
        }
    }

    /// The name of this subject, if it is known.
    #[must_use]
    pub fn name(&self, subject: &str) -> Option<String> {
        self.records.find(subject).map(|called| called.name)
    }

    /// Another node has met people.
    pub fn follow(&self, changes: &[LedgerChange]) {
        for change in changes {
            self.records.follow(change);
        }
    }

    /// The name of somebody whom the engine erases is nowhere any more, nor one that came to it after the erasure.
    pub async fn erase(&self, subject: &str) {
        let _turn = self.records.turn.lock().await;
        self.records.erase(&[subject.to_owned()]).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::engine::memory::{self, Disk};

    fn caller(subject: &str, name: &str, roles: &[Role]) -> Caller {
        Caller {
            subject: subject.to_owned(),
            roles: roles.iter().copied().collect(),
            teams: None,
            limited: false,
            name: Some(name.into()),
            expires: Timestamp(1),
            valid_until: Timestamp(1),
            issued: None,
            token_id: String::new(),
            opaque: false,
            key: None,
        }
    }

    const HOUR: i64 = 3_600_000;

    async fn meets(people: &People, subject: &str, name: &str, roles: &[Role], at: i64) {
        people.meet(&caller(subject, name, roles), Timestamp(at));
        // All places are free again once it is noted.
        drop(people.places.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap());
    }

    fn opened(disk: &Disk) -> People {
        let mut opened = memory::open(disk, Clock::system(None), Duration::ZERO);
        let kept = opened.loaded.ledgers.remove(&Ledger::People).unwrap_or_default();
        People::begin(Arc::new(opened.engine), kept)
    }

    #[tokio::test]
    async fn whoever_acts_on_others_has_a_name_also_after_a_restart_until_they_are_erased() {
        let disk = Disk::default();
        let people = opened(&disk);
        meets(&people, "sue", "Sue", &[Role::Supervisor], 0).await;
        meets(&people, "ada", "Ada", &[Role::Agent], 0).await;
        meets(&people, "sue", "Sue Brown", &[Role::Supervisor, Role::Agent], HOUR).await;
        assert_eq!((people.name("sue").as_deref(), people.name("ada")), (Some("Sue Brown"), None));
        assert_eq!(opened(&disk).name("sue").as_deref(), Some("Sue Brown"));
        people.erase("sue").await;
        assert_eq!((people.name("sue"), opened(&disk).name("sue")), (None, None));
    }

    #[tokio::test]
    async fn names_that_two_tokens_say_in_turn_take_no_write_each() {
        let people = opened(&Disk::default());
        for request in 0..100 {
            meets(&people, "acd", ["Voice", "Chat"][request % 2], &[Role::Integration], HOUR / 200).await;
        }
        assert_eq!(people.name("acd").as_deref(), Some("Voice"));
        // Also after the clock was put back by less than that.
        meets(&people, "acd", "Chat", &[Role::Integration], -HOUR / 2).await;
        assert_eq!(people.name("acd").as_deref(), Some("Voice"));
        meets(&people, "acd", "Chat", &[Role::Integration], 2 * HOUR).await;
        assert_eq!(people.name("acd").as_deref(), Some("Chat"));
    }
}
