//! Whose session it is, and in which roles.

use std::sync::Arc;

use crate::domain::ids::AgentId;
use crate::domain::network::Network;
use crate::domain::role::Role;

/// The roles that a session was opened with: a set in one byte, because there is one for each of many
/// thousand sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Whether `role` is among them.
    #[must_use]
    pub fn contains(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }

    /// Each of them.
    pub fn each(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | bit(role)))
    }
}

/// Whose session it is.
#[derive(Clone, Debug)]
pub struct Who {
    /// The token's subject.
    pub subject: Arc<str>,
    /// The agent that the session signs in; none unless it has the role.
    pub agent: Option<AgentId>,
    /// The roles of this socket.
    pub roles: Roles,
    /// From which network; none if the socket came through a proxy or from this machine.
    pub network: Option<Network>,
}

fn bit(role: Role) -> u8 {
    match role {
        Role::Agent => 1,
        Role::Supervisor => 2,
        Role::Integration => 4,
        Role::Admin => 8,
        Role::Observer => 16,
        Role::Analyst => 32,
    }
}
