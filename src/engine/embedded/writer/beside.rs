//! What the writer keeps beside the log, and looks up in it: each for itself, after the group.

use rusqlite::Connection;

use super::Writer;
use crate::clock::Clock;
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::engine::embedded::condition::Tried;
use crate::engine::embedded::database::Database;
use crate::engine::embedded::erasing::Accepted;
use crate::engine::embedded::ordered::Place;
use crate::engine::embedded::queue::Job;
use crate::engine::embedded::store::{StoreError, subject_key};
use crate::engine::embedded::{audit, ledgers, webhooks};
use crate::engine::{Beside, Erase, Erasure, NotErased, NotedTold, Reply, Subject, Unreachable};
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
                    .recall(&self.operations, &operation, self.now)
                    .map_err(|error| Unreachable(error.to_string()));
                drop(reply.send(found));
            }
            (Job::Find { agent, reply }, Database::Open(store)) => {
                let found = store.find(&agent).map_err(|error| Unreachable(error.to_string()));
                drop(reply.send(found));
            }
            (Job::Beside { what, reply }, Database::Open(_)) => {
                self.keep_beside(what, reply, None, clock);
            }
            (Job::Ordered { batch, reply }, Database::Open(_)) => {
                let followed = self.follow(batch, clock);
                self.in_doubt |= followed.is_err();
                // Whoever followed may have ended.
                drop(reply.send(followed));
            }
            (Job::Newest(subject, reply), Database::Open(store)) => {
                let newest = store.newest(&subject_key(&subject)).map(Option::unwrap_or_default);
                drop(reply.send(newest.map_err(|error| Unreachable(error.to_string()))));
            }
            (Job::NewestOfDirectory(reply), Database::Open(store)) => {
                let newest = store.newest_of_directory().map(Option::unwrap_or_default);
                drop(reply.send(newest.map_err(|error| Unreachable(error.to_string()))));
            }
            (Job::Position(reply), Database::Open(store)) => {
                let position = store.position().map(Option::unwrap_or_default);
                drop(reply.send(position.map_err(|error| Unreachable(error.to_string()))));
            }
            (Job::Meddle(work), Database::Open(store)) => work(store.connection()),
            (job, Database::Open(_) | Database::Lost(_)) => job.refuse("its database is being opened anew"),
        }
    }

    /// Keeps something that stands beside the log, at its position in the cluster's log if it comes from there. Whether
    /// other nodes have to be told of it.
    pub(super) fn keep_beside(&mut self, what: Beside, reply: Reply, place: Option<Place>, clock: &Clock) -> bool {
        let now = place.map_or(self.now, |place| place.at);
        let at = (place, clock);
        match what {
            Beside::Note(note) => {
                reply.done(self.keep(at, |store| audit::add_all(store, now, [&note])));
            }
            Beside::Webhooks(changes, note) => reply.done(self.keep(at, |store| {
                webhooks::change(store, &changes)?;
                audit::add_all(store, now, &note)
            })),
            Beside::Ledger(ledger, changes, note) => reply.done(self.keep(at, |store| {
                ledgers::change(store, ledger, &changes)?;
                audit::add_all(store, now, &note)
            })),
            Beside::Told(changes) => reply.told(self.keep(at, |store| tell(store, &changes, now))),
            Beside::Erase(erase) => {
                let erased = self.erase(&erase, now, at);
                let is_erased = erased.is_ok();
                reply.erased(erased);
                return is_erased;
            }
        }
        true
    }

    /// Does some work in a transaction of its own.
    fn keep<T, E: std::error::Error + From<rusqlite::Error>>(
        &mut self,
        (place, clock): (Option<Place>, &Clock),
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, Unreachable> {
        let mut done = None;
        let tried = self.alone(clock, |store, _| {
            place.map_or(Ok(()), |place| store.reached(place.position))?;
            work(store.connection()).map(|worked| done = Some(worked))
        });
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
    fn erase(&mut self, erase: &Erase, now: Timestamp, at: (Option<Place>, &Clock)) -> Result<Erasure, NotErased> {
        // Looked up from now on, whatever becomes of it.
        if let Ok(agent) = AgentId::new(&erase.id) {
            self.newest.remove(&Subject::Agent(agent));
        }
        let erasing = self.erasing.clone();
        let accepted = self.keep(at, |store| {
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
        self.operations.doubt();
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
