//! The list of agents with their presence.

use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::listing::Page;
use crate::agents::{BITE, Bite, Known};
use crate::domain::ids::AgentId;
use crate::domain::presence::BaseStatus;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::feed::{Matcher, Scope};
use crate::identity::{Action, Role};
use crate::wire::shapes::{BasePresenceStatus, Filter};
use crate::wire::show;

/// The parameters of a query, each with all its values: repeated, or parted by commas. A cursor is
/// one value, whatever an id in it has.
pub(super) fn parameters(query: Option<&str>) -> Result<HashMap<String, Vec<String>>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query.unwrap_or_default())
        .map_err(|error| Problem::malformed(format!("the query cannot be read: {error}")))?;
    let mut parameters: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in pairs {
        let name_is_cursor = name == "cursor";
        let parameter = parameters.entry(name).or_default();
        if name_is_cursor {
            parameter.push(value);
        } else {
            let values = value.split(',').map(str::trim).filter(|value| !value.is_empty());
            parameter.extend(values.map(str::to_owned));
        }
    }
    Ok(parameters)
}

pub(super) fn bases(names: Vec<String>) -> Result<Vec<BasePresenceStatus>, Problem> {
    let base = |name: &String| {
        let base = BaseStatus::parse(name).map(show::base);
        base.ok_or_else(|| {
            let known = BaseStatus::ALL.map(BaseStatus::as_str).join(", ");
            Problem::malformed(format!("baseStatuses: `{name}` is none of {known}"))
        })
    };
    names.iter().map(base).collect()
}

pub(super) fn single(parameters: &mut HashMap<String, Vec<String>>, name: &str) -> Option<String> {
    parameters.remove(name)?.into_iter().next()
}

pub(super) fn none_left(parameters: &HashMap<String, Vec<String>>) -> Result<(), Problem> {
    match parameters.keys().next() {
        Some(unknown) => Err(Problem::malformed(format!("`{unknown}` is no parameter here"))),
        None => Ok(()),
    }
}

/// `GET /api/v1/agents`
pub async fn list(
    State(door): State<Arc<Door>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut asked = parameters(query.as_deref())?;
    let page = Page::of(single(&mut asked, "limit").as_deref(), single(&mut asked, "cursor"))?;
    signed.spend(&door, page.weight())?;
    let mut filter = Filter {
        teams: asked.remove("teams"),
        queues: asked.remove("queues"),
        skills: asked.remove("skills"),
        agent_ids: asked.remove("agentIds"),
        base_statuses: asked.remove("baseStatuses").map(bases).transpose()?,
        presence_ids: asked.remove("presenceIds"),
        workstream_id: single(&mut asked, "workstreamId"),
    };
    none_left(&asked)?;
    let roles = &signed.0.roles;
    if !roles.contains(&Role::Admin) && signed.may(Action::ListAgents).is_err() {
        // An agent may read the directory, and of presences its own.
        let own = signed.0.subject.clone();
        filter.agent_ids =
            Some(filter.agent_ids.unwrap_or_else(|| vec![own.clone()]).into_iter().filter(|id| *id == own).collect());
    }
    let scope = if roles.contains(&Role::Supervisor) { signed.scope() } else { Scope::All };
    let matcher = Matcher::of(filter, scope);
    let matching = matching(&door, &page, &matcher).await;
    let view = door.agents.directory();
    Ok(page
        .cut(
            &door,
            &matching,
            |known| known.agent.record.agent.as_str(),
            |known| show::agent_presence(known.seq, &known.agent, &view.directory),
        )
        .await)
}

/// The agents of a page. A filter that names agents looks at those alone.
async fn matching(door: &Door, page: &Page, matcher: &Matcher) -> Vec<Known> {
    let mut matching = Vec::new();
    if let Some(named) = matcher.agents() {
        let behind = named.range::<str, _>((page.after().map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded));
        let mut ids = behind.filter_map(|id| AgentId::new(id).ok());
        while matching.len() < page.wants() {
            let some = ids.by_ref().take(BITE).collect::<Vec<_>>();
            if some.is_empty() {
                break;
            }
            let view = door.agents.directory();
            let known = some.iter().filter_map(|id| door.agents.existing(id));
            matching.extend(known.filter(|known| matcher.matches(&known.agent, &view.directory)));
            tokio::task::yield_now().await;
        }
    } else {
        let mut after = page.after().map(str::to_owned);
        loop {
            let Bite { agents, last } = door.agents.bite(after.as_deref());
            let view = door.agents.directory();
            matching.extend(agents.into_iter().filter(|known| matcher.matches(&known.agent, &view.directory)));
            let Some(last) = last.filter(|_| matching.len() < page.wants()) else { break };
            after = Some(last.as_str().to_owned());
            tokio::task::yield_now().await;
        }
    }
    matching.truncate(page.wants());
    matching
}
