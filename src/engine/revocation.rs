//! What the engine keeps of tokens that are no longer believed, beside the log, in the words of whoever revokes them.

use crate::domain::time::Timestamp;

/// A revocation, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRevocation {
    /// Its id. They are in the order of their ids.
    pub id: String,
    /// What it is: JSON, in which `subject` and `revokedBy` name persons.
    pub record: String,
    /// From when on it means nothing any more; none if that is not known.
    pub until: Option<Timestamp>,
}

/// A change of what is kept of revocations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationChange {
    /// There is this one.
    Put(KeptRevocation),
    /// It was taken back, or means nothing any more.
    Removed {
        /// Which.
        id: String,
    },
}
