//! What is no longer believed before its time: single tokens, and everything that somebody was issued up to an instant.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

use super::caller::Caller;
use super::digest::digest;
use crate::domain::time::Timestamp;

/// What is no longer believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoke {
    /// The token of this id.
    Token(String),
    /// Every token of a subject that was issued before an instant, and every one that does not say when it was.
    Subject {
        /// The [digest] of its name, which tells who it is when the name itself was erased.
        digest: String,
        /// The instant, by the hub's clock.
        before: Timestamp,
    },
}

impl Revoke {
    /// Everything that this subject was issued before this instant.
    #[must_use]
    pub fn subject(subject: &str, before: Timestamp) -> Self {
        Self::Subject { digest: digest(subject), before }
    }
}

/// What tells a token from others, and when it was issued, if it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenMark<'a> {
    /// Its id.
    pub id: &'a str,
    /// `iat`
    pub issued: Option<Timestamp>,
    /// Whether it is an opaque one, which is believed for as long as the hub keeps it.
    pub opaque: bool,
}

/// All that is no longer believed, by how many revocations.
#[derive(Debug, Default)]
pub struct Revoked {
    state: RwLock<State>,
    /// How often something was added.
    times: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    tokens: HashMap<String, u32>,
    /// Of each the instants; the latest counts.
    subjects: HashMap<String, Vec<Timestamp>>,
}

impl Revoked {
    /// Whether a token of this subject is among it. The clock of the issuer may be ahead by so much.
    pub fn has(&self, subject: &str, token: TokenMark<'_>, leeway: Duration) -> bool {
        let state = self.state.read();
        if state.tokens.contains_key(token.id) {
            return true;
        }
        if state.subjects.is_empty() {
            return false;
        }
        let before = state.subjects.get(&digest(subject)).and_then(|before| before.iter().max().copied());
        before.is_some_and(|before| token.issued.is_none_or(|issued| issued <= before.plus(leeway)))
    }

    /// How often something was added.
    pub fn times(&self) -> u64 {
        self.times.load(Ordering::Acquire)
    }

    pub fn add(&self, revoke: &Revoke) {
        let mut state = self.state.write();
        self.times.fetch_add(1, Ordering::Release);
        match revoke {
            Revoke::Token(id) => *state.tokens.entry(id.clone()).or_default() += 1,
            Revoke::Subject { digest, before } => state.subjects.entry(digest.clone()).or_default().push(*before),
        }
    }

    /// Takes one back that was added.
    pub fn take_back(&self, revoke: &Revoke) {
        let mut state = self.state.write();
        match revoke {
            Revoke::Token(id) => {
                if let Some(times) = state.tokens.get_mut(id) {
                    *times -= 1;
                    if *times == 0 {
                        state.tokens.remove(id);
                    }
                }
            }
            Revoke::Subject { digest, before } => {
                if let Some(instants) = state.subjects.get_mut(digest) {
                    if let Some(place) = instants.iter().position(|instant| instant == before) {
                        instants.swap_remove(place);
                    }
                    if instants.is_empty() {
                        state.subjects.remove(digest);
                    }
                }
            }
        }
    }
}

impl Caller {
    /// What tells its token from others.
    #[must_use]
    pub fn mark(&self) -> TokenMark<'_> {
        TokenMark { id: &self.token_id, issued: self.issued, opaque: self.opaque }
    }
}
