//! Tokens that are not believed, by the address that shows them.
//!
//! To look into a token may take a signature: a tenth of a millisecond, the dearest thing that anybody can ask for
//! who shows none that is good. So each address has an allowance of those that took one in vain. A token that is
//! believed takes nothing off it, so a house behind one address never meets it, however many come. Once it is used
//! up by somebody there, tokens from there are not looked into for a moment, but for those that were believed
//! before: whoever is in stays in and comes back. Somebody new from there is told to come back, and is let in as the
//! allowance fills, which it does each second.

use core::net::IpAddr;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use parking_lot::Mutex;

use super::Door;
use super::address::counted_as;
use super::allowance::{Buckets, Rate};
use super::turned_away::TurnedAway;
use crate::config::LimitSettings;
use crate::identity::{Caller, CredentialError, Doubt};
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// Tokens that are remembered as believed: as many as a large house uses in hours. Each takes some 20 bytes, and
/// twice as many are remembered at most.
const REMEMBERED: usize = 100_000;

/// What is known of tokens and of who shows them.
#[derive(Debug)]
pub struct Doubts {
    rate: Rate,
    addresses: Buckets,
    hashes: RandomState,
    believed: Mutex<Believed>,
}

/// The hashes of tokens that were believed lately, and of those that were before.
#[derive(Debug, Default)]
struct Believed {
    newer: HashSet<u64>,
    older: HashSet<u64>,
}

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBelieved {
    /// What is wrong with it.
    #[error(transparent)]
    Wrong(#[from] CredentialError),
    /// It was not looked into.
    #[error("too many tokens of this address were not believed; {0} are looked into. Come back in a moment")]
    TooMany(Rate),
}

impl Doubts {
    /// As these settings say.
    #[must_use]
    pub fn of(limits: &LimitSettings) -> Self {
        let rate = Rate::of_bad_tokens(limits);
        let (hashes, believed) = (RandomState::new(), Mutex::default());
        Self { rate, addresses: Buckets::full(&[rate]), hashes, believed }
    }
}

/// Goes on only if what is shown there is looked into: tokens and codes such as no caller shows, and for which somebody else
/// may have to be asked.
///
/// # Errors
/// [`NotBelieved::TooMany`]
pub fn are_looked_into(door: &Door, from: Option<IpAddr>) -> Result<(), NotBelieved> {
    let Doubts { rate, addresses, .. } = &door.doubts;
    let address = from.map(counted_as);
    if addresses.has_left(address, door.agents.clock().running()) {
        return Ok(());
    }
    door.tally.met(Limit::BadTokensOfAddress, address.map_or_else(String::new, |address| address.to_string()));
    Err(NotBelieved::TooMany(*rate))
}

/// One from there took a signature, or asking somebody else, in vain.
pub fn was_in_vain(door: &Door, from: Option<IpAddr>) {
    let Doubts { rate, addresses, .. } = &door.doubts;
    // That nothing is left is found out when the next comes.
    let _ = addresses.take(from.map(counted_as), *rate, 1, door.agents.clock().running());
}

/// Who shows this token, from there.
///
/// # Errors
/// [`NotBelieved`]
pub fn verify(door: &Door, token: &str, from: Option<IpAddr>) -> Result<Caller, NotBelieved> {
    let Doubts { hashes, believed, .. } = &door.doubts;
    let hash = hashes.hash_one(token);
    let is_known = believed.lock().has(hash);
    if !is_known {
        are_looked_into(door, from)?;
    }
    let verified = door.identity.verify(token, door.agents.clock().wall());
    match &verified {
        Ok(_) if is_known => {}
        Ok(_) => believed.lock().add(hash),
        Err(error) => {
            believed.lock().remove(hash);
            if error.took_a_signature() {
                was_in_vain(door, from);
            }
            if let CredentialError::NoRole { subject, .. } = error {
                door.audit.has_no_role(subject, from, error);
            } else {
                door.audit.not_believed(from.map(counted_as), error);
            }
        }
    }
    Ok(verified?)
}

impl Believed {
    fn has(&self, hash: u64) -> bool {
        self.newer.contains(&hash) || self.older.contains(&hash)
    }

    fn add(&mut self, hash: u64) {
        if self.newer.len() >= REMEMBERED {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(hash);
    }

    fn remove(&mut self, hash: u64) {
        self.newer.remove(&hash);
        self.older.remove(&hash);
    }
}

impl From<NotBelieved> for Problem {
    fn from(why: NotBelieved) -> Self {
        match why {
            NotBelieved::Wrong(error) => error.into(),
            // Counted already, with the address.
            NotBelieved::TooMany(_) => Self::new(ErrorCode::RateLimited, why.to_string()),
        }
    }
}

impl From<NotBelieved> for TurnedAway {
    fn from(why: NotBelieved) -> Self {
        let close = match &why {
            NotBelieved::Wrong(error) => match error.means() {
                Doubt::NotBelieved => CloseCode::Unauthenticated,
                Doubt::MayNothing => CloseCode::Forbidden,
                Doubt::ForNow => CloseCode::TryAgainLater,
            },
            NotBelieved::TooMany(_) => CloseCode::TryAgainLater,
        };
        Self { close, problem: why.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_tokens_are_remembered_and_no_more_than_so_many() {
        let mut believed = Believed::default();
        for hash in 0..3 * REMEMBERED as u64 {
            believed.add(hash);
        }
        let last = 3 * REMEMBERED as u64 - 1;
        assert!(believed.has(last) && !believed.has(0));
        assert!(believed.newer.len() + believed.older.len() <= 2 * REMEMBERED);
        believed.remove(last);
        assert!(!believed.has(last));
    }
}
