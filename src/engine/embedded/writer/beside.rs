//! What the writer keeps beside the log, and looks up in it: each for itself, after the group.

use rusqlite::Connection;

use super::Writer;
use crate::clock::Clock;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::embedded::condition::Tried;
use crate::engine::embedded::database::Database;
use crate::engine::embedded::erasing::Accepted;
use crate::engine::embedded::queue::Job;
use crate::engine::embedded::store::StoreError;
use crate::engine::embedded::{audit, ledgers, webhooks};
use crate::engine::{Erase, Erasure, NotErased, NotedTold, Subject, Unreachable};
use crate::history::told::{Became, keep};

impl Writer {
    pub(super) fn look_up(&mut self, job: Job, clock: &Clock) {
        match (job, &self.database) {
            (Job::KeepUp(done), _) => {
                while matches!(self.keep_up(clock), Tried::Kept) && self.upkeep.patience().is_some() {}
                // Whoever waited may have gone.
                let _ = done.send(());
            }
            (Job::Recall { operation, reply }, Database::Open(store)) => {
                let found = store
                    .recall(&operation, self.generation.number, self.now)
                    .map_err(|error| Unreachable(error.to_string()));
                drop(reply.send(found));
            }
            (Job::Find { agent, reply }, Database::Open(store)) => {
                let found = store.find(&agent).map_err(|error| Unreachable(error.to_string()));
                drop(reply.send(found));
            }
            (Job::Webhooks { changes, note, reply }, Database::Open(_)) => {
                let now = self.now;
                drop(reply.send(self.keep(clock, |store| {
                    webhooks::change(store, &changes)?;
                    audit::add_all(store, now, &note)
                })));
            }
            (Job::Ledger { ledger, changes, note, reply }, Database::Open(_)) => {
                let now = self.now;
                drop(reply.send(self.keep(clock, |store| {
                    ledgers::change(store, ledger, &changes)?;
                    audit::add_all(store, now, note.as_deref())
                })));
            }
            (Job::Told { changes, reply }, Database::Open(_)) => {
                let now = self.now;
                drop(reply.send(self.keep(clock, |store| tell(store, &changes, now))));
            }
            (Job::Erase { erase, reply }, Database::Open(_)) => drop(reply.send(self.erase(&erase, clock))),
            (Job::Meddle(work), Database::Open(store)) => work(store.connection()),
            (job, Database::Open(_) | Database::Lost(_)) => job.refuse("its database is being opened anew"),
        }
    }

    /// Keeps something that stands beside the log.
    fn keep<T, E: std::error::Error>(
        &mut self,
        clock: &Clock,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, Unreachable> {
        let mut done = None;
        let tried = self.alone(clock, |store, _| work(store.connection()).map(|worked| done = Some(worked)));
        match (tried, done) {
            (Tried::Kept, Some(done)) => Ok(done),
            (Tried::Failed(error), _) => {
                self.metrics.failed.inc();
                self.in_doubt = true;
                Err(Unreachable(error))
            }
            (Tried::Kept | Tried::Nothing, _) => Err(Unreachable("its database is being opened anew".to_owned())),
        }
    }

    /// Begins to erase somebody. Answered once it is kept, and listed beside the database.
    fn erase(&mut self, erase: &Erase, clock: &Clock) -> Result<Erasure, NotErased> {
        // Looked up from now on, whatever becomes of it.
        if let Ok(agent) = AgentId::new(&erase.id) {
            self.newest.remove(&Subject::Agent(agent));
        }
        let erasing = self.erasing.clone();
        let now = self.now;
        let accepted = self.keep(clock, |store| {
            let accepted = erasing.accept(store, erase)?;
            if let Accepted::Begun(begun) = &accepted {
                audit::add_all(store, now, &begun.note(erase))?;
            }
            Ok::<_, StoreError>(accepted)
        });
        let begun = match accepted.map_err(|Unreachable(why)| NotErased::Unreachable(why))? {
            Accepted::Begun(begun) => begun,
            Accepted::Before(audit) => return Ok(audit),
            Accepted::Refused(refused) => return Err(refused),
        };
        self.history.forget_people();
        self.upkeep.hasten();
        self.erasing.begun(begun)
    }
}

/// Keeps changes of what is told, and notes those that were kept.
fn tell(connection: &Connection, changes: &[NotedTold], now: Timestamp) -> rusqlite::Result<Vec<Became>> {
    let became = keep::change(connection, changes.iter().map(|(change, _)| change))?;
    let kept = changes.iter().zip(&became).filter(|(_, became)| **became == Became::Kept);
    audit::add_all(connection, now, kept.filter_map(|((_, note), _)| note.as_ref()))?;
    Ok(became)
}
