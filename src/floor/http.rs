//! Requests to the hub's HTTP API, over one kept connection.

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

    /// Asks with a JSON body.
    ///
    /// # Errors
    /// There is no answer.
    ///
    /// # Panics
    /// `body` does not serialize, which is a mistake of the caller's types.
    pub async fn send(&mut self, method: Method, path: &str, body: &impl Serialize) -> Result<Answer, HttpError> {
        let json = serde_json::to_vec(body).expect("the body serializes");
        self.ask(method, path, Body::from(json)).await
    }

    async fn ask(&mut self, method: Method, path: &str, body: Body) -> Result<Answer, HttpError> {
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
        let body = to_bytes(Body::new(response.into_body()), MOST_BYTES).await?;
        self.connection = Some(connection);
        Ok(Answer { status, body })
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
