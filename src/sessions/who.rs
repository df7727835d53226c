//! Whose session it is, and in which roles.

use std::sync::Arc;

use crate::domain::ids::AgentId;
use crate::domain::network::Network;
use crate::domain::role::Roles;

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
