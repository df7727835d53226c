//! The list of agents with their presence.

use serde::Deserialize;

use super::answer::ListOf;
#[cfg(test)]
use super::listing::MAX_LIMIT;
use super::listing::Page;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::agents::{BITE, Bite, Known};
use crate::domain::ids::AgentId;
use crate::edge::Door;
use crate::feed::{Matcher, Scope};
use crate::identity::{self, Action, Sees};
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{AgentPresence, BasePresenceStatus, Filter};
use crate::wire::show;

/// Which agents to list. What is given must all hold; a parameter is repeated to name several.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentsQuery {
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
    /// Agents of any of these teams.
    teams: Option<Vec<String>>,
    /// Agents of any of these queues.
    queues: Option<Vec<String>>,
    /// Agents who have any of these skills.
    skills: Option<Vec<String>>,
    /// Agents of these ids.
    agent_ids: Option<Vec<String>>,
    /// Agents whose presence has any of these base statuses.
    base_statuses: Option<Vec<BasePresenceStatus>>,
    /// Agents who have any of these presences. The product's well-known ids are understood.
    presence_ids: Option<Vec<String>>,
    /// Agents whose presence this workstream allows.
    workstream_id: Option<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/agents", Action::ListAgents, list)
            .called("listAgents", "agents", "Agents with their presence")
            .says("In the order of their ids. An agent sees itself, a supervisor of some teams those teams.")
            .refuses(&[TooLarge, UnknownWorkstream]),
    ]
}

async fn list(asked: Asked<(), Parameters<AgentsQuery>>) -> Result<ListOf<AgentPresence>, Problem> {
    let Asked { door, caller, query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor)?;
    caller.spend(&door, page.weight())?;
    let mut filter = Filter {
        teams: which.teams,
        queues: which.queues,
        skills: which.skills,
        agent_ids: which.agent_ids,
        base_statuses: which.base_statuses,
        presence_ids: which.presence_ids,
        workstream_id: which.workstream_id,
    };
    let scope = match identity::sees(&caller.0) {
        Sees::Everyone => Scope::All,
        Sees::Teams(teams) => Scope::Teams(teams),
        Sees::Itself => {
            let own = caller.0.subject.clone();
            let named = filter.agent_ids.get_or_insert_with(|| vec![own.clone()]);
            named.retain(|id| *id == own);
            Scope::All
        }
    };
    let matcher = Matcher::of(filter, scope, &door.agents.directory().directory)?;
    let matching = matching(&door, &page, &matcher).await;
    let view = door.agents.directory();
    let cursor = |known: &Known| known.agent.record.agent.as_str().to_owned();
    let shape = |known: &Known| show::agent_presence(known.seq, &known.agent, &view.directory);
    Ok(page.cut(&door, &matching, cursor, shape).await)
}

/// The agents of a page. A filter that names agents looks at those alone.
async fn matching(door: &Door, page: &Page, matcher: &Matcher) -> Vec<Known> {
    let mut matching = Vec::new();
    if let Some(named) = matcher.agents(page.after()) {
        let mut ids = named.filter_map(|id| AgentId::new(id).ok());
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
