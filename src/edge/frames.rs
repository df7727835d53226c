//! Answers, sent.

use serde_json::Value;

use crate::sessions::{Session, frame};
use crate::wire::problem::Problem;
use crate::wire::shapes::{Answer, HubFrame};

/// Sends the answer to a request.
pub fn reply(session: &Session, id: Value, answer: Result<Answer, Problem>) {
    let frame = match answer {
        Ok(result) => HubFrame::Result { id, result },
        Err(problem) => HubFrame::Error { id: Some(id), error: problem.into() },
    };
    session.outlet().send(frame::saying(&frame));
}

/// Sends an error frame.
pub fn report(session: &Session, id: Option<Value>, problem: Problem) {
    session.outlet().send(frame::saying(&HubFrame::Error { id, error: problem.into() }));
}
