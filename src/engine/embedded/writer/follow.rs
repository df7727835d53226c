//! The writer of a node that follows the log of a cluster: what was kept there is written here, in its order.

use super::Writer;
use crate::clock::Clock;
use crate::engine::Unreachable;
use crate::engine::embedded::database::Database;
use crate::engine::embedded::group::{Beside, Group};
use crate::engine::embedded::ordered::{Ordered, Place, What};
use crate::engine::embedded::store::Failed;
use crate::engine::{Append, FromPeer, Release, Reply};

/// An append of the cluster's log.
type Followed = (Place, (Append, Vec<String>, Option<Release>));

impl Writer {
    /// Writes a batch. Appends that stand together share a transaction; what stands beside the log has one of its own.
    /// After an error the rest of the batch is not written: whoever follows begins anew behind what was.
    pub(super) fn follow(&mut self, batch: Vec<Ordered>, clock: &Clock) -> Result<(), Unreachable> {
        let mut together: Vec<Followed> = Vec::new();
        for Ordered { place, what } in batch {
            match what {
                What::Append { append, texts, release } => together.push((place, (append, texts, release))),
                What::Beside(what, reply) => {
                    self.write_followed(std::mem::take(&mut together), clock)?;
                    let told = matches!(reply, Reply::Nobody | Reply::Overheard(_)).then(|| what.clone());
                    let is_to_be_told = self.keep_beside(what, reply, Some(place), clock);
                    self.has_reached(place)?;
                    if let (Some(what), Some(peers)) = (told.filter(|_| is_to_be_told), &self.peers) {
                        // Nobody listens before the node serves, nor after.
                        drop(peers.blocking_send(FromPeer::Kept(what)));
                    }
                }
            }
        }
        self.write_followed(together, clock)
    }

    /// Whether the database is at `place`; else what should have brought it there was not written.
    fn has_reached(&self, place: Place) -> Result<(), Unreachable> {
        let Database::Open(store) = &self.database else { return Err(lost()) };
        match store.position() {
            Ok(Some(position)) if position == place.position => Ok(()),
            Ok(_) => Err(Unreachable("it could not be written".to_owned())),
            Err(error) => Err(Unreachable(error.to_string())),
        }
    }

    fn write_followed(&mut self, appends: Vec<Followed>, clock: &Clock) -> Result<(), Unreachable> {
        if appends.is_empty() {
            return Ok(());
        }
        let Database::Open(store) = &self.database else { return Err(lost()) };
        let began = clock.running();
        let mut group = Group::after(self.seq, self.upkeep.packed());
        let mut beside = Beside { history: &mut self.history, operations: &mut self.operations };
        let filled = store.begin().map_err(|error| store.roll_back(&error)).and_then(|()| {
            for (place, mut append) in appends {
                let newest = self.newest.get(&append.0.subject).unwrap_or(0);
                self.erasing.blank_what_comes(&mut append, newest);
                let followed = group.follow(store, &self.newest, &mut beside, place, append);
                followed.map_err(|error| store.roll_back(&error))?;
            }
            group.note(store, self.now, Vec::new()).map_err(|error| store.roll_back(&error))?;
            let moved = beside.operations.go_on(store.connection(), group.len());
            moved.map_err(|error| store.roll_back(&error))
        });
        match filled.and_then(|moved| store.commit().map(|()| moved)) {
            Ok(moved) => {
                self.committed(&group, clock.running() - began);
                self.operations.kept(moved, (group.len(), group.seq), self.now);
                self.hand_over(group);
                Ok(())
            }
            Err(failed) => {
                self.history.forget();
                self.metrics.failed.inc();
                // Whoever waits is told that nobody knows: it is kept in the cluster's log, and will be written.
                let error = match failed {
                    Failed::RolledBack(error) => error,
                    Failed::Unsettled(error) => {
                        self.give_up(None, clock);
                        error
                    }
                };
                Err(Unreachable(error))
            }
        }
    }
}

fn lost() -> Unreachable {
    Unreachable("its database is being opened anew".to_owned())
}
