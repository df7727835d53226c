//! The keys that tokens are verified and signed with.
//!
//! Each key brings the algorithms that it may be used with, and the token's own header never widens
//! them: a public key is never taken for a shared secret.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header};

use super::claims::{CannotSign, Claims};
use super::key::{Key, KeyError, KeyMark, MOST_KEY_BYTES, MOST_SECRETS};
use super::key_set::{self, PassedOver};
use super::settings::{AuthSettings, JwtSettings, Secret};

/// The shortest secret for HS256: as long as its hash (RFC 7518, 3.2).
const LEAST_SECRET_BYTES: usize = 32;

/// Where the keys come from.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the settings of `[auth.jwt]`")]
pub enum KeySources<'a> {
    Secret(&'a Secret),
    SecretFile(&'a Path),
    PublicKeyFile(&'a Path),
    JwksFile(&'a Path),
    JwksUrl(&'a str),
    None,
}

impl<'a> KeySources<'a> {
    /// The one that is set.
    #[must_use]
    pub fn of(settings: &'a JwtSettings) -> Self {
        match settings {
            JwtSettings { hs256_secret: Some(secret), .. } => Self::Secret(secret),
            JwtSettings { hs256_secret_file: Some(path), .. } => Self::SecretFile(path),
            JwtSettings { public_key_file: Some(path), .. } => Self::PublicKeyFile(path),
            JwtSettings { jwks_file: Some(path), .. } => Self::JwksFile(path),
            JwtSettings { jwks_url: Some(address), .. } => Self::JwksUrl(address),
            JwtSettings { .. } => Self::None,
        }
    }

    /// The file that holds them, if one does.
    #[must_use]
    pub fn file(&self) -> Option<&'a Path> {
        match self {
            Self::SecretFile(path) | Self::PublicKeyFile(path) | Self::JwksFile(path) => Some(path),
            Self::Secret(_) | Self::JwksUrl(_) | Self::None => None,
        }
    }

    /// Its name: of a file or an address.
    #[must_use]
    pub fn place(&self) -> String {
        match (self, self.file()) {
            (Self::JwksUrl(address), _) => (*address).to_owned(),
            (_, Some(path)) => path.display().to_string(),
            (_, None) => "the settings".to_owned(),
        }
    }
}

/// The keys that tokens are verified with, and the one they are signed with where there is one.
#[derive(Default)]
pub struct Keys {
    verifying: Vec<Key>,
    signing: Option<EncodingKey>,
    passed_over: Vec<PassedOver>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.verifying.len())
    }
}

impl Keys {
    /// What the settings name; of an address nothing yet.
    ///
    /// # Errors
    /// What is wrong with the secret or the file.
    pub fn load(sources: &KeySources<'_>) -> Result<Self, KeyError> {
        match (sources, sources.file()) {
            (KeySources::Secret(secret), _) => Self::of_secrets(&[secret.reveal()]),
            (_, Some(file)) => Self::read(sources, &read_file(file)?),
            (_, None) => Ok(Self::default()),
        }
    }

    /// Those that a file, or an answer, of these sources holds.
    ///
    /// # Errors
    /// It holds none.
    pub fn read(sources: &KeySources<'_>, bytes: &[u8]) -> Result<Self, KeyError> {
        let place = sources.place();
        match sources {
            KeySources::SecretFile(_) => {
                let text = str::from_utf8(bytes).map_err(|_| KeyError::NotSecrets(place.clone()))?;
                let secrets: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                if secrets.iter().any(|line| line.starts_with('#')) {
                    return Err(KeyError::Comment(place));
                }
                if secrets.is_empty() || secrets.len() > MOST_SECRETS {
                    return Err(KeyError::NotSecrets(place));
                }
                Self::of_secrets(&secrets)
            }
            KeySources::PublicKeyFile(_) => Ok(Self { verifying: vec![public_key(&place, bytes)?], ..Self::default() }),
            KeySources::JwksFile(_) | KeySources::JwksUrl(_) => {
                let (verifying, passed_over) = key_set::read(&place, bytes)?;
                Ok(Self { verifying, signing: None, passed_over })
            }
            KeySources::Secret(_) | KeySources::None => Ok(Self::default()),
        }
    }

    /// Verifies and signs with a shared secret.
    ///
    /// # Errors
    /// It is too short.
    pub fn of_secret(secret: &Secret) -> Result<Self, KeyError> {
        Self::of_secrets(&[secret.reveal()])
    }

    /// Signs with the first, and verifies with each: so that secrets can be changed without a gap.
    fn of_secrets(secrets: &[&str]) -> Result<Self, KeyError> {
        if let Some(short) = secrets.iter().find(|secret| secret.len() < LEAST_SECRET_BYTES) {
            return Err(KeyError::ShortSecret(short.len()));
        }
        let key = |secret: &&str| Key {
            id: None,
            algorithms: vec![Algorithm::HS256],
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            mark: KeyMark::of(&[secret.as_bytes()]),
        };
        let signing = secrets.first().map(|secret| EncodingKey::from_secret(secret.as_bytes()));
        Ok(Self { verifying: secrets.iter().map(key).collect(), signing, passed_over: Vec::new() })
    }

    /// How many verify.
    #[must_use]
    pub fn len(&self) -> usize {
        self.verifying.len()
    }

    /// Whether one of this mark is among them.
    #[must_use]
    pub fn has(&self, mark: KeyMark) -> bool {
        self.verifying.iter().any(|key| key.mark == mark)
    }

    /// Whether none verifies.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.verifying.is_empty()
    }

    /// The keys of the set that verify nothing here.
    #[must_use]
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// The keys that may have signed a token that names this one by `kid`: those of that name, and those that
    /// have none. A token that names none may be signed by those without a name, or by the only key there is.
    pub fn find<'a>(&'a self, kid: Option<&'a str>) -> impl Iterator<Item = &'a Key> {
        let is_alone = self.verifying.len() == 1;
        self.verifying.iter().filter(move |key| match (&key.id, kid) {
            (None, _) => true,
            (Some(_), None) => is_alone,
            (Some(id), Some(kid)) => id == kid,
        })
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

/// What a file of keys holds.
///
/// # Errors
/// It cannot be read, or is too large for one.
pub fn read_file(path: &Path) -> Result<Vec<u8>, KeyError> {
    let place = || path.display().to_string();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_KEY_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|source| KeyError::Unreadable { place: place(), source })?;
    if bytes.len() > MOST_KEY_BYTES { Err(KeyError::TooLarge(place())) } else { Ok(bytes) }
}

fn public_key(place: &str, pem: &[u8]) -> Result<Key, KeyError> {
    if String::from_utf8_lossy(pem).contains("PRIVATE KEY") {
        return Err(KeyError::Private(place.to_owned()));
    }
    let wrong = || KeyError::NotPem(place.to_owned());
    let decoding = DecodingKey::from_ec_pem(pem)
        .or_else(|_| DecodingKey::from_ed_pem(pem))
        .or_else(|_| DecodingKey::from_rsa_pem(pem))
        .map_err(|_| wrong())?;
    let algorithms = match decoding.family() {
        // The point of a curve says which curve it is by its length.
        AlgorithmFamily::Ec => match decoding.try_get_as_bytes().map(<[u8]>::len) {
            Ok(65) => vec![Algorithm::ES256],
            Ok(97) => vec![Algorithm::ES384],
            Ok(_) | Err(_) => return Err(wrong()),
        },
        family @ AlgorithmFamily::Rsa => {
            let length = decoding.try_get_as_bytes().ok().and_then(modulus_bytes).ok_or_else(wrong)?;
            if !key_set::RSA_BYTES.contains(&length) {
                return Err(KeyError::RsaLength(place.to_owned()));
            }
            family.algorithms().to_vec()
        }
        family @ (AlgorithmFamily::Ed | AlgorithmFamily::Hmac) => family.algorithms().to_vec(),
    };
    Ok(Key { id: None, algorithms, decoding, mark: KeyMark::of(&[pem]) })
}

/// The length of the modulus of an RSA key, which is the first number of its sequence (RFC 8017, A.1.1).
fn modulus_bytes(der: &[u8]) -> Option<usize> {
    let modulus = within(within(der, 0x30)?, 0x02)?;
    Some(modulus.len() - modulus.iter().take_while(|byte| **byte == 0).count())
}

/// What the first item of a DER text holds, if it is of this kind.
fn within(der: &[u8], kind: u8) -> Option<&[u8]> {
    let [first, length, rest @ ..] = der else { return None };
    if *first != kind {
        return None;
    }
    let more = usize::from(length.checked_sub(0x80).unwrap_or_default());
    let (long, rest) = rest.split_at_checked(more)?;
    let length = match more {
        0 => usize::from(*length),
        _ => long.iter().try_fold(0_usize, |length, byte| length.checked_mul(256)?.checked_add(usize::from(*byte)))?,
    };
    rest.get(..length)
}
