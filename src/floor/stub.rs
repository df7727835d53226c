//! A hub of a few lines, for the tests of its clients: it says what the test tells it to.

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::client::Hub;

pub struct StubHub {
    listener: TcpListener,
}

impl StubHub {
    pub async fn open() -> (Self, Hub) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub = Hub::at(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        (Self { listener }, hub)
    }

    /// The next connection, before anything was said on it.
    pub async fn connection(&self) -> TcpStream {
        self.listener.accept().await.unwrap().0
    }

    /// The next socket, and the path and credentials that it came with.
    #[allow(clippy::result_large_err, reason = "the library wants a whole response as the error")]
    pub async fn socket(&self) -> (StubSocket, String, String) {
        let (mut path, mut credentials) = (String::new(), String::new());
        let stream = accept_hdr_async(self.connection().await, |request: &Request, mut response: Response| {
            path = request.uri().to_string();
            credentials = request.headers()[header::AUTHORIZATION].to_str().unwrap().to_owned();
            let v1 = HeaderValue::from_static("presence.v1.json");
            assert_eq!(request.headers()[header::SEC_WEBSOCKET_PROTOCOL], v1);
            response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, v1);
            Ok(response)
        });
        (StubSocket(stream.await.unwrap()), path, credentials)
    }

    /// The next socket, after the welcome.
    pub async fn welcomed(&self) -> StubSocket {
        let (mut socket, ..) = self.socket().await;
        socket.says(welcome()).await;
        socket
    }
}

pub struct StubSocket(WebSocketStream<TcpStream>);

impl StubSocket {
    pub async fn says(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    pub async fn hears(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// Whatever comes next, good-byes and breaks included.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        self.0.next().await
    }

    pub async fn closes(mut self, code: u16) {
        let _ = self.0.close(Some(CloseFrame { code: code.into(), reason: "".into() })).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

pub fn welcome() -> Value {
    json!({"type": "welcome", "sessionId": "0-1-1", "roles": ["agent"], "subject": "a", "epoch": "e", "seq": 1,
        "serverTime": "2026-01-01T00:00:00.000Z", "heartbeatSeconds": 10, "tokenExpiresAt": "2026-01-01T08:00:00.000Z"})
}
