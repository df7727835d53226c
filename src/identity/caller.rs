//! A caller: a subject and its roles.

use std::collections::BTreeSet;

use super::key::KeyMark;
use crate::domain::ids::AgentId;
use crate::domain::role::{Role, Roles};
use crate::domain::time::Timestamp;

/// Who is asking, as their token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// For an agent, its agent id; always fit to be one.
    pub subject: String,
    /// What the caller may do; may be empty.
    pub roles: Roles,
    /// The teams that the token names.
    pub teams: Option<BTreeSet<String>>,
    /// Whether the caller is limited to those teams in all that it does.
    pub limited: bool,
    /// The name that people see.
    pub name: Option<Box<str>>,
    /// When the token ends; clients are told this.
    pub expires: Timestamp,
    /// When the hub stops believing it: later by the leeway. Sockets are closed then.
    pub valid_until: Timestamp,
    /// When the token was issued, if it says so.
    pub issued: Option<Timestamp>,
    /// What it is revoked by.
    pub token_id: String,
    /// Whether the token is an opaque one, which is believed for as long as the hub keeps it.
    pub opaque: bool,
    /// The key that its token was signed with, or the token that a session or a ticket came from.
    pub key: Option<KeyMark>,
}

/// Why roles cannot be narrowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NarrowError {
    /// There is no such role.
    #[error("`{name}` is no role; {right} are", name = .0, right = role_names())]
    Unknown(String),
    /// The token does not give it.
    #[error("the token does not give the role {}", .0.as_str())]
    NotHeld(Role),
    /// None were named.
    #[error("`roles` names no role; leave it out to use all that the token gives")]
    None,
}

fn role_names() -> String {
    Role::ALL.map(Role::as_str).join(", ")
}

/// The teams of a token limit whoever supervises, observes or reads reports, whatever other roles it gives.
#[must_use]
pub fn is_limited(roles: Roles) -> bool {
    roles.each().any(Role::is_limited_by_teams)
}

impl Caller {
    /// The agent that this caller is, if it has that role.
    #[must_use]
    pub fn agent(&self) -> Option<AgentId> {
        AgentId::new(&self.subject).ok().filter(|_| self.roles.contains(Role::Agent))
    }

    /// The teams that the caller is limited to in all that it does; none means every team.
    #[must_use]
    pub fn limit(&self) -> Option<&BTreeSet<String>> {
        self.teams.as_ref().filter(|_| self.limited)
    }

    /// Whether someone of these teams is within what the caller is limited to.
    #[must_use]
    pub fn reaches(&self, teams: &BTreeSet<String>) -> bool {
        self.limit().is_none_or(|limit| !limit.is_disjoint(teams))
    }

    /// The caller with only the roles that `list` names, separated by commas: `?roles=` of a socket. What it is
    /// limited to stays.
    ///
    /// # Errors
    /// A role that is unknown or not held.
    pub fn narrowed(mut self, list: &str) -> Result<Self, NarrowError> {
        let held = |name: &str| {
            let role = Role::parse(name).ok_or_else(|| NarrowError::Unknown(name.to_owned()))?;
            if self.roles.contains(role) { Ok(role) } else { Err(NarrowError::NotHeld(role)) }
        };
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        let roles: Roles = names.map(held).collect::<Result<_, _>>()?;
        if roles.is_empty() {
            return Err(NarrowError::None);
        }
        self.roles = roles;
        Ok(self)
    }
}
