//! Doors under those who come in and do not go on.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Http, Hub, within};

/// The beginning of a request whose body never comes.
const HANGING: &[u8] = b"POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n";

/// All that the hub says over a connection until it ends.
async fn all_of(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    within(stream.read_to_end(&mut heard)).await.unwrap();
    String::from_utf8(heard).unwrap()
}

#[tokio::test]
async fn requests_that_hang_in_every_place_there_is_make_the_hub_deaf_for_their_time_only() {
    let settings =
        [("SERVER__MAX_HTTP_CONNECTIONS", "3"), ("SERVER__BODY_TIMEOUT", "1s"), ("SERVER__HEAD_TIMEOUT", "1s")];
    let hub = Hub::start_with(&settings).await;
    let bearer = hub.token("acd", &["integration"]);
    let hanging = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {bearer}\r\n\
         content-type: application/json\r\ncontent-length: 9\r\n\r\n",
        hub.address()
    );
    let mut streams = Vec::new();
    for said in [hanging.as_bytes(), b"GET /api", b""] {
        let mut stream = TcpStream::connect(hub.address()).await.unwrap();
        stream.write_all(said).await.unwrap();
        streams.push(stream);
    }
    let (status, _) = Http::anonymous(&hub).get("/healthz").await;
    assert_eq!(status, 200);
    let told = all_of(&mut streams[0]).await;
    assert!(told.starts_with("HTTP/1.1 408 ") && told.contains("\"request_timeout\""), "{told}");
    assert_eq!((all_of(&mut streams[1]).await, all_of(&mut streams[2]).await), (String::new(), String::new()));
}

#[tokio::test]
async fn a_stop_is_not_stretched_by_who_hangs() {
    let mut hub = Hub::start_with(&[("SERVER__DRAIN_TIMEOUT", "10m")]).await;
    let mut streams = Vec::new();
    for said in [HANGING, b"GET /api", b"", b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"] {
        let mut stream = TcpStream::connect(hub.address()).await.unwrap();
        stream.write_all(said).await.unwrap();
        streams.push(stream);
    }
    // Connections are taken in the order they came: once one that came later is answered, all are.
    assert_eq!(Http::anonymous(&hub).get("/healthz").await, (200, json!({ "status": "alive" })));
    hub.terminate();
    assert!(hub.ended().await.success());
}
