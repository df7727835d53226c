//! One agent's presence: read, set, reset, explained.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use serde_json::{Value, json};

use super::{Named, Unread};
use crate::agents::Known;
use crate::domain::agent::{Agent, Connection};
use crate::domain::capacity::{Capacity, Counting};
use crate::domain::command::{Ask, Command};
use crate::domain::trace::Verdict;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::shapes::{AgentPresence, SetPresence};
use crate::wire::{parse, show};

fn shape(door: &Door, known: &Known) -> Json<AgentPresence> {
    Json(show::agent_presence(known.seq, &known.agent, &door.agents.directory().directory))
}

/// `GET /api/v1/agents/{agentId}/presence`
pub async fn read(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Named(known): Named,
) -> Result<Json<AgentPresence>, Problem> {
    signed.may_concerning(Action::ReadPresence, &known)?;
    Ok(shape(&door, &known))
}

/// `PUT /api/v1/agents/{agentId}/presence`
pub async fn set(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Named(known): Named,
    body: Unread<SetPresence>,
) -> Result<Json<AgentPresence>, Problem> {
    signed.may_concerning(Action::SetPresence, &known)?;
    let set = body.read().await?;
    let ask = Ask::Choose(parse::choice(&set)?);
    change(&door, &signed, &known, ask, set.if_version).await
}

/// `POST /api/v1/agents/{agentId}/presence/reset`
pub async fn reset(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Named(known): Named,
) -> Result<Json<AgentPresence>, Problem> {
    signed.may_concerning(Action::ResetPresence, &known)?;
    change(&door, &signed, &known, Ask::Reset, None).await
}

async fn change(
    door: &Door,
    signed: &Signed,
    known: &Known,
    ask: Ask,
    if_version: Option<u64>,
) -> Result<Json<AgentPresence>, Problem> {
    let agent = &known.agent.record.agent;
    let command = Command { if_version, ..Command::new(ask, signed.actor_for(agent)) };
    door.agents.decide(agent, command).await.map_err(Problem::of_path)?;
    let known = door.agents.find(agent).unwrap_or_else(|| known.clone());
    Ok(shape(door, &known))
}

/// `GET /api/v1/agents/{agentId}/presence/explain`
pub async fn explain(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Named(known): Named,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    signed.may_concerning(Action::ExplainPresence, &known)?;
    if query.is_some_and(|query| query.split('&').any(|part| part == "at" || part.starts_with("at="))) {
        return Err(Problem::malformed("`at` is not answered yet: only the present can be explained"));
    }
    let view = door.agents.directory();
    let agent = &known.agent;
    let capacity = Capacity::of(agent, &view.directory, Counting::All);
    let holding = agent.items.iter().filter(|item| item.holds_capacity());
    Ok(Json(json!({
        "presence": show::agent_presence(known.seq, agent, &view.directory),
        "at": show::time(agent.changed_at),
        "rules": rules(agent),
        "capacity": show::capacity(agent, &capacity),
        "holdingCapacity": holding.map(show::work_item).collect::<Vec<_>>(),
        "connection": connection(&agent.connection),
        "hold": agent.standing.hold.map(|hold| hold.as_str()),
    })))
}

/// The trace that the deciding code returned with the newest change: what it looked at, in order.
/// The last rule that decided is the one that made the presence what it is.
fn rules(agent: &Agent) -> Vec<Value> {
    let considered = agent.trace.considered().iter();
    considered
        .map(|one| {
            let decided = match one.verdict {
                Verdict::Decided => true,
                Verdict::Passed => false,
            };
            json!({ "rule": one.rule.id(), "says": one.rule.sentence(), "applied": decided })
        })
        .collect()
}

fn connection(connection: &Connection) -> Value {
    match connection {
        Connection::SignedOut => json!({ "state": "SIGNED_OUT" }),
        Connection::Connected { sessions } => {
            let sessions: Vec<String> = sessions.iter().map(ToString::to_string).collect();
            json!({ "state": "CONNECTED", "sessions": sessions })
        }
        Connection::Held { began, until, .. } => {
            json!({ "state": "HELD", "since": show::time(*began), "until": show::time(*until) })
        }
        Connection::Disconnected { until } => json!({ "state": "DISCONNECTED", "restoreUntil": show::time(*until) }),
    }
}
