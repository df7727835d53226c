//! The connection to the servers.

use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_nats::{ConnectErrorKind, ConnectOptions, Event, ReconnectToServer, Server, ServerInfo};
use rustls::AlertDescription;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tracing::{debug, warn};

use super::OpenError;
use crate::engine::nats::settings::Settings;
use crate::telemetry::WithCauses;

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
                Event::SlowConsumer(_) => warn!("messages of the cluster's log came faster than they were taken"),
                // The node itself says which server it is connected to, and which one it has lost.
                event @ (Event::Connected
                | Event::Disconnected
                | Event::LameDuckMode
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
        has_certificates("tls_ca", path)?;
        options = options.add_root_certificates(path.clone()).require_tls(true);
    }
    if let Some((certificate, key)) = &settings.certificate {
        has_certificates("tls_certificate_file", certificate)?;
        PrivateKeyDer::from_pem_file(key).map_err(|error| unusable("tls_key_file", key, error.to_string()))?;
        options = options.add_client_certificate(certificate.clone(), key.clone()).require_tls(true);
    }
    let client = options.connect(settings.servers.clone()).await;
    let client = client.map_err(|error| OpenError::Unreachable {
        servers: settings.servers.join(", "),
        error: WithCauses(&error).to_string(),
        advice: advice(settings, &error),
    })?;
    let (major, minor) = OLDEST;
    if !client.is_server_compatible(major, minor, 0) {
        return Err(OpenError::TooOld { found: client.server_info().version });
    }
    Ok(client)
}

fn unusable(setting: &'static str, path: &Path, error: String) -> OpenError {
    OpenError::File { setting, path: path.to_owned(), error }
}

/// Said here, because a connection would only say that it failed.
fn has_certificates(setting: &'static str, path: &Path) -> Result<(), OpenError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(found) if found.is_empty() => Err(unusable(setting, path, "it has no certificates".to_owned())),
        Ok(_) => Ok(()),
        Err(error) => Err(unusable(setting, path, error.to_string())),
    }
}

/// What would be right where nobody answers.
pub(in crate::engine::nats) const START_ONE: &str = "start one, or correct `cluster.servers`";

/// What would be right.
fn advice(settings: &Settings, error: &async_nats::ConnectError) -> &'static str {
    if let ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication = error.kind() {
        return match settings.login {
            Some(_) => "correct `cluster.user`, or its password (PRESENCE_HUB__CLUSTER__PASSWORD)",
            None => "name a user whom it knows (`cluster.user`), and the password (PRESENCE_HUB__CLUSTER__PASSWORD)",
        };
    }
    match tls_error(error) {
        Some(rustls::Error::InvalidCertificate(_)) => {
            "name the certificate of whoever signed the server's (`cluster.tls_ca`), and the server as its certificate does"
        }
        Some(rustls::Error::AlertReceived(alert)) if is_about_certificates(*alert) => match settings.certificate {
            Some(_) => "name a certificate that it believes (`cluster.tls_certificate_file`)",
            None => {
                "name a certificate that it believes, and the key (`cluster.tls_certificate_file`, `cluster.tls_key_file`)"
            }
        },
        Some(_) => "let the server and `cluster.tls_ca` agree on TLS",
        None => START_ONE,
    }
}

fn is_about_certificates(alert: AlertDescription) -> bool {
    [
        AlertDescription::CertificateRequired,
        AlertDescription::BadCertificate,
        AlertDescription::UnsupportedCertificate,
        AlertDescription::CertificateRevoked,
        AlertDescription::CertificateExpired,
        AlertDescription::CertificateUnknown,
        AlertDescription::UnknownCA,
    ]
    .contains(&alert)
}

/// What TLS says, among the causes of an error.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        // Such an error does not name what is in it as its cause.
        let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match within {
            Some(within) => Some(within),
            None => error.source(),
        };
    }
    None
}
