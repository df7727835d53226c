//! A JSON Web Key Set (RFC 7517), of which the keys are taken that verify signatures of tokens.
//!
//! Sets of identity providers hold others too, for encryption or for algorithms that are not spoken here. Those
//! are passed over, and named, so that nobody wonders why a token of theirs is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde_json::{Map, Value};

use super::key::{Key, KeyError, KeyMark};

/// More keys than this are no set: providers have two to ten.
const MOST_KEYS: usize = 100;
/// A key with a longer name is passed over.
const MOST_NAME_BYTES: usize = 256;
/// The shortest RSA key that is believed, 2,048 bits (RFC 7518, 3.3), and the longest that the library checks.
pub const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1_024;
/// What only a private key has, and a shared secret.
const PRIVATE: [&str; 2] = ["d", "k"];

/// A key of a set that verifies nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its name, and else which one it is.
    pub key: String,
    /// Why.
    pub why: Unusable,
}

/// Why a key verifies nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum Unusable {
    #[error("it is private or a shared secret, and should not be there: whoever reads it can make tokens")]
    Private,
    #[error("it is not for signatures")]
    OtherUse,
    #[error("its algorithm is not spoken here (RS256 to PS512, ES256, ES384 and EdDSA with Ed25519 are)")]
    Algorithm,
    #[error("it is an RSA key of less than 2048 bits or more than 8192")]
    Length,
    #[error("it is not written as a key is")]
    Malformed,
}

/// The keys of the set that is written so, and those that are passed over.
pub fn read(place: &str, json: &[u8]) -> Result<(Vec<Key>, Vec<PassedOver>), KeyError> {
    let set: Value = serde_json::from_slice(json).map_err(|error| KeyError::NotJson {
        place: place.to_owned(),
        line: error.line(),
        column: error.column(),
    })?;
    let Some(Value::Array(all)) = set.get("keys") else { return Err(KeyError::NotJwks(place.to_owned())) };
    if all.len() > MOST_KEYS {
        return Err(KeyError::TooMany(place.to_owned()));
    }
    let (mut keys, mut passed_over) = (Vec::new(), Vec::new());
    for (at, jwk) in all.iter().enumerate() {
        match key(jwk) {
            Ok(key) => keys.push(key),
            Err(why) => passed_over.push(PassedOver { key: name(jwk, at), why }),
        }
    }
    if keys.is_empty() { Err(KeyError::NoKeys(place.to_owned())) } else { Ok((keys, passed_over)) }
}

fn name(jwk: &Value, at: usize) -> String {
    match jwk.get("kid").and_then(Value::as_str) {
        Some(kid) if kid.len() <= MOST_NAME_BYTES => format!("{kid:?}"),
        Some(_) | None => format!("number {}", at + 1),
    }
}

fn key(jwk: &Value) -> Result<Key, Unusable> {
    let jwk = jwk.as_object().ok_or(Unusable::Malformed)?;
    if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
        return Err(Unusable::Private);
    }
    let is_for_signatures = text(jwk, "use")?.is_none_or(|usage| usage == "sig");
    let verifies = |operations: &Value| operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"));
    if !is_for_signatures || !jwk.get("key_ops").is_none_or(verifies) {
        return Err(Unusable::OtherUse);
    }
    let id = text(jwk, "kid")?.map(str::to_owned);
    if id.as_ref().is_some_and(|id| id.len() > MOST_NAME_BYTES) {
        return Err(Unusable::Malformed);
    }
    let (family, decoding) = match (text(jwk, "kty")?, text(jwk, "crv")?) {
        (Some("RSA"), _) => (AlgorithmFamily::Rsa.algorithms().to_vec(), rsa(jwk)?),
        (Some("EC"), Some("P-256")) => (vec![Algorithm::ES256], ec(jwk, 32)?),
        (Some("EC"), Some("P-384")) => (vec![Algorithm::ES384], ec(jwk, 48)?),
        (Some("OKP"), Some("Ed25519")) => {
            bytes(jwk, "x").filter(|x| x.len() == 32).ok_or(Unusable::Malformed)?;
            let decoding = DecodingKey::from_ed_components(text(jwk, "x")?.unwrap_or_default());
            (vec![Algorithm::EdDSA], decoding.map_err(|_| Unusable::Malformed)?)
        }
        (Some(_), _) => return Err(Unusable::Algorithm),
        (None, _) => return Err(Unusable::Malformed),
    };
    let algorithms = match text(jwk, "alg")? {
        None => family,
        Some(name) => family.into_iter().filter(|algorithm| name.parse() == Ok(*algorithm)).collect(),
    };
    if algorithms.is_empty() { Err(Unusable::Algorithm) } else { Ok(Key { id, algorithms, decoding, mark: mark(jwk) }) }
}

/// The key itself, whatever else is said of it.
fn mark(jwk: &Map<String, Value>) -> KeyMark {
    let parts = ["n", "e", "x", "y"].map(|name| bytes(jwk, name).unwrap_or_default());
    KeyMark::of(&parts.each_ref().map(Vec::as_slice))
}

fn rsa(jwk: &Map<String, Value>) -> Result<DecodingKey, Unusable> {
    let (Some(modulus), Some(exponent)) = (bytes(jwk, "n"), bytes(jwk, "e")) else { return Err(Unusable::Malformed) };
    let leading_zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    if !RSA_BYTES.contains(&(modulus.len() - leading_zeros)) {
        return Err(Unusable::Length);
    }
    Ok(DecodingKey::from_rsa_raw_components(&modulus[leading_zeros..], &exponent))
}

/// Of a curve whose coordinates have so many bytes.
fn ec(jwk: &Map<String, Value>, length: usize) -> Result<DecodingKey, Unusable> {
    let coordinate = |name: &str| bytes(jwk, name).filter(|bytes| bytes.len() == length).ok_or(Unusable::Malformed);
    let point = [vec![0x04], coordinate("x")?, coordinate("y")?].concat();
    Ok(DecodingKey::from_ec_der(&point))
}

/// What is said there; none if nothing is.
fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Unusable> {
    match jwk.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(Unusable::Malformed),
    }
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    // Some write the padding that there should not be.
    URL_SAFE_NO_PAD.decode(jwk.get(name)?.as_str()?.trim_end_matches('=')).ok()
}
