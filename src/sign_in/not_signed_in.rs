//! Why nobody signed in.

use crate::identity::{CredentialError, ProviderTokenError};

/// So many sign-ins are asked about at once: anybody can begin one.
pub const MOST_AT_ONCE: usize = 128;

/// Why nobody signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum NotSignedIn {
    #[error("the provider cannot be asked: {0}")]
    Unreachable(String),
    #[error("{MOST_AT_ONCE} sign-ins are under way at once")]
    Crowded,
    #[error("the provider refused: {0}")]
    Refused(String),
    #[error("the answer is of another provider: its `iss` is not [auth.oidc] issuer")]
    OtherProvider,
    #[error("the provider's answer is not believed: {0}")]
    NotBelieved(String),
    /// It is known who it is.
    #[error("{why}")]
    NoRole { subject: String, why: CredentialError },
}

impl From<CredentialError> for NotSignedIn {
    fn from(error: CredentialError) -> Self {
        if let CredentialError::NoRole { subject, .. } = &error {
            return Self::NoRole { subject: subject.clone(), why: error };
        }
        Self::NotBelieved(error.to_string())
    }
}

impl From<ProviderTokenError> for NotSignedIn {
    fn from(error: ProviderTokenError) -> Self {
        if error == ProviderTokenError::Token(CredentialError::NoKeys) {
            return Self::Unreachable(error.to_string());
        }
        Self::NotBelieved(error.to_string())
    }
}
