//! What the writer does while nobody waits for it: old entries are packed and then dropped, old rows of the history
//! go, and the file gets smaller if that leaves much of it free. Each bite is a transaction of some milliseconds.

use std::time::Duration;

use rusqlite::Connection;

use super::erasing::list::List;
use super::erasing::{self, Left};
use super::store::{Store, StoreError};
use super::{audit, packed, room};
use crate::domain::time::Timestamp;
use crate::engine::{REMEMBERED, Seq};
use crate::history::forgetting;
use crate::history::keeper::Keeper;

/// An entry of this age is packed, its neighbours with it. Until then its operation is looked up in the log.
const PACKED_AFTER: Duration = Duration::from_hours(24 * 3);
/// No younger entry is packed: as long as an operation is remembered, with as much again should the clock be put back.
const YOUNGEST: Duration = Duration::from_secs(REMEMBERED.as_secs() * 2);
/// If entries come to be so old unpacked, quiet moments do not suffice, and they are packed between commits.
const BEHIND_AFTER: Duration = Duration::from_hours(24 * 4);
/// Entries that are kept between two bites then. A block has twice as many.
const BETWEEN: usize = 32;
/// How often it is looked whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// The pause between two bites.
const PAUSE: Duration = Duration::from_millis(20);
/// The pause before it is tried again to cut the write-ahead log, which somebody reads.
const READ_PAUSE: Duration = Duration::from_secs(1);
/// How often rows of the history are looked for that are older than what is kept.
const ROUND: Duration = Duration::from_hours(1);

/// How long what is known is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The history; none for ever.
    pub keep: Option<Duration>,
    /// The entries of the log; none for ever.
    pub log: Option<Duration>,
    /// The entries of the audit; none for ever.
    pub audit: Option<Duration>,
}

/// What there is to do, and how far it has come.
#[derive(Clone, Debug)]
pub(super) struct Upkeep {
    retention: Retention,
    /// Up to where the log is packed.
    packed: Seq,
    /// When it is looked next; none while there is more to do.
    look_at: Option<Timestamp>,
    /// While rows of the history are looked for that were over before an instant: that instant, and the number of
    /// the agent behind which it goes on.
    round: Option<(Timestamp, i64)>,
    round_at: Timestamp,
    /// Whether entries have to be packed between commits, and how many were kept since a bite.
    is_behind: bool,
    since: usize,
    /// Whether somebody is being erased, which does not wait for quiet moments either.
    erases: bool,
    /// What is known of somebody who is erased may still stand in the write-ahead log.
    log: Log,
}

/// Whether the write-ahead log has to be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// Nobody wants it to be.
    AsItIs,
    /// It has to be.
    ToBeCut,
    /// It has to be, and somebody read it when that was tried.
    Held,
    /// It was.
    Cut,
}

impl Retention {
    /// Nothing is ever dropped.
    pub const FOR_EVER: Self = Self { keep: None, log: None, audit: None };
}

impl Upkeep {
    pub(super) fn begin(retention: Retention, packed: Seq, now: Timestamp) -> Self {
        Self {
            retention,
            packed,
            look_at: Some(now),
            round: None,
            round_at: now,
            is_behind: false,
            since: 0,
            erases: false,
            log: Log::AsItIs,
        }
    }

    /// How long the writer may wait for something to write; none if nothing else is to be done.
    pub(super) fn patience(&self) -> Option<Duration> {
        let pause = if self.log == Log::Held { READ_PAUSE } else { PAUSE };
        self.look_at.is_none().then_some(pause)
    }

    /// Whether it is time for a bite when nobody waits.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.look_at.is_none_or(|at| now >= at)
    }

    /// Whether it is time for a bite although somebody may wait.
    pub(super) fn is_overdue(&self) -> bool {
        (self.is_behind || self.erases) && self.since >= BETWEEN
    }

    /// Whether somebody is being erased, as far as a bite has said.
    pub(super) fn erases(&self) -> bool {
        self.erases
    }

    /// So many entries were kept.
    pub(super) fn kept(&mut self, entries: usize) {
        self.since = self.since.saturating_add(entries);
    }

    /// Up to where the log is packed.
    pub(super) fn packed(&self) -> Seq {
        self.packed
    }

    /// The database was opened anew, and its log is packed up to there.
    pub(super) fn opened(&mut self, packed: Seq) {
        self.packed = packed;
    }

    /// There is something to do now.
    pub(super) fn hasten(&mut self) {
        self.look_at = None;
    }

    /// Cuts the write-ahead log if it has to be before the next bite. It says itself what it could not do.
    pub(super) fn cut_the_log(&mut self, store: &Store) -> Log {
        self.log = match self.log {
            Log::ToBeCut | Log::Held if store.truncate_log().unwrap_or(false) => Log::Cut,
            Log::ToBeCut | Log::Held => Log::Held,
            Log::AsItIs | Log::Cut => self.log,
        };
        self.log
    }

    /// The last bite failed; the next is tried later.
    pub(super) fn failed(&mut self, now: Timestamp) {
        self.look_at = Some(later(now, LOOK_EVERY));
    }

    /// Does something small of what there is to do. What it remembers holds once the transaction is kept.
    pub(super) fn bite(
        &mut self,
        store: &Store,
        history: &mut Keeper,
        list: &mut List,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = store.connection();
        self.since = 0;
        self.look_at = None;
        if self.log == Log::Cut {
            erasing::cleaned(connection)?;
            self.log = Log::AsItIs;
        }
        let left = erasing::bite(connection, history, list)?;
        self.erases = left == Left::More;
        match left {
            Left::Nothing => {}
            Left::More => return Ok(()),
            Left::Clean => {
                self.log = Log::ToBeCut;
                return Ok(());
            }
        }
        if let Some(packed) = pack(connection, now)? {
            self.packed = packed;
            self.is_behind = packed::oldest(connection)?.is_some_and(|at| at < earlier(now, BEHIND_AFTER));
            return Ok(());
        }
        self.is_behind = false;
        if let Some(log) = self.retention.log
            && packed::drop_oldest(connection, earlier(now, log))?
        {
            return Ok(());
        }
        if let Some(keep) = self.retention.audit
            && audit::drop_oldest(connection, earlier(now, keep))?
        {
            return Ok(());
        }
        if let Some(keep) = self.retention.keep {
            let round = match self.round {
                Some(round) => Some(round),
                None if now >= self.round_at => {
                    if history.settle(connection, earlier(now, keep))? {
                        return Ok(());
                    }
                    Some((earlier(now, keep), 0))
                }
                None => None,
            };
            if let Some((from, behind)) = round {
                self.round = forgetting::bite(connection, from, behind)?.map(|behind| (from, behind));
                self.round_at = later(now, ROUND);
                return Ok(());
            }
        }
        if !room::give_back(connection)? {
            self.look_at = Some(later(now, LOOK_EVERY));
        }
        Ok(())
    }
}

/// Packs a block if an entry is old enough by now. Returns the position up to which the log is packed then.
pub(super) fn pack(connection: &Connection, now: Timestamp) -> rusqlite::Result<Option<Seq>> {
    packed::pack(connection, earlier(now, PACKED_AFTER), earlier(now, YOUNGEST))
}

fn earlier(now: Timestamp, span: Duration) -> Timestamp {
    Timestamp(super::store::before(now, span))
}

fn later(now: Timestamp, span: Duration) -> Timestamp {
    Timestamp(now.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
}
