//! TLS at the hub's own door.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Board, Http, Hub, Log, Socket, event, over_tls, tls_file, tunnel, within};

/// Puts this certificate and its key in the place of those before.
fn exchange(folder: &Path, name: &str) {
    for kind in ["certificate", "key"] {
        fs::copy(tls_file(&format!("{name}.{kind}.pem")), folder.join(format!("{kind}.pem"))).unwrap();
    }
}

/// A hub that speaks TLS with what is in this folder.
async fn hub_of(folder: &Path, more: &[(&'static str, &str)]) -> (Hub, Log) {
    let file = |kind: &str| folder.join(format!("{kind}.pem")).to_str().unwrap().to_owned();
    let (certificate, key) = (file("certificate"), file("key"));
    let mut settings = vec![
        ("SERVER__TLS_CERTIFICATE_FILE", certificate.as_str()),
        ("SERVER__TLS_KEY_FILE", key.as_str()),
        ("SERVER__PUBLIC_URL", "https://presence.example.com"),
        ("LOG__LEVEL", "info"),
    ];
    settings.extend(more);
    Hub::start_heard(&settings).await
}

async fn opens(hub: &Hub, address: &str, subject: &str, role: &str) -> Socket {
    let header = format!("Bearer {}", hub.token(subject, &[role]));
    let mut socket = Socket::connect(address, "/ws", &[("authorization", &header)]).await;
    socket.welcome = socket.expect("welcome").await;
    socket
}

#[tokio::test]
async fn requests_sockets_and_boards_are_the_same_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    exchange(folder.path(), "first");
    let (hub, _log) = hub_of(folder.path(), &[]).await;
    let through = tunnel(hub.address(), "first").await;
    let root = Http::at(&through, hub.token("root", &["integration", "admin"]));
    // Longer than what stands between the threads at once, both ways.
    let agents: Vec<Value> = (0..2_000).map(|one| json!({ "agentId": format!("a{one}"), "teams": ["t"] })).collect();
    let (status, kept) = root.put("/api/v1/agents", &Value::from(agents)).await;
    assert_eq!((status, kept["results"].as_array().unwrap().len()), (200, 2_000));
    let mut ada = opens(&hub, &through, "ada", "agent").await;
    let board = opens(&hub, &through, "sue", "supervisor").await;
    let mut board = Board::watch(board, json!({ "type": "watch", "filter": {} })).await;
    assert_eq!(board.len(), 2_001);
    ada.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
    board.sees_presence("ada", "busy").await;
    root.applies(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "w1" }))).await;
    drop(ada);
    let gone = board.sees_presence("ada", "offline").await;
    assert_eq!(gone["eventName"], "DISCONNECTED", "who is gone is Offline at once");
    // Whoever does not speak TLS is told nothing.
    let mut plain = TcpStream::connect(hub.address()).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    within(plain.read_to_end(&mut answer)).await.unwrap();
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[tokio::test]
async fn a_stop_says_good_bye_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    exchange(folder.path(), "first");
    let (mut hub, _log) = hub_of(folder.path(), &[]).await;
    let through = tunnel(hub.address(), "first").await;
    let mut ada = opens(&hub, &through, "ada", "agent").await;
    hub.terminate();
    ada.expect("restarting").await;
    assert_eq!(ada.closed().await, Some(1012));
    assert!(hub.ended().await.success());
}

#[tokio::test]
async fn a_newer_certificate_counts_for_who_comes_then_and_one_that_is_none_leaves_that_of_before() {
    let folder = tempfile::tempdir().unwrap();
    exchange(folder.path(), "first");
    let (hub, mut log) = hub_of(folder.path(), &[]).await;
    let through = tunnel(hub.address(), "first").await;
    let mut ada = opens(&hub, &through, "ada", "agent").await;
    exchange(folder.path(), "second");
    log.says("a newer certificate is used for TLS").await;
    assert!(over_tls(hub.address(), "first").await.is_err(), "the older one is not shown any more");
    over_tls(hub.address(), "second").await.unwrap();
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;

    fs::write(folder.path().join("certificate.pem"), "to be written soon").unwrap();
    log.says("cannot be read again; that of before is kept").await;
    let through = tunnel(hub.address(), "second").await;
    let (status, ready) = Http::at(&through, hub.token("root", &["admin"])).get("/readyz").await;
    assert_eq!(status, 200);
    assert!(ready["warning"].as_str().unwrap().contains("holds no certificate in PEM"), "{ready}");
}

#[tokio::test]
async fn whoever_does_not_finish_the_handshake_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    exchange(folder.path(), "first");
    let (hub, _log) = hub_of(folder.path(), &[("SERVER__HEAD_TIMEOUT", "1s")]).await;
    for said in [&b""[..], b"\x16\x03\x01\x02\x00\x01"] {
        let mut stream = TcpStream::connect(hub.address()).await.unwrap();
        stream.write_all(said).await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut [0; 16])).await;
        assert!(matches!(ended, Ok(Ok(0) | Err(_))), "{said:?}: {ended:?}");
    }
    let mut sealed = over_tls(hub.address(), "first").await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(20), sealed.read(&mut [0; 16])).await;
    assert!(matches!(ended, Ok(Ok(0) | Err(_))), "nothing was asked: {ended:?}");
}

#[test]
fn what_is_no_certificate_or_no_key_keeps_a_hub_from_starting_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let says = |certificate: &str, key: &str| {
        let folder = folder.path();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_presence-hub"))
            .current_dir(folder)
            .args(["check-config"])
            .env("PRESENCE_HUB__SERVER__TLS_CERTIFICATE_FILE", tls_file(certificate))
            .env("PRESENCE_HUB__SERVER__TLS_KEY_FILE", tls_file(key))
            .env("PRESENCE_HUB__SERVER__PUBLIC_URL", "https://presence.example.com")
            .output()
            .unwrap();
        (output.status.success(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
    };
    assert!(says("first.certificate.pem", "first.key.pem").0);
    for (certificate, key, why) in [
        ("nowhere.pem", "first.key.pem", "cannot be read"),
        ("first.key.pem", "first.key.pem", "holds no certificate in PEM"),
        ("first.certificate.pem", "first.certificate.pem", "holds no private key in PEM"),
        ("first.certificate.pem", "second.key.pem", "the certificate and its key cannot be used"),
    ] {
        let (is_right, said) = says(certificate, key);
        assert!(!is_right && said.contains(why), "{said}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
