//! The way out to programs of others, over http or https. Redirects are not followed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::telemetry::WithCauses;

/// How long an idle connection is kept: shorter than any server keeps its own (gunicorn 2 s, Node and Apache 5 s, nginx
/// 75 s). What is sent while the other side closes is lost, and the code of a sign-in cannot be sent twice.
const IDLE: Duration = Duration::from_secs(1);

/// How long another hub may take to take a connection, and how soon it is asked whether its machine is still there when
/// nothing comes: it may work for minutes before it answers.
const CONNECT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(15);
const ASKED_AGAIN: Duration = Duration::from_secs(5);
const ASKED: u32 = 3;

/// The way out. Clones share its connections.
#[derive(Clone, Debug)]
pub struct WayOut {
    http: Client<HttpConnector, Body>,
    /// Or why there is none.
    https: Result<Client<HttpsConnector<HttpConnector>, Body>, String>,
}

impl WayOut {
    /// Reads the certificates that the system trusts, which takes a moment. To be called within a runtime.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_idle_timeout(IDLE).pool_timer(TokioTimer::new());
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let http = builder.build(connector);
        let https = HttpsConnectorBuilder::new().with_native_roots();
        let https = https.map(|https| builder.build(https.https_only().enable_http1().build()));
        Self { http, https: https.map_err(no_certificates) }
    }

    /// The way to another hub, which is believed by the certificates of this PEM file alone, if there is one. One whose
    /// machine is gone is found out although no answer is waited for by the clock.
    ///
    /// # Errors
    /// The file cannot be used, in words.
    pub fn to_a_hub(trusted: Option<&Path>) -> Result<Self, String> {
        let builder = Client::builder(TokioExecutor::new());
        let connector = || {
            let mut connector = HttpConnector::new();
            connector.set_nodelay(true);
            connector.set_connect_timeout(Some(CONNECT));
            connector.set_keepalive(Some(SILENCE));
            connector.set_keepalive_interval(Some(ASKED_AGAIN));
            connector.set_keepalive_retries(Some(ASKED));
            connector
        };
        let https = match trusted {
            Some(file) => Ok(HttpsConnectorBuilder::new().with_tls_config(trusting(file)?)),
            None => HttpsConnectorBuilder::new().with_native_roots(),
        };
        let https = https.map(|https| {
            let mut within = connector();
            within.enforce_http(false);
            builder.build(https.https_only().enable_http1().wrap_connector(within))
        });
        Ok(Self { http: builder.build(connector()), https: https.map_err(no_certificates) })
    }

    /// Sends it, and returns the head of the answer; or why there is none, in words.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, String> {
        let is_secure = request.uri().scheme_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let sent = match (&self.https, is_secure) {
            (_, false) => self.http.request(request).await,
            (Ok(https), true) => https.request(request).await,
            (Err(error), true) => return Err(error.clone()),
        };
        sent.map_err(|error| WithCauses(&error).to_string())
    }
}

fn no_certificates(error: std::io::Error) -> String {
    format!("the system trusts no certificates: {error}")
}

/// Believes the certificates of a file, and no others.
fn trusting(file: &Path) -> Result<ClientConfig, String> {
    let unusable =
        |why: &dyn std::fmt::Display| format!("{} has no certificate that can be used: {why}", file.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() {
        return Err(unusable(&"it holds none"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let settings = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let settings = settings.map_err(|error| unusable(&error))?;
    Ok(settings.with_root_certificates(roots).with_no_client_auth())
}

impl Default for WayOut {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one request a connection, and hangs up when a second one comes, as a server does whose patience with an
    /// idle connection ends at that moment.
    async fn of_little_patience(listener: TcpListener) {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut asked = [0; 1024];
                assert!(connection.read(&mut asked).await.unwrap() > 0);
                connection.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
                connection.read(&mut asked).await.unwrap_or_default();
            });
        }
    }

    #[tokio::test]
    async fn a_connection_that_idled_is_not_used_again_when_the_other_side_may_be_closing_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(of_little_patience(listener));
        let way_out = WayOut::new();
        let post = || Request::post(&address).body(Body::from("code=1")).unwrap();
        assert_eq!(way_out.send(post()).await.unwrap().status(), 204);
        tokio::time::pause();
        tokio::time::advance(IDLE + Duration::from_millis(1)).await;
        tokio::time::resume();
        assert_eq!(way_out.send(post()).await.unwrap().status(), 204);
    }
}
