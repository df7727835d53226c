//! How hubs and NATS servers believe each other: certificates, names and passwords.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Instant;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;
use tempfile::TempDir;

use super::{Cluster, hires};
use crate::harness::{Board, Hub, PATIENCE};
use crate::nats_server::NatsServer;

/// Who signs certificates, and where they are.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let (key, mut what) = (KeyPair::generate().unwrap(), CertificateParams::new([]).unwrap());
        what.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        fs::write(folder.path().join("authority.pem"), what.self_signed(&key).unwrap().pem()).unwrap();
        Self { issuer: Issuer::new(what, key), folder }
    }

    /// Signs a certificate for a name, which stands in `name.pem`, with its key in `name.key.pem`.
    fn signs(&self, name: &str) {
        let (key, what) = (KeyPair::generate().unwrap(), CertificateParams::new([name.to_owned()]).unwrap());
        fs::write(self.file(name, "pem"), what.signed_by(&key, &self.issuer).unwrap().pem()).unwrap();
        fs::write(self.file(name, "key.pem"), key.serialize_pem()).unwrap();
    }

    fn file(&self, name: &str, kind: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.{kind}"))
    }

    fn own(&self) -> PathBuf {
        self.file("authority", "pem")
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A server that speaks TLS only, wants certificates of this authority, and a password.
fn strict(authority: &Authority) -> NatsServer {
    authority.signs("127.0.0.1");
    NatsServer::configured(&format!(
        "tls {{ cert_file: {:?}, key_file: {:?}, ca_file: {:?}, verify: true, timeout: 5 }}\n\
         authorization {{ users: [{{ user: hub, password: \"right\" }}] }}",
        authority.file("127.0.0.1", "pem"),
        authority.file("127.0.0.1", "key.pem"),
        authority.own(),
    ))
}

/// A hub that cannot start, and what it says of it. It does not take long.
async fn refuses(settings: Vec<(&'static str, String)>) -> String {
    let began = Instant::now();
    let ended: (ExitStatus, String) = tokio::task::spawn_blocking(move || {
        let settings: Vec<(&'static str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        Hub::refuses_settings(&settings)
    })
    .await
    .unwrap();
    assert!(!ended.0.success(), "{}", ended.1);
    assert!(began.elapsed() < PATIENCE, "{:?}: {}", began.elapsed(), ended.1);
    ended.1
}

#[tokio::test]
async fn hubs_and_servers_that_know_each_other_work_and_what_is_wrong_is_named() {
    let (authority, other) = (Authority::new(), Authority::new());
    let cluster = Cluster::over(Arc::new(vec![strict(&authority)]));
    authority.signs("hub");
    other.signs("stranger");
    let file = |authority: &Authority, name: &str, kind: &str| text(&authority.file(name, kind)).to_owned();
    let ca = text(&authority.own()).to_owned();
    let right = |node: &'static str| {
        let mut settings: Vec<(&'static str, String)> =
            cluster.settings(node).into_iter().map(|(key, value)| (key, value.to_owned())).collect();
        settings.extend([
            ("CLUSTER__TLS_CA", ca.clone()),
            ("CLUSTER__TLS_CERTIFICATE_FILE", file(&authority, "hub", "pem")),
            ("CLUSTER__TLS_KEY_FILE", file(&authority, "hub", "key.pem")),
            ("CLUSTER__USER", "hub".to_owned()),
            ("CLUSTER__PASSWORD", "right".to_owned()),
        ]);
        settings
    };
    let without = |gone: &'static [&'static str], instead: &[(&'static str, String)]| {
        let mut settings = right("3");
        settings.retain(|(key, _)| !gone.contains(key));
        settings.extend(instead.iter().cloned());
        // Each has a folder of its own, as all are started at once.
        let folder = tempfile::tempdir_in(authority.folder.path()).unwrap().keep();
        settings.push(("STORAGE__PATH", text(&folder).to_owned()));
        settings
    };
    const CERTIFICATE: [&str; 2] = ["CLUSTER__TLS_CERTIFICATE_FILE", "CLUSTER__TLS_KEY_FILE"];
    let strangers = CERTIFICATE.into_iter().zip(["pem", "key.pem"].map(|kind| file(&other, "stranger", kind)));
    let plain = NatsServer::start();
    let wrong = [
        (
            without(&["CLUSTER__PASSWORD"], &[("CLUSTER__PASSWORD", "wrong".to_owned())]),
            "correct `cluster.user`, or its password",
        ),
        (without(&["CLUSTER__USER", "CLUSTER__PASSWORD"], &[]), "name a user whom it knows (`cluster.user`)"),
        (without(&["CLUSTER__TLS_CA"], &[("CLUSTER__TLS_CA", text(&other.own()).to_owned())]), "(`cluster.tls_ca`)"),
        (without(&["CLUSTER__TLS_CA"], &[]), "(`cluster.tls_ca`)"),
        (without(&CERTIFICATE, &[]), "name a certificate that it believes, and the key"),
        (
            without(&CERTIFICATE, &strangers.collect::<Vec<_>>()),
            "name a certificate that it believes (`cluster.tls_cert",
        ),
        (
            without(&["CLUSTER__TLS_CA"], &[("CLUSTER__TLS_CA", "/nowhere.pem".to_owned())]),
            "/nowhere.pem cannot be read",
        ),
        (without(&["CLUSTER__TLS_KEY_FILE"], &[("CLUSTER__TLS_KEY_FILE", ca.clone())]), "cluster.tls_key_file"),
        (
            without(&["CLUSTER__SERVERS"], &[("CLUSTER__SERVERS", format!("[{:?}]", plain.address()))]),
            "`cluster.tls_ca`",
        ),
    ];
    let said =
        futures::future::join_all(wrong.map(|(settings, named)| async move { (refuses(settings).await, named) })).await;
    for (said, named) in said {
        assert!(said.contains(named), "{named:?} is not in {said}");
    }

    let started = async |settings: Vec<(&'static str, String)>| {
        let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        Hub::start_with(&settings).await
    };
    let (one, two) = tokio::join!(started(right("1")), started(right("2")));
    hires(&one, "ada").await;
    let mut board = Board::open(&one, json!({})).await;
    let _ada = two.signs_in("ada").await;
    board.sees_presence("ada", "available").await;
    let status = one.says(&["cluster", "status"]);
    assert!(status.contains("node 1, boot 1: ") && status.contains("node 2, boot 1: "), "{status}");
}
