//! The keys that tokens are verified and signed with.
//!
//! Each key brings the algorithms that it may be used with, and the token's own header never widens
//! them: a public key is never taken for a shared secret.

use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header};

use super::claims::{CannotSign, Claims};
use super::secret::SecretError;
use super::settings::{AuthSettings, JwtSettings, Secret};

/// The shortest secret for HS256: as long as its hash (RFC 7518, 3.2).
const LEAST_SECRET_BYTES: usize = 32;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum KeyError {
    #[error("the secret has {0} bytes and needs at least 32; `openssl rand -hex 32` makes a good one")]
    ShortSecret(usize),
    #[error("{} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} holds a private key, which the hub does not need; name the file of the public key", .0.display())]
    Private(PathBuf),
    #[error("{} is no PEM file of an RSA, EC (P-256, P-384) or Ed25519 public key", .0.display())]
    NotPem(PathBuf),
    #[error("{} is no JSON Web Key Set", path.display())]
    NotJwks { path: PathBuf, source: serde_json::Error },
    #[error("{} holds no public key that verifies signatures (RSA, EC P-256 or P-384, Ed25519)", .0.display())]
    NoKeys(PathBuf),
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Where the keys come from.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the settings of `[auth.jwt]`")]
pub enum KeySources<'a> {
    Secret(&'a Secret),
    PublicKeyFile(&'a Path),
    JwksFile(&'a Path),
    None,
}

impl<'a> KeySources<'a> {
    /// The one that is set.
    #[must_use]
    pub fn of(settings: &'a JwtSettings) -> Self {
        match settings {
            JwtSettings { hs256_secret: Some(secret), .. } => Self::Secret(secret),
            JwtSettings { public_key_file: Some(path), .. } => Self::PublicKeyFile(path),
            JwtSettings { jwks_file: Some(path), .. } => Self::JwksFile(path),
            JwtSettings { .. } => Self::None,
        }
    }
}

/// The keys that tokens are verified with, and the one they are signed with where there is one.
pub struct Keys {
    verifying: Vec<Key>,
    signing: Option<EncodingKey>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.verifying.len())
    }
}

pub struct Key {
    id: Option<String>,
    pub algorithms: Vec<Algorithm>,
    pub decoding: DecodingKey,
}

impl Keys {
    /// Loads what the settings name. Files are read once: a changed one needs a restart.
    ///
    /// # Errors
    /// What is wrong with the secret or the file.
    pub fn load(sources: &KeySources<'_>) -> Result<Self, KeyError> {
        let verifying = match sources {
            KeySources::Secret(secret) => return Self::of_secret(secret),
            KeySources::PublicKeyFile(path) => vec![public_key(path)?],
            KeySources::JwksFile(path) => key_set(path)?,
            KeySources::None => Vec::new(),
        };
        Ok(Self { verifying, signing: None })
    }

    /// Verifies and signs with a shared secret.
    ///
    /// # Errors
    /// It is too short.
    pub fn of_secret(secret: &Secret) -> Result<Self, KeyError> {
        let bytes = secret.reveal().as_bytes();
        if bytes.len() < LEAST_SECRET_BYTES {
            return Err(KeyError::ShortSecret(bytes.len()));
        }
        let decoding = DecodingKey::from_secret(bytes);
        let key = Key { id: None, algorithms: vec![Algorithm::HS256], decoding };
        Ok(Self { verifying: vec![key], signing: Some(EncodingKey::from_secret(bytes)) })
    }

    /// The key that a token names by `kid`. A lone key verifies tokens that name none, and a key
    /// without a name verifies tokens of any.
    pub fn find(&self, kid: Option<&str>) -> Option<&Key> {
        if let [only] = self.verifying.as_slice()
            && (kid.is_none() || only.id.is_none())
        {
            return Some(only);
        }
        self.verifying.iter().find(|key| kid.is_some() && key.id.as_deref() == kid)
    }

    /// A signed token, as a hub of these settings reads it.
    ///
    /// # Errors
    /// The keys are public ones.
    pub fn sign(&self, claims: &Claims, settings: &AuthSettings) -> Result<String, CannotSign> {
        let key = self.signing.as_ref().ok_or(CannotSign)?;
        let payload = claims.payload(settings);
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &payload, key).map_err(|_| CannotSign)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, KeyError> {
    std::fs::read(path).map_err(|source| KeyError::Unreadable { path: path.to_path_buf(), source })
}

fn public_key(path: &Path) -> Result<Key, KeyError> {
    let pem = read(path)?;
    if String::from_utf8_lossy(&pem).contains("PRIVATE KEY") {
        return Err(KeyError::Private(path.to_path_buf()));
    }
    let decoding = DecodingKey::from_ec_pem(&pem)
        .or_else(|_| DecodingKey::from_ed_pem(&pem))
        .or_else(|_| DecodingKey::from_rsa_pem(&pem))
        .map_err(|_| KeyError::NotPem(path.to_path_buf()))?;
    let algorithms = match decoding.family() {
        // The point of a curve says which curve it is by its length.
        AlgorithmFamily::Ec => match decoding.try_get_as_bytes().map(<[u8]>::len) {
            Ok(65) => vec![Algorithm::ES256],
            Ok(97) => vec![Algorithm::ES384],
            Ok(_) | Err(_) => return Err(KeyError::NotPem(path.to_path_buf())),
        },
        family @ (AlgorithmFamily::Rsa | AlgorithmFamily::Ed | AlgorithmFamily::Hmac) => family.algorithms().to_vec(),
    };
    Ok(Key { id: None, algorithms, decoding })
}

fn key_set(path: &Path) -> Result<Vec<Key>, KeyError> {
    let set: JwkSet = serde_json::from_slice(&read(path)?)
        .map_err(|source| KeyError::NotJwks { path: path.to_path_buf(), source })?;
    let keys: Vec<Key> = set.keys.iter().filter_map(key_of_set).collect();
    if keys.is_empty() { Err(KeyError::NoKeys(path.to_path_buf())) } else { Ok(keys) }
}

/// None for keys that verify no signature, which sets of identity providers hold too.
#[allow(clippy::wildcard_enum_match_arm, reason = "the library's lists of key types and curves are open")]
fn key_of_set(jwk: &Jwk) -> Option<Key> {
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let family = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => AlgorithmFamily::Rsa.algorithms().to_vec(),
        AlgorithmParameters::EllipticCurve(parameters) => match parameters.curve {
            EllipticCurve::P256 => vec![Algorithm::ES256],
            EllipticCurve::P384 => vec![Algorithm::ES384],
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(_) => vec![Algorithm::EdDSA],
        // A shared secret has no place in a set of public keys.
        _ => return None,
    };
    let named: Option<Algorithm> = match jwk.common.key_algorithm {
        Some(name) => Some(name.to_string().parse().ok()?),
        None => None,
    };
    let algorithms: Vec<Algorithm> =
        family.into_iter().filter(|algorithm| named.is_none_or(|named| named == *algorithm)).collect();
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    (!algorithms.is_empty()).then(|| Key { id: jwk.common.key_id.clone(), algorithms, decoding })
}
