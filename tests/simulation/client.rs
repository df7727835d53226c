//! Clients of the simulated hub. They have no task: what they say is in the hub's sockets at once, and
//! they hear when they listen.

use std::io::{self, Read, Write};

use presence_hub::sessions::stream::memory::End;
use presence_hub::wire::shapes::HubFrame;
use serde_json::Value;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::inflaters::Inflaters;

/// The name that the hub answers to.
pub const HOST: &str = "127.0.0.1:7350";

/// The client's end of a connection, which never waits.
pub struct Wire(pub End);

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A socket.
pub struct Socket {
    state: State,
    /// Frames that are said once the socket is open.
    waiting: Vec<Value>,
    inflaters: Inflaters,
}

enum State {
    Opening(Wire, Vec<u8>),
    Open(Box<WebSocket<Wire>>),
    Gone,
}

/// What is heard over a socket.
pub enum Heard {
    Frame(Box<HubFrame>),
    /// The socket has ended, with this close code.
    End(Option<u16>),
}

impl Socket {
    /// Asks for a socket over this connection. `query` is that of `/ws`.
    pub fn open(end: End, token: &str, query: &str) -> Self {
        Self::open_as(end, token, query, "presence.v1.json")
    }

    /// The same, in a sub-protocol.
    pub fn open_as(end: End, token: &str, query: &str, protocol: &str) -> Self {
        let mut wire = Wire(end);
        let request = format!(
            "GET /ws{query} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2ltdWxhdGVkIGNsaWVudA==\r\n\
             Sec-WebSocket-Protocol: {protocol}\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        // A hub that is gone is found out by listening.
        drop(wire.write_all(request.as_bytes()));
        Self { state: State::Opening(wire, Vec::new()), waiting: Vec::new(), inflaters: Inflaters::default() }
    }

    pub fn is_gone(&self) -> bool {
        matches!(self.state, State::Gone)
    }

    /// Says a frame, as soon as the socket is open.
    pub fn say(&mut self, frame: &Value) {
        match &mut self.state {
            State::Opening(..) => self.waiting.push(frame.clone()),
            // What the hub does not take waits within, and its end is found out by listening.
            State::Open(socket) => drop(socket.send(Message::text(frame.to_string()))),
            State::Gone => {}
        }
    }

    /// Closes as a page does that is closed.
    pub fn close(&mut self) {
        if let State::Open(socket) = &mut self.state {
            drop(socket.close(None));
        }
        self.state = State::Gone;
    }

    /// Breaks off as a machine does that loses its power and answers with a reset.
    pub fn break_off(&mut self) {
        match &self.state {
            State::Opening(wire, _) => wire.0.break_off(),
            State::Open(socket) => socket.get_ref().0.break_off(),
            State::Gone => {}
        }
        self.state = State::Gone;
    }

    /// Hears what has come, and answers pings.
    pub fn listen(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        self.finish_opening();
        while let State::Open(socket) = &mut self.state {
            match socket.read() {
                Ok(Message::Text(text)) => heard.push(frame(&text)),
                Ok(Message::Binary(message)) => heard.push(frame(&self.inflaters.json(&message))),
                Ok(Message::Close(frame)) => {
                    // Answers the close.
                    drop(socket.flush());
                    heard.push(Heard::End(frame.map(|frame| frame.code.into())));
                    self.state = State::Gone;
                }
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => {
                    heard.push(Heard::End(None));
                    self.state = State::Gone;
                }
            }
        }
        heard
    }

    fn finish_opening(&mut self) {
        let State::Opening(wire, head) = &mut self.state else { return };
        let (done, ended) = read_more(wire, head);
        let Some(body) = done else {
            if ended {
                self.state = State::Gone;
            }
            return;
        };
        let status = String::from_utf8_lossy(&head[..head.len().min(12)]).into_owned();
        assert_eq!(status, "HTTP/1.1 101", "a socket that was refused before it opened");
        let leftover = head.split_off(body);
        let State::Opening(wire, _) = std::mem::replace(&mut self.state, State::Gone) else { return };
        let mut socket = WebSocket::from_partially_read(wire, leftover, Role::Client, None);
        for frame in self.waiting.drain(..) {
            drop(socket.send(Message::text(frame.to_string())));
        }
        self.state = State::Open(Box::new(socket));
    }
}

fn frame(text: &str) -> Heard {
    match serde_json::from_str(text) {
        Ok(frame) => Heard::Frame(Box::new(frame)),
        Err(error) => panic!("a frame that is none: {error}: {text}"),
    }
}

/// Reads on. Returns where the body begins, once the head is there, and whether the stream has ended.
fn read_more(wire: &mut Wire, bytes: &mut Vec<u8>) -> (Option<usize>, bool) {
    let mut buffer = [0; 4096];
    let ended = loop {
        match wire.read(&mut buffer) {
            Ok(0) => break true,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) => break error.kind() != io::ErrorKind::WouldBlock,
        }
    };
    (bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|head| head + 4), ended)
}

/// A request over HTTP, on a connection of its own.
pub struct Request {
    wire: Wire,
    bytes: Vec<u8>,
}

/// What became of a request.
pub enum Answered {
    NotYet,
    With(u16, Value),
    /// The hub went away.
    Never,
}

impl Request {
    /// Sends it. Each of the `headers` ends with its line.
    pub fn send(end: End, token: &str, method: &str, path: &str, headers: &str, body: &str) -> Self {
        let mut wire = Wire(end);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             {headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        drop(wire.write_all(request.as_bytes()));
        Self { wire, bytes: Vec::new() }
    }

    pub fn listen(&mut self) -> Answered {
        let (body, ended) = read_more(&mut self.wire, &mut self.bytes);
        let (Some(body), true) = (body, ended) else {
            return if ended { Answered::Never } else { Answered::NotYet };
        };
        let status = std::str::from_utf8(&self.bytes[9..12]).ok().and_then(|status| status.parse().ok());
        let Some(status) = status else { return Answered::Never };
        let value = if body == self.bytes.len() { Value::Null } else { parse(&self.bytes[body..]) };
        Answered::With(status, value)
    }
}

fn parse(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("a body that is no JSON: {error}"))
}
