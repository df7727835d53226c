//! What the hub answers when it refuses: one thing, however it is said. Over HTTP it is an RFC 9457
//! problem document, over the socket an `error` frame, and within a list the result of one item.

use serde::{Deserialize, Serialize};

use super::code::ErrorCode;
use super::limit::Limit;
use crate::domain::presence::InvalidField;
use crate::domain::rejection::Rejection;

/// A refusal, as the outside is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Why, for programs.
    pub code: ErrorCode,
    /// Why, for people: what is wrong, and what would be right.
    pub detail: String,
    /// Where in the request it is.
    pub at: Box<Location>,
    /// The status over HTTP.
    pub status: u16,
    /// Of a position that is gone: the oldest that is kept.
    pub begin_after: Option<Box<str>>,
    /// The limit that was met, for whoever counts.
    pub limit: Option<Limit>,
}

/// Where in a request something is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The field or parameter that is wrong. Left out when no single one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The place in the list of the item that is wrong, counted from 0. Left out when no list was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The agent whom the item concerns. Left out when no list of agents was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
}

impl Problem {
    /// A problem with the status of its code, about the field that such problems are usually about.
    #[must_use]
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        debug_assert!(code != ErrorCode::Invalid, "says which field: `Problem::invalid`");
        Self::about(code, code.usual_field().map(str::to_owned), detail)
    }

    fn about(code: ErrorCode, field: Option<String>, detail: impl Into<String>) -> Self {
        let at = Box::new(Location { field, ..Location::default() });
        Self { code, detail: detail.into(), at, status: code.status(), begin_after: None, limit: None }
    }

    /// The request cannot be read.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Malformed, detail)
    }

    /// A field or a parameter has a value that cannot be.
    #[must_use]
    pub fn invalid(field: impl Into<String>, problem: impl std::fmt::Display) -> Self {
        let field = field.into();
        let detail = format!("{field}: {problem}");
        Self::about(ErrorCode::Invalid, Some(field), detail)
    }

    /// A position cannot be gone on from; the oldest that can is `begin_after`.
    #[must_use]
    pub fn position_gone(detail: impl Into<String>, begin_after: String) -> Self {
        Self { begin_after: Some(begin_after.into()), ..Self::new(ErrorCode::PositionGone, detail) }
    }

    /// There is more of it than is allowed.
    #[must_use]
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::TooLarge, detail)
    }

    /// The caller's roles do not allow it.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Forbidden, detail)
    }

    /// Nobody showed valid credentials.
    #[must_use]
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unauthenticated, detail)
    }

    /// The caller asked too much: this limit was met.
    #[must_use]
    pub fn limited(limit: Limit, detail: impl Into<String>) -> Self {
        Self { limit: Some(limit), ..Self::new(ErrorCode::RateLimited, detail) }
    }

    /// There are as many as there may be.
    #[must_use]
    pub fn no_more(limit: Limit, detail: impl Into<String>) -> Self {
        Self { limit: Some(limit), ..Self::new(ErrorCode::LimitReached, detail) }
    }

    /// The same, about something that the path names, and no field: it is not found.
    #[must_use]
    pub fn in_path(mut self) -> Self {
        self.at.field = None;
        Self { status: 404, ..self }
    }

    /// The same, about this field.
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.at.field = Some(field.into());
        self
    }

    /// The same, about this item of a list, counted from 0.
    #[must_use]
    pub fn of_item(mut self, index: usize) -> Self {
        self.at.index = Some(index);
        self.detail = format!("item {index}: {}", self.detail);
        self
    }

    /// The same, about this item of a list, which stands in a line of a table.
    #[must_use]
    pub fn of_line(mut self, line: usize, index: usize) -> Self {
        self.at.index = Some(index);
        self.detail = format!("line {line}: {}", self.detail);
        self
    }

    /// The same, about an item of a list that concerns this agent.
    #[must_use]
    pub fn of_agent(mut self, agent: &str) -> Self {
        self.at.agent_id = Some(agent.to_owned());
        self
    }
}

impl From<InvalidField> for Problem {
    fn from(invalid: InvalidField) -> Self {
        Self::invalid(invalid.field, invalid.problem)
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Invalid(invalid) => invalid.into(),
            Rejection::UnknownPresence { field, .. }
            | Rejection::PresenceNotSettable { field, .. }
            | Rejection::PresenceNotAllowed { field, .. } => {
                Self::new((&rejection).into(), rejection.to_string()).in_field(field)
            }
            rejection @ (Rejection::UnknownAgent
            | Rejection::AgentDisabled
            | Rejection::SignedOut
            | Rejection::AgentNotConnected
            | Rejection::NothingToReset
            | Rejection::VersionConflict { .. }
            | Rejection::UnknownWorkItem
            | Rejection::AlreadyOffered
            | Rejection::AlreadyAssigned
            | Rejection::OfferAlreadyEnded
            | Rejection::NotEligible { .. }
            | Rejection::UnknownProfile(_)
            | Rejection::UnknownWorkstream(_)) => Self::new((&rejection).into(), rejection.to_string()),
        }
    }
}

/// A problem over HTTP (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProblemDocument {
    /// Always `about:blank`: `code` tells kinds apart.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the status.
    pub title: String,
    /// The status.
    pub status: u16,
    /// Why, for programs.
    pub code: ErrorCode,
    /// Why, for people: what is wrong, and what would be right. The words may change.
    pub detail: String,
    /// Where in the request it is.
    #[serde(flatten)]
    pub at: Location,
    /// Of `position_gone`: the oldest position that is kept, to be sent as `after`. Left out of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begin_after: Option<String>,
}

impl ProblemDocument {
    /// Of this problem; `title` is the name of its status.
    #[must_use]
    pub fn of(problem: Problem, title: &str) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: title.to_owned(),
            status: problem.status,
            code: problem.code,
            detail: problem.detail,
            at: *problem.at,
            begin_after: problem.begin_after.map(String::from),
        }
    }
}

/// A problem over the socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FrameError {
    /// Why, for programs.
    pub code: ErrorCode,
    /// Why, for people: what is wrong, and what would be right. The words may change.
    pub message: String,
    /// Where in the request it is. Left out when no single part of it is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Location>,
}

impl From<Problem> for FrameError {
    fn from(problem: Problem) -> Self {
        let details = Some(*problem.at).filter(|at| *at != Location::default());
        Self { code: problem.code, message: problem.detail, details }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_answered_422_names_its_field_and_nothing_else_does_by_itself() {
        let codes = schemars::schema_for!(ErrorCode).to_value()["oneOf"].as_array().unwrap().clone();
        assert!(codes.len() > 30);
        for code in codes {
            let code: ErrorCode = serde_json::from_value(code["const"].clone()).unwrap();
            let problem = match code {
                ErrorCode::Invalid => Problem::invalid("units", "is negative"),
                _ => Problem::new(code, "no"),
            };
            assert_eq!(problem.status == 422, problem.at.field.is_some(), "{code}");
        }
    }
}
