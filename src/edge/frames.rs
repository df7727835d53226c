//! Answers, sent.

use serde_json::Value;

use super::Door;
use crate::sessions::{Session, frame};
use crate::wire::problem::Problem;
use crate::wire::shapes::{Answer, HubFrame};

/// Sends the answer to a request.
pub fn reply(door: &Door, session: &Session, id: Value, answer: Result<Answer, Problem>) {
    match answer {
        Ok(result) => drop(session.outlet().send(frame::saying(&HubFrame::Result { id, result }))),
        Err(problem) => report(door, session, Some(id), problem),
    }
}

/// Sends an error frame.
pub fn report(door: &Door, session: &Session, id: Option<Value>, problem: Problem) {
    door.tally.problem(&problem, &session.who().subject);
    session.outlet().send(frame::saying(&HubFrame::Error { id, error: problem.into() }));
}
