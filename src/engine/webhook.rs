//! What the engine keeps of webhooks, beside the log: what each is, in the words of whoever tells them, and how far
//! each has come.

use super::Seq;

/// A webhook, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptWebhook {
    /// Its id.
    pub id: String,
    /// What it is.
    pub record: String,
    /// The position up to which it was told.
    pub position: Seq,
}

/// A change of what is kept of webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookChange {
    /// There is this one, new or as it is now. One that there was stays where it is.
    Put(KeptWebhook),
    /// It goes on from another position: it has come further, or was told to.
    Moved {
        /// Which.
        id: String,
        /// Up to where it was told.
        position: Seq,
    },
    /// It is gone.
    Removed {
        /// Which.
        id: String,
    },
}
