//! What a signed token says, if one of the keys has signed it.
//!
//! The library checks the signature, by the algorithms that the key brings. What is signed is read here, once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, crypto};
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
struct Head {
    kid: Option<String>,
    algorithm: Algorithm,
}

/// A token that was read. Whoever wrote it, wrote these claims; nothing of them is believed before [`Said::proven`].
pub struct Said<'a> {
    head: Head,
    pub claims: Map<String, Value>,
    /// The head and the claims as they were written, which is what is signed.
    pub signed: &'a str,
    signature: &'a str,
}

/// Reads a token. If it says a `typ`, that must be one of `types`, in small letters.
pub fn read<'a>(token: &'a str, types: &[&str]) -> Result<Said<'a>, CredentialError> {
    if token.len() > MOST_TOKEN_BYTES {
        return Err(CredentialError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(CredentialError::Malformed)?;
    let (head, claims) = signed.split_once('.').ok_or(CredentialError::Malformed)?;
    let (head, Object(claims)) = (head_of(&object(head)?.0, types)?, object(claims)?);
    Ok(Said { head, claims, signed, signature })
}

/// What a part of a token says.
fn object(part: &str) -> Result<Object, CredentialError> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| CredentialError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| CredentialError::Malformed)
}

fn head_of(says: &Map<String, Value>, types: &[&str]) -> Result<Head, CredentialError> {
    if says.contains_key("crit") {
        return Err(CredentialError::Critical);
    }
    let text = |name: &str| match says.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(CredentialError::Malformed)
        }
    };
    if text("typ")?.is_some_and(|typ| !types.contains(&typ.to_ascii_lowercase().as_str())) {
        return Err(CredentialError::Type);
    }
    let algorithm = text("alg")?.and_then(|name| name.parse().ok()).ok_or(CredentialError::Malformed)?;
    Ok(Head { kid: text("kid")?.cloned(), algorithm })
}

impl Said<'_> {
    /// What the token claims, if one of the keys that it may be signed with has signed it, by an algorithm of that key;
    /// and which one.
    pub fn proven(self, keys: &Keys) -> Result<(Map<String, Value>, KeyMark), CredentialError> {
        let mut error = match (keys.is_empty(), &self.head.kid) {
            (true, _) => CredentialError::NoKeys,
            (false, Some(_)) => CredentialError::UnknownKey,
            (false, None) => CredentialError::Signature,
        };
        let mut tries = 0..MOST_TRIES;
        for key in keys.find(self.head.kid.as_deref()) {
            error = CredentialError::Signature;
            let algorithm = self.head.algorithm;
            if !key.algorithms.contains(&algorithm) || tries.next().is_none() {
                continue;
            }
            match crypto::verify(self.signature, self.signed.as_bytes(), &key.decoding, algorithm) {
                Ok(true) => return Ok((self.claims, key.mark)),
                Ok(false) => {}
                Err(_) => return Err(CredentialError::Malformed),
            }
        }
        Err(error)
    }
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519, `NumericDate`); none if the token does not say it.
#[allow(clippy::cast_possible_truncation, reason = "a time beyond the range saturates, which means for ever")]
pub fn instant(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, CredentialError> {
    let Some(value) = claims.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let seconds = value.as_f64().ok_or(CredentialError::Malformed)?;
    Ok(Some(Timestamp((seconds * 1_000.0) as i64)))
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
