//! How the servers are that keep the log, as the one says that leads.

use std::time::Duration;

use tokio::time::Instant;

use super::{Actor, Done};
use crate::engine::nats::api::{Refused, Stream};
use crate::engine::nats::status::ServerState;

/// How often it is asked.
const ASKED_EVERY: Duration = Duration::from_secs(10);

impl Actor {
    /// Asks when it is time to.
    pub(super) fn asks_for_servers(&mut self) {
        if self.servers_asked.is_some_and(|asked| asked.elapsed() < ASKED_EVERY) {
            return;
        }
        self.servers_asked = Some(Instant::now());
        let api = self.api.clone();
        self.jobs.push(Box::pin(async move { Done::Servers(api.stream().await) }));
    }

    /// Without an answer what was said last stays: that nobody answers is told by other means.
    pub(super) fn servers_are(&self, stream: Result<Option<Stream>, Refused>) {
        let Ok(Some(stream)) = stream else { return };
        let replicas = &stream.cluster.replicas;
        let whole = replicas.iter().filter(|replica| ServerState::of(replica) == ServerState::Follows).count();
        let number = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
        self.status.metrics.servers.set(number(1 + whole));
        self.status.metrics.missing.set(number(replicas.len() - whole));
    }
}
