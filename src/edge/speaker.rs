//! Who speaks over a socket.

use core::net::IpAddr;
use std::sync::Arc;

use super::audit::asker;
use crate::domain::audit::Asker;
use crate::feed::Watches;
use crate::identity::Caller;
use crate::sessions::Session;

/// Who speaks over a socket.
pub struct Speaker {
    /// Who, with the roles of this socket.
    pub caller: Caller,
    /// The roles that the socket asked for; none if it asked for all that the token gives.
    pub roles: Option<Box<str>>,
    /// From which address, if it is known.
    pub address: Option<IpAddr>,
    /// The session.
    pub session: Arc<Session>,
    /// What it watches.
    pub watches: Watches,
}

impl Speaker {
    /// As the audit says it.
    pub fn asker(&self) -> Arc<Asker> {
        asker(&self.caller, self.address)
    }
}
