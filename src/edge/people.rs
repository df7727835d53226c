//! The names of people and machines that act on others: their tokens say them, and what is kept of their deeds is only
//! the subject. So the hub keeps who said which name last, and whoever is told a subject may ask for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tracing::warn;

use super::ledger::Records;
use crate::domain::role::Role;
use crate::engine::{Engine, Ledger, LedgerRecord};
use crate::identity::Caller;

/// The most people. Those beyond have no name here. A record takes some hundred bytes.
pub const MOST: usize = 20_000;
/// Names that are being kept at once. Whoever comes meanwhile is noted when they ask again.
const AT_ONCE: usize = 64;

/// What somebody is called, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Who, by the token.
    subject: String,
    /// The name that the token said.
    name: String,
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
    /// background; one that could not be kept is taken up again when they ask again.
    pub fn meet(&self, caller: &Caller) {
        let Some(name) = &caller.name else { return };
        let acts_on_others = caller.roles.iter().any(|role| *role != Role::Agent);
        if !acts_on_others || self.knows(&caller.subject, name) {
            return;
        }
        let Ok(place) = self.places.clone().try_acquire_owned() else { return };
        let called = Called { subject: caller.subject.clone(), name: name.clone() };
        self.records.with(|all| drop(all.insert(called.subject.clone(), called.clone())));
        let people = self.clone();
        tokio::spawn(async move {
            people.keep(called).await;
            drop(place);
        });
    }

    /// Whether nothing is to be noted: it is known, or there is no room.
    fn knows(&self, subject: &str, name: &str) -> bool {
        self.records.with(|all| match all.get(subject) {
            Some(called) => called.name == name,
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
            warn!(%error, "a name was not kept; it is taken up again when they ask again");
            self.records.with(|all| drop(all.remove(&subject)));
        }
    }

    /// The name of this subject, if it is known.
    #[must_use]
    pub fn name(&self, subject: &str) -> Option<String> {
        self.records.find(subject).map(|called| called.name)
    }

    /// The name of somebody whom the engine erases is nowhere any more.
    pub async fn erase(&self, subject: &str) {
        let _turn = self.records.turn.lock().await;
        self.records.with(|all| drop(all.remove(subject)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;
    use crate::domain::time::Timestamp;
    use crate::engine::memory::{self, Disk};

    fn caller(subject: &str, name: &str, roles: &[Role]) -> Caller {
        Caller {
            subject: subject.to_owned(),
            roles: roles.iter().copied().collect::<BTreeSet<_>>(),
            teams: None,
            limit: None,
            name: Some(name.to_owned()),
            expires: Timestamp(1),
            valid_until: Timestamp(1),
            issued: None,
            token_id: String::new(),
            opaque: false,
            key: None,
        }
    }

    #[tokio::test]
    async fn whoever_acts_on_others_has_the_name_that_they_said_last_also_after_a_restart() {
        let disk = Disk::default();
        let open = || memory::open(&disk, Clock::system(None), Duration::ZERO);
        let opened = open();
        let people = People::begin(Arc::new(opened.engine), Vec::new());
        for (subject, name, roles) in [
            ("sue", "Sue", &[Role::Supervisor][..]),
            ("ada", "Ada", &[Role::Agent]),
            ("sue", "Sue Brown", &[Role::Supervisor, Role::Agent]),
        ] {
            people.meet(&caller(subject, name, roles));
            // All places are free again once it is noted.
            drop(people.places.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap());
        }
        assert_eq!(people.name("sue").as_deref(), Some("Sue Brown"));
        assert_eq!(people.name("ada"), None);
        let mut opened = open();
        let kept = opened.loaded.ledgers.remove(&Ledger::People).unwrap();
        let people = People::begin(Arc::new(opened.engine), kept);
        assert_eq!(people.name("sue").as_deref(), Some("Sue Brown"));
        people.erase("sue").await;
        assert_eq!(people.name("sue"), None);
    }
}
