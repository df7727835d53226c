//! Who is asking, and what they may do: tokens and the keys that verify them, where a request
//! carries its credentials, which origins are believed, and the one table of role and action.
//!
//! Nothing here opens a socket or reads a clock: the time comes with each question, and newer keys from whoever
//! looks after them.

mod access;
mod caller;
mod claim;
mod claims;
mod cookie;
mod credentials;
pub mod demo;
mod digest;
mod doubt;
mod key;
mod key_set;
mod keys;
mod object;
mod opaque;
mod origins;
mod provider_tokens;
mod public_url;
mod revoked;
mod ring;
mod secret;
mod settings;
mod signed;
mod somebody;
mod team_values;
mod verifier;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

pub use access::{Action, Forbidden, NotConcerning, Sees, may, may_concerning, may_know_of_nobody, may_name, sees};
pub use caller::{Caller, NarrowError, is_limited};
pub use claim::Claim;
pub use claims::{CannotSign, Claims, unguessable_id, unguessable_secret};
pub use cookie::{SessionCookie, SignInCookies};
pub use credentials::{
    Carrier, Credentials, MissingCredentials, SubProtocol, UnsupportedSubProtocol, credentials, sub_protocol,
};
pub use doubt::{CredentialError, Doubt};
pub use key::{KeyError, KeyMark, MOST_KEY_BYTES};
pub use key_set::{PassedOver, Unusable};
pub use keys::{KeySources, Keys, read_file as read_key_file};
pub use opaque::{OpaqueKind, TokenDigest, make as make_opaque};
pub use origins::{Origins, is_loopback_name, is_safe_address};
pub use provider_tokens::{Logout, ProviderTokenError};
pub use public_url::{OWN_ADDRESSES, PublicUrl};
pub use revoked::{Revoke, TokenMark};
pub use ring::{Ring, Trouble};
pub use secret::{SECRET_FILE, SecretError, make_or_read, read};
pub use settings::{AuthMode, AuthSettings, JwtSettings, OidcSettings, RoleValues, Secret};
#[cfg(test)]
pub use signed::MOST_TOKEN_BYTES;
pub use signed::instant as claimed_time;
pub use somebody::Somebody;
pub use team_values::{LeftOut, NamedTeam, TeamValues};

pub use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// Verifies and issues tokens. Clones share the keys and what was revoked.
#[derive(Clone, Debug)]
pub struct Identity {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: AuthSettings,
    ring: Ring,
    verifier: verifier::Verifier,
    revoked: revoked::Revoked,
    opaque: opaque::OpaqueTokens,
}

impl Identity {
    /// Loads the keys; in demo mode without a configured secret, makes one in `data_folder` on
    /// first need.
    ///
    /// # Errors
    /// A key cannot be read, or the secret cannot be made.
    pub fn open(settings: &AuthSettings, data_folder: &Path) -> Result<Self, KeyError> {
        let keys = match KeySources::of(&settings.jwt) {
            // The provider's, once they were fetched.
            KeySources::None if settings.mode == AuthMode::Oidc => Keys::default(),
            KeySources::None => Keys::of_secret(&secret::make_or_read(data_folder)?)?,
            sources @ (KeySources::Secret(_)
            | KeySources::SecretFile(_)
            | KeySources::PublicKeyFile(_)
            | KeySources::JwksFile(_)
            | KeySources::JwksUrl(_)) => Keys::load(&sources)?,
        };
        Ok(Self::with(settings, keys))
    }

    /// With these keys.
    #[must_use]
    pub fn with(settings: &AuthSettings, keys: Keys) -> Self {
        let verifier = verifier::Verifier::new(settings);
        let (settings, ring) = (settings.clone(), Ring::of(keys));
        let (revoked, opaque) = (revoked::Revoked::default(), opaque::OpaqueTokens::default());
        Self { shared: Arc::new(Shared { settings, ring, verifier, revoked, opaque }) }
    }

    /// The mode, which decides whether demo people may sign in.
    #[must_use]
    pub fn mode(&self) -> AuthMode {
        self.shared.settings.mode
    }

    /// The settings it was opened with.
    #[must_use]
    pub fn settings(&self) -> &AuthSettings {
        &self.shared.settings
    }

    /// The keys, as they are now.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        &self.shared.ring
    }

    /// Who shows this token.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        let caller = match OpaqueKind::of(token) {
            Some(_) => self.verify_opaque(token, now)?,
            None => self.verify_signed(token, now)?,
        };
        if self.is_revoked(&caller.subject, caller.mark()) {
            return Err(CredentialError::Revoked);
        }
        Ok(caller)
    }

    fn verify_signed(&self, token: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        let caller = self.shared.verifier.verify(&self.shared.ring.now(), token, now);
        caller.inspect_err(|error| {
            if *error == CredentialError::UnknownKey {
                self.shared.ring.want_newer();
            }
        })
    }

    fn verify_opaque(&self, token: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        let caller = self.shared.opaque.show(token, now).ok_or(CredentialError::NotKept)?;
        if self.took_back(caller.key) {
            return Err(CredentialError::NotKept);
        }
        if now >= caller.valid_until { Err(CredentialError::Expired) } else { Ok(caller) }
    }

    /// Whether what was signed with this key is not believed any more, nor what came from it: the key was taken back,
    /// perhaps because somebody else had it. Before there are keys nobody knows.
    #[must_use]
    pub fn took_back(&self, key: Option<KeyMark>) -> bool {
        let keys = self.shared.ring.now();
        !keys.is_empty() && key.is_some_and(|key| !keys.has(key))
    }

    /// Believes an opaque token from now on, in this life of the hub: whoever makes one keeps it first. One of the same
    /// [`Caller::token_id`] is replaced.
    pub fn believe_opaque(&self, digest: TokenDigest, caller: Caller) {
        self.shared.opaque.put(digest, caller);
    }

    /// When the opaque token of this id was shown last; none if it was not in this life of the hub.
    #[must_use]
    pub fn opaque_was_used(&self, id: &str) -> Option<Timestamp> {
        self.shared.opaque.was_shown(id)
    }

    /// Does not believe the opaque token of this id any more. Live sockets that it opened end within a second.
    pub fn forget_opaque(&self, id: &str) {
        self.shared.opaque.remove(id);
    }

    /// What an ID token claims, if the provider made it for this client and the sign-in of this nonce.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn id_token(&self, token: &str, nonce: &str, now: Timestamp) -> Result<Map<String, Value>, ProviderTokenError> {
        let settings = &self.shared.settings;
        provider_tokens::id_token(settings, &self.shared.ring.now(), token, nonce, now)
    }

    /// What a logout token of the provider orders.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn logout_token(&self, token: &str, now: Timestamp) -> Result<Logout, ProviderTokenError> {
        provider_tokens::logout_token(&self.shared.settings, &self.shared.ring.now(), token, now)
    }

    /// Whom these claims are about, in the claims and values that are set.
    ///
    /// # Errors
    /// They say it in no way that means something here.
    pub fn somebody(&self, claims: &Map<String, Value>) -> Result<Somebody, CredentialError> {
        self.shared.verifier.reading().somebody(claims)
    }

    /// Whether claims say all that can be asked of them.
    #[must_use]
    pub fn is_complete(&self, claims: &Map<String, Value>) -> bool {
        self.shared.verifier.reading().is_complete(claims)
    }

    /// Whether a token of this subject was revoked after it was verified.
    #[must_use]
    pub fn is_revoked(&self, subject: &str, token: TokenMark<'_>) -> bool {
        if token.opaque && !self.shared.opaque.has(token.id) {
            return true;
        }
        // Opaque tokens are issued by the hub's own clock.
        let leeway = if token.opaque { Duration::ZERO } else { self.shared.settings.jwt.leeway };
        self.shared.revoked.has(subject, token, leeway)
    }

    /// How often something ended that was believed before: if it is as often as it was, no live socket has to be closed for it.
    #[must_use]
    pub fn times_something_ended(&self) -> u64 {
        self.shared.revoked.times() + self.shared.opaque.times()
    }

    /// Does not believe this any more, in this life of the hub: whoever revokes keeps it first.
    pub fn revoke(&self, revoke: &Revoke) {
        self.shared.revoked.add(revoke);
    }

    /// Takes back what was revoked.
    pub fn believe_again(&self, revoke: &Revoke) {
        self.shared.revoked.take_back(revoke);
    }

    /// A signed token.
    ///
    /// # Errors
    /// [`CannotSign`] if the keys are public ones.
    pub fn issue(&self, claims: &Claims) -> Result<String, CannotSign> {
        self.shared.ring.now().sign(claims, &self.shared.settings)
    }

    /// A token for a demo person, or none if that is nobody or the mode is not demo.
    #[must_use]
    pub fn demo_token(&self, id: &str, now: Timestamp) -> Option<String> {
        match self.shared.settings.mode {
            AuthMode::Jwt | AuthMode::Oidc => None,
            AuthMode::Demo => {
                let claims = demo::person(id)?.claims(now.plus(DEMO_TOKEN_LIFE));
                self.issue(&Claims { iat: Some(now.0.div_euclid(1_000)), ..claims }).ok()
            }
        }
    }
}

/// How long a demo person stays signed in: a working day with room.
pub const DEMO_TOKEN_LIFE: Duration = Duration::from_secs(12 * 3_600);

#[cfg(test)]
mod tests;
