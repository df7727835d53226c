//! `[auth]`, checked. The defaults are declared where all settings are.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::claim::Claim;
use super::team_values::TeamValues;
use crate::domain::role::Role;

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMode {
    /// Anyone on this machine, as one of the demo people.
    Demo,
    /// Who shows a token.
    Jwt,
    /// People who sign in at an identity provider, and programs that show its tokens.
    Oidc,
}

/// `[auth]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthSettings {
    /// Who may come in.
    pub mode: AuthMode,
    /// `[auth.jwt]`
    pub jwt: JwtSettings,
    /// `[auth.oidc]`
    pub oidc: OidcSettings,
    /// `[auth.roles]`
    pub roles: RoleValues,
    /// `[auth.teams]`
    pub teams: TeamValues,
}

/// `[auth.jwt]`: at most one source of keys is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSettings {
    /// Signs and verifies with HS256.
    pub hs256_secret: Option<Secret>,
    /// A file with a secret a line: the first signs, all verify.
    pub hs256_secret_file: Option<PathBuf>,
    /// A PEM file.
    pub public_key_file: Option<PathBuf>,
    /// A JSON Web Key Set file.
    pub jwks_file: Option<PathBuf>,
    /// Where to fetch one.
    pub jwks_url: Option<String>,
    /// How often.
    pub jwks_refresh: Duration,
    /// Tokens must name it.
    pub issuer: Option<String>,
    /// Tokens must be meant for it.
    pub audience: Option<String>,
    /// How far the issuer's clock may be off.
    pub leeway: Duration,
    /// Says who it is.
    pub subject_claim: Claim,
    /// Says what it may do.
    pub roles_claim: Claim,
    /// Says the teams that who supervises, observes or reads reports is limited to.
    pub teams_claim: Claim,
    /// Says the name that people see.
    pub name_claim: Claim,
}

/// `[auth.oidc]`: where people sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcSettings {
    /// The provider, as its metadata and its tokens call it.
    pub issuer: Option<String>,
    /// What the provider calls this hub.
    pub client_id: Option<String>,
    /// By which the provider knows it.
    pub client_secret: Option<Secret>,
    /// A file that holds it.
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for; `openid` is among it.
    pub scopes: Vec<String>,
    /// What people read: sign in with this.
    pub name: Option<String>,
    /// How long a session lasts that is not renewed.
    pub session_idle: Duration,
    /// How long one lasts at most.
    pub session_max: Duration,
    /// Where the provider sends people whom it signed out.
    pub after_sign_out: Option<String>,
}

/// `[auth.roles]`: which values of the roles' claim mean which role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the roles")]
pub struct RoleValues {
    pub agent: Vec<String>,
    pub supervisor: Vec<String>,
    pub observer: Vec<String>,
    pub analyst: Vec<String>,
    pub integration: Vec<String>,
    pub auditor: Vec<String>,
    pub admin: Vec<String>,
}

impl RoleValues {
    /// Those that mean this role.
    #[must_use]
    pub fn of(&self, role: Role) -> &[String] {
        match role {
            Role::Agent => &self.agent,
            Role::Supervisor => &self.supervisor,
            Role::Observer => &self.observer,
            Role::Analyst => &self.analyst,
            Role::Integration => &self.integration,
            Role::Auditor => &self.auditor,
            Role::Admin => &self.admin,
        }
    }

    /// All that mean something.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        Role::ALL.into_iter().flat_map(|role| self.of(role)).map(String::as_str)
    }
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
