//! A ledger of the engine, with what it holds in memory as well: every change is kept first, and counts then.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::error;

use crate::domain::audit::Note;
use crate::domain::time::Timestamp;
use crate::engine::{Engine, Ledger, LedgerChange, LedgerRecord};
use crate::identity::unguessable_id;

/// So many records are looked at without a pause.
const BITE: usize = 2_000;

/// The engine could not keep it, and it does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was not kept: {0}")]
pub struct NotKept(pub String);

/// The records of a ledger.
pub struct Records<R> {
    engine: Arc<dyn Engine>,
    ledger: Ledger,
    all: Mutex<BTreeMap<String, R>>,
    /// Held by whoever looks at the records to decide how they change.
    pub turn: tokio::sync::Mutex<()>,
}

impl<R: Clone + Serialize + DeserializeOwned> Records<R> {
    /// Those that the engine had. One that cannot be read is told of, and does not count.
    pub fn begin(engine: Arc<dyn Engine>, ledger: Ledger, kept: Vec<LedgerRecord>) -> Self {
        let mut all = BTreeMap::new();
        for LedgerRecord { id, record, .. } in kept {
            match serde_json::from_str(&record) {
                Ok(record) => drop(all.insert(id, record)),
                Err(error) => {
                    error!(ledger = ledger.as_str(), id, %error, "a record cannot be read, and does not count")
                }
            }
        }
        Self { engine, ledger, all: Mutex::new(all), turn: tokio::sync::Mutex::default() }
    }

    /// Keeps a record, new or changed, and takes others away, with the note of it in the audit, all or nothing. `until`
    /// is from when on the record means nothing.
    ///
    /// # Errors
    /// [`NotKept`]
    pub async fn put(
        &self,
        (id, record, until): (&str, R, Option<Timestamp>),
        gone: &[String],
        note: Option<Note>,
    ) -> Result<(), NotKept> {
        let text = serde_json::to_string(&record).map_err(|error| NotKept(error.to_string()))?;
        let kept = LedgerRecord { id: id.to_owned(), record: text, until };
        self.keep(removals(gone).chain([LedgerChange::Put(kept)]).collect(), note).await?;
        let mut all = self.all.lock();
        gone.iter().for_each(|id| drop(all.remove(id)));
        all.insert(id.to_owned(), record);
        Ok(())
    }

    /// Takes records away, with the note of it, all or nothing.
    ///
    /// # Errors
    /// [`NotKept`]
    pub async fn remove(&self, gone: &[String], note: Option<Note>) -> Result<(), NotKept> {
        self.keep(removals(gone).collect(), note).await?;
        let mut all = self.all.lock();
        gone.iter().for_each(|id| drop(all.remove(id)));
        Ok(())
    }

    /// Takes records away of somebody who is erased: in memory in any case, and from the engine what came to it after the
    /// erasure.
    pub async fn erase(&self, gone: &[String]) {
        if gone.is_empty() {
            return;
        }
        if let Err(error) = self.remove(gone, None).await {
            error!(ledger = self.ledger.as_str(), %error, "what came after an erasure may still be kept");
            self.with(|all| gone.iter().for_each(|id| drop(all.remove(id))));
        }
    }

    /// Looks at all records while nothing else changes them, or changes what is only in memory.
    pub fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<String, R>) -> T) -> T {
        look(&mut self.all.lock())
    }

    /// Another node has changed the ledger. Returns the record as it is now; none if it is gone, or cannot be read.
    pub fn follow(&self, change: &LedgerChange) -> Option<R> {
        match change {
            LedgerChange::Removed { id } => {
                self.all.lock().remove(id);
                None
            }
            LedgerChange::Put(LedgerRecord { id, record, .. }) => match serde_json::from_str::<R>(record) {
                Ok(record) => {
                    self.all.lock().insert(id.clone(), record.clone());
                    Some(record)
                }
                Err(error) => {
                    error!(ledger = self.ledger.as_str(), id, %error, "a record cannot be read, and does not count");
                    None
                }
            },
        }
    }

    /// The one of this id.
    pub fn find(&self, id: &str) -> Option<R> {
        self.all.lock().get(id).cloned()
    }

    /// So many beyond an id, in the order of their making, of those that are `such`. They are looked at in bites between
    /// which others are served, for there may be very many that are not.
    pub async fn beyond(&self, after: Option<&str>, many: usize, such: impl Fn(&R) -> bool + Send) -> Vec<(String, R)> {
        let mut found = Vec::new();
        let mut behind = after.map(str::to_owned);
        loop {
            let last = {
                let all = self.all.lock();
                let from = behind.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
                let bite = || all.range::<str, _>((from, Bound::Unbounded)).take(BITE);
                let of_them = bite().filter(|(_, record)| such(record)).take(many - found.len());
                found.extend(of_them.map(|(id, record)| (id.clone(), record.clone())));
                bite().last().map(|(id, _)| id.clone())
            };
            if last.is_none() || found.len() == many {
                return found;
            }
            behind = last;
            tokio::task::yield_now().await;
        }
    }

    async fn keep(&self, changes: Vec<LedgerChange>, note: Option<Note>) -> Result<(), NotKept> {
        match self.engine.keep_ledger(self.ledger, changes, note).await {
            Ok(kept) => kept.map_err(|error| NotKept(error.to_string())),
            Err(_) => Err(NotKept("the engine has stopped".to_owned())),
        }
    }
}

fn removals(gone: &[String]) -> impl Iterator<Item = LedgerChange> + '_ {
    gone.iter().map(|id| LedgerChange::Removed { id: id.clone() })
}

/// A new id of a record. In the order of their ids records are in the order of their making.
pub fn next_id(now: Timestamp) -> String {
    format!("{:012x}{}", now.0.max(0), &unguessable_id()[..20])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;
    use crate::engine::memory::{self, Disk};

    #[tokio::test]
    async fn a_page_is_found_however_many_lie_before_it_that_are_not_meant() {
        let engine = memory::open(&Disk::default(), Clock::system(None), Duration::ZERO).engine;
        let kept = (0..3 * BITE as u64 + 7).map(|number| LedgerRecord {
            id: format!("{number:06}"),
            record: number.to_string(),
            until: None,
        });
        let records = Records::<u64>::begin(Arc::new(engine), Ledger::Sessions, kept.collect());
        let late = 3 * BITE as u64;
        let found = records.beyond(None, 5, |number| *number >= late).await;
        let numbers: Vec<u64> = found.iter().map(|(_, number)| *number).collect();
        assert_eq!(numbers, [late, late + 1, late + 2, late + 3, late + 4]);
        assert_eq!(records.beyond(Some(&found[4].0), 5, |_| true).await.len(), 2);
        assert_eq!(records.beyond(None, 2 * BITE, |number| number % 2 == 0).await.len(), BITE * 3 / 2 + 4);
        assert!(records.beyond(None, 0, |_| true).await.is_empty());
    }
}
