//! Whose a session is.

use std::sync::Arc;

use crate::domain::ids::AgentId;

/// A role that a session was opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says what each may do")]
pub enum Role {
    Agent,
    Supervisor,
    Integration,
    Admin,
}

impl Role {
    fn bit(self) -> u8 {
        match self {
            Self::Agent => 1,
            Self::Supervisor => 2,
            Self::Integration => 4,
            Self::Admin => 8,
        }
    }
}

/// The roles that a session was opened with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    /// Whether `role` is among them.
    #[must_use]
    pub fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

/// Whose a session is.
#[derive(Clone, Debug)]
pub struct Who {
    /// The token's subject.
    pub subject: Arc<str>,
    /// The agent that the session signs in; none unless it has the role.
    pub agent: Option<AgentId>,
    /// The roles of this socket.
    pub roles: Roles,
}
