//! Those who are known, and send over a socket what nobody should.

use std::net::Ipv4Addr;

use futures::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::bytes::{connect, connect_with};
use crate::harness::{Hub, masked, within};
use crate::house::{socket, token, welcomed};
use crate::stalled::Stalled;

/// How often a flood repeats itself: more than any rate lets through.
const FLOOD: usize = 1_000;
const TEXT: u8 = 0x81;

/// A socket whose upgrade was asked for, byte by byte.
async fn open(hub: &Hub, from: Ipv4Addr, token: &str) -> TcpStream {
    let mut stream = connect(hub, from).await;
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        hub.address(),
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Sends all of this, as far as it is taken, and hears meanwhile: the code of the close, if there is one.
async fn closes(hub: &Hub, from: Ipv4Addr, token: &str, said: &[u8]) -> Option<u16> {
    let mut stream = open(hub, from, token).await;
    let (mut reads, mut writes) = stream.split();
    let mut heard = Vec::new();
    let says = async {
        // The hub may close in the middle.
        drop(writes.write_all(said).await);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        // However it ends: what counts is whether a close came first.
        read = within(reads.read_to_end(&mut heard)) => drop(read),
        () = says => {}
    }
    close_of(&heard)
}

/// The code of the close frame in what a hub sent, behind the head of its answer.
fn close_of(heard: &[u8]) -> Option<u16> {
    let head = heard.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let mut rest = &heard[head + 4..];
    while let [first, second, more @ ..] = rest {
        let (extended, length) = match second {
            126 => (2, usize::from(u16::from_be_bytes(*more.first_chunk()?))),
            127 => (8, usize::try_from(u64::from_be_bytes(*more.first_chunk()?)).unwrap()),
            short => (0, usize::from(*short)),
        };
        let payload = more.get(extended..extended + length)?;
        if first & 0x0f == 0x8 {
            return payload.first_chunk().map(|code| u16::from_be_bytes(*code));
        }
        rest = &more[extended + length..];
    }
    None
}

fn text(frame: &Value) -> Vec<u8> {
    masked(TEXT, frame.to_string().as_bytes())
}

/// Every type of frame, from whoever may send it, from whoever may not, and far more often than a person could.
pub async fn of_every_type(hub: &Hub, from: Ipv4Addr) {
    let on = |kind: &str| json!({ "type": kind, "id": 1, "agentIds": ["a0"], "presenceId": "none" });
    let stranger = token(hub, "mallory", "agent");
    let authenticate = json!({ "type": "authenticate", "id": 1, "token": stranger });
    let frames = [
        json!({ "type": "setPresence", "id": 1, "presenceId": "none" }),
        json!({ "type": "resetPresence", "id": 1 }),
        json!({ "type": "refreshing" }),
        json!({ "type": "awake" }),
        json!({ "type": "watch", "id": 1, "filter": {} }),
        json!({ "type": "unwatch", "id": 1, "watchId": "none" }),
        on("setAgentPresence"),
        on("resetAgentPresence"),
        json!({ "type": "signOutAgent", "id": 1, "agentIds": ["nobody"] }),
        authenticate,
    ];
    let mut attackers = Vec::new();
    for role in ["agent", "supervisor", "observer"] {
        for frame in &frames {
            // Only the frames are the same: a supervisor may act on others, and would.
            let acts = ["resetAgentPresence"].contains(&frame["type"].as_str().unwrap());
            if role == "supervisor" && acts {
                continue;
            }
            let who = token(hub, &format!("{role}-{}", frame["type"]).replace('"', ""), role);
            let flood = text(frame).repeat(FLOOD);
            attackers.push(async move {
                let code = closes(hub, from, &who, &flood).await;
                assert_eq!(code, Some(4429), "{role}: {frame}");
            });
        }
    }
    futures::future::join_all(attackers).await;
    // Of those that sign out, the first one counts.
    let who = token(hub, "signs-out", "agent");
    let flood = text(&json!({ "type": "signOut", "id": 1 })).repeat(FLOOD);
    assert_eq!(closes(hub, from, &who, &flood).await, Some(4410));
}

/// What is no protocol, or breaks that of WebSocket.
pub async fn no_protocol(hub: &Hub, from: Ipv4Addr) {
    let large = [&[TEXT, 0x80 | 127][..], &(1_u64 << 40).to_be_bytes(), &[0; 4]].concat();
    let floods: [(&str, Vec<u8>, u16); 14] = [
        ("pings", masked(0x89, b"x").repeat(FLOOD), 4429),
        ("pongs", masked(0x8a, b"x").repeat(FLOOD), 4429),
        ("empty texts", masked(TEXT, b"").repeat(FLOOD), 4400),
        ("binary", masked(0x82, b"\0\0\0").repeat(FLOOD), 4400),
        ("no JSON", masked(TEXT, b"{\"type\":").repeat(FLOOD), 4400),
        ("no type", masked(TEXT, b"{}").repeat(FLOOD), 4400),
        ("deep", masked(TEXT, "[".repeat(60_000).as_bytes()).repeat(50), 4400),
        ("pieces", [masked(0x01, b"{"), masked(0x00, b"").repeat(100_000)].concat(), 4413),
        ("oversize", large, 4413),
        ("no UTF-8", masked(TEXT, b"\xff\xfe"), 1007),
        ("unmasked", [&[TEXT, 2][..], b"{}"].concat(), 1002),
        ("reserved", masked(0x83, b""), 1002),
        ("long ping", masked(0x89, &[b'x'; 126]), 1002),
        ("continues nothing", masked(0x80, b"x"), 1002),
    ];
    let attackers = floods.iter().map(|(what, flood, code)| async move {
        let who = token(hub, &format!("breaks {what}"), "supervisor");
        assert_eq!(closes(hub, from, &who, flood).await, Some(*code), "{what}");
    });
    futures::future::join_all(attackers).await;
}

/// Batches of a work system that nobody could mean: each is answered, and the hub takes others' frames meanwhile.
pub async fn batches(hub: &Hub, from: Ipv4Addr) {
    let who = token(hub, "batches", "integration");
    let mut socket = socket(hub, &who, connect(hub, from).await).await;
    let event = json!({ "specversion": "1.0", "id": "1", "source": "/x", "type": "workitem.closed", "data": {} });
    let kinds = [
        json!([]),
        json!(vec![json!(null); 1_000]),
        json!(vec![event.clone(); 1_000]),
        json!(vec![event; 1_001]),
        json!({ "no": "list" }),
    ];
    let mut codes = Vec::new();
    for (id, events) in kinds.iter().cycle().take(100).enumerate() {
        let frame = json!({ "type": "events", "id": id, "events": events });
        futures::SinkExt::send(&mut socket, Message::text(frame.to_string())).await.unwrap();
        let answer = loop {
            let Message::Text(text) = within(socket.next()).await.unwrap().unwrap() else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == id {
                break answer;
            }
        };
        codes.push(answer["error"]["code"].as_str().unwrap_or("answered").to_owned());
    }
    for (right, code) in ["answered", "answered", "answered", "too_large", "malformed"].iter().cycle().zip(codes) {
        assert_eq!(code, *right);
    }
}

/// Filters with as many names as there is room for, and more, again and again.
pub async fn watches(hub: &Hub, from: Ipv4Addr) {
    let attackers = (0..5).map(|number| async move {
        let who = token(hub, &format!("watches-{number}"), "supervisor");
        let names = |first: usize, many: usize| (first..first + many).map(|n| format!("n{n}")).collect::<Vec<_>>();
        let watch = |first: usize, many: usize| {
            let filter = json!({ "agentIds": names(first, many) });
            let frame = json!({ "type": "watch", "id": first, "filter": filter }).to_string();
            masked(TEXT, frame.as_bytes())
        };
        // Three have room, and then no other.
        let mut flood: Vec<u8> = (0..40).flat_map(|time| watch(1_000 * time, 990)).collect();
        flood.extend(watch(0, 1_001));
        flood.extend(text(&json!({ "type": "watch", "id": 1, "filter": {} })).repeat(FLOOD));
        assert_eq!(closes(hub, from, &who, &flood).await, Some(4429));
    });
    futures::future::join_all(attackers).await;
}

/// Boards that never read what they asked for, until the hub says that it bears them no longer. Once one looks, it finds
/// out why it was closed.
pub async fn readers_that_never_read(hub: &Hub, from: Ipv4Addr, stalled: &Stalled) {
    let attackers = (0..20).map(|number| async move {
        let who = token(hub, &format!("deaf-{number}"), "supervisor");
        let stream = connect_with(hub, from, |socket| socket.set_recv_buffer_size(4_096).unwrap()).await;
        let (mut socket, welcome) = welcomed(hub, &who, stream).await;
        let watch = json!({ "type": "watch", "id": 1, "filter": {}, "include": ["capacity", "workItems"] });
        futures::SinkExt::send(&mut socket, Message::text(watch.to_string())).await.unwrap();
        stalled.tells_of(welcome["sessionId"].as_str().unwrap()).await;
        let closed = async {
            loop {
                match socket.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map(|frame| u16::from(frame.code)),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        };
        assert_eq!(within(closed).await, Some(4408));
    });
    futures::future::join_all(attackers).await;
}
