//! A caller: a subject and its roles.

use std::collections::BTreeSet;

use crate::domain::ids::AgentId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;

/// Who is asking, as their token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// For an agent, its agent id; always fit to be one.
    pub subject: String,
    /// What the caller may do; may be empty.
    pub roles: BTreeSet<Role>,
    /// Limits the role of supervisor; none means every team.
    pub teams: Option<BTreeSet<String>>,
    /// The name that people see.
    pub name: Option<String>,
    /// When the token ends; clients are told this.
    pub expires: Timestamp,
    /// When the hub stops believing it: later by the leeway. Sockets are closed then.
    pub valid_until: Timestamp,
    /// What it is revoked by.
    pub token_id: String,
}

/// Why roles cannot be narrowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NarrowError {
    /// There is no such role.
    #[error("`{0}` is no role; agent, supervisor, integration and admin are")]
    Unknown(String),
    /// The token does not give it.
    #[error("the token does not give the role {}", .0.as_str())]
    NotHeld(Role),
    /// None were named.
    #[error("`roles` names no role; leave it out to use all that the token gives")]
    None,
}

impl Caller {
    /// The agent that this caller is, if it has that role.
    #[must_use]
    pub fn agent(&self) -> Option<AgentId> {
        AgentId::new(&self.subject).ok().filter(|_| self.roles.contains(&Role::Agent))
    }

    /// Whether the caller supervises someone of these teams.
    #[must_use]
    pub fn supervises(&self, teams: &BTreeSet<String>) -> bool {
        match &self.teams {
            None => true,
            Some(scope) => !scope.is_disjoint(teams),
        }
    }

    /// The caller with only the roles that `list` names, separated by commas: `?roles=` of a socket.
    ///
    /// # Errors
    /// A role that is unknown or not held.
    pub fn narrowed(mut self, list: &str) -> Result<Self, NarrowError> {
        let mut roles = BTreeSet::new();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let role = Role::parse(name).ok_or_else(|| NarrowError::Unknown(name.to_owned()))?;
            if !self.roles.contains(&role) {
                return Err(NarrowError::NotHeld(role));
            }
            roles.insert(role);
        }
        if roles.is_empty() {
            return Err(NarrowError::None);
        }
        self.roles = roles;
        Ok(self)
    }
}
