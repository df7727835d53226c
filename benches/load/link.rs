//! One connection of the crowd: raw bytes in, frames or answers out.
//!
//! The client must cost little beside what it measures, and see every byte; so it frames by hand.
//! It is a client all the same: it masks (with a key of zeros), answers pings, and answers a close.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use mio::net::TcpStream;

/// What is spoken over a connection once it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One JSON object in each text frame.
    Plain,
    /// The same as the payload of socket.io's event `frame`, over WebSocket alone.
    SocketIo,
    /// HTTP/1.1 requests and answers on a kept connection.
    Http,
}

/// How to open a connection.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Where to.
    pub address: SocketAddr,
    /// What is said first: the request for an upgrade; nothing for HTTP.
    pub request: String,
    /// What is spoken then.
    pub dialect: Dialect,
    /// Bytes that the kernel keeps for this client unread; its own choice if none.
    pub receive_buffer: Option<usize>,
}

/// What was heard.
#[derive(Debug)]
pub enum Said<'a> {
    /// The connection speaks its dialect now.
    Opened,
    /// A JSON object came.
    Frame(&'a [u8]),
    /// A binary message came.
    Deflated(&'a [u8]),
    /// An HTTP answer came.
    Answer(u16, &'a [u8]),
    /// The connection is over, with this code if the server closed it in form.
    Closed(Option<u16>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Connecting,
    Upgrading,
    /// socket.io has a handshake of its own.
    Joining,
    Open,
    Over,
}

/// One connection.
#[derive(Debug)]
pub struct Link {
    pub stream: TcpStream,
    invitation: Invitation,
    phase: Phase,
    /// The beginning of a frame whose end has not come.
    rest: Vec<u8>,
    /// What the socket did not take yet.
    unsent: Vec<u8>,
    /// What is to be said once the connection is open.
    later: Vec<u8>,
}

impl Link {
    pub fn new(stream: TcpStream, invitation: Invitation) -> Self {
        Self { stream, invitation, phase: Phase::Connecting, rest: Vec::new(), unsent: Vec::new(), later: Vec::new() }
    }

    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    pub fn is_blocked(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// The socket takes bytes, perhaps for the first time.
    pub fn writable(&mut self, hear: &mut impl FnMut(Said<'_>)) {
        if self.phase == Phase::Connecting {
            match self.stream.take_error() {
                Ok(None) => {}
                Ok(Some(_)) | Err(_) => return self.end(None, hear),
            }
            if self.invitation.dialect == Dialect::Http {
                self.open(hear);
            } else {
                self.phase = Phase::Upgrading;
                let request = std::mem::take(&mut self.invitation.request);
                self.write(request.as_bytes());
            }
        }
        self.flush();
    }

    /// Reads all there is.
    pub fn readable(&mut self, buffer: &mut [u8], hear: &mut impl FnMut(Said<'_>)) {
        while !self.is_over() {
            match self.stream.read(buffer) {
                Ok(0) => self.end(None, hear),
                Ok(read) => {
                    self.take(&buffer[..read], hear);
                    if read < buffer.len() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => self.end(None, hear),
            }
        }
    }

    /// Sends a JSON object, or an HTTP request, in whole.
    pub fn send(&mut self, payload: &[u8]) {
        let bytes = match self.invitation.dialect {
            Dialect::Plain => masked(0x1, payload),
            Dialect::SocketIo => masked(0x1, &[b"42[\"frame\",", payload, b"]"].concat()),
            Dialect::Http => payload.to_vec(),
        };
        if self.phase == Phase::Open {
            self.write(&bytes);
        } else {
            self.later.extend_from_slice(&bytes);
        }
    }

    fn open(&mut self, hear: &mut impl FnMut(Said<'_>)) {
        self.phase = Phase::Open;
        hear(Said::Opened);
        let later = std::mem::take(&mut self.later);
        self.write(&later);
    }

    /// Tries again to send what the socket did not take.
    pub fn flush(&mut self) {
        self.write(&[]);
    }

    fn write(&mut self, bytes: &[u8]) {
        self.unsent.extend_from_slice(bytes);
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(written) => drop(self.unsent.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Tried again later; a connection that broke is found when it is read.
                Err(_) => return,
            }
        }
        self.unsent = Vec::new();
    }

    fn end(&mut self, code: Option<u16>, hear: &mut impl FnMut(Said<'_>)) {
        self.phase = Phase::Over;
        hear(Said::Closed(code));
    }

    fn take(&mut self, bytes: &[u8], hear: &mut impl FnMut(Said<'_>)) {
        if self.rest.is_empty() {
            let taken = self.take_whole(bytes, hear);
            self.rest.extend_from_slice(&bytes[taken..]);
            return;
        }
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let taken = self.take_whole(&all, hear);
        if taken < all.len() {
            all.drain(..taken);
            self.rest = all;
        }
    }

    /// Takes what is there in whole; returns how many bytes that were.
    fn take_whole(&mut self, bytes: &[u8], hear: &mut impl FnMut(Said<'_>)) -> usize {
        let mut taken = 0;
        while !self.is_over() {
            let rest = &bytes[taken..];
            let length = match (self.phase, self.invitation.dialect) {
                (Phase::Upgrading, _) => self.take_upgrade(rest, hear),
                (_, Dialect::Http) => take_answer(rest, hear),
                _ => self.take_frame(rest, hear),
            };
            match length {
                Some(length) => taken += length,
                None => break,
            }
        }
        taken
    }

    fn take_upgrade(&mut self, bytes: &[u8], hear: &mut impl FnMut(Said<'_>)) -> Option<usize> {
        let end = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
        if bytes.starts_with(b"HTTP/1.1 101") {
            match self.invitation.dialect {
                Dialect::Plain | Dialect::Http => self.open(hear),
                Dialect::SocketIo => self.phase = Phase::Joining,
            }
        } else {
            self.end(None, hear);
        }
        Some(end)
    }

    fn take_frame(&mut self, bytes: &[u8], hear: &mut impl FnMut(Said<'_>)) -> Option<usize> {
        let (opcode, start, end) = frame_at(bytes)?;
        let payload = bytes.get(start..end)?;
        match opcode {
            0x1 => self.take_text(payload, hear),
            0x2 => hear(Said::Deflated(payload)),
            0x8 => {
                let code = payload.get(..2).map(|code| u16::from_be_bytes([code[0], code[1]]));
                self.write(&masked(0x8, payload.get(..2).unwrap_or_default()));
                self.end(code, hear);
            }
            0x9 => self.write(&masked(0xa, payload)),
            _ => {}
        }
        Some(end)
    }

    fn take_text(&mut self, payload: &[u8], hear: &mut impl FnMut(Said<'_>)) {
        if self.invitation.dialect == Dialect::Plain {
            return hear(Said::Frame(payload));
        }
        match payload {
            [b'0', ..] => self.write(&masked(0x1, b"40")),
            b"2" => self.write(&masked(0x1, b"3")),
            [b'4', b'0', ..] => self.open(hear),
            [b'4', b'2', ..] => {
                if let Some(object) = payload.strip_prefix(b"42[\"frame\",").and_then(|rest| rest.strip_suffix(b"]")) {
                    hear(Said::Frame(object));
                }
            }
            _ => {}
        }
    }
}

fn take_answer(bytes: &[u8], hear: &mut impl FnMut(Said<'_>)) -> Option<usize> {
    let head_end = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..head_end]).ok()?.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length: usize = head.split("content-length:").nth(1)?.split("\r\n").next()?.trim().parse().ok()?;
    let body = bytes.get(head_end..head_end + length)?;
    hear(Said::Answer(status, body));
    Some(head_end + length)
}

/// Opcode, and where the payload of the frame at the front begins and ends.
fn frame_at(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [first, second, ..] = bytes else { return None };
    let (start, length) = match second & 0x7f {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        short => (2, usize::from(short)),
    };
    Some((first & 0x0f, start, start + length))
}

/// A whole frame as a client sends it.
fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        length @ 0..=125 => frame.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}
