//! What one too many is told, over real connections; `tests/crowd.rs` has what depends on time.

use std::net::{IpAddr, SocketAddr};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::{Hub, Wire, masked, within};
use crate::metrics::Figures;

/// Another address of this machine.
const ELSEWHERE: [u8; 4] = [127, 0, 0, 2];

/// A connection from there.
async fn connection(hub: &Hub, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((IpAddr::from(from), 0))).unwrap();
    socket.connect(hub.address().parse().unwrap()).await.unwrap()
}

fn asks(hub: &Hub) -> String {
    format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", hub.address())
}

/// Sends this, and reads up to the end of the connection.
async fn all_of(mut stream: TcpStream, said: &str) -> String {
    let mut heard = Vec::new();
    // The hub may have answered and ended before.
    drop(stream.write_all(said.as_bytes()).await);
    drop(within(stream.read_to_end(&mut heard)).await);
    String::from_utf8(heard).unwrap()
}

/// Reads one answer of a connection that goes on.
async fn answered(stream: &mut TcpStream, said: &str) {
    stream.write_all(said.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    while !heard.ends_with(b"}") {
        assert!(within(stream.read_buf(&mut heard)).await.unwrap() > 0, "{heard:?}");
    }
    assert!(heard.starts_with(b"HTTP/1.1 200 "), "{heard:?}");
}

fn is_told_429(answer: &str, why: &str) -> bool {
    let lines = ["HTTP/1.1 429 ", "retry-after: 1\r\n", "connection: close\r\n", "\"rate_limited\"", why];
    lines.iter().all(|line| answer.contains(line))
}

#[tokio::test]
async fn an_address_that_connects_too_fast_is_told_so_and_others_are_not() {
    let hub = Hub::start_with(&[("LIMITS__NEW_CONNECTIONS_PER_ADDRESS", "1")]).await;
    let asks = asks(&hub).replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
    // Twenty at once, and one more each second that it takes.
    let mut told = 0;
    for _ in 0..100 {
        let answer = all_of(connection(&hub, ELSEWHERE).await, &asks).await;
        if is_told_429(&answer, "20 at once and 1 a second after that are right") {
            told += 1;
        } else {
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        }
    }
    assert!((1..=80).contains(&told), "{told}");
    let answer = all_of(connection(&hub, [127, 0, 0, 3]).await, &asks).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let counted = Figures::of(&hub).await;
    counted.assert(&[("limited_total{limit=\"new_connections_of_address\"}", f64::from(told))]);
}

#[tokio::test]
async fn an_address_makes_room_among_its_idle_connections_and_is_refused_when_all_are_busy() {
    let hub = Hub::start_with(&[("LIMITS__HTTP_CONNECTIONS_PER_ADDRESS", "2")]).await;
    let asks = asks(&hub);
    let mut busy = connection(&hub, ELSEWHERE).await;
    busy.write_all(b"GET /healthz").await.unwrap();
    let mut idle = connection(&hub, ELSEWHERE).await;
    answered(&mut idle, &asks).await;
    // The idle one leaves for one who comes.
    let mut next = connection(&hub, ELSEWHERE).await;
    answered(&mut next, &asks).await;
    assert_eq!(all_of(idle, "").await, "");
    next.write_all(b"GET /healthz").await.unwrap();
    // It is at work once the hub has read that, and so has nothing more to give: other addresses have.
    let mut elsewhere = connection(&hub, [127, 0, 0, 3]).await;
    answered(&mut elsewhere, &asks).await;
    let answer = all_of(connection(&hub, ELSEWHERE).await, &asks).await;
    assert!(is_told_429(&answer, "2 connections of this address are at work already"), "{answer}");
    busy.write_all(b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut heard = String::new();
    within(busy.read_to_string(&mut heard)).await.unwrap();
    assert!(heard.starts_with("HTTP/1.1 200 "), "{heard}");
    answered(&mut connection(&hub, ELSEWHERE).await, &asks).await;
}

#[tokio::test]
async fn heads_have_so_many_bytes_and_lines() {
    let hub = Hub::start().await;
    let head =
        |lines: &str| format!("GET /healthz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{lines}\r\n", hub.address());
    let long = |bytes: usize| head(&format!("x-filler: {}\r\n", "x".repeat(bytes)));
    let (status, _, _) = hub.http().speaks(long(16 * 1024)).await;
    assert_eq!(status, 200);
    for too_much in [long(100 * 1024), head(&"x-filler: x\r\n".repeat(101))] {
        let answer = all_of(connection(&hub, ELSEWHERE).await, &too_much).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn of_what_administrators_make_there_may_be_so_many() {
    let settings = [
        ("LIMITS__AGENTS", "3"),
        ("LIMITS__PRESENCES", "7"),
        ("LIMITS__CAPACITY_PROFILES", "1"),
        ("LIMITS__WORKSTREAMS", "1"),
    ];
    let hub = Hub::start_with(&settings).await;
    let http = hub.http();
    let agents: Vec<Value> = (0..4).map(|number| json!({ "agentId": format!("a{number}") })).collect();
    let (status, answer) = http.put("/api/v1/agents", &json!(agents)).await;
    let results: Vec<_> =
        answer["results"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!((status, results), (200, vec!["applied", "applied", "applied", "rejected"]), "{answer}");
    assert_eq!(answer["results"][3]["code"], "limit_reached", "{answer}");
    let presence = json!({ "presenceName": "Lunch", "basePresenceStatus": "AWAY" });
    let stream = json!({ "allowedPresences": ["AVAILABLE"] });
    for (path, body) in [
        ("/api/v1/agents/", json!({})),
        ("/api/v1/presences/", presence),
        ("/api/v1/capacity-profiles/", json!({ "defaultMax": 1 })),
        ("/api/v1/workstreams/", stream),
    ] {
        let (first, second) = (format!("{path}a0"), format!("{path}other"));
        let made = http.put(&first, &body).await;
        assert!([200, 201].contains(&made.0), "{made:?}");
        let (status, problem) = http.put(&second, &body).await;
        assert_eq!((status, &problem["code"]), (409, &json!("limit_reached")), "{path}: {problem}");
        // What is there may change, and what goes makes room.
        assert_eq!(http.put(&first, &body).await.0, 200, "{path}");
        assert_eq!(http.delete(&first).await.0, 204, "{path}");
        let made = http.put(&second, &body).await;
        assert_eq!(made.0, 201, "{made:?}");
    }
    let counted = Figures::of(&hub).await;
    for limit in ["presences", "capacity_profiles", "workstreams"] {
        counted.assert(&[(&format!("limited_total{{limit=\"{limit}\"}}"), 1.0)]);
    }
}

#[tokio::test]
async fn the_filters_of_a_socket_name_so_many() {
    let hub = Hub::start_with(&[("LIMITS__WATCHED_NAMES_PER_SOCKET", "1000")]).await;
    let mut board = hub.supervisor().await;
    let watch = |from: usize, many: usize| {
        let names: Vec<String> = (from..from + many).map(|number| format!("a{number}")).collect();
        json!({ "type": "watch", "filter": { "agentIds": names } })
    };
    let first = board.does(watch(0, 600)).await;
    assert_eq!(board.refused(watch(600, 401)).await, "rate_limited");
    // The same again takes no more.
    board.does(watch(0, 600)).await;
    board.does(watch(600, 400)).await;
    board.does(json!({ "type": "unwatch", "watchId": first["watchId"] })).await;
    board.does(watch(2_000, 600)).await;
}

#[tokio::test]
async fn a_message_in_endless_pieces_ends_its_socket() {
    let hub = Hub::start().await;
    let mut wire = Wire::open(&hub).await;
    let pieces = masked(0x0, b"").repeat(1_000);
    wire.send(&masked(0x1, b"{")).await;
    // Some 360,000 bytes are borne, and these are a few more.
    for _ in 0..65 {
        wire.send(&pieces).await;
    }
    let (code, reason) = wire.closed().await.expect("a close frame");
    assert_eq!((code, reason.as_str()), (Some(4413), "a frame is in more pieces than allowed"));
}
