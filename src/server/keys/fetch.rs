//! Fetching a key set: one request, bounded in time and size. A redirect is not followed: it would lead to an address
//! that nobody has set, and providers name the right one in their metadata.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};

use crate::identity::MOST_KEY_BYTES;
use crate::outbound::WayOut;
use crate::telemetry::WithCauses;

/// How long the provider may take for the whole of its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way out to a provider.
pub struct Fetcher {
    way_out: WayOut,
}

impl Fetcher {
    pub fn new() -> Self {
        Self { way_out: WayOut::new() }
    }

    /// What stands at `address`, or why it cannot be had.
    pub async fn fetch(&self, address: &str) -> Result<Vec<u8>, String> {
        match tokio::time::timeout(PATIENCE, self.ask(address)).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    async fn ask(&self, address: &str) -> Result<Vec<u8>, String> {
        let uri: Uri = address.parse().map_err(|error| format!("the address cannot be used: {error}"))?;
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/jwk-set+json, application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("presence-hub"));
        let response = self.way_out.send(request).await?;
        let status = response.status();
        if status.is_redirection() {
            return Err(format!(
                "the answer is {status}; redirects are not followed, set the address that it leads to"
            ));
        }
        if status != StatusCode::OK {
            return Err(format!("the answer is {status}"));
        }
        let (mut body, mut bytes) = (response.into_body(), Vec::new());
        while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|error| WithCauses(&error).to_string())?;
            bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
            if bytes.len() > MOST_KEY_BYTES {
                return Err(format!("the answer has more than {MOST_KEY_BYTES} bytes, which no key set has"));
            }
        }
        Ok(bytes)
    }
}
