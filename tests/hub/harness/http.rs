//! Talking HTTP to a hub.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::socket::ABOUT_A_FIELD;
use super::{Hub, within};

/// Talks HTTP: one request a connection.
#[derive(Clone)]
pub struct Http {
    address: String,
    token: Option<String>,
}

impl Http {
    /// With this token.
    pub fn with_token(hub: &Hub, token: String) -> Self {
        Self { address: hub.address().to_owned(), token: Some(token) }
    }

    /// At this address with this token.
    pub fn at(address: &str, token: String) -> Self {
        Self { address: address.to_owned(), token: Some(token) }
    }

    /// Without a token.
    pub fn anonymous(hub: &Hub) -> Self {
        Self { address: hub.address().to_owned(), token: None }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.request("GET", path, "", None).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("PUT", path, "", Some(body)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("POST", path, "", Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("PATCH", path, "", Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        self.request("DELETE", path, "", None).await
    }

    /// A request with more headers, each line ending in CRLF.
    pub async fn request(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, _, body) = self.raw(method, path, headers, body).await;
        let body =
            if body.is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap_or(Value::String(body)) };
        (status, body)
    }

    /// The same, with the headers of the answer and its body as they came.
    pub async fn raw(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> (u16, String, String) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let token = self.token.as_ref().map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{token}{headers}\r\n{body}",
            self.address,
            body.len(),
        );
        self.speaks(&request).await
    }

    /// Sends this as the whole request.
    pub async fn speaks(&self, request: impl AsRef<[u8]>) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_ref()).await.unwrap();
        let mut answer = Vec::new();
        within(stream.read_to_end(&mut answer)).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status == 422 {
            let problem: Value = serde_json::from_str(body).unwrap();
            assert!(problem["field"].is_string(), "422 names no field: {problem}");
        }
        (status, head.to_owned(), body.to_owned())
    }

    /// An agent's presence.
    pub async fn presence(&self, agent: &str) -> Value {
        let (status, body) = self.get(&format!("/api/v1/agents/{agent}/presence")).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Sends one event; what became of it.
    pub async fn event(&self, event: &Value) -> Value {
        let (status, mut body) = self.post("/api/v1/events", event).await;
        assert_eq!(status, 200, "{body}");
        let result = body["results"][0].take();
        let is_about_a_field = result["code"].as_str().is_some_and(|code| ABOUT_A_FIELD.contains(&code));
        assert!(!is_about_a_field || result["field"].is_string(), "{event} → {result}");
        result
    }

    /// Sends one event that must be applied.
    pub async fn applies(&self, event: &Value) -> Value {
        let result = self.event(event).await;
        assert_eq!(result["status"], "applied", "{event} → {result}");
        result
    }
}

/// An event of a work system, with an id of its own.
pub fn event(kind: &str, data: Value) -> Value {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
    json!({ "specversion": "1.0", "id": id, "source": "/tests", "type": kind, "data": data })
}
