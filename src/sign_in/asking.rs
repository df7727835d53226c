//! Asking a provider: one request, bounded in time and size. A redirect is not followed: it would lead to an address
//! that nobody has set, and providers name the right one in their metadata.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};

use crate::outbound::WayOut;
use crate::telemetry::WithCauses;

/// How long the provider may take for the whole of its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// What all requests say.
const ALWAYS: [(HeaderName, HeaderValue); 2] = [
    (header::ACCEPT, HeaderValue::from_static("application/jwk-set+json, application/json")),
    (header::USER_AGENT, HeaderValue::from_static("presence-hub")),
];

/// The way to a provider. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Asking {
    way_out: WayOut,
}

impl Asking {
    /// To be called within a runtime.
    #[must_use]
    pub fn new() -> Self {
        Self { way_out: WayOut::new() }
    }

    /// What stands at `address`, of at most so many bytes; `bearer` is shown if there is one.
    ///
    /// # Errors
    /// Why it cannot be had, in words that say nothing secret.
    pub async fn get(&self, address: &str, bearer: Option<&str>, most: usize) -> Result<Vec<u8>, String> {
        let mut request = Request::new(Body::empty());
        if let Some(bearer) = bearer {
            let mut shown = HeaderValue::from_str(&format!("Bearer {bearer}")).map_err(|_| "no such token is right")?;
            shown.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, shown);
        }
        match self.ask(address, request, most).await? {
            (StatusCode::OK, bytes) => Ok(bytes),
            (status, _) => Err(format!("the answer is {status}")),
        }
    }

    /// What is answered to these parameters, whatever its status.
    ///
    /// # Errors
    /// There is no answer, and why.
    pub async fn post(
        &self,
        address: &str,
        parameters: String,
        authorization: Option<HeaderValue>,
        most: usize,
    ) -> Result<(StatusCode, Vec<u8>), String> {
        let mut request = Request::new(Body::from(parameters));
        *request.method_mut() = Method::POST;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        if let Some(mut authorization) = authorization {
            authorization.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, authorization);
        }
        self.ask(address, request, most).await
    }

    async fn ask(
        &self,
        address: &str,
        mut request: Request<Body>,
        most: usize,
    ) -> Result<(StatusCode, Vec<u8>), String> {
        let uri: Uri = address.parse().map_err(|error| format!("the address cannot be used: {error}"))?;
        *request.uri_mut() = uri;
        request.headers_mut().extend(ALWAYS.map(|(name, value)| (Some(name), value)));
        match tokio::time::timeout(PATIENCE, self.answer(request, most)).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    async fn answer(&self, request: Request<Body>, most: usize) -> Result<(StatusCode, Vec<u8>), String> {
        let response = self.way_out.send(request).await?;
        let status = response.status();
        if status.is_redirection() {
            return Err(format!(
                "the answer is {status}; redirects are not followed, set the address that it leads to"
            ));
        }
        let (mut body, mut bytes) = (response.into_body(), Vec::new());
        while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|error| WithCauses(&error).to_string())?;
            bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
            if bytes.len() > most {
                return Err(format!("the answer has more than {most} bytes"));
            }
        }
        Ok((status, bytes))
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self::new()
    }
}
