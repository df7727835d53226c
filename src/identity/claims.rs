//! What a token says that the hub itself issues.

use serde::Serialize;

use super::secret;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// What a token that the hub issues says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// The subject: for an agent, its agent id.
    pub sub: String,
    /// What the subject may do.
    #[serde(serialize_with = "names")]
    pub roles: Vec<Role>,
    /// Limits the role of supervisor; left out means every team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// The name that people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Its own id, by which it can be revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Who issued it, where the hub asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Whom it is meant for, where the hub asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
}

fn names<S: serde::Serializer>(roles: &[Role], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(roles.iter().map(|role| role.as_str()))
}

impl Claims {
    /// Of this subject in these roles until then, with a fresh `jti`.
    #[must_use]
    pub fn new(sub: impl Into<String>, roles: impl IntoIterator<Item = Role>, expires: Timestamp) -> Self {
        Self {
            sub: sub.into(),
            roles: roles.into_iter().collect(),
            teams: None,
            name: None,
            exp: expires.0.div_euclid(1_000),
            jti: Some(unguessable_id()),
            iss: None,
            aud: None,
        }
    }
}

/// The keys are public ones, and those sign nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "tokens can only be signed with an HS256 secret, and the settings name a public key; sign with the private key of its owner"
)]
pub struct CannotSign;

/// A number nobody can guess, as 32 hexadecimal digits: the id of a token.
///
/// # Panics
/// If the operating system has no random numbers, without which nothing here is safe.
#[must_use]
pub fn unguessable_id() -> String {
    secret::random_hex::<16>()
}
