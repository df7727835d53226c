//! What other rooms refuse, as the wire says it; and a problem as an answer over HTTP.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::allowance::TooMany;
use super::followers;
use super::turnstile::Crowded;
use crate::agents::{DirectoryRefusal, Refusal};
use crate::domain::rejection::Rejection;
use crate::feed::FeedError;
use crate::wire;
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::{Problem, ProblemDocument};

/// After so many seconds it may be sent again.
const RETRY_AFTER: &str = "1";

/// A rejection of what was asked of the agent that the path names.
pub fn of_path(refusal: Refusal) -> Problem {
    let is_unknown = refusal == Refusal::Rejected(Rejection::UnknownAgent);
    let problem = Problem::from(refusal);
    if is_unknown { problem.in_path() } else { problem }
}

/// JSON that cannot be read, or does not say what it should.
pub fn of_json(error: &serde_json::Error) -> Problem {
    Problem::malformed(format!("no JSON: {error}"))
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::Rejected(rejection) => return rejection.into(),
            Refusal::TooLarge => ErrorCode::TooLarge,
            Refusal::Unavailable => ErrorCode::Unavailable,
            Refusal::OutcomeUnknown => ErrorCode::OutcomeUnknown,
        };
        Self::new(code, refusal.to_string())
    }
}

impl From<DirectoryRefusal> for Problem {
    fn from(refusal: DirectoryRefusal) -> Self {
        let code = match refusal {
            DirectoryRefusal::BuiltInPresence => ErrorCode::BuiltInPresence,
            DirectoryRefusal::InUse(_) => ErrorCode::InUse,
            DirectoryRefusal::Unknown => ErrorCode::NotFound,
            DirectoryRefusal::Refused(refusal) => return refusal.into(),
        };
        Self::new(code, refusal.to_string())
    }
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        let code = match error {
            FeedError::TooLong { .. } => ErrorCode::TooLarge,
            FeedError::UnknownWorkstream(_) => ErrorCode::UnknownWorkstream,
            FeedError::TooManyWatches(_) => return Self::limited(Limit::Watches, error.to_string()),
            FeedError::TooManyNames(_) => return Self::limited(Limit::WatchedNames, error.to_string()),
            FeedError::UnknownWatch => ErrorCode::UnknownWatch,
        };
        let problem = Self::new(code, error.to_string());
        match error.field() {
            Some(field) => problem.in_field(field),
            None => problem,
        }
    }
}

impl From<followers::Crowded> for Problem {
    fn from(crowded: followers::Crowded) -> Self {
        Self::limited(Limit::Followers, crowded.to_string())
    }
}

impl From<Crowded> for Problem {
    fn from(crowded: Crowded) -> Self {
        let detail = format!("{} of yours wait already; send this again later", crowded.waiting);
        Self::limited(Limit::WaitingEvents, detail)
    }
}

impl From<TooMany> for Problem {
    fn from(too_many: TooMany) -> Self {
        Self::limited(Limit::Requests, too_many.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (code, limit) = (self.code, self.limit);
        let body = wire::text(&ProblemDocument::of(self, status.canonical_reason().unwrap_or("Error")));
        let json = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, json)], body).into_response();
        // For whoever counts refusals.
        response.extensions_mut().insert(code);
        if let Some(limit) = limit {
            response.extensions_mut().insert(limit);
        }
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::UPGRADE_REQUIRED {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        }
        response
    }
}
