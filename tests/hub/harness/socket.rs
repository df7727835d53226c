//! A live socket to a hub.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};

use super::inflaters::Inflaters;
use super::{Hub, LONGEST, within};

/// Refusals that name the field that is wrong, as those do that HTTP answers with 422.
pub const ABOUT_A_FIELD: [&str; 10] = [
    "invalid",
    "unknown_agent",
    "agent_disabled",
    "unknown_presence",
    "presence_not_settable",
    "presence_not_allowed",
    "unknown_work_item",
    "unknown_profile",
    "unknown_activity",
    "unknown_workstream",
];

/// How a socket ended: a close code, or none if there was no close frame.
pub type Closed = Option<u16>;

/// A live socket, and the frames that were read but not asked for.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    inflaters: Inflaters,
    /// Binary messages so far, by their first byte.
    pub deflated: [usize; 3],
    unread: VecDeque<Value>,
    next_id: u64,
    /// The first frame.
    pub welcome: Value,
}

impl Socket {
    /// A socket with this token, welcomed.
    pub async fn open(hub: &Hub, token: &str) -> Self {
        Self::open_at(hub, "/ws", token).await
    }

    /// The same, asked for by hand.
    pub async fn open_by_hand(hub: &Hub, token: &str) -> Self {
        Self::open_at(hub, "/ws?signIn=byHand", token).await
    }

    /// The same, which takes the frames of its watches deflated.
    pub async fn open_deflated(hub: &Hub, token: &str) -> Self {
        Self::open_with(hub, "/ws", token, &[("sec-websocket-protocol", "presence.v1.json.deflate")]).await
    }

    async fn open_at(hub: &Hub, path: &str, token: &str) -> Self {
        Self::open_with(hub, path, token, &[]).await
    }

    async fn open_with(hub: &Hub, path: &str, token: &str, headers: &[(&'static str, &str)]) -> Self {
        let bearer = format!("Bearer {token}");
        let headers = [headers, &[("authorization", bearer.as_str())]].concat();
        let mut socket = Self::connect(hub.address(), path, &headers).await;
        socket.welcome = socket.expect("welcome").await;
        socket
    }

    /// A socket that was accepted; nothing is read yet.
    pub async fn connect(address: &str, path: &str, headers: &[(&'static str, &str)]) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap(), address, path, headers).await
    }

    /// The same over a connection of the caller's making.
    pub async fn over(stream: TcpStream, address: &str, path: &str, headers: &[(&'static str, &str)]) -> Self {
        Self::handshake(stream, address, path, headers).await.unwrap_or_else(|status| panic!("HTTP {status}")).0
    }

    /// A socket and the sub-protocol that the hub chose; else the status of the answer.
    pub async fn handshake(
        stream: TcpStream,
        address: &str,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<(Self, Option<String>), u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match within(tokio_tungstenite::client_async(request, stream)).await {
            Ok((stream, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol");
                let protocol = protocol.map(|protocol| protocol.to_str().unwrap().to_owned());
                let (inflaters, deflated, unread) = Default::default();
                Ok((Self { stream, inflaters, deflated, unread, next_id: 1, welcome: Value::Null }, protocol))
            }
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// The next frame, none once the socket has ended.
    pub async fn next(&mut self) -> Result<Value, Closed> {
        if let Some(frame) = self.unread.pop_front() {
            return Ok(frame);
        }
        self.read().await
    }

    async fn read(&mut self) -> Result<Value, Closed> {
        loop {
            match within(self.stream.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(Message::Binary(message))) => {
                    self.deflated[usize::from(message[0])] += 1;
                    return Ok(serde_json::from_str(&self.inflaters.json(&message)).unwrap());
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next pong, frames before it are kept for later.
    pub async fn pong(&mut self) -> String {
        loop {
            match within(self.stream.next()).await {
                Some(Ok(Message::Pong(bytes))) => return String::from_utf8(bytes.to_vec()).unwrap(),
                Some(Ok(Message::Text(text))) => self.unread.push_back(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("no pong but {other:?}"),
            }
        }
    }

    /// The first frame that `wanted` wants; the others are kept for later.
    pub async fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        self.find_called("a frame", wanted).await
    }

    /// The first frame of this type.
    pub async fn expect(&mut self, kind: &str) -> Value {
        self.find_called(kind, |frame| frame["type"] == kind).await
    }

    /// The same, and what it is called if it does not come: other frames, such as heartbeats, may come for ever.
    async fn find_called(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.unread.iter().position(&wanted) {
            return self.unread.remove(place).unwrap();
        }
        let until = Instant::now() + LONGEST;
        while Instant::now() < until {
            match self.read().await {
                Ok(frame) if wanted(&frame) => return frame,
                Ok(frame) => self.unread.push_back(frame),
                Err(closed) => panic!("closed with {closed:?} before {what} came; unread: {:?}", self.unread),
            }
        }
        panic!("{what} did not come within {LONGEST:?}; unread: {:?}", self.unread);
    }

    /// All frames up to the first that `wanted` wants.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|closed| panic!("closed with {closed:?} after {frames:?}"));
            let last = wanted(&frame);
            frames.push(frame);
            if last {
                return frames;
            }
        }
    }

    /// Sends a request that must be refused; the error's code.
    pub async fn refused(&mut self, frame: Value) -> String {
        let answer = self.request(frame.clone()).await;
        assert_eq!(answer["type"], "error", "{frame} → {answer}");
        answer["error"]["code"].as_str().unwrap().to_owned()
    }

    /// Waits for the end of the socket.
    pub async fn closed(&mut self) -> Closed {
        loop {
            if let Err(closed) = self.read().await {
                return closed;
            }
        }
    }

    /// Sends a request; its answer, a `result` or an `error` frame.
    pub async fn request(&mut self, mut frame: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        frame["id"] = json!(id);
        self.send(&frame).await;
        let answer = self.find_called(&format!("the answer to {frame}"), |frame| frame["id"] == id).await;
        let error = &answer["error"];
        let is_about_a_field = error["code"].as_str().is_some_and(|code| ABOUT_A_FIELD.contains(&code));
        assert!(!is_about_a_field || error["details"]["field"].is_string(), "{frame} → {answer}");
        answer
    }

    /// Sends a request that must succeed; its result.
    pub async fn does(&mut self, frame: Value) -> Value {
        let mut answer = self.request(frame.clone()).await;
        assert_eq!(answer["type"], "result", "{frame} → {answer}");
        answer["result"].take()
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) {
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Sends a frame. Whether the connection still took it.
    pub async fn tries_to_send(&mut self, frame: &Value) -> bool {
        self.stream.send(Message::text(frame.to_string())).await.is_ok()
    }

    /// Sends whatever this is.
    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// Closes as a browser does when its tab is closed.
    pub async fn tab_closes(mut self) {
        let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
        // The hub may have closed first.
        drop(self.stream.close(Some(frame)).await);
    }

    /// Ends without a word: the connection is reset.
    pub fn loses_its_network(self) {
        let stream = self.stream.into_inner().into_std().unwrap();
        socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
}
