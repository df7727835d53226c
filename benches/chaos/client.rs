//! How clients talk to a hub: a request over a connection of its own, and a socket.

use std::time::Duration;

use anyhow::{Context, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::record::{End, now};

/// What tokens are signed with.
pub const SECRET: &str = "a secret of the benches, long enough for HS256 to be believed";
/// How long a client waits for an answer, or for a connection.
const PATIENCE: Duration = Duration::from_secs(4);
const CONNECTS_WITHIN: Duration = Duration::from_secs(1);
/// A socket of which nothing came for so long is lost: hubs of this bench send heartbeats every second.
const SILENT_AFTER: Duration = Duration::from_secs(3);

/// A token of these roles.
pub fn token(subject: &str, roles: &[&str]) -> anyhow::Result<String> {
    let expires = jiff::Timestamp::now().as_second() + 24 * 3600;
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    let claims = json!({ "sub": subject, "roles": roles, "exp": expires });
    Ok(jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key)?)
}

/// Sends a request and waits for its answer. An error says that there was none.
pub async fn request(
    address: &str,
    token: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> anyhow::Result<(u16, Value)> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/json\r\nauthorization: Bearer {token}\r\n\r\n{body}",
        body.len()
    );
    tokio::time::timeout(PATIENCE, speak(address, &request)).await.context("no answer in time")?
}

async fn speak(address: &str, request: &str) -> anyhow::Result<(u16, Value)> {
    let mut stream = tokio::time::timeout(CONNECTS_WITHIN, TcpStream::connect(address)).await??;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no HTTP answer")?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    // An answer that is cut off is none.
    if length.is_some_and(|length| length != body.len()) {
        bail!("the answer was cut off");
    }
    let body = if head.contains("transfer-encoding: chunked") { whole(body)? } else { body.to_owned() };
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap_or(Value::from(body)) };
    Ok((status, body))
}

/// What came in chunks.
fn whole(mut chunks: &str) -> anyhow::Result<String> {
    let mut body = String::new();
    loop {
        let (length, rest) = chunks.split_once("\r\n").context("a chunk has no length")?;
        let length = usize::from_str_radix(length.trim(), 16)?;
        if length == 0 {
            return Ok(body);
        }
        body += rest.get(..length).context("a chunk was cut off")?;
        chunks = rest.get(length + 2..).context("a chunk was cut off")?;
    }
}

/// Whether a hub says that it serves.
pub async fn is_ready(address: &str) -> bool {
    matches!(request(address, "", "GET", "/readyz", None).await, Ok((200, _)))
}

/// A live socket.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    silent: Instant,
    /// When something last came.
    pub heard: i64,
}

impl Socket {
    /// A socket that was welcomed.
    pub async fn open(address: &str, token: &str) -> anyhow::Result<(Self, Value)> {
        tokio::time::timeout(PATIENCE, Self::opens(address, token)).await.context("no welcome in time")?
    }

    async fn opens(address: &str, token: &str) -> anyhow::Result<(Self, Value)> {
        let stream = tokio::time::timeout(CONNECTS_WITHIN, TcpStream::connect(address)).await??;
        let mut request = format!("ws://{address}/ws").into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
        let (stream, _) = tokio_tungstenite::client_async(request, stream).await?;
        let mut socket = Self { stream, silent: Instant::now() + SILENT_AFTER, heard: now() };
        let welcome = socket.next().await.map_err(|end| anyhow::anyhow!("{end:?} instead of a welcome"))?;
        if welcome["type"] != "welcome" {
            bail!("no welcome but {welcome}");
        }
        Ok((socket, welcome))
    }

    /// The next frame, or how the socket ended. To be dropped at any time.
    pub async fn next(&mut self) -> Result<Value, End> {
        loop {
            let next = tokio::time::timeout_at(self.silent, self.stream.next()).await;
            let Ok(next) = next else { return Err(End::Silent) };
            (self.silent, self.heard) = (Instant::now() + SILENT_AFTER, now());
            match next {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).map_err(|_| End::Lost),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(End::Lost, |frame| End::Closed(frame.code.into())));
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Err(End::Lost),
            }
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) -> Result<(), End> {
        self.stream.send(Message::text(frame.to_string())).await.map_err(|_| End::Lost)
    }

    /// Ends without a word: the connection is reset.
    pub fn drop_it(self) {
        let stream = self.stream.into_inner();
        // It may be gone already.
        drop(socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)));
    }
}
