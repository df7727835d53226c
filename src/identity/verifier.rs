//! Whether a token is believed, and who shows it: from whom and for whom it is, the times by the hub's own clock, and
//! who it is in the claims that are set.

use serde_json::{Map, Value};

use super::caller::{Caller, is_limited};
use super::digest::digest;
use super::doubt::CredentialError;
use super::keys::Keys;
use super::settings::{AuthMode, AuthSettings};
use super::signed;
use super::somebody::{Reading, Somebody};
use crate::domain::time::Timestamp;

/// Of a longer `jti` a digest is kept.
const MOST_ID_BYTES: usize = 256;
/// What a token may say it is (`typ`): other kinds are signed with the same keys and meant for something else,
/// such as the order to end a session.
const TYPES: [&str; 4] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];

#[derive(Debug)]
pub struct Verifier {
    settings: AuthSettings,
    reading: Reading,
}

impl Verifier {
    pub fn new(settings: &AuthSettings) -> Self {
        Self { settings: settings.clone(), reading: Reading::of(settings) }
    }

    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    pub fn verify(&self, keys: &Keys, token: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        let said = signed::read(token, &TYPES)?;
        self.takes_tokens()?;
        // What would be refused anyway is, before the signature, which costs the most. Nothing of it is believed yet.
        let (expires, signed) = (self.expires(&said.claims, now)?, said.signed);
        let (claims, key) = said.proven(keys)?;
        let valid_until = expires.plus(self.settings.jwt.leeway);
        let Somebody { subject, roles, teams, name } = self.reading.somebody(&claims)?;
        // A token without a `jti` is told from others by its signed part. Its signature would not do: a valid
        // ECDSA signature can be turned into another valid one of the same token.
        let part = || digest(signed);
        let id = |jti: &str| if jti.len() > MOST_ID_BYTES { digest(jti) } else { jti.to_owned() };
        Ok(Caller {
            limited: is_limited(roles),
            subject,
            roles,
            teams,
            name: name.map(Into::into),
            expires,
            valid_until,
            issued: signed::instant(&claims, "iat")?,
            token_id: signed::text(&claims, "jti").map_or_else(part, id),
            opaque: false,
            key: Some(key),
        })
    }

    /// Where people sign in at a provider, its tokens are believed only if they are meant for the hub.
    fn takes_tokens(&self) -> Result<(), CredentialError> {
        match (self.settings.mode, &self.settings.jwt.audience) {
            (AuthMode::Oidc, None) => Err(CredentialError::NoTokens),
            (AuthMode::Oidc, Some(_)) | (AuthMode::Jwt | AuthMode::Demo, _) => Ok(()),
        }
    }

    /// When a token of these claims ends, if it is from and for those it should be, and valid now.
    fn expires(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<Timestamp, CredentialError> {
        self.check_issuer_and_audience(claims)?;
        let leeway = self.settings.jwt.leeway;
        let expires = signed::instant(claims, "exp")?.ok_or(CredentialError::Malformed)?;
        if now >= expires.plus(leeway) {
            return Err(CredentialError::Expired);
        }
        if signed::instant(claims, "nbf")?.is_some_and(|from| from > now.plus(leeway)) {
            return Err(CredentialError::NotYet);
        }
        Ok(expires)
    }

    /// A token for somebody, or by somebody, is only refused by a hub that was told its own.
    fn check_issuer_and_audience(&self, claims: &Map<String, Value>) -> Result<(), CredentialError> {
        let jwt = &self.settings.jwt;
        let is_oidc = self.settings.mode == AuthMode::Oidc;
        // An ID token is for the page of a sign-in, even where it has the audience of access tokens.
        if is_oidc && claims.contains_key("nonce") {
            return Err(CredentialError::Type);
        }
        let issuer = jwt.issuer.as_ref().or(self.settings.oidc.issuer.as_ref().filter(|_| is_oidc));
        if !issuer.is_none_or(|issuer| signed::says(claims, "iss", issuer)) {
            return Err(CredentialError::Issuer);
        }
        if !jwt.audience.as_ref().is_none_or(|audience| signed::says(claims, "aud", audience)) {
            return Err(CredentialError::Audience);
        }
        Ok(())
    }
}
