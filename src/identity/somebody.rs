//! Who it is, in the claims and values that are set.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::claim::Claim;
use super::doubt::CredentialError;
use super::settings::AuthSettings;
use crate::domain::field::plain;
use crate::domain::ids::AgentId;
use crate::domain::role::{Role, Roles};

/// Somebody, as claims say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// For an agent, its agent id; always fit to be one.
    pub subject: String,
    /// At least one.
    pub roles: Roles,
    /// None if nothing is said of teams.
    pub teams: Option<BTreeSet<String>>,
    /// The name that people see.
    pub name: Option<String>,
}

/// How claims are read.
#[derive(Debug)]
pub struct Reading {
    settings: AuthSettings,
    /// The values that mean a role, in words.
    right_roles: String,
}

impl Reading {
    pub fn of(settings: &AuthSettings) -> Self {
        let right: Vec<String> = settings.roles.all().map(|value| format!("{value:?}")).collect();
        Self { settings: settings.clone(), right_roles: right.join(", ") }
    }

    /// Whom these claims are about.
    pub fn somebody(&self, claims: &Map<String, Value>) -> Result<Somebody, CredentialError> {
        let jwt = &self.settings.jwt;
        let subject = jwt.subject_claim.of(claims).and_then(Value::as_str).unwrap_or_default();
        let is_plain = AgentId::new(subject).is_ok() && plain("sub", subject).is_ok();
        if !is_plain {
            return Err(CredentialError::Subject(jwt.subject_claim.clone()));
        }
        if let Some(elsewhere) =
            [&jwt.roles_claim, &jwt.teams_claim].into_iter().find(|claim| is_elsewhere(claim, claims))
        {
            return Err(CredentialError::TooMany(elsewhere.clone()));
        }
        let roles = self.roles(claims);
        if roles.is_empty() {
            let (claim, right) = (jwt.roles_claim.clone(), self.right_roles.clone());
            return Err(CredentialError::NoRole { subject: subject.to_owned(), claim, right });
        }
        let name = jwt.name_claim.of(claims).and_then(Value::as_str).filter(|name| !name.is_empty());
        Ok(Somebody { subject: subject.to_owned(), roles, teams: self.teams(claims)?, name: name.map(str::to_owned) })
    }

    /// Whether claims say all that is asked of them; a provider may keep the rest for whoever asks.
    pub fn is_complete(&self, claims: &Map<String, Value>) -> bool {
        let jwt = &self.settings.jwt;
        [&jwt.subject_claim, &jwt.roles_claim, &jwt.teams_claim, &jwt.name_claim]
            .into_iter()
            .all(|claim| claim.of(claims).is_some())
    }

    /// Those that the values of the roles' claim mean. What means nothing here belongs to somebody else's programs.
    fn roles(&self, claims: &Map<String, Value>) -> Roles {
        let claim = &self.settings.jwt.roles_claim;
        let values = claim.of(claims).and_then(|value| texts(claim, value)).unwrap_or_default();
        let means = |role: &Role| self.settings.roles.of(*role).iter().any(|value| values.contains(&value.as_str()));
        Role::ALL.into_iter().filter(means).collect()
    }

    /// None if the claims do not limit to teams. What says something that is no list of them is not believed, for
    /// it might have meant to limit.
    fn teams(&self, claims: &Map<String, Value>) -> Result<Option<BTreeSet<String>>, CredentialError> {
        let claim = &self.settings.jwt.teams_claim;
        let Some(value) = claim.of(claims).filter(|value| !value.is_null()) else {
            return Ok(self.settings.teams.without_claim());
        };
        let values = texts(claim, value).ok_or_else(|| CredentialError::Teams(claim.clone()))?;
        Ok(self.settings.teams.mean(&values))
    }
}

/// Whether the provider left the claim out because it would be too long, and only says where it can be asked for
/// (OpenID Connect Core, 5.6.2): Entra ID does so from 200 groups on, and from 6 where the browser gets the token.
fn is_elsewhere(claim: &Claim, claims: &Map<String, Value>) -> bool {
    let Some(name) = claim.own_name() else { return false };
    let named = claims.get("_claim_names").and_then(Value::as_object).is_some_and(|names| names.contains_key(name));
    let implicit = name == "groups" && claims.get("hasgroups").is_some_and(|has| has != &Value::Bool(false));
    (named || implicit) && !claims.contains_key(name)
}

/// The texts that a claim lists; none if it is something else.
fn texts<'a>(claim: &Claim, value: &'a Value) -> Option<Vec<&'a str>> {
    match value {
        Value::String(text) if claim.is_parted_by_spaces() => Some(text.split_ascii_whitespace().collect()),
        Value::String(text) => Some(vec![text]),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}
