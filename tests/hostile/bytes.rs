//! Those who connect, and say nothing, or little, or go at once.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::interval;

use crate::harness::{Hub, within};

/// How long a slow one takes between two bytes.
const SLOW: Duration = Duration::from_millis(100);

/// A connection from there.
pub async fn connect(hub: &Hub, from: Ipv4Addr) -> TcpStream {
    connect_with(hub, from, |_| {}).await
}

/// The same, its socket prepared.
pub async fn connect_with(hub: &Hub, from: Ipv4Addr, prepare: impl Fn(&TcpSocket)) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    prepare(&socket);
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    within(socket.connect(hub.address().parse().unwrap())).await.unwrap()
}

/// All that comes up to the end of the connection, however it ends.
pub async fn rest(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    drop(within(stream.read_to_end(&mut heard)).await);
    String::from_utf8_lossy(&heard).into_owned()
}

/// Says all of it at once, and hears up to the end.
pub async fn says(hub: &Hub, from: Ipv4Addr, said: &[u8]) -> String {
    let mut stream = connect(hub, from).await;
    // The hub may end before it has heard all.
    drop(stream.write_all(said).await);
    rest(&mut stream).await
}

/// More than an address may have, who say nothing: each is let go, or gives way to the next, or is told that there are
/// too many.
pub async fn silent(hub: &Hub, from: Ipv4Addr) {
    let mut streams = Vec::new();
    for _ in 0..300 {
        streams.push(connect(hub, from).await);
    }
    for mut stream in streams {
        let heard = rest(&mut stream).await;
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 429 "), "{heard}");
    }
}

/// A head, byte by byte, of more than an address may have at work.
pub async fn slow_heads(hub: &Hub, from: Ipv4Addr) {
    let head = b"GET /healthz HTTP/1.1\r\nhost: hub\r\nx-slow: 0123456789012345678901234567890123456789\r\n\r\n";
    let each = (0..300).map(|_| async {
        let heard = slowly(connect(hub, from).await, b"", head).await;
        // A head that does not come is not answered; one too many is told so.
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 429 "), "{heard}");
    });
    futures::future::join_all(each).await;
}

/// A body, byte by byte, of the one request that a stranger may make with a body.
pub async fn slow_bodies(hub: &Hub, from: Ipv4Addr) {
    let head = format!(
        "POST /session HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n",
        hub.address()
    );
    let each = (0..100).map(|_| async {
        let heard = slowly(connect(hub, from).await, head.as_bytes(), &[b' '; 1_000]).await;
        assert!(heard.starts_with("HTTP/1.1 408 ") && heard.contains("request_timeout"), "{heard}");
    });
    futures::future::join_all(each).await;
}

/// Says the first at once and the rest slowly, until the hub has had enough; what it said.
async fn slowly(mut stream: TcpStream, at_once: &[u8], slowly: &[u8]) -> String {
    stream.write_all(at_once).await.unwrap();
    let (mut reads, mut writes) = stream.split();
    let mut heard = Vec::new();
    let drips = async {
        let mut ticks = interval(SLOW);
        for byte in slowly.chunks(1) {
            ticks.tick().await;
            if writes.write_all(byte).await.is_err() {
                // What the hub said at last is read.
                return std::future::pending().await;
            }
        }
        panic!("the hub waited for all of it");
    };
    tokio::select! {
        read = within(reads.read_to_end(&mut heard)) => drop(read),
        () = drips => {}
    }
    String::from_utf8(heard).unwrap()
}

/// Connections one after the other, each with a request: some are served, and the others told to come back.
pub async fn storm(hub: &Hub, from: Ipv4Addr) {
    let ask = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", hub.address());
    let (mut served, mut told) = (0, 0);
    for _ in 0..20 {
        let some = (0..50).map(|_| says(hub, from, ask.as_bytes()));
        for heard in futures::future::join_all(some).await {
            if heard.starts_with("HTTP/1.1 200 ") {
                served += 1;
            } else {
                assert!(heard.starts_with("HTTP/1.1 429 ") && heard.contains("retry-after: 1\r\n"), "{heard:?}");
                told += 1;
            }
        }
    }
    // Twenty seconds' worth at once, and what comes back while it lasts.
    assert!(served >= 1 && told >= 1, "{served} were served, and {told} told to come back");
}
