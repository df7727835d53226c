//! Agents' records, one by one. The list of agents is beside their presences, many at once are in `bulk`.

use super::kind::Kind;
use super::requests;
use crate::agents::{Applied, Known};
use crate::domain::presence::InvalidField;
use crate::domain::record::AgentRecord;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::growth;
use crate::edge::http::path::{InPath, NamedAgent, agent};
use crate::edge::http::route::Route;
use crate::edge::past;
use crate::history::floor::last_teams;
use crate::history::reader::Takes;
use crate::identity::{self, Action, Caller};
use crate::wire::code::ErrorCode;
use crate::wire::directory as shape;
use crate::wire::parse;
use crate::wire::problem::Problem;
use crate::wire::shapes;

/// Agents' records.
pub struct Agents;

pub fn routes() -> Vec<Route> {
    requests::routes::<Agents>("/api/v1/agents", "/api/v1/agents/{agentId}")
}

impl Kind for Agents {
    type Record = shapes::AgentRecord;
    type Kept = AgentRecord;

    const TAG: &'static str = "agents";
    const NAME: &'static str = "Agent";
    const ONE: &'static str = "an agent";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownAgent;
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::UnknownPresence, ErrorCode::UnknownProfile];
    const DELETING: &'static str =
        "Its sockets are closed with 4404. Events about it are `unknown_agent` from then on.";

    const READ: Action = Action::ReadRecord;

    fn may_find(named: &str, door: &Door, caller: &Signed, action: Action) -> Result<(), Problem> {
        NamedAgent::find(named, door, caller, action).map(drop)
    }

    async fn may_make(door: &Door, caller: &Signed, id: &str) -> Result<(), Problem> {
        if caller.0.limit().is_none() {
            return Ok(());
        }
        let agent = parse::agent_id(id)?;
        let was = past::reader(door)?.ask(Takes::Moments, move |connection| last_teams(connection, &agent)).await;
        match was.map_err(past::problem)? {
            Some(teams) => Ok(identity::may_concerning(&caller.0, Action::Administer, id, &teams)?),
            None => Ok(()),
        }
    }

    fn may_change(caller: &Caller, before: Option<&AgentRecord>, after: Option<&AgentRecord>) -> Result<(), Problem> {
        for record in before.into_iter().chain(after) {
            identity::may_concerning(caller, Action::Administer, record.agent.as_str(), &record.teams)?;
        }
        let Some((limit, after)) = caller.limit().zip(after) else { return Ok(()) };
        let had = |team: &String| before.is_some_and(|before| before.teams.contains(team));
        match after.teams.iter().find(|team| !limit.contains(*team) && !had(team)) {
            Some(team) => Err(Problem::forbidden(format!("the caller is limited to teams, and `{team}` is another"))
                .in_field("teams")),
            None => Ok(()),
        }
    }

    fn shape(kept: &AgentRecord) -> shapes::AgentRecord {
        shape::agent_record(kept)
    }

    fn parse(record: &shapes::AgentRecord) -> Result<AgentRecord, InvalidField> {
        parse::agent_record(record)
    }

    fn find(door: &Door, id: &str) -> Option<shapes::AgentRecord> {
        agent(door, id).map(|known| read(&known))
    }

    async fn put(
        door: &Door,
        caller: &Signed,
        id: &str,
        make: impl FnMut(Option<&AgentRecord>) -> Result<AgentRecord, Problem> + Send,
    ) -> Result<shapes::AgentRecord, Problem> {
        let agent = parse::agent_id(id)?;
        let Applied { known, .. } = growth::configure(door, &agent, caller.admin(), make).await?;
        Ok(shapes::AgentRecord { warnings: warnings(&known.agent.record), ..read(&known) })
    }

    async fn remove(
        door: &Door,
        caller: &Signed,
        id: &str,
        check: impl FnMut(&AgentRecord) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let agent = parse::agent_id(id)?;
        door.agents.delete(&agent, caller.admin(), check).await?;
        Ok(())
    }
}

/// A record as it is read, with the version and position of the agent.
fn read(known: &Known) -> shapes::AgentRecord {
    let record = shape::agent_record(&known.agent.record);
    shapes::AgentRecord { version: Some(known.agent.version), seq: Some(known.seq), ..record }
}

/// What the product advises against.
fn warnings(record: &AgentRecord) -> Vec<String> {
    let mut warnings = Vec::new();
    if record.units.is_some() && !record.profiles.is_empty() {
        warnings.push("units and profiles: configure one kind, not both (A-10)".to_owned());
    }
    if record.units.is_none() && record.profiles.is_empty() {
        warnings.push("no capacity is configured, which limits nothing (A-9)".to_owned());
    }
    warnings
}
