//! Requests to the hub's HTTP API, over one kept connection.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;

use super::client::Hub;

/// The largest answer that is read.
const MOST_BYTES: usize = 64 * 1_048_576;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum HttpError {
    #[error("cannot reach the hub")]
    Unreachable(#[from] std::io::Error),
    #[error("the hub broke off")]
    Broken(#[from] hyper::Error),
    #[error("the hub's answer cannot be read")]
    Unreadable(#[from] axum::Error),
    #[error("the request cannot be written")]
    Unwritable(#[from] hyper::http::Error),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
}

/// A connection to the hub in somebody's name. It is opened on first use, and again after it broke.
#[derive(Debug)]
pub struct Http {
    hub: Hub,
    token: String,
    connection: Option<SendRequest<Body>>,
}

impl Http {
    /// In the name of this token.
    #[must_use]
    pub fn new(hub: Hub, token: String) -> Self {
        Self { hub, token, connection: None }
    }

    /// Asks with a JSON body. Who asked too much is told when to come back, and does.
    ///
    /// # Errors
    /// There is no answer.
    ///
    /// # Panics
    /// `body` does not serialize, which is a mistake of the caller's types.
    pub async fn send(&mut self, method: Method, path: &str, body: &impl Serialize) -> Result<Answer, HttpError> {
        let json = Bytes::from(serde_json::to_vec(body).expect("the body serializes"));
        loop {
            let (answer, later) = self.ask(method.clone(), path, Body::from(json.clone())).await?;
            match later {
                Some(wait) if answer.status == StatusCode::TOO_MANY_REQUESTS => tokio::time::sleep(wait).await,
                Some(_) | None => return Ok(answer),
            }
        }
    }

    /// The answer, and when to come back if it says so.
    async fn ask(&mut self, method: Method, path: &str, body: Body) -> Result<(Answer, Option<Duration>), HttpError> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.hub.authority)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)?;
        let mut connection = match self.kept().await {
            Some(kept) => kept,
            None => self.connect().await?,
        };
        let response = connection.send_request(request).await?;
        let status = response.status();
        let later = response.headers().get(header::RETRY_AFTER).and_then(|seconds| seconds.to_str().ok()?.parse().ok());
        let body = to_bytes(Body::new(response.into_body()), MOST_BYTES).await?;
        self.connection = Some(connection);
        Ok((Answer { status, body }, later.map(Duration::from_secs)))
    }

    /// The connection of the last request, if it is still good.
    async fn kept(&mut self) -> Option<SendRequest<Body>> {
        let mut kept = self.connection.take()?;
        kept.ready().await.is_ok().then_some(kept)
    }

    async fn connect(&self) -> Result<SendRequest<Body>, HttpError> {
        let (sender, connection) = handshake(TokioIo::new(self.hub.connect().await?)).await?;
        // Ends with the sender; what breaks it is told to the sender.
        tokio::spawn(connection);
        Ok(sender)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::floor::stub::StubHub;

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_too_fast_waits_for_as_long_as_the_hub_says_and_asks_again() {
        let (stub, hub) = StubHub::open().await;
        let answers = tokio::spawn(async move {
            let mut connection = stub.connection().await;
            let mut asked = Vec::new();
            for answer in [
                "429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 0",
                "204 No Content\r\ncontent-length: 0",
            ] {
                let mut request = vec![0; 4_096];
                let read = connection.read(&mut request).await.unwrap();
                asked.push(String::from_utf8_lossy(&request[..read]).into_owned());
                connection.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes()).await.unwrap();
            }
            asked
        });
        let answer = Http::new(hub, "t".to_owned()).send(Method::PUT, "/x", &[1]).await.unwrap();
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let asked = answers.await.unwrap();
        assert!(asked[0].ends_with("[1]") && asked[0] == asked[1], "{asked:?}");
    }
}
