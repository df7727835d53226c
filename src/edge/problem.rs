//! What is wrong with a request, as RFC 9457 problem documents.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::allowance::TooMany;
use super::turnstile::Crowded;
use crate::agents::{DirectoryRefusal, Refusal};
use crate::domain::presence::InvalidField;
use crate::domain::rejection::Rejection;

/// A refused request: a status, a stable code, and words for people.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    /// The field that is wrong, for `invalid`.
    field: Option<&'static str>,
}

impl Problem {
    /// A problem of this status and code.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), field: None }
    }

    /// The body or the query is not what it should be.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// There is more of it than is allowed.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// A body or a part of it is no JSON, or not what it should say.
    #[must_use]
    pub fn of_json(error: &serde_json::Error) -> Self {
        if error.is_data() {
            return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string());
        }
        Self::malformed(format!("no JSON: {error}"))
    }

    /// The same, about this item of a list.
    #[must_use]
    pub fn of_item(self, number: usize) -> Self {
        Self { detail: format!("item {number}: {}", self.detail), ..self }
    }

    /// The caller's roles do not allow it.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// Nobody showed valid credentials.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// The path names something that is not there.
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The words for people.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The field that is wrong, for `invalid`.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// A rejection about something that the path names.
    #[must_use]
    pub fn of_path(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rejected(Rejection::UnknownAgent) => Self::not_found("unknown_agent", "no agent has this id"),
            other @ (Refusal::Rejected(_) | Refusal::TooLarge | Refusal::Unavailable | Refusal::OutcomeUnknown) => {
                other.into()
            }
        }
    }
}

impl From<InvalidField> for Problem {
    fn from(invalid: InvalidField) -> Self {
        let field = Some(invalid.field);
        Self { field, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", invalid.to_string()) }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let status = match &rejection {
            Rejection::Invalid(invalid) => return invalid.clone().into(),
            Rejection::AgentNotConnected
            | Rejection::NothingToReset
            | Rejection::VersionConflict { .. }
            | Rejection::AlreadyOffered
            | Rejection::AlreadyAssigned
            | Rejection::OfferAlreadyEnded
            | Rejection::NotEligible { .. } => StatusCode::CONFLICT,
            Rejection::UnknownAgent
            | Rejection::AgentDisabled
            | Rejection::UnknownPresence(_)
            | Rejection::PresenceNotSettable(_)
            | Rejection::PresenceNotAllowed(_)
            | Rejection::UnknownWorkItem
            | Rejection::UnknownProfile(_)
            | Rejection::UnknownWorkstream(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, rejection.code(), rejection.to_string())
    }
}

impl From<Crowded> for Problem {
    fn from(crowded: Crowded) -> Self {
        let detail = format!("{} of yours wait already; send this again later", crowded.waiting);
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail)
    }
}

impl From<TooMany> for Problem {
    fn from(too_many: TooMany) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", too_many.to_string())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rejected(rejection) => rejection.into(),
            Refusal::TooLarge => Self::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), refusal.to_string()),
            Refusal::Unavailable | Refusal::OutcomeUnknown => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, refusal.code(), refusal.to_string())
            }
        }
    }
}

impl From<DirectoryRefusal> for Problem {
    fn from(refusal: DirectoryRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            DirectoryRefusal::BuiltInPresence => Self::new(StatusCode::CONFLICT, "built_in_presence", detail),
            DirectoryRefusal::InUse(_) => Self::new(StatusCode::CONFLICT, "in_use", detail),
            DirectoryRefusal::Unknown => Self::not_found("not_found", detail),
            DirectoryRefusal::Refused(refusal) => refusal.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = Map::new();
        body.insert("type".to_owned(), json!("about:blank"));
        body.insert("title".to_owned(), json!(self.status.canonical_reason().unwrap_or("Error")));
        body.insert("status".to_owned(), json!(self.status.as_u16()));
        body.insert("code".to_owned(), json!(self.code));
        body.insert("detail".to_owned(), json!(self.detail));
        if let Some(field) = self.field {
            body.insert("field".to_owned(), json!(field));
        }
        let mut response = (self.status, Json(Value::Object(body))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE || self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
