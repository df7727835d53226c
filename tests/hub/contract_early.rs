//! Answers before the whole request has come: they are the last of their connection, and can be read.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Hub, within};

/// A body that fills the buffers of both kernels.
const LONG: usize = 4_000_000;

fn head(hub: &Hub, path: &str, more: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{more}content-length: {length}\r\n\r\n",
        hub.address()
    )
}

/// Sends all of it before anything is read; all that is answered until the end, which may be no reset.
async fn answer_to(hub: &Hub, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(hub.address()).await.unwrap();
    within(stream.write_all(sent)).await.unwrap();
    let mut answer = Vec::new();
    within(stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn whoever_is_refused_before_the_body_was_read_can_read_why_and_that_the_connection_ends() {
    let hub = Hub::start().await;
    let bearer = format!("authorization: Bearer {}\r\n", hub.token("acd", &["integration"]));
    let stranger = "host: elsewhere\r\n";
    for (path, more, status) in [
        ("/api/v1/events", "", 401),
        ("/api/v1/agents", &*bearer, 403),
        ("/api/v1/events", &*bearer, 413),
        ("/session", "", 413),
        ("/nowhere", "", 404),
        ("/readyz", "", 405),
        ("/ws", "", 405),
        ("/session", stranger, 403),
    ] {
        let mut head = head(&hub, path, more, LONG);
        if more == stranger {
            head = head.replacen(&format!("host: {}\r\n", hub.address()), "", 1);
        }
        let sent = [head.into_bytes(), vec![b' '; LONG]].concat();
        let answer = answer_to(&hub, &sent).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_is_answered_too() {
    let hub = Hub::start().await;
    let sent = format!("GET / HTTP/1.1\r\nhost: {}\r\nx: {}\r\n\r\n", hub.address(), "x".repeat(LONG));
    let answer = answer_to(&hub, sent.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    let rubbish = [&b"rubbish\r\n\r\n"[..], &[b'x'; 100_000]].concat();
    let answer = answer_to(&hub, &rubbish).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("connection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn a_connection_is_kept_if_the_body_came_with_the_request() {
    let hub = Hub::start().await;
    let mut stream = TcpStream::connect(hub.address()).await.unwrap();
    for _ in 0..3 {
        stream.write_all(format!("{}[]", head(&hub, "/api/v1/events", "", 2)).as_bytes()).await.unwrap();
        let mut answer = String::new();
        while !answer.ends_with('}') {
            let mut read = [0; 4_096];
            let many = within(stream.read(&mut read)).await.unwrap();
            assert!(many > 0, "ended after {answer:?}");
            answer.push_str(std::str::from_utf8(&read[..many]).unwrap());
        }
        assert!(answer.starts_with("HTTP/1.1 401 ") && !answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn whoever_goes_on_sending_is_not_listened_to_for_long() {
    let hub = Hub::start().await;
    let mut stream = TcpStream::connect(hub.address()).await.unwrap();
    stream.write_all(head(&hub, "/api/v1/events", "", 10_000_000_000).as_bytes()).await.unwrap();
    let piece = vec![b' '; 1_000_000];
    let mut sent = 0;
    while within(stream.write_all(&piece)).await.is_ok() {
        sent += piece.len();
        assert!(sent < 200_000_000, "{sent} bytes were taken");
    }
}
