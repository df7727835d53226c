//! WebSocket frames as a server writes them: unmasked, whole, framed once and shared by many.

use bytes::{BufMut, Bytes, BytesMut};

use crate::wire;
use crate::wire::shapes::Outgoing;

/// The most bytes a header takes without a mask.
pub const MAX_HEADER_BYTES: usize = 10;
/// The most bytes of a control frame's payload.
const MAX_CONTROL_BYTES: usize = 125;

const FINAL: u8 = 0x80;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;

/// An empty ping.
pub const PING_FRAME: Bytes = Bytes::from_static(&[FINAL | PING, 0]);

/// A text frame.
#[must_use]
pub fn text(payload: &[u8]) -> Bytes {
    let mut builder = Builder::with_capacity(payload.len());
    builder.payload().extend_from_slice(payload);
    builder.finish()
}

/// What the hub says, as a text frame.
#[must_use]
pub fn saying(message: &Outgoing) -> Bytes {
    let mut builder = Builder::with_capacity(message.bytes());
    wire::write(message, builder.payload());
    builder.finish()
}

/// What one of the hub's own frames says.
#[must_use]
pub fn payload(frame: &[u8]) -> &[u8] {
    let header = match frame.get(1) {
        Some(127) => MAX_HEADER_BYTES,
        Some(126) => 4,
        Some(_) | None => 2,
    };
    frame.get(header..).unwrap_or_default()
}

/// A close frame. A reason that is too long is cut at a character.
#[must_use]
pub fn close(code: u16, reason: &str) -> Bytes {
    let reason = &reason[..reason.floor_char_boundary(MAX_CONTROL_BYTES - 2)];
    let mut frame = BytesMut::with_capacity(4 + reason.len());
    frame.put_u8(FINAL | CLOSE);
    frame.put_u8(u8::try_from(2 + reason.len()).unwrap_or(2));
    frame.put_u16(code);
    frame.put_slice(reason.as_bytes());
    frame.freeze()
}

/// A frame whose payload is written in place, behind room for the header.
#[derive(Debug)]
pub struct Builder {
    buffer: Vec<u8>,
}

impl Builder {
    /// Room for a payload of about so many bytes.
    #[must_use]
    pub fn with_capacity(payload: usize) -> Self {
        let mut buffer = Vec::with_capacity(MAX_HEADER_BYTES + payload);
        buffer.resize(MAX_HEADER_BYTES, 0);
        Self { buffer }
    }

    /// Where the payload is appended.
    pub fn payload(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Bytes of payload so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len() - MAX_HEADER_BYTES
    }

    /// Whether there is no payload yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text frame.
    #[must_use]
    pub fn finish(self) -> Bytes {
        self.finish_as(TEXT)
    }

    /// The binary frame.
    #[must_use]
    pub fn finish_binary(self) -> Bytes {
        self.finish_as(BINARY)
    }

    #[allow(clippy::cast_possible_truncation, reason = "each cast is behind the comparison that makes it exact")]
    fn finish_as(mut self, opcode: u8) -> Bytes {
        let length = self.len();
        let header = match length {
            0..=125 => 2,
            126..=0xffff => 4,
            _ => MAX_HEADER_BYTES,
        };
        let start = MAX_HEADER_BYTES - header;
        let room = &mut self.buffer[start..MAX_HEADER_BYTES];
        room[0] = FINAL | opcode;
        match header {
            2 => room[1] = length as u8,
            4 => {
                room[1] = 126;
                room[2..].copy_from_slice(&(length as u16).to_be_bytes());
            }
            _ => {
                room[1] = 127;
                room[2..].copy_from_slice(&(length as u64).to_be_bytes());
            }
        }
        Bytes::from(self.buffer).slice(start..)
    }
}

/// Whether a run of whole unmasked frames contains a close frame.
#[must_use]
pub fn contains_close(mut frames: &[u8]) -> bool {
    while let [first, second, rest @ ..] = frames {
        if first & 0x0f == CLOSE {
            return true;
        }
        let (extended, length) = match second & 0x7f {
            126 if rest.len() >= 2 => (2, usize::from(u16::from_be_bytes([rest[0], rest[1]]))),
            127 if rest.len() >= 8 => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(&rest[..8]);
                (8, usize::try_from(u64::from_be_bytes(bytes)).unwrap_or(usize::MAX))
            }
            126 | 127 => return false,
            short => (0, usize::from(short)),
        };
        frames = rest.get(extended..).and_then(|rest| rest.get(length..)).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_as_long_as_the_payload_needs() {
        assert_eq!(&text(b"hi")[..], b"\x81\x02hi");
        let medium = text(&[b'x'; 126]);
        assert_eq!((&medium[..4], medium.len()), (&b"\x81\x7e\x00\x7e"[..], 130));
        let large = text(&[b'x'; 0x1_0000]);
        assert_eq!([&text(b"hi"), &medium, &large].map(|frame| payload(frame).len()), [2, 126, 0x1_0000]);
        assert_eq!((&large[..10], large.len()), (&b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"[..], 0x1_000a));
    }

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let frame = close(4400, &"ä".repeat(100));
        assert_eq!(frame.len(), 2 + 2 + 122);
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }

    #[test]
    fn a_close_is_found_behind_other_frames() {
        let run = [text(&[b'x'; 300]), Bytes::from_static(b"\x8a\x02ok"), close(1000, "bye")].concat();
        assert!(contains_close(&run));
        assert!(!contains_close(&run[..run.len() - close(1000, "bye").len()]));
    }
}
