//! What a signed token says, if one of the keys has signed it.
//!
//! The library checks the signature, by the algorithms that the key brings. What the header may say is read here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode};
use serde_json::{Map, Value};

use super::doubt::CredentialError;
use super::key::KeyMark;
use super::keys::Keys;
use super::object::Object;
use crate::domain::time::Timestamp;

/// Longer tokens are not looked at; those of identity providers have a few thousand bytes.
pub const MOST_TOKEN_BYTES: usize = 16_384;
/// So many keys are tried on a token, which costs a tenth of a millisecond each: of those that have its name, or none.
const MOST_TRIES: u8 = 8;

/// What is read of a token's header. Where it says how to find a key (`jku`, `x5u`, `jwk`, `x5c`), nobody listens.
pub struct Head {
    kid: Option<String>,
    algorithm: Algorithm,
}

/// What the token says, whoever wrote it.
pub fn said_claims(token: &str) -> Result<Map<String, Value>, CredentialError> {
    let json = token.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
    let claims = json.and_then(|json| serde_json::from_slice(&json).ok());
    let Object(claims) = claims.ok_or(CredentialError::Malformed)?;
    Ok(claims)
}

/// What the token claims, if one of the keys that it may be signed with has signed it, by an algorithm of that key; and
/// which one.
pub fn claims(keys: &Keys, head: &Head, token: &str) -> Result<(Map<String, Value>, KeyMark), CredentialError> {
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
                return Ok((claims, key.mark));
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

/// What the header says that matters, before anything is believed. If it says a `typ`, that must be one of `types`, in
/// small letters.
pub fn head(token: &str, types: &[&str]) -> Result<Head, CredentialError> {
    if token.len() > MOST_TOKEN_BYTES {
        return Err(CredentialError::Malformed);
    }
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
    if text("typ")?.is_some_and(|typ| !types.contains(&typ.to_ascii_lowercase().as_str())) {
        return Err(CredentialError::Type);
    }
    let algorithm = text("alg")?.and_then(|name| name.parse().ok()).ok_or(CredentialError::Malformed)?;
    Ok(Head { kid: text("kid")?, algorithm })
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519, `NumericDate`); none if the token does not say it.
#[allow(clippy::cast_possible_truncation, reason = "a time beyond the range saturates, which means for ever")]
pub fn instant(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, CredentialError> {
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

/// Whether a claim is this text, or a list that has it.
pub fn says(claims: &Map<String, Value>, name: &str, right: &str) -> bool {
    match claims.get(name) {
        Some(Value::String(text)) => text == right,
        Some(Value::Array(items)) if name == "aud" => items.iter().any(|item| item.as_str() == Some(right)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => false,
    }
}

/// A claim that is a text, and not an empty one.
pub fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
