//! What questions about the past have in common.

use std::collections::BTreeSet;

use super::Door;
use super::caller::Signed;
use super::http::path::OnceAgent;
use crate::domain::time::Timestamp;
use crate::history::floor::last_teams;
use crate::history::reader::{Failed, Reader, Takes};
pub use crate::history::scope::Scope;
use crate::history::stood::Interval;
use crate::identity::{self, Action, Sees};
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
use crate::wire::shapes::PastState;
use crate::wire::{parse, show, words};

/// The way to the history.
///
/// # Errors
/// `unavailable`: the engine keeps none.
pub fn reader(door: &Door) -> Result<&Reader, Problem> {
    door.history.as_ref().ok_or_else(|| Problem::new(ErrorCode::Unavailable, "the hub keeps no history"))
}

/// Whom the caller asks about, as far as it may.
pub fn scope(caller: &Signed, teams: Option<Vec<String>>, agents: Option<Vec<String>>) -> Scope {
    let asked: Option<BTreeSet<String>> = teams.map(|teams| teams.into_iter().collect());
    let teams = match identity::sees(&caller.0) {
        Sees::Everyone => asked,
        Sees::Teams(own) => Some(match asked {
            Some(asked) => asked.intersection(&own).cloned().collect(),
            None => own,
        }),
        // An agent that is nothing else may not ask.
        Sees::Itself => Some(BTreeSet::new()),
    };
    Scope { teams, agents: agents.map(|agents| agents.into_iter().collect()) }
}

/// Goes on only if the caller may do this concerning an agent that is there, or one that was. About one of another team
/// the history is asked as well as about nobody, so that neither the answer nor its time tells them apart.
///
/// # Errors
/// `forbidden`, `unknown_agent`, or what [`problem`] says
pub async fn may_read(door: &Door, caller: &Signed, action: Action, agent: &OnceAgent) -> Result<(), Problem> {
    let there = agent.known.as_ref().map(|known| caller.may_concerning(action, known));
    if let Some(Ok(())) = there {
        return Ok(());
    }
    let id = agent.id.clone();
    let teams = reader(door)?.ask(Takes::Moments, move |connection| last_teams(connection, &id)).await;
    let teams = teams.map_err(problem)?;
    if let Some(refused) = there {
        return refused;
    }
    let teams = teams.ok_or_else(|| caller.nobody_in_path())?;
    Ok(identity::may_concerning(&caller.0, action, agent.id.as_str(), &teams)?)
}

/// Goes on only if the time does not end before it begins.
///
/// # Errors
/// `invalid` to
pub fn in_order(from: Option<Timestamp>, to: Option<Timestamp>) -> Result<(), Problem> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(Problem::invalid("to", "is before `from`")),
        (Some(_) | None, _) => Ok(()),
    }
}

/// An instant that has passed.
///
/// # Errors
/// `invalid` at
pub fn instant(door: &Door, field: &'static str, text: &str) -> Result<Timestamp, Problem> {
    let instant = parse::time(field, text)?;
    if instant > door.agents.clock().now() {
        return Err(Problem::invalid(field, "is in the future; an instant that has passed is right"));
    }
    Ok(instant)
}

/// Why a question about the past was not answered.
pub fn problem(failed: Failed) -> Problem {
    match failed {
        Failed::TooMuch { .. } => Problem::too_large(failed.to_string()),
        Failed::NotKept { from } => {
            let from = show::time(from);
            Problem::new(ErrorCode::NotKept, format!("what is needed to answer this is kept from {from} on"))
        }
        Failed::Database(_) | Failed::Word(_) | Failed::Entry { .. } | Failed::Nobody => {
            tracing::error!(error = %failed, "a question about the past was not answered");
            Problem::new(ErrorCode::Unavailable, failed.to_string())
        }
    }
}

/// What an agent was in an interval.
pub fn state(interval: &Interval) -> PastState {
    let Interval { stood, state, .. } = interval;
    PastState {
        presence_id: state.presence.as_str().to_owned(),
        base_presence_status: words::base(state.base),
        origin: words::origin(state.origin),
        hold: state.hold.map(words::hold),
        event_name: words::event(stood.cause.event),
        sub_event_name: stood.cause.sub_event.map(words::sub_event),
        modified_by: show::actor(&stood.actor),
        reason: stood.reason.clone(),
        available_units_capacity: stood.available_units,
        version: stood.version,
        seq: stood.seq,
    }
}
