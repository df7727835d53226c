//! Whether a token is believed, and who shows it.
//!
//! The library checks the signature, by the algorithms that the key brings. All else is read here: what the
//! header may say, from whom and for whom the token is, the times by the hub's own clock, and who it is in the
//! claims that are set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode};
use serde_json::{Map, Value};

use super::caller::{Caller, limit};
use super::claim::Claim;
use super::digest::digest;
use super::keys::Keys;
use super::object::Object;
use super::settings::AuthSettings;
use crate::domain::ids::AgentId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// Longer tokens are not looked at; those of identity providers have a few thousand bytes.
pub const MOST_TOKEN_BYTES: usize = 16_384;
/// Of a longer `jti` a digest is kept.
const MOST_ID_BYTES: usize = 256;
/// So many keys are tried on a token, which costs a tenth of a millisecond each: of those that have its name, or none.
const MOST_TRIES: u8 = 8;
/// What a token may say it is (`typ`): other kinds are signed with the same keys and meant for something else,
/// such as the order to end a session.
const TYPES: [&str; 4] = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"];

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum CredentialError {
    #[error("the token is no JSON Web Token with an `exp`")]
    Malformed,
    #[error("the token's header says `crit`: it is only for those who know what that asks for")]
    Critical,
    #[error("the token's header says by `typ` that it is meant for something else")]
    Type,
    #[error("the token was not signed with a key of this hub")]
    Signature,
    /// Newer keys may bring it.
    #[error("the token names a key by `kid` that is not among those of this hub, which looks for newer ones now")]
    UnknownKey,
    /// None were to be had yet.
    #[error("the hub has no keys yet to verify tokens with; its /readyz says why")]
    NoKeys,
    #[error("the token expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYet,
    #[error("the token was issued by someone else")]
    Issuer,
    #[error("the token is meant for another audience")]
    Audience,
    #[error("the token's claim `{0}` is no id: 1 to 256 bytes without control characters")]
    Subject(Claim),
    #[error("the token's claim `{0}` is no list of texts")]
    Teams(Claim),
    /// It is believed, and means nothing here.
    #[error("the token gives no role here: its claim `{claim}` needs one of {right}")]
    NoRole { claim: Claim, right: String },
    #[error("the token was revoked, by its owner's sign-out or by an administrator")]
    Revoked,
    /// It looks like one that the hub itself made.
    #[error("the token is none of this hub, or none any more: it expired or was revoked")]
    NotKept,
}

impl CredentialError {
    /// Whether it took a signature to find that out, as far as can be told.
    #[must_use]
    pub fn took_a_signature(&self) -> bool {
        match self {
            Self::Signature | Self::Subject(_) | Self::Teams(_) | Self::NoRole { .. } | Self::Revoked => true,
            Self::Malformed
            | Self::Critical
            | Self::Type
            | Self::UnknownKey
            | Self::NoKeys
            | Self::Expired
            | Self::NotYet
            | Self::Issuer
            | Self::Audience
            | Self::NotKept => false,
        }
    }

    /// What whoever shows it is to make of it.
    #[must_use]
    pub fn means(&self) -> Doubt {
        match self {
            Self::NoRole { .. } => Doubt::MayNothing,
            Self::NoKeys => Doubt::ForNow,
            Self::Malformed
            | Self::Critical
            | Self::Type
            | Self::Signature
            | Self::UnknownKey
            | Self::Expired
            | Self::NotYet
            | Self::Issuer
            | Self::Audience
            | Self::Subject(_)
            | Self::Teams(_)
            | Self::Revoked
            | Self::NotKept => Doubt::NotBelieved,
        }
    }
}

/// What a refusal of a token means for whoever shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Another token is needed.
    NotBelieved,
    /// It is known who asks, and they may nothing here.
    MayNothing,
    /// The same token may be believed later.
    ForNow,
}

/// What is read of a token's header. Where it says how to find a key (`jku`, `x5u`, `jwk`, `x5c`), nobody listens.
struct Head {
    kid: Option<String>,
    algorithm: Algorithm,
}

#[derive(Debug)]
pub struct Verifier {
    settings: AuthSettings,
    /// The values that mean a role, in words.
    right_roles: String,
}

impl Verifier {
    pub fn new(settings: &AuthSettings) -> Self {
        let right: Vec<String> = settings.roles.all().map(|value| format!("{value:?}")).collect();
        Self { settings: settings.clone(), right_roles: right.join(", ") }
    }

    pub fn verify(&self, keys: &Keys, token: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        if token.len() > MOST_TOKEN_BYTES {
            return Err(CredentialError::Malformed);
        }
        let head = head(token)?;
        // What would be refused anyway is, before the signature, which costs the most. Nothing of it is believed yet.
        self.expires(&said_claims(token)?, now)?;
        let claims = signed_claims(keys, &head, token)?;
        let expires = self.expires(&claims, now)?;
        let jwt = &self.settings.jwt;
        let valid_until = expires.plus(jwt.leeway);
        let subject = jwt.subject_claim.of(&claims).and_then(Value::as_str).unwrap_or_default();
        AgentId::new(subject).map_err(|_| CredentialError::Subject(jwt.subject_claim.clone()))?;
        let roles = self.roles(&claims);
        if roles.is_empty() {
            return Err(CredentialError::NoRole { claim: jwt.roles_claim.clone(), right: self.right_roles.clone() });
        }
        let roles = roles.into_iter().collect();
        let teams = self.teams(&claims)?.map(|teams| teams.into_iter().collect());
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        // A token without a `jti` is told from others by its signed part. Its signature would not do: a valid
        // ECDSA signature can be turned into another valid one of the same token.
        let signed = || digest(token.rsplit_once('.').map_or(token, |(signed, _)| signed));
        let id = text(claims.get("jti"))
            .map_or_else(signed, |jti| if jti.len() > MOST_ID_BYTES { digest(&jti) } else { jti });
        Ok(Caller {
            subject: subject.to_owned(),
            limit: limit(&roles, teams.as_ref()),
            roles,
            teams,
            name: text(jwt.name_claim.of(&claims)),
            expires,
            valid_until,
            issued: instant(&claims, "iat")?,
            token_id: id,
            opaque: false,
        })
    }

    /// When a token of these claims ends, if it is from and for those it should be, and valid now.
    fn expires(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<Timestamp, CredentialError> {
        self.check_issuer_and_audience(claims)?;
        let leeway = self.settings.jwt.leeway;
        let expires = instant(claims, "exp")?.ok_or(CredentialError::Malformed)?;
        if now >= expires.plus(leeway) {
            return Err(CredentialError::Expired);
        }
        if instant(claims, "nbf")?.is_some_and(|from| from > now.plus(leeway)) {
            return Err(CredentialError::NotYet);
        }
        Ok(expires)
    }

    /// Those that the values of the roles' claim mean. What means nothing here belongs to somebody else's programs.
    fn roles(&self, claims: &Map<String, Value>) -> Vec<Role> {
        let claim = &self.settings.jwt.roles_claim;
        let values = claim.of(claims).and_then(|value| texts(claim, value)).unwrap_or_default();
        let means = |role: &Role| self.settings.roles.of(*role).iter().any(|value| values.contains(&value.as_str()));
        Role::ALL.into_iter().filter(means).collect()
    }

    /// None if the token says nothing of teams. One that says what is no list of them is not believed, for
    /// it might have meant to limit.
    fn teams(&self, claims: &Map<String, Value>) -> Result<Option<Vec<String>>, CredentialError> {
        let claim = &self.settings.jwt.teams_claim;
        let Some(value) = claim.of(claims).filter(|value| !value.is_null()) else { return Ok(None) };
        let teams = texts(claim, value).ok_or_else(|| CredentialError::Teams(claim.clone()))?;
        Ok(Some(teams.into_iter().map(str::to_owned).collect()))
    }

    /// A token for somebody, or by somebody, is only refused by a hub that was told its own.
    fn check_issuer_and_audience(&self, claims: &Map<String, Value>) -> Result<(), CredentialError> {
        let jwt = &self.settings.jwt;
        let says = |name: &str, right: &String| match claims.get(name) {
            Some(Value::String(text)) => text == right,
            Some(Value::Array(items)) if name == "aud" => items.iter().any(|item| item.as_str() == Some(right)),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => false,
        };
        if !jwt.issuer.as_ref().is_none_or(|issuer| says("iss", issuer)) {
            return Err(CredentialError::Issuer);
        }
        if !jwt.audience.as_ref().is_none_or(|audience| says("aud", audience)) {
            return Err(CredentialError::Audience);
        }
        Ok(())
    }
}

/// What the token says, whoever wrote it.
fn said_claims(token: &str) -> Result<Map<String, Value>, CredentialError> {
    let json = token.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
    let claims = json.and_then(|json| serde_json::from_slice(&json).ok());
    let Object(claims) = claims.ok_or(CredentialError::Malformed)?;
    Ok(claims)
}

/// What the token claims, if one of the keys that it may be signed with has signed it, by an algorithm of that key.
fn signed_claims(keys: &Keys, head: &Head, token: &str) -> Result<Map<String, Value>, CredentialError> {
    let mut error = match (keys.is_empty(), &head.kid) {
        (true, _) => CredentialError::NoKeys,
        (false, Some(_)) => CredentialError::UnknownKey,
        (false, None) => CredentialError::Signature,
    };
    let mut tries = 0..MOST_TRIES;
    for key in keys.find(head.kid.as_deref()) {
        error = CredentialError::Signature;
        if !key.algorithms.contains(&head.algorithm) || tries.next().is_none() {
            continue;
        }
        match decode(token, &key.decoding, &signature(head.algorithm)) {
            Ok(token) => {
                let Object(claims) = token.claims;
                return Ok(claims);
            }
            Err(wrong) => {
                let wrong = refusal(wrong.kind());
                if wrong != CredentialError::Signature {
                    return Err(wrong);
                }
            }
        }
    }
    Err(error)
}

/// What is asked of the library: the signature, by this algorithm, and nothing else.
fn signature(algorithm: Algorithm) -> Validation {
    let mut validation = Validation {
        algorithms: vec![algorithm],
        validate_exp: false,
        validate_nbf: false,
        validate_aud: false,
        ..Validation::default()
    };
    validation.required_spec_claims.clear();
    validation
}

/// What the header says that matters, before anything is believed.
fn head(token: &str) -> Result<Head, CredentialError> {
    let (head, _) = token.split_once('.').ok_or(CredentialError::Malformed)?;
    let json = URL_SAFE_NO_PAD.decode(head).map_err(|_| CredentialError::Malformed)?;
    let Object(says) = serde_json::from_slice(&json).map_err(|_| CredentialError::Malformed)?;
    if says.contains_key("crit") {
        return Err(CredentialError::Critical);
    }
    let text = |name: &str| match says.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(CredentialError::Malformed)
        }
    };
    if text("typ")?.is_some_and(|typ| !TYPES.contains(&typ.to_ascii_lowercase().as_str())) {
        return Err(CredentialError::Type);
    }
    let algorithm = text("alg")?.and_then(|name| name.parse().ok()).ok_or(CredentialError::Malformed)?;
    Ok(Head { kid: text("kid")?, algorithm })
}

/// The texts that a claim lists; none if it is something else.
fn texts<'a>(claim: &Claim, value: &'a Value) -> Option<Vec<&'a str>> {
    match value {
        Value::String(text) if claim.is_parted_by_spaces() => Some(text.split_ascii_whitespace().collect()),
        Value::String(text) => Some(vec![text]),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519, `NumericDate`); none if the token does not say it.
#[allow(clippy::cast_possible_truncation, reason = "a time beyond the range saturates, which means for ever")]
fn instant(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, CredentialError> {
    let Some(value) = claims.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let seconds = value.as_f64().ok_or(CredentialError::Malformed)?;
    Ok(Some(Timestamp((seconds * 1_000.0) as i64)))
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the library's list is open; whatever else it finds, the token is none we can read"
)]
fn refusal(kind: &ErrorKind) -> CredentialError {
    match kind {
        ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm => CredentialError::Signature,
        _ => CredentialError::Malformed,
    }
}
