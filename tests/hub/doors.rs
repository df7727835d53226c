//! Doors under those who come in and do not go on.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::harness::{Board, Http, Hub, Socket, within};

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

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let hub = Hub::start_unheard(&[("SERVER__DRAIN_TIMEOUT", "10m")]).await;
    let mut sue = hub.supervisor().await;
    hub.terminate();
    // She has heard that the hub stops, and does not answer its close.
    sue.expect("restarting").await;
    hub.terminate();
    let (status, said) = hub.last_words().await;
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.ends_with("presence-hub: stopped at once, told a second time by SIGTERM\n"), "{said}");
}

#[tokio::test]
async fn a_log_that_nobody_reads_stops_neither_the_hub_nor_its_end() {
    let mut hub = Hub::start_unheard(&[("LOG__LEVEL", "debug")]).await;
    let http = Http::anonymous(&hub);
    // Each is worth a line of more than a hundred bytes, and a pipe holds 65,536.
    for _ in 0..1_000 {
        assert_eq!(http.speaks("no request\r\n\r\n").await.0, 400);
    }
    assert_eq!(http.get("/healthz").await.0, 200);
    hub.terminate();
    assert!(hub.ended().await.success());
}

#[tokio::test]
async fn a_hub_does_not_outlive_a_task_that_it_cannot_live_without() {
    for (task, why) in [
        ("the applier", "the applier panicked: it was told to"),
        ("the feed", "the feed panicked: it was told to"),
        ("the sweep", "the sweep panicked: it was told to"),
        ("the writer", "the engine keeps nothing any more: the writer panicked: it was told to"),
    ] {
        let hub = Hub::start_unheard(&[]).await;
        let ada = hub.signs_in("ada").await;
        let (status, body) = hub.http().post("/test/panic", &json!({ "task": task })).await;
        assert_eq!(status, 202, "{body}");
        let (status, said) = hub.last_words().await;
        assert_eq!(status.code(), Some(1), "{said}");
        assert!(said.ends_with(&format!("presence-hub: {why}\n")), "{said}");
        drop(ada);
    }
}

#[tokio::test]
async fn a_page_that_promised_to_answer_heartbeats_and_stops_is_shown_as_asleep() {
    let settings = [("SESSIONS__HEARTBEAT_INTERVAL", "1s"), ("SESSIONS__PAGE_TIMEOUT", "1s")];
    let hub = Hub::start_with(&settings).await;
    let mut board = Board::open(&hub, json!({})).await;
    let bearer = format!("Bearer {}", hub.token("ada", &["agent"]));
    let headers = [("authorization", bearer.as_str())];
    let mut page = Socket::connect(hub.address(), "/ws?heartbeats=answered", &headers).await;
    page.expect("welcome").await;
    board.sees_presence("ada", "available").await;
    for _ in 0..2 {
        page.expect("heartbeat").await;
        page.send(&json!({ "type": "awake" })).await;
    }
    // From now on a browser answers for it, and it does not.
    let closed = async { page.closed().await };
    let (closed, shown) = within(async { tokio::join!(closed, board.sees_presence("ada", "offline")) }).await;
    assert_eq!((closed, &shown["subEventName"]), (Some(4411), &json!("PAGE_ASLEEP")));

    let mut page = Socket::connect(hub.address(), "/ws?heartbeats=answered", &headers).await;
    page.expect("welcome").await;
    board.sees_presence("ada", "available").await;
    let word = CloseFrame { code: 4420.into(), reason: "".into() };
    page.send_raw(Message::Close(Some(word))).await;
    assert_eq!(board.sees_presence("ada", "offline").await["subEventName"], "PAGE_ASLEEP");

    let stream = TcpStream::connect(hub.address()).await.unwrap();
    let refused = Socket::handshake(stream, hub.address(), "/ws?heartbeats=ignored", &headers).await;
    assert_eq!(refused.err(), Some(422));
}

#[tokio::test]
async fn a_reader_that_has_enough_is_no_mistake() {
    let hub = Hub::start().await;
    let (reader, writer) = std::io::pipe().unwrap();
    // As `head -1` does once it has its line.
    drop(reader);
    let ended = hub.command().arg("check-config").stdout(writer).output().unwrap();
    assert_eq!((ended.status.success(), String::from_utf8_lossy(&ended.stderr).as_ref()), (true, ""));
}
