//! Opaque tokens: texts that say nothing themselves. What each stands for the hub keeps, by a digest of the text, so
//! that nobody who reads what is kept can show it.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest as hash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use parking_lot::RwLock;

use super::caller::Caller;
use super::secret;
use crate::domain::time::Timestamp;

/// What an opaque token is for. Its first four characters say it, by which programs that look for leaked secrets
/// know one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpaqueKind {
    /// A machine shows it, as an administrator made it.
    Api,
    /// The browser of somebody who is signed in to the hub's own pages shows it, as a cookie.
    Session,
    /// A page of another origin shows it, once.
    Ticket,
}

impl OpaqueKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Api, Self::Session, Self::Ticket];

    /// What its tokens begin with. No JSON Web Token begins so: those begin with a curly bracket in base 64.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Api => "pht_",
            Self::Session => "phs_",
            Self::Ticket => "phk_",
        }
    }

    /// The kind of a token; none if it is no opaque one.
    #[must_use]
    pub fn of(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| token.starts_with(kind.prefix()))
    }
}

/// The SHA-256 of an opaque token. The token has 256 random bits, so nothing slower is needed against guessing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Of a token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }

    /// As it is kept.
    #[must_use]
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As it was kept; none if it is no digest.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }
}

impl std::fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

/// A new token of this kind, which nobody can guess, and its digest.
///
/// # Panics
/// If the operating system has no random numbers, without which nothing here is safe.
#[must_use]
pub fn make(kind: OpaqueKind) -> (String, TokenDigest) {
    let token = format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(secret::random::<32>()));
    let digest = TokenDigest::of(&token);
    (token, digest)
}

/// The opaque tokens that are believed, and who shows each.
#[derive(Debug, Default)]
pub struct OpaqueTokens {
    state: RwLock<State>,
    /// How often one was taken away.
    times: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    callers: HashMap<TokenDigest, Shown>,
    /// By the id that callers have as [`Caller::token_id`].
    digests: HashMap<String, TokenDigest>,
}

/// Who shows a token, and when that was last.
#[derive(Debug)]
struct Shown {
    caller: Caller,
    /// [`NEVER`], or the time.
    at: AtomicI64,
}

/// It was not shown in this life of the hub.
const NEVER: i64 = i64::MIN;

impl OpaqueTokens {
    /// Who shows this token now; none if it is not believed, or not any more.
    pub fn show(&self, token: &str, now: Timestamp) -> Option<Caller> {
        let state = self.state.read();
        let shown = state.callers.get(&TokenDigest::of(token))?;
        shown.at.store(now.0, Ordering::Relaxed);
        Some(shown.caller.clone())
    }

    /// When the token of this id was shown last; none if it was not in this life of the hub.
    pub fn was_shown(&self, id: &str) -> Option<Timestamp> {
        let state = self.state.read();
        let at = state.callers.get(state.digests.get(id)?)?.at.load(Ordering::Relaxed);
        (at != NEVER).then_some(Timestamp(at))
    }

    /// Whether the token of this id is believed.
    pub fn has(&self, id: &str) -> bool {
        self.state.read().digests.contains_key(id)
    }

    /// The token of this digest is believed, and stands for this caller: a new one, or one that is renewed.
    pub fn put(&self, digest: TokenDigest, caller: Caller) {
        let mut state = self.state.write();
        let before = state.digests.insert(caller.token_id.clone(), digest);
        let at =
            before.and_then(|before| state.callers.remove(&before)).map_or(AtomicI64::new(NEVER), |shown| shown.at);
        state.callers.insert(digest, Shown { caller, at });
    }

    /// The token of this id is not believed any more.
    pub fn remove(&self, id: &str) {
        let mut state = self.state.write();
        if let Some(digest) = state.digests.remove(id) {
            state.callers.remove(&digest);
            self.times.fetch_add(1, Ordering::Release);
        }
    }

    /// How often one was taken away.
    pub fn times(&self) -> u64 {
        self.times.load(Ordering::Acquire)
    }
}
