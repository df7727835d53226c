//! `[storage]`

use std::path::PathBuf;

use super::kind::text::{Choice, PathTo};
use super::section::section;

/// What keeps the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogEngine {
    /// The hub itself, on one machine.
    Embedded,
    /// NATS JetStream, which several hubs share.
    Nats,
}

section! {
    /// Where the hub keeps what it knows.
    pub struct StorageSettings in "storage" {
        /// The folder of the hub's data, made if it is missing. It also holds the secret of mode `"demo"`.
        path: PathBuf as PathTo("a folder"), by default PathBuf::from("data");

        /// What keeps the log: `"embedded"`, this hub alone; or `"nats"`, a cluster of hubs that share a log in NATS
        /// JetStream (see `[cluster]` and docs/cluster.md). Each hub has a folder of its own in any case.
        engine: LogEngine as Choice(&[LogEngine::Embedded, LogEngine::Nats], |engine| match engine {
            LogEngine::Embedded => "embedded",
            LogEngine::Nats => "nats",
        }), by default LogEngine::Embedded;
    }
}
