//! `[auth]`, checked. The defaults are declared where all settings are.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMode {
    /// Anyone on this machine, as one of the demo people.
    Demo,
    /// Who shows a token.
    Jwt,
}

/// `[auth]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthSettings {
    /// Who may come in.
    pub mode: AuthMode,
    /// `[auth.jwt]`
    pub jwt: JwtSettings,
}

/// `[auth.jwt]`: at most one source of keys is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSettings {
    /// Signs and verifies with HS256.
    pub hs256_secret: Option<Secret>,
    /// A PEM file.
    pub public_key_file: Option<PathBuf>,
    /// A JSON Web Key Set file.
    pub jwks_file: Option<PathBuf>,
    /// Where to fetch one. Refused when it is set: that is not supported yet.
    pub jwks_url: Option<String>,
    /// Tokens must name it.
    pub issuer: Option<String>,
    /// Tokens must be meant for it.
    pub audience: Option<String>,
    /// How far the issuer's clock may be off.
    pub leeway: Duration,
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
