//! Whether a token is believed, and who shows it.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;

use super::caller::Caller;
use super::keys::Keys;
use super::settings::JwtSettings;
use crate::domain::ids::AgentId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// Longer tokens are not looked at; those of identity providers have a few thousand bytes.
const MOST_TOKEN_BYTES: usize = 16_384;

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum CredentialError {
    #[error("the token is no JSON Web Token with sub, roles and exp")]
    Malformed,
    #[error("the token was not signed with a key of this hub")]
    Signature,
    #[error("the token expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYet,
    #[error("the token was issued by someone else")]
    Issuer,
    #[error("the token is meant for another audience")]
    Audience,
    #[error("the token's sub is no id: 1 to 256 bytes without control characters")]
    Subject,
    #[error("the token was ended by its owner")]
    Revoked,
}

/// What is read from a token. Roles that the hub does not know belong to somebody else's programs.
#[derive(Deserialize)]
struct Payload {
    sub: String,
    #[serde(default)]
    roles: Vec<String>,
    teams: Option<Vec<String>>,
    name: Option<String>,
    exp: f64,
    nbf: Option<f64>,
    jti: Option<String>,
}

#[derive(Debug)]
pub struct Verifier {
    settings: JwtSettings,
}

impl Verifier {
    pub fn new(settings: &JwtSettings) -> Self {
        Self { settings: settings.clone() }
    }

    pub fn verify(&self, keys: &Keys, token: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        if token.len() > MOST_TOKEN_BYTES {
            return Err(CredentialError::Malformed);
        }
        let header = decode_header(token).map_err(|_| CredentialError::Malformed)?;
        let key = keys.find(header.kid.as_deref()).ok_or(CredentialError::Signature)?;
        let validation = self.validation(&key.algorithms);
        let payload: Payload = decode(token, &key.decoding, &validation).map_err(|error| refusal(error.kind()))?.claims;
        let leeway = self.settings.leeway;
        let expires = instant(payload.exp);
        let valid_until = expires.plus(leeway);
        if now >= valid_until {
            return Err(CredentialError::Expired);
        }
        if payload.nbf.is_some_and(|from| instant(from) > now.plus(leeway)) {
            return Err(CredentialError::NotYet);
        }
        AgentId::new(&payload.sub).map_err(|_| CredentialError::Subject)?;
        // A token without a `jti` is told from others by its signed part. Its signature would not do: a valid
        // ECDSA signature can be turned into another valid one of the same token.
        let signed = || token.rsplit_once('.').map_or(token, |(signed, _)| signed).to_owned();
        Ok(Caller {
            subject: payload.sub,
            roles: payload.roles.iter().filter_map(|role| Role::parse(role)).collect(),
            teams: payload.teams.map(|teams| teams.into_iter().collect()),
            name: payload.name.filter(|name| !name.is_empty()),
            expires,
            valid_until,
            token_id: payload.jti.filter(|jti| !jti.is_empty()).unwrap_or_else(signed),
        })
    }

    /// The library checks the signature, issuer and audience; times are compared with the hub's own
    /// clock, which the library cannot read.
    fn validation(&self, algorithms: &[jsonwebtoken::Algorithm]) -> Validation {
        let mut validation = Validation {
            algorithms: algorithms.to_vec(),
            validate_exp: false,
            validate_nbf: false,
            // A token for an audience is only refused by a hub that was told its own.
            validate_aud: self.settings.audience.is_some(),
            ..Validation::default()
        };
        let mut required = vec!["exp", "sub"];
        if let Some(issuer) = &self.settings.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        if let Some(audience) = &self.settings.audience {
            validation.set_audience(&[audience]);
            required.push("aud");
        }
        validation.set_required_spec_claims(&required);
        validation
    }
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519, `NumericDate`).
#[allow(clippy::cast_possible_truncation, reason = "a time beyond the range saturates, which means for ever")]
fn instant(seconds: f64) -> Timestamp {
    Timestamp((seconds * 1_000.0) as i64)
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the library's list is open; whatever else it finds, the token is none we can read"
)]
fn refusal(kind: &ErrorKind) -> CredentialError {
    match kind {
        ErrorKind::InvalidIssuer => CredentialError::Issuer,
        ErrorKind::InvalidAudience => CredentialError::Audience,
        ErrorKind::MissingRequiredClaim(claim) if claim == "iss" => CredentialError::Issuer,
        ErrorKind::MissingRequiredClaim(claim) if claim == "aud" => CredentialError::Audience,
        ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm => CredentialError::Signature,
        _ => CredentialError::Malformed,
    }
}
