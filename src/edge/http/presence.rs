//! One agent's presence: read, set, reset, explained.

use serde::Deserialize;

use super::answer::Ok200;
use super::body::Json;
use super::path::{NamedAgent, OnceAgent};
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::agents::{By, Known};
use crate::domain::command::{Ask, Command};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::past;
use crate::edge::problem::of_path;
use crate::engine::embedded::{Then, then};
use crate::history::reader::Takes;
use crate::identity::Action;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{AgentPresence, Explanation, SetPresence};
use crate::wire::{explain, parse, show};

/// Why a choice of a presence may be refused.
const CHOICE: &[ErrorCode] = &[
    AgentDisabled,
    UnknownPresence,
    PresenceNotSettable,
    PresenceNotAllowed,
    AgentNotConnected,
    VersionConflict,
    TooLarge,
    Unavailable,
    OutcomeUnknown,
];

/// The instant to explain; what holds now if it is left out.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExplainQuery {
    /// The instant. It cannot be in the future. Now if left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    at: Option<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/agents/{agentId}/presence", Action::ReadPresence, read)
            .called("readAgentPresence", "presence", "An agent's presence")
            .says("As others see it."),
        Route::new(Verb::Put, "/api/v1/agents/{agentId}/presence", Action::SetPresence, set)
            .called("setAgentPresence", "presence", "Choose a presence")
            .says("The agent must be connected. Answered once it is durable, with the presence that resulted.")
            .refuses(CHOICE),
        Route::new(Verb::Post, "/api/v1/agents/{agentId}/presence/reset", Action::ResetPresence, reset)
            .called("resetAgentPresence", "presence", "Clear a hold")
            .says("Ends Inactive, or the Do not disturb that followed a rejection or the limit of open work items.")
            .refuses(&[AgentDisabled, AgentNotConnected, NothingToReset, TooLarge, Unavailable, OutcomeUnknown]),
        Route::new(Verb::Get, "/api/v1/agents/{agentId}/presence/explain", Action::ExplainPresence, explain)
            .called("explainAgentPresence", "presence", "Why the presence is what it is")
            .says(
                "The rules that were looked at with the newest change, in order: the last one that applied decided. \
                 Beside them stand the capacity sums, the work that holds capacity, the connection and the hold. With \
                 `at`, the same as it was answered then: the agent and the directory are those of that instant. So it is \
                 of an agent that was deleted since; who may read it is decided by the teams that it had last.",
            )
            .refuses(&[NotKept, Unavailable]),
    ]
}

fn shape(door: &Door, known: &Known) -> Ok200<AgentPresence> {
    Ok200(show::agent_presence(known.seq, &known.agent, &door.agents.directory().directory))
}

async fn read(asked: Asked<NamedAgent>) -> Result<Ok200<AgentPresence>, Problem> {
    Ok(shape(&asked.door, &asked.path.0))
}

async fn set(asked: Asked<NamedAgent, (), Json<SetPresence>>) -> Result<Ok200<AgentPresence>, Problem> {
    let Json(set) = &asked.body;
    let ask = Ask::Choose(parse::choice(set)?);
    change(&asked.door, &asked.caller, &asked.path.0, ask, set.if_version).await
}

async fn reset(asked: Asked<NamedAgent>) -> Result<Ok200<AgentPresence>, Problem> {
    change(&asked.door, &asked.caller, &asked.path.0, Ask::Reset, None).await
}

async fn change(
    door: &Door,
    caller: &Signed,
    known: &Known,
    ask: Ask,
    if_version: Option<u64>,
) -> Result<Ok200<AgentPresence>, Problem> {
    let agent = &known.agent.record.agent;
    let By { actor, notes } = caller.sets(agent);
    let command = Command { if_version, ..Command::new(ask, actor) };
    door.agents.decide_noted(agent, command, notes.as_deref()).await.map_err(of_path)?;
    let known = door.agents.find(agent).unwrap_or_else(|| known.clone());
    Ok(shape(door, &known))
}

async fn explain(asked: Asked<OnceAgent, Parameters<ExplainQuery>>) -> Result<Ok200<Explanation>, Problem> {
    let Asked { door, caller, path: agent, query: Parameters(ExplainQuery { at }), .. } = asked;
    let Some(at) = at else {
        let known = agent.known.ok_or_else(|| caller.nobody_in_path())?;
        caller.may_concerning(Action::ExplainPresence, &known)?;
        return Ok(Ok200(explain::explanation(known.seq, &known.agent, &door.agents.directory().directory)));
    };
    let at = past::instant(&door, "at", &at)?;
    past::may_read(&door, &caller, Action::ExplainPresence, &agent).await?;
    let found = past::reader(&door)?.ask(Takes::Moments, move |connection| then(connection, &agent.id, at)).await;
    let Then { agent, directory } = found.map_err(past::problem)?.ok_or_else(unknown_then)?;
    let directory = door.agents.directory_after(&directory);
    Ok(Ok200(explain::explanation(agent.seq, &agent.agent, &directory)))
}

fn unknown_then() -> Problem {
    Problem::new(UnknownAgent, "the agent was not there then").in_path()
}
