//! Those who speak HTTP, and do not mean it.

use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bytes::{connect, connect_with, rest, says};
use crate::harness::{Hub, within};
use crate::house::token;

/// How many answers there are, and the status of the first.
fn answers(heard: &str) -> (usize, &str) {
    (heard.matches("HTTP/1.1 ").count(), heard.get(9..12).unwrap_or_default())
}

/// Heads that are too long, and requests that a proxy and the hub could understand differently: each is refused, the
/// connection ends, and what is hidden behind it is nobody's request.
pub async fn shapes(hub: &Hub, from: Ipv4Addr) {
    let host = format!("host: {}\r\n", hub.address());
    let hidden = format!("GET /healthz HTTP/1.1\r\n{host}\r\n");
    let post = |headers: &str, body: &str| format!("POST /session HTTP/1.1\r\n{host}{headers}\r\n{body}{hidden}");
    let get = |headers: &str| format!("GET /healthz HTTP/1.1\r\n{host}{headers}\r\n{hidden}");
    let huge = "x".repeat(200_000);
    for (said, statuses) in [
        (get(&format!("x-filler: {huge}\r\n")), &["431"][..]),
        (get(&"x-filler: x\r\n".repeat(200)), &["431"]),
        (format!("GET /{huge} HTTP/1.1\r\n{host}\r\n"), &["414", "431"]),
        (post("content-length: 5\r\ncontent-length: 6\r\n", "hello"), &["400"]),
        (post("content-length: +5\r\n", "hello"), &["400"]),
        (post("content-length: 5, 5\r\n", "hello"), &["400"]),
        (post("content-length: 99999999999999999999\r\n", "hello"), &["400"]),
        (post("transfer-encoding: chunked, gzip\r\n", "0\r\n\r\n"), &["400"]),
        (post("transfer-encoding: xchunked\r\n", "0\r\n\r\n"), &["400"]),
        (post("transfer-encoding : chunked\r\n", "0\r\n\r\n"), &["400"]),
        // The chunks count, and the connection ends behind them (RFC 9112, 6.1).
        (post("content-length: 5\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n"), &["400", "415"]),
        (post("transfer-encoding: chunked\r\n", "zz\r\n"), &["400"]),
        (post("transfer-encoding: chunked\r\n", &format!("1;{huge}\r\n")), &["400"]),
        (get("x-folded: a\r\n b\r\n"), &["400"]),
        (get("x-null: a\0b\r\n"), &["400"]),
        (get("no colon\r\n"), &["400"]),
        (format!("GET /healthz HTTP/1.1\r\nhost: hub\r\nhost: other\r\n\r\n{hidden}"), &["400", "403"]),
        (format!("GET http://elsewhere.example/desk HTTP/1.1\r\n{host}\r\n"), &["400", "403"]),
        (format!("GET /healthz HTTP/9.9\r\n{host}\r\n{hidden}"), &["400", "505"]),
        (format!("\0\0\0\0{hidden}"), &["400"]),
        // The connection ends without an answer.
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[""]),
    ] {
        let heard = says(hub, from, said.as_bytes()).await;
        let (many, status) = answers(&heard);
        let beginning: String = said.chars().take(120).collect();
        assert!(many <= 1 && statuses.contains(&status), "{beginning:?} is answered {many} times: {heard:.300}");
    }
}

/// Many requests at once over one connection: they are answered in order, and those that are too many with 429.
pub async fn pipelines(hub: &Hub, from: Ipv4Addr) {
    let (host, bearer) = (hub.address(), token(hub, "pipe", "supervisor"));
    let one = format!("GET /api/v1/agents?limit=1 HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {bearer}\r\n");
    let each = (0..4).map(|_| async {
        let said = format!("{}{one}connection: close\r\n\r\n", format!("{one}\r\n").repeat(499));
        let mut stream = connect(hub, from).await;
        let (mut reads, mut writes) = stream.split();
        let mut heard = String::new();
        let (written, read) = tokio::join!(writes.write_all(said.as_bytes()), within(reads.read_to_string(&mut heard)));
        written.unwrap();
        read.unwrap();
        let count = |status: &str| heard.matches(&format!("HTTP/1.1 {status} ")).count();
        let (served, refused) = (count("200"), count("429"));
        assert_eq!(served + refused, 500, "{served} were served, and {refused} refused");
        refused
    });
    let refused: usize = futures::future::join_all(each).await.into_iter().sum();
    assert!(refused > 0, "nobody was refused");
}

/// Large answers are asked for, again and again, and never read: the connection ends.
pub async fn answers_that_nobody_reads(hub: &Hub, from: Ipv4Addr) {
    let one = format!("GET /api/v1/openapi.json HTTP/1.1\r\nhost: {}\r\n\r\n", hub.address());
    let each = (0..20).map(|_| async {
        let mut stream = connect_with(hub, from, |socket| socket.set_recv_buffer_size(4_096).unwrap()).await;
        stream.write_all(one.repeat(50).as_bytes()).await.unwrap();
        // Whoever writes on finds out that nobody is there: the connection is reset with its answers unread.
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(100));
        let finds_out = async {
            while stream.write_all(b"GET").await.is_ok() {
                ticks.tick().await;
            }
        };
        within(finds_out).await;
    });
    futures::future::join_all(each).await;
}

/// Bodies that are no events, or too many, from a work system that is known.
pub async fn garbage(hub: &Hub, from: Ipv4Addr) {
    let bearer = token(hub, "garbage", "integration");
    let event = r#"{"specversion":"1.0","id":"1","source":"/x","type":"workitem.closed","data":{}}"#;
    let bodies = [
        ("[".repeat(500_000), "400"),
        (format!("[{}1", "[".repeat(5_000)), "400"),
        ("{\"a\":".repeat(100_000), "400"),
        (format!("[{}]", vec![event; 1_001].join(",")), "413"),
        (format!("[{}]", vec!["null"; 1_000].join(",")), "200"),
        (format!("[{}]", vec!["{}"; 1_000].join(",")), "200"),
        ("x".repeat(1_048_576), "400"),
        (String::new(), "400"),
    ];
    for (body, status) in bodies {
        let head = format!(
            "POST /api/v1/events HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {bearer}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            hub.address(),
            body.len()
        );
        let heard = says(hub, from, format!("{head}{body}").as_bytes()).await;
        assert_eq!(answers(&heard), (1, status), "{body:.100}: {heard:.300}");
        // What is not taken in is told of without what was sent.
        assert!(heard.len() < 400_000, "{} bytes", heard.len());
    }
    let mut stream = connect(hub, from).await;
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {bearer}\r\n\
         content-type: application/json\r\ncontent-length: 100000000\r\n\r\n",
        hub.address()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let heard = rest(&mut stream).await;
    assert_eq!(answers(&heard), (1, "413"), "{heard}");
}
