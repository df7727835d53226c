//! What the log of a cluster brings, in its order: the database of a node follows it instead of judging what is kept.

use crate::domain::time::Timestamp;
use crate::engine::{Append, Beside, Release, Reply, Seq};

/// Where something stands in the cluster's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position of the message.
    pub position: u64,
    /// When it was kept.
    pub at: Timestamp,
}

/// One message of the cluster's log.
#[derive(Debug)]
pub struct Ordered {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub what: What,
}

/// What a message of the cluster's log is.
#[derive(Debug)]
pub enum What {
    /// Entries of one subject, and who waits for them if this node appended them. Nothing of the append's
    /// conditions is looked at any more.
    Append {
        /// What is kept.
        append: Append,
        /// Its entries as they are stored.
        texts: Vec<String>,
        /// Ends the wait.
        release: Option<Release>,
    },
    /// Something that stands beside the log.
    Beside(Beside, Reply),
}

/// How many entries a message has at most: their positions share that of the message.
pub const MOST_ENTRIES: usize = 1 << INDEX_BITS;
const INDEX_BITS: u32 = 8;

/// The position of an entry: that of its message, and its place in it.
#[must_use]
pub fn seq_of(position: u64, index: usize) -> Seq {
    (position << INDEX_BITS) | (index as u64 & (MOST_ENTRIES as u64 - 1))
}

/// The position of the message that holds an entry.
#[must_use]
pub fn position_of(seq: Seq) -> u64 {
    seq >> INDEX_BITS
}
