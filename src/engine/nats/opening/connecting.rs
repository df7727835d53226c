//! The connection to the servers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_nats::{ConnectOptions, Event, ReconnectToServer, Server, ServerInfo};
use tracing::{debug, info, warn};

use super::OpenError;
use crate::engine::nats::settings::Settings;

/// The oldest server whose answers are understood.
const OLDEST: (i64, i64) = (2, 12);
/// How long a server may take to answer at first. One that is cut off never does, and while it is waited for, the hub hears
/// nothing of the log.
const CONNECT: Duration = Duration::from_secs(1);
/// Messages to the servers that may wait: more than appends and questions together.
const CAPACITY: usize = 65_536;

fn delay(attempts: usize) -> Duration {
    Duration::from_millis((50 * attempts as u64).min(1_000))
}

/// Each time the server after the last one, which may be what is wrong.
fn next_server() -> impl Fn(Vec<Server>, ServerInfo) -> std::future::Ready<Option<ReconnectToServer>> {
    let last = AtomicUsize::new(usize::MAX);
    move |servers, before| {
        // Nothing was connected yet: in their order.
        if before.server_id.is_empty() || servers.is_empty() {
            return std::future::ready(None);
        }
        let connected = || servers.iter().position(|server| server.did_connect).unwrap_or(0);
        let next = match last.load(Ordering::Relaxed) {
            usize::MAX => connected() + 1,
            last => last + 1,
        } % servers.len();
        last.store(next, Ordering::Relaxed);
        let Server { addr, failed_attempts, .. } = servers[next].clone();
        std::future::ready(Some(ReconnectToServer { addr, delay: Some(delay(failed_attempts)) }))
    }
}

pub(in crate::engine::nats) async fn connect(settings: &Settings) -> Result<async_nats::Client, OpenError> {
    let mut options = ConnectOptions::new()
        .name(format!("presence-hub node {}", settings.node))
        .connection_timeout(CONNECT)
        .client_capacity(CAPACITY)
        .ping_interval(Duration::from_secs(5))
        // At first in their order, so that a hub may use the one beside it.
        .retain_servers_order()
        .ignore_discovered_servers()
        .reconnect_delay_callback(delay)
        .reconnect_to_server_callback(next_server())
        .event_callback(|event| async move {
            match event {
                Event::Connected => info!("connected to a NATS server"),
                Event::Disconnected => warn!("the NATS server is gone; another one is tried"),
                Event::SlowConsumer(_) => warn!("messages of the cluster's log came faster than they were taken"),
                event @ (Event::LameDuckMode
                | Event::Draining
                | Event::Closed
                | Event::ServerError(_)
                | Event::ClientError(_)) => debug!(%event, "NATS"),
            }
        });
    if let Some(login) = &settings.login {
        options = options.user_and_password(login.user.clone(), login.password.clone());
    }
    if let Some(path) = &settings.tls_ca {
        options = options.add_root_certificates(path.clone()).require_tls(true);
    }
    if let Some((certificate, key)) = &settings.certificate {
        options = options.add_client_certificate(certificate.clone(), key.clone()).require_tls(true);
    }
    let servers = settings.servers.join(", ");
    let client = options.connect(settings.servers.clone()).await;
    let client = client.map_err(|error| OpenError::Unreachable { servers, error: error.to_string() })?;
    let (major, minor) = OLDEST;
    if !client.is_server_compatible(major, minor, 0) {
        return Err(OpenError::TooOld { found: client.server_info().version });
    }
    Ok(client)
}
