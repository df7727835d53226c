//! The case families of the Autobahn suite (framing, pings, reserved bits, opcodes, fragmentation, UTF-8, closing,
//! limits) at the hub's own socket, byte by byte. The hub echoes nothing; what it has read it shows by the `id` that its
//! answer repeats.

use serde_json::{Value, json};

use crate::harness::{Hub, Wire, closing, masked};

const FINAL: u8 = 0x80;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;
/// The most bytes of a supervisor's frame.
const MOST_BYTES: usize = 288 * 1024;

/// A request with this id, so many bytes long.
fn asking(id: &str, bytes: usize) -> Vec<u8> {
    let mut text = json!({ "type": "unwatch", "watchId": "none", "id": id }).to_string().into_bytes();
    text.resize(text.len().max(bytes), b' ');
    text
}

/// The id that the next answer of the hub repeats; its heartbeats and pings are none.
async fn answered(wire: &mut Wire) -> Value {
    loop {
        let (first, payload) = wire.next().await;
        if first == FINAL | PING {
            continue;
        }
        assert_eq!(first, FINAL | TEXT, "{payload:?}");
        let said: Value = serde_json::from_slice(&payload).unwrap();
        if said["type"] == "error" {
            return said["id"].clone();
        }
    }
}

/// What the next pong of the hub holds, before any answer.
async fn pong(wire: &mut Wire) -> Vec<u8> {
    loop {
        let (first, payload) = wire.next().await;
        if first == FINAL | PONG {
            return payload;
        }
        assert!(!payload.windows(7).any(|bytes| bytes == b"\"error\""), "an answer came first");
    }
}

/// Sends the bytes in pieces of so many.
async fn send_chopped(wire: &mut Wire, bytes: &[u8], piece: usize) {
    for piece in bytes.chunks(piece) {
        wire.send(piece).await;
    }
}

/// A message in these pieces, each a frame of its own.
fn fragments(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let last = pieces.len() - 1;
    let frame = |(place, piece): (usize, &&[u8])| {
        let opcode = if place == 0 { TEXT } else { CONTINUATION };
        masked(if place == last { FINAL | opcode } else { opcode }, piece)
    };
    pieces.iter().enumerate().map(frame).collect()
}

#[tokio::test]
async fn texts_of_every_length_are_read_however_they_come() {
    let hub = Hub::start().await;
    let mut wire = Wire::open(&hub).await;
    for bytes in [124, 125, 126, 127, 128, 1_024, 65_535, 65_536, 65_537, MOST_BYTES] {
        let frame = masked(FINAL | TEXT, &asking(&bytes.to_string(), bytes));
        for piece in [frame.len(), 997.max(frame.len() / 64), if bytes > 2_000 { 16_384 } else { 1 }] {
            send_chopped(&mut wire, &frame, piece).await;
            assert_eq!(answered(&mut wire).await, json!(bytes.to_string()), "{bytes} in pieces of {piece}");
        }
    }
    for payload in [&b""[..], b"\x00\xff\xfe", &[7; 126]] {
        wire.send(&masked(FINAL | BINARY, payload)).await;
        assert_eq!(answered(&mut wire).await, Value::Null, "what is binary is refused, and the socket stays");
    }
    wire.send(&masked(FINAL | TEXT, b"")).await;
    assert_eq!(answered(&mut wire).await, Value::Null, "nothing is no JSON");
    wire.send(&masked(FINAL | TEXT, &asking("too long", MOST_BYTES + 1))).await;
    assert_eq!(wire.closed().await.map(|(code, _)| code), Some(Some(4413)));
}

#[tokio::test]
async fn each_ping_is_answered_in_turn_and_pongs_that_nobody_asked_for_are_nothing() {
    let hub = Hub::start().await;
    let mut wire = Wire::open(&hub).await;
    for payload in [&b""[..], b"hello", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", &[0xfe; 125]] {
        send_chopped(&mut wire, &masked(FINAL | PING, payload), 1).await;
        assert_eq!(pong(&mut wire).await, payload);
    }
    wire.send(&masked(FINAL | PONG, b"nobody asked")).await;
    let pings: Vec<u8> = (0..10).flat_map(|number| masked(FINAL | PING, &[number])).collect();
    wire.send(&pings).await;
    for number in 0..10 {
        assert_eq!(pong(&mut wire).await, [number]);
    }
}

#[tokio::test]
async fn every_reserved_bit_and_every_opcode_that_there_is_not_ends_the_socket() {
    let hub = Hub::start().await;
    let reserved = (1..8).flat_map(|bits| [TEXT, BINARY, PING, CLOSE].map(|opcode| FINAL | bits << 4 | opcode));
    let unknown = (0x3..=0x7).chain(0xb..=0xf).map(|opcode| FINAL | opcode);
    for first in reserved.chain(unknown) {
        let mut wire = Wire::open(&hub).await;
        wire.send(&masked(FINAL | TEXT, &asking("before", 0))).await;
        assert_eq!(answered(&mut wire).await, "before");
        wire.send(&masked(first, b"")).await;
        assert_eq!(wire.closed().await.map(|(code, _)| code), Some(Some(1002)), "{first:#x}");
    }
}

#[tokio::test]
async fn a_text_in_pieces_is_one_and_what_is_asked_meanwhile_is_answered_meanwhile() {
    let hub = Hub::start().await;
    let mut wire = Wire::open(&hub).await;
    let text = asking("in pieces", 0);
    let (half, rest) = text.split_at(text.len() / 2);
    for pieces in [vec![half, rest], vec![&b""[..], half, b"", rest, b""], text.chunks(1).collect()] {
        for frame in fragments(&pieces) {
            wire.send(&frame).await;
        }
        assert_eq!(answered(&mut wire).await, "in pieces", "{} pieces", pieces.len());
    }
    let [first, last] = &fragments(&[half, rest])[..] else { panic!("two pieces are two frames") };
    wire.send(first).await;
    wire.send(&masked(FINAL | PING, b"between")).await;
    assert_eq!(pong(&mut wire).await, b"between", "before the text has ended");
    wire.send(last).await;
    assert_eq!(answered(&mut wire).await, "in pieces");
    // Together they are longer than a frame may be.
    for frame in fragments(&[asking("too long", MOST_BYTES).as_slice(), &[b' '; 1_024]]) {
        wire.send(&frame).await;
    }
    assert_eq!(wire.closed().await.map(|(code, _)| code), Some(Some(4413)));
}

#[tokio::test]
async fn texts_of_the_whole_of_unicode_are_read_whole_and_in_pieces() {
    let hub = Hub::start().await;
    let mut wire = Wire::open(&hub).await;
    let borders = ["\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{fffd}", "\u{ffff}", "\u{10000}"];
    for id in borders.into_iter().chain(["\u{10ffff}", "κόσμε", "Jürgen", "日本語", "👩🏽‍💻", "\u{1fffe}"])
    {
        let text = asking(id, 0);
        wire.send(&masked(FINAL | TEXT, &text)).await;
        assert_eq!(answered(&mut wire).await, id);
        for frame in fragments(&text.chunks(1).collect::<Vec<_>>()) {
            wire.send(&frame).await;
        }
        assert_eq!(answered(&mut wire).await, id, "in pieces");
        wire = Wire::open(&hub).await;
    }
}

#[tokio::test]
async fn what_is_no_utf8_ends_the_socket_whole_and_in_pieces() {
    let hub = Hub::start().await;
    let wrong: [&[u8]; 20] = [
        b"\x80",
        b"\xbf",
        b"\xc0\xaf",
        b"\xc1\xbf",
        b"\xc3",
        b"\xe0\x80\xaf",
        b"\xe0\x9f\xbf",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf0\x80\x80\xaf",
        b"\xf0\x8f\xbf\xbf",
        b"\xf0\x9f\x92",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xfc\x84\x80\x80\x80\x80",
        b"\xfe",
        b"\xff",
        b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
    ];
    for bytes in wrong {
        let text = [b"{\"id\":\"", bytes, b"\"}"].concat();
        for frames in [vec![masked(FINAL | TEXT, &text)], fragments(&text.chunks(1).collect::<Vec<_>>())] {
            let mut wire = Wire::open(&hub).await;
            wire.send(&frames.concat()).await;
            assert_eq!(wire.closed().await.map(|(code, _)| code), Some(Some(1007)), "{bytes:x?}");
        }
    }
}

#[tokio::test]
async fn nothing_is_read_behind_a_close_and_a_close_that_says_too_little_or_too_much_is_wrong() {
    let hub = Hub::start().await;
    let mut wire = Wire::open(&hub).await;
    let after = [closing(1000, b""), masked(FINAL | TEXT, &asking("late", 0)), masked(FINAL | PING, b"late")].concat();
    wire.send(&after).await;
    assert_eq!(wire.closed().await, Some((Some(1000), String::new())));
    for (what, sent, code) in [
        ("no code", masked(FINAL | CLOSE, b""), None),
        ("half a code", masked(FINAL | CLOSE, b"\x03"), Some(1002)),
        ("a reason of 123 bytes", closing(1000, &[b'x'; 123]), Some(1000)),
        ("a reason of 124 bytes", closing(1000, &[b'x'; 124]), Some(1002)),
        ("in pieces", masked(CLOSE, b"\x03\xe8"), Some(1002)),
    ] {
        let mut wire = Wire::open(&hub).await;
        wire.send(&sent).await;
        assert_eq!(wire.closed().await.map(|(code, _)| code), Some(code), "{what}");
    }
}
