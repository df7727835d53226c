//! What an agent's state remembers of offers that are over, as it is stored.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::cause::StoredCause;
use super::name::{Name, Named};
use crate::domain::ids::WorkItemId;
use crate::domain::offer::{PastOffers, Withdrawal};
use crate::domain::time::Timestamp;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredPastOffers {
    since: i64,
    #[serde(default, skip_serializing_if = "Name::is_empty")]
    newer: Name<Fingerprints>,
    #[serde(default, skip_serializing_if = "Name::is_empty")]
    older: Name<Fingerprints>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withdrawn: Vec<StoredWithdrawals>,
}

/// Offers that were withdrawn together.
#[derive(Serialize, Deserialize)]
struct StoredWithdrawals {
    at: i64,
    cause: StoredCause,
    items: Vec<Name<WorkItemId>>,
}

impl StoredPastOffers {
    /// None if nothing is remembered.
    pub(super) fn of(past: &PastOffers) -> Option<Self> {
        if *past == PastOffers::default() {
            return None;
        }
        let mut withdrawn: Vec<StoredWithdrawals> = Vec::new();
        let mut together = None;
        for Withdrawal { item, at, cause } in past.withdrawn() {
            if together.replace((at, cause)) != Some((at, cause)) {
                withdrawn.push(StoredWithdrawals { at: at.0, cause: StoredCause::of(*cause), items: Vec::new() });
            }
            withdrawn.last_mut()?.items.push(Name(item.clone()));
        }
        let (since, newer, older) = past.kept();
        let name = |prints: &[u32]| Name(Fingerprints(prints.to_vec()));
        Some(Self { since: since.0, newer: name(newer), older: name(older), withdrawn })
    }

    pub(super) fn into_domain(self) -> PastOffers {
        let mut withdrawn = Vec::new();
        for StoredWithdrawals { at, cause, items } in self.withdrawn {
            let cause = cause.into_domain();
            withdrawn.extend(items.into_iter().map(|item| Withdrawal { item: item.0, at: Timestamp(at), cause }));
        }
        PastOffers::from_kept(Timestamp(self.since), self.newer.0.0, self.older.0.0, withdrawn)
    }
}

/// What was kept by name, by a hub that remembered no more.
pub(super) fn of_names(items: Vec<Name<WorkItemId>>, at: Timestamp) -> PastOffers {
    let mut past = PastOffers::default();
    for item in items {
        past.remember(&item.0, at);
    }
    past
}

/// Eight hexadecimal digits each, without anything between: some hundred stand in an entry.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Fingerprints(Vec<u32>);

/// Digits of a fingerprint.
const DIGITS: usize = 8;

impl Name<Fingerprints> {
    fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }
}

impl Default for Name<Fingerprints> {
    fn default() -> Self {
        Self(Fingerprints::default())
    }
}

impl Named for Fingerprints {
    fn write(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        let mut text = String::with_capacity(self.0.len() * DIGITS);
        for print in &self.0 {
            let digits = (0..DIGITS as u32).rev().map(|place| char::from_digit(print >> (4 * place) & 15, 16));
            text.extend(digits.map(Option::unwrap_or_default));
        }
        f.write_str(&text)
    }

    fn read(name: &str) -> Option<Self> {
        let digits = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        let (prints, rest) = name.as_bytes().as_chunks::<DIGITS>();
        let prints = prints.iter().map(|print| digits(print)).collect::<Option<_>>()?;
        rest.is_empty().then_some(Self(prints))
    }
}
