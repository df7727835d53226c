//! What is kept beside the log, as the log of a cluster carries it.

use core::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Unreadable;
use super::name::{Name, Named, unnamed};
use super::told::StoredTold;
use crate::domain::audit::{About, Asker, Deed, Note, Outcome};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::engine::{Beside, Erase, KeptWebhook, Ledger, LedgerChange, LedgerRecord, WebhookChange};

/// A change of what is kept beside the log, as the log of a cluster carries it.
#[must_use]
pub fn encode_beside(beside: &Beside) -> String {
    as_text(&StoredBeside::of(beside))
}

/// What was kept beside the log.
///
/// # Errors
/// [`Unreadable`]: it is damaged.
pub fn decode_beside(text: &str) -> Result<Beside, Unreadable> {
    let stored: StoredBeside = serde_json::from_str(text)?;
    let nonsense = || serde::de::Error::custom("planned activities overlap");
    stored.into_domain().ok_or_else(|| Unreadable::Damaged(nonsense()))
}

/// A note for the audit, as the log of a cluster carries it.
#[must_use]
pub fn encode_note(note: &Note) -> String {
    as_text(&StoredNote::of(note))
}

/// The note that was kept.
///
/// # Errors
/// [`Unreadable`]: it is damaged.
pub fn decode_note(text: &str) -> Result<Note, Unreadable> {
    Ok(serde_json::from_str::<StoredNote>(text)?.into_domain())
}

/// Has text keys and no values that JSON lacks, as every [entry](super::encode_whole).
fn as_text(stored: &impl Serialize) -> String {
    match serde_json::to_string(stored) {
        Ok(text) => text,
        Err(error) => panic!("what is kept beside the log cannot be written: {error}"),
    }
}

/// A change of what is kept beside the log, as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum StoredBeside {
    /// See [`Beside::Note`].
    Note(StoredNote),
    /// See [`Beside::Webhooks`].
    Webhooks(Vec<StoredWebhook>, Option<StoredNote>),
    /// See [`Beside::Ledger`].
    Ledger(Name<Ledger>, Vec<StoredRecord>, Option<StoredNote>),
    /// See [`Beside::Told`].
    Told(Vec<(StoredTold, Option<StoredNote>)>),
    /// See [`Beside::Erase`].
    Erase(StoredErase),
}

impl StoredBeside {
    /// As it is stored.
    pub(super) fn of(beside: &Beside) -> Self {
        match beside {
            Beside::Note(note) => Self::Note(StoredNote::of(note)),
            Beside::Webhooks(changes, note) => {
                Self::Webhooks(changes.iter().map(StoredWebhook::of).collect(), note.as_ref().map(StoredNote::of))
            }
            Beside::Ledger(ledger, changes, note) => {
                let changes = changes.iter().map(StoredRecord::of).collect();
                Self::Ledger(Name(*ledger), changes, note.as_ref().map(StoredNote::of))
            }
            Beside::Told(told) => {
                let each = told.iter().map(|(told, note)| (StoredTold::of(told), note.as_ref().map(StoredNote::of)));
                Self::Told(each.collect())
            }
            Beside::Erase(erase) => Self::Erase(StoredErase::of(erase)),
        }
    }

    /// What was stored; none if it makes no sense.
    pub(super) fn into_domain(self) -> Option<Beside> {
        Some(match self {
            Self::Note(note) => Beside::Note(note.into_domain()),
            Self::Webhooks(changes, note) => {
                let changes = changes.into_iter().map(StoredWebhook::into_domain).collect();
                Beside::Webhooks(changes, note.map(StoredNote::into_domain))
            }
            Self::Ledger(ledger, changes, note) => {
                let changes = changes.into_iter().map(StoredRecord::into_domain).collect();
                Beside::Ledger(ledger.0, changes, note.map(StoredNote::into_domain))
            }
            Self::Told(told) => {
                let each =
                    told.into_iter().map(|(told, note)| Some((told.into_domain()?, note.map(StoredNote::into_domain))));
                Beside::Told(each.collect::<Option<_>>()?)
            }
            Self::Erase(erase) => Beside::Erase(erase.into_domain()),
        })
    }
}

/// A note for the audit, as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredNote {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asker: Option<StoredAsker>,
    deed: Name<Deed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    outcome: Name<Outcome>,
}

impl StoredNote {
    /// As it is stored.
    pub(super) fn of(note: &Note) -> Self {
        Self {
            asker: note.asker.as_deref().map(StoredAsker::of),
            deed: Name(note.deed),
            about: note.about.as_ref().map(|about| about.as_str().to_owned()),
            before: note.before.clone(),
            after: note.after.clone(),
            outcome: Name(note.outcome),
        }
    }

    /// What was stored.
    pub(super) fn into_domain(self) -> Note {
        Note {
            asker: self.asker.map(|asker| Arc::new(asker.into_domain())),
            deed: self.deed.0,
            about: self.about.map(About::stored),
            before: self.before,
            after: self.after,
            outcome: self.outcome.0,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredAsker {
    subject: String,
    roles: Vec<Name<Role>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
}

impl StoredAsker {
    fn of(asker: &Asker) -> Self {
        Self { subject: asker.subject.clone(), roles: asker.roles.each().map(Name).collect(), address: asker.address }
    }

    fn into_domain(self) -> Asker {
        Asker { subject: self.subject, roles: unnamed(self.roles), address: self.address }
    }
}

/// A change of a webhook, as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum StoredWebhook {
    /// Id, record, position.
    Put(String, String, u64),
    /// Id, position.
    Moved(String, u64),
    /// Id.
    Removed(String),
}

impl StoredWebhook {
    fn of(change: &WebhookChange) -> Self {
        match change {
            WebhookChange::Put(KeptWebhook { id, record, position }) => {
                Self::Put(id.clone(), record.clone(), *position)
            }
            WebhookChange::Moved { id, position } => Self::Moved(id.clone(), *position),
            WebhookChange::Removed { id } => Self::Removed(id.clone()),
        }
    }

    fn into_domain(self) -> WebhookChange {
        match self {
            Self::Put(id, record, position) => WebhookChange::Put(KeptWebhook { id, record, position }),
            Self::Moved(id, position) => WebhookChange::Moved { id, position },
            Self::Removed(id) => WebhookChange::Removed { id },
        }
    }
}

/// A change of a ledger, as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum StoredRecord {
    /// Id, record, until when it means something.
    Put(String, String, Option<i64>),
    /// Id.
    Removed(String),
}

impl StoredRecord {
    fn of(change: &LedgerChange) -> Self {
        match change {
            LedgerChange::Put(LedgerRecord { id, record, until }) => {
                Self::Put(id.clone(), record.clone(), until.map(|until| until.0))
            }
            LedgerChange::Removed { id } => Self::Removed(id.clone()),
        }
    }

    fn into_domain(self) -> LedgerChange {
        match self {
            Self::Put(id, record, until) => LedgerChange::Put(LedgerRecord { id, record, until: until.map(Timestamp) }),
            Self::Removed(id) => LedgerChange::Removed { id },
        }
    }
}

/// What is asked for of an erasure, as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredErase {
    id: String,
    by: String,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asker: Option<StoredAsker>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pseudonym: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<u64>,
}

impl StoredErase {
    fn of(erase: &Erase) -> Self {
        let Erase { id, by, at, asker, pseudonym, deleted } = erase;
        let asker = asker.as_deref().map(StoredAsker::of);
        Self { id: id.clone(), by: by.clone(), at: at.0, asker, pseudonym: pseudonym.clone(), deleted: *deleted }
    }

    fn into_domain(self) -> Erase {
        let Self { id, by, at, asker, pseudonym, deleted } = self;
        let asker = asker.map(|asker| Arc::new(asker.into_domain()));
        Erase { id, by, at: Timestamp(at), asker, pseudonym, deleted }
    }
}

impl Named for Ledger {
    fn write(&self, f: &mut dyn std::fmt::Write) -> std::fmt::Result {
        f.write_str(self.as_str())
    }

    fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ledger| ledger.as_str() == name)
    }
}
