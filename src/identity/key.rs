//! A key that verifies tokens, and why something is none.

use aws_lc_rs::digest::{Context, SHA256};
use jsonwebtoken::{Algorithm, DecodingKey};

use super::secret::SecretError;

/// The most secrets of a file: the one that signs, and those that are on their way out.
pub const MOST_SECRETS: usize = 4;
/// A larger file, or answer, holds no keys. Entra ID's set, which brings its certificates along, has 20,000 bytes.
pub const MOST_KEY_BYTES: usize = 256 * 1024;

/// What tells the keys of a hub from each other, also after a restart: two bytes of a digest, which are enough for that and
/// too few to find out a secret by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyMark(pub u16);

impl KeyMark {
    /// That of a key which is written in these parts.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Context::new(&SHA256);
        for part in parts {
            hash.update(part);
        }
        let [first, second, ..] = *hash.finish().as_ref() else { unreachable!("a digest has more bytes") };
        Self(u16::from_be_bytes([first, second]))
    }
}

/// A key, with the algorithms that it may be used with.
pub struct Key {
    /// Its name, if it has one.
    pub id: Option<String>,
    /// Nothing widens them.
    pub algorithms: Vec<Algorithm>,
    pub decoding: DecodingKey,
    /// What tells it from others.
    pub mark: KeyMark,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum KeyError {
    #[error("the secret has {0} bytes and needs at least 32; `openssl rand -hex 32` makes a good one")]
    ShortSecret(usize),
    #[error("{0} needs 1 to {MOST_SECRETS} secrets, each on a line of its own")]
    NotSecrets(String),
    #[error("{place} cannot be read")]
    Unreadable { place: String, source: std::io::Error },
    #[error("{0} has more than {MOST_KEY_BYTES} bytes, which no keys have")]
    TooLarge(String),
    #[error("{0} holds a private key, which the hub does not need; name the file of the public key")]
    Private(String),
    #[error("{0} holds an RSA key of less than 2048 bits or more than 8192, with which no signature is verified")]
    RsaLength(String),
    #[error("{0} needs secrets alone: a line begins with `#`, and a comment is no secret")]
    Comment(String),
    #[error("{0} is no PEM file of an RSA, EC (P-256, P-384) or Ed25519 public key")]
    NotPem(String),
    #[error("{place} is no JSON Web Key Set: what stands at line {line}, column {column} is no JSON")]
    NotJson { place: String, line: usize, column: usize },
    #[error("{0} is no JSON Web Key Set, which is an object with a list of `keys`")]
    NotJwks(String),
    #[error("{0} has more keys than any key set")]
    TooMany(String),
    #[error("{0} holds no public key that verifies signatures (RSA, EC P-256 or P-384, Ed25519)")]
    NoKeys(String),
    #[error(transparent)]
    Secret(#[from] SecretError),
}
