//! What the engine keeps beside the log of whom the hub believes: lists of small records, in the words of whoever
//! keeps them.

use std::collections::BTreeMap;

use crate::domain::time::Timestamp;

/// A list of records that the engine keeps beside the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ledger {
    /// Tokens that are no longer believed.
    Revocations,
    /// Tokens that administrators made for machines.
    ApiTokens,
    /// People who are signed in to the hub's own pages.
    Sessions,
    /// What people are called who act on others.
    People,
}

/// A record of a ledger, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRecord {
    /// Its id. Within a ledger they are in the order of their ids.
    pub id: String,
    /// What it is: JSON, in which `subject`, `revokedBy` and `madeBy` name persons.
    pub record: String,
    /// From when on it means nothing any more; none if that is not known.
    pub until: Option<Timestamp>,
}

/// A change of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerChange {
    /// There is this one, new or as it is now.
    Put(LedgerRecord),
    /// It is gone.
    Removed {
        /// Which.
        id: String,
    },
}

impl LedgerChange {
    /// The record's id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Put(record) => &record.id,
            Self::Removed { id } => id,
        }
    }
}

/// All that the ledgers hold, each in the order of the ids.
pub type Ledgers = BTreeMap<Ledger, Vec<LedgerRecord>>;

impl Ledger {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Revocations, Self::ApiTokens, Self::Sessions, Self::People];

    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revocations => "revocations",
            Self::ApiTokens => "apiTokens",
            Self::Sessions => "sessions",
            Self::People => "people",
        }
    }
}
