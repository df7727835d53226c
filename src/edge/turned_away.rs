//! Why a socket is closed again before it is welcomed.

use crate::agents::Refusal;
use crate::domain::presence::InvalidField;
use crate::domain::rejection::Rejection;
use crate::identity::Forbidden;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// A socket that is not welcomed: it is sent one `error` frame, and closed.
#[derive(Debug)]
pub struct TurnedAway {
    /// With which code it is closed.
    pub close: CloseCode,
    /// What the error frame says.
    pub problem: Problem,
}

impl TurnedAway {
    /// Closed with `close`, after an error frame of this code and message.
    pub fn new(close: CloseCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { close, problem: Problem::new(code, message) }
    }

    /// Closed with `close`, because this limit was met.
    pub fn limited(close: CloseCode, limit: Limit, message: impl Into<String>) -> Self {
        Self { close, problem: Problem::limited(limit, message) }
    }

    /// An unknown agent whose token says what no record may say.
    pub fn without_record(invalid: InvalidField) -> Self {
        let problem = Problem::from(invalid);
        let detail = format!("the agent has no record, and its token makes none: {}", problem.detail);
        Self { close: CloseCode::UnknownAgent, problem: Problem { detail, ..problem } }
    }
}

impl From<Forbidden> for TurnedAway {
    fn from(forbidden: Forbidden) -> Self {
        Self { close: CloseCode::Forbidden, problem: forbidden.into() }
    }
}

/// More of these are not made, for now or for as long as the settings are so.
impl From<Problem> for TurnedAway {
    fn from(problem: Problem) -> Self {
        Self { close: CloseCode::TryAgainLater, problem }
    }
}

impl From<Refusal> for TurnedAway {
    fn from(refusal: Refusal) -> Self {
        let close = match &refusal {
            Refusal::Rejected(Rejection::UnknownAgent | Rejection::AgentDisabled) => CloseCode::UnknownAgent,
            Refusal::Rejected(Rejection::SignedOut) => CloseCode::SignedOut,
            Refusal::Rejected(_) | Refusal::TooLarge | Refusal::Unavailable | Refusal::OutcomeUnknown => {
                CloseCode::Failed
            }
        };
        Self { close, problem: refusal.into() }
    }
}
