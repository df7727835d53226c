//! What the hub answers when it refuses: one thing, however it is said. Over HTTP it is an RFC 9457
//! problem document, over the socket an `error` frame, and within a list the result of one item.

use serde::{Deserialize, Serialize};

use super::code::ErrorCode;
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
    /// A problem with the status of its code.
    #[must_use]
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), at: Box::default(), status: code.status() }
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
        Self::new(ErrorCode::Invalid, format!("{field}: {problem}")).in_field(field)
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

    /// The same, about something that the path names: it is not found.
    #[must_use]
    pub fn in_path(self) -> Self {
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

    /// The same, about an item of a list that concerns this agent.
    #[must_use]
    pub fn of_agent(mut self, agent: &str) -> Self {
        self.at.agent_id = Some(agent.to_owned());
        self
    }
}

impl From<InvalidField> for Problem {
    fn from(invalid: InvalidField) -> Self {
        Self::new(ErrorCode::Invalid, invalid.to_string()).in_field(invalid.field)
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Invalid(invalid) => invalid.into(),
            rejection @ (Rejection::UnknownAgent
            | Rejection::AgentDisabled
            | Rejection::UnknownPresence(_)
            | Rejection::PresenceNotSettable(_)
            | Rejection::PresenceNotAllowed(_)
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
