//! What the writer does while nobody waits for it: old entries are packed and then dropped, old rows of the history
//! go. Each bite is a transaction of some milliseconds.

use std::time::Duration;

use rusqlite::Connection;

use super::packed;
use super::store::Store;
use crate::domain::time::Timestamp;
use crate::engine::{REMEMBERED, Seq};
use crate::history::forgetting;
use crate::history::keeper::Keeper;

/// An entry of this age is packed, its neighbours with it. Until then its operation is looked up in the log.
const PACKED_AFTER: Duration = Duration::from_hours(24 * 3);
/// No younger entry is packed: two generations of operations are remembered.
const YOUNGEST: Duration = Duration::from_secs(REMEMBERED.as_secs() * 2);
/// If entries come to be so old unpacked, quiet moments do not suffice, and they are packed between commits.
const BEHIND_AFTER: Duration = Duration::from_hours(24 * 4);
/// Entries that are kept between two bites then. A block has twice as many.
const BETWEEN: usize = 32;
/// How often it is looked whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// The pause between two bites.
const PAUSE: Duration = Duration::from_millis(20);
/// How often rows of the history are looked for that are older than what is kept.
const ROUND: Duration = Duration::from_hours(1);

/// How long what is known is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The history; none for ever.
    pub keep: Option<Duration>,
    /// The entries of the log; none for ever.
    pub log: Option<Duration>,
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
}

impl Retention {
    /// Nothing is ever dropped.
    pub const FOR_EVER: Self = Self { keep: None, log: None };
}

impl Upkeep {
    pub(super) fn begin(retention: Retention, packed: Seq, now: Timestamp) -> Self {
        Self { retention, packed, look_at: Some(now), round: None, round_at: now, is_behind: false, since: 0 }
    }

    /// How long the writer may wait for something to write; none if nothing else is to be done.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.look_at.is_none().then_some(PAUSE)
    }

    /// Whether it is time for a bite when nobody waits.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.look_at.is_none_or(|at| now >= at)
    }

    /// Whether it is time for a bite although somebody may wait.
    pub(super) fn is_overdue(&self) -> bool {
        self.is_behind && self.since >= BETWEEN
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

    /// The last bite failed; the next is tried later.
    pub(super) fn failed(&mut self, now: Timestamp) {
        self.look_at = Some(later(now, LOOK_EVERY));
    }

    /// Does something small of what there is to do. What it remembers holds once the transaction is kept.
    pub(super) fn bite(&mut self, store: &Store, history: &mut Keeper, now: Timestamp) -> rusqlite::Result<()> {
        let connection = store.connection();
        self.since = 0;
        self.look_at = None;
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
        self.look_at = Some(later(now, LOOK_EVERY));
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
