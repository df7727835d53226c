//! A connection to a hub, byte by byte: for what no WebSocket client would send.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Hub, within};

/// The mask of the frames that are sent.
const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
const CLOSE: u8 = 0x8;

/// A connection whose upgrade was answered.
pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

/// A frame that a client sends: its first byte and its payload, masked.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ 0..=125), _) => frame.push(0x80 | short),
        (_, Ok(long)) => {
            frame.push(0x80 | 126);
            frame.extend(long.to_be_bytes());
        }
        (_, Err(_)) => {
            frame.push(0x80 | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A close frame that a client sends.
pub fn closing(code: u16, reason: &[u8]) -> Vec<u8> {
    masked(0x80 | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

impl Wire {
    /// A supervisor's, welcomed.
    pub async fn open(hub: &Hub) -> Self {
        let mut stream = TcpStream::connect(hub.address()).await.unwrap();
        let request = format!(
            "GET /ws HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            hub.address(),
            hub.token("sue", &["supervisor"]),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut read = Vec::new();
        while !read.windows(7).any(|bytes| bytes == b"welcome") {
            assert!(within(stream.read_buf(&mut read)).await.unwrap() > 0, "no welcome");
        }
        let head = read.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        Self { stream, read: read.split_off(head) }
    }

    /// Sends these bytes.
    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Waits for the next frame: its first byte, and what it holds. The hub sends none in pieces.
    pub async fn next(&mut self) -> (u8, Vec<u8>) {
        loop {
            if let Some((first, payload, bytes)) = frame_of(&self.read) {
                let frame = (first, payload.to_vec());
                self.read.drain(..bytes);
                return frame;
            }
            assert!(within(self.stream.read_buf(&mut self.read)).await.unwrap() > 0, "the connection has ended");
        }
    }

    /// Waits for the end: the code and the reason of the close frame before it, if there is one.
    /// The end must be none that eats what was sent before it.
    pub async fn closed(mut self) -> Option<(Option<u16>, String)> {
        within(self.stream.read_to_end(&mut self.read)).await.unwrap();
        let mut rest = &self.read[..];
        while let Some((first, payload, bytes)) = frame_of(rest) {
            rest = &rest[bytes..];
            if first & 0x0f == CLOSE {
                assert!(rest.is_empty(), "nothing follows a close, but {rest:?}");
                let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                return Some((code, String::from_utf8(payload.get(2..).unwrap_or_default().to_vec()).unwrap()));
            }
        }
        None
    }
}

/// The frame that begins these bytes, if it is whole: its first byte, what it holds, and how many bytes it takes.
fn frame_of(read: &[u8]) -> Option<(u8, &[u8], usize)> {
    let [first, second, more @ ..] = read else { return None };
    let (extended, length) = match second {
        126 => (2, usize::from(u16::from_be_bytes(*more.first_chunk()?))),
        127 => (8, u64::from_be_bytes(*more.first_chunk()?) as usize),
        short => (0, usize::from(*short)),
    };
    let payload = more.get(extended..extended + length)?;
    Some((*first, payload, 2 + extended + length))
}
