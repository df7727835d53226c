//! Which server this node is connected to.

use std::sync::atomic::Ordering;

use async_nats::connection::State;
use tracing::{info, warn};

use super::Actor;

/// The server that this node is connected to, or was last.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// How often there was a connection to any.
    connects: u64,
    /// Its name.
    server: String,
    how: How,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum How {
    /// It is there.
    #[default]
    There,
    /// This node leaves it by itself.
    Left,
    /// It is gone.
    Gone,
}

impl Actor {
    /// Says which server this node is connected to when that is another one, or again the same.
    pub(super) fn looks_at_its_server(&mut self) {
        let (client, known) = (&self.api.client, &mut self.connection);
        let connects = client.statistics().connects.load(Ordering::Relaxed);
        if connects != known.connects {
            let server = client.server_info();
            // One that listens at every address of its machine does not say which of them it is.
            let host = Some(server.host.as_str()).filter(|host| !matches!(*host, "0.0.0.0" | "::"));
            let address = format!("{}:{}", host.unwrap_or_default(), server.port);
            info!(server = server.server_name, address, "connected to a NATS server");
            *known = Connection { connects, server: server.server_name, how: How::There };
        } else if known.how == How::There && client.connection_state() == State::Disconnected {
            warn!(server = known.server, "the NATS server is gone; another one is tried");
            known.how = How::Gone;
        }
    }

    /// This node leaves its server, though that is there.
    pub(super) fn leaves_its_server(&mut self) {
        let server = &self.connection.server;
        warn!(server, "the NATS server does not give what the log says, and is left for another one");
        self.connection.how = How::Left;
    }
}
