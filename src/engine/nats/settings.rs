//! What a node of a cluster has to be told.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::engine::alike::Alike;

/// How a hub finds the log that it shares with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The number of this node; no other one has it.
    pub node: u16,
    /// The addresses of the NATS servers.
    pub servers: Vec<String>,
    /// By what the servers know this hub, if they want to.
    pub login: Option<Login>,
    /// The certificates by which the servers are believed, if the system does not know them.
    pub tls_ca: Option<PathBuf>,
    /// The certificate by which the servers believe this hub, and its key.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// The stream's name.
    pub stream: String,
    /// How many servers keep the stream.
    pub replicas: u32,
    /// How long messages stay in the stream.
    pub window: Duration,
    /// After which time without a sign of life a node is silent.
    pub silent_after: Duration,
    /// The address under which other nodes find this one.
    pub advertise: Option<String>,
    /// What other nodes must be told as well.
    pub alike: Alike,
}

/// A name and a password, which is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}
