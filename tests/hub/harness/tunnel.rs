//! A way over TLS to a hub that speaks it, for clients that do not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A certificate of the tests, `first` or `second`, or its key.
pub fn tls_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hub/testdata").join(name)
}

/// Whoever trusts this certificate, and no other.
pub fn trusting(name: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(tls_file(&format!("{name}.certificate.pem"))).unwrap();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let settings = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsConnector::from(Arc::new(settings.with_root_certificates(roots).with_no_client_auth()))
}

/// A connection over TLS; the error if the hub is not trusted.
pub async fn over_tls(address: &str, trusted: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    trusting(trusted).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// Connects whoever comes over TLS with this hub, whose certificate is trusted, and returns where to come to.
pub async fn tunnel(address: &str, trusted: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, address) = (listener.local_addr().unwrap().to_string(), address.to_owned());
    tokio::spawn(async move {
        while let Ok((mut plain, _)) = listener.accept().await {
            let address = address.clone();
            tokio::spawn(async move {
                let mut sealed = over_tls(&address, trusted).await.unwrap();
                // Either may end it.
                drop(tokio::io::copy_bidirectional(&mut plain, &mut sealed).await);
            });
        }
    });
    at
}
