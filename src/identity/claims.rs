//! What a token says that the hub itself issues.

use serde_json::{Map, Value, json};

use super::secret;
use super::settings::AuthSettings;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// What a token that the hub issues says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The subject: for an agent, its agent id.
    pub sub: String,
    /// What the subject may do.
    pub roles: Vec<Role>,
    /// Limits the role of supervisor; left out means every team.
    pub teams: Option<Vec<String>>,
    /// The name that people see.
    pub name: Option<String>,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// Its own id, by which it can be revoked.
    pub jti: Option<String>,
    /// Who issued it, where the hub asks for that.
    pub iss: Option<String>,
    /// Whom it is meant for, where the hub asks for that.
    pub aud: Option<String>,
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
            iat: None,
            jti: Some(unguessable_id()),
            iss: None,
            aud: None,
        }
    }

    /// As a token says it, in the claims and values that these settings read.
    #[must_use]
    pub fn payload(&self, settings: &AuthSettings) -> Value {
        let jwt = &settings.jwt;
        let mut claims = Map::new();
        let values: Vec<&String> = self.roles.iter().filter_map(|role| settings.roles.of(*role).first()).collect();
        let roles = if jwt.roles_claim.is_parted_by_spaces() {
            json!(values.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(" "))
        } else {
            json!(values)
        };
        jwt.subject_claim.put(&mut claims, json!(self.sub));
        jwt.roles_claim.put(&mut claims, roles);
        if let Some(teams) = &self.teams {
            let teams: Vec<String> = teams.iter().map(|team| settings.teams.value_of(team)).collect();
            jwt.teams_claim.put(&mut claims, json!(teams));
        } else if let Some(every) = settings.teams.every.first() {
            jwt.teams_claim.put(&mut claims, json!([every]));
        }
        if let Some(name) = &self.name {
            jwt.name_claim.put(&mut claims, json!(name));
        }
        claims.insert("exp".to_owned(), json!(self.exp));
        if let Some(iat) = self.iat {
            claims.insert("iat".to_owned(), json!(iat));
        }
        for (name, text) in [("jti", &self.jti), ("iss", &self.iss), ("aud", &self.aud)] {
            if let Some(text) = text {
                claims.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(claims)
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

/// The same of twice the length, for what lets its bearer in.
///
/// # Panics
/// As [`unguessable_id`].
#[must_use]
pub fn unguessable_secret() -> String {
    secret::random_hex::<32>()
}
