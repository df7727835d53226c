//! Who may get work of a workstream: page by page, the first at the cost of what it holds.

use serde::Deserialize;

use super::answer::ListOf;
#[cfg(test)]
use super::listing::MAX_LIMIT;
use super::listing::Page;
use super::path::{NamedWorkstream, unknown_workstream};
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::agents::eligible::{Eligibility, Rank, Selection};
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::rejection::Rejection;
use crate::edge::caller::scope;
use crate::feed::Matcher;
use crate::identity::Action;
use crate::wire::code::ErrorCode::*;
use crate::wire::explain;
use crate::wire::problem::Problem;
use crate::wire::shapes::{BasePresenceStatus, EligibleAgent, Filter};

/// Begins the cursor of a page that ended among those who are not eligible.
const OTHERS: &str = "others.";

/// Which agents to list. What is given must all hold; a parameter is repeated to name several.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EligibleQuery {
    /// Whether those follow who are not eligible, each with every reason.
    explain: Option<bool>,
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
    /// Agents whose presence has any of these base statuses.
    base_statuses: Option<Vec<BasePresenceStatus>>,
    /// Agents who have any of these presences. The product's well-known ids are understood.
    presence_ids: Option<Vec<String>>,
}

/// Behind whom a page begins.
enum Cursor {
    Start,
    Eligible(Rank),
    Others(String),
}

impl Cursor {
    fn read(text: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = text else { return Ok(Self::Start) };
        if let Some(id) = text.strip_prefix(OTHERS) {
            return Ok(Self::Others(id.to_owned()));
        }
        let rank = Rank::read(text).map(Self::Eligible);
        rank.ok_or_else(|| Problem::invalid("cursor", "is not from a page before"))
    }

    /// The cursor of a page that ends with this one.
    fn behind(last: &Eligibility) -> String {
        if last.reasons.is_empty() { last.rank().write() } else { format!("{OTHERS}{}", last.known.agent.record.agent) }
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/workstreams/{workstreamId}/eligible-agents", Action::FindEligible, list)
            .called("listEligibleAgents", "work", "Who may get work of a workstream")
            .says(
                "Most free capacity first, then longest waiting. Only the eligible, unless `explain=true` asks for the \
                 others too. What is true when it is answered may have changed when the work is assigned: an offer \
                 with `ifEligible` is decided together with the change.",
            )
            .refuses(&[TooLarge, Unavailable]),
    ]
}

async fn list(asked: Asked<NamedWorkstream, Parameters<EligibleQuery>>) -> Result<ListOf<EligibleAgent>, Problem> {
    let Asked { door, caller, path: NamedWorkstream(id), query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor)?;
    caller.spend(&door, page.weight())?;
    let filter = Filter {
        teams: which.teams,
        queues: which.queues,
        skills: which.skills,
        base_statuses: which.base_statuses,
        presence_ids: which.presence_ids,
        ..Filter::default()
    };
    if !door.agents.members().is_current() {
        return Err(Problem::new(Unavailable, "this node is cut off from the cluster, and does not know who is there"));
    }
    // Conditions narrow further, and a supervisor sees the own teams only.
    let matcher = Matcher::of(filter, scope(&caller.0), &door.agents.directory().directory)?;
    let selects = |agent: &Agent, directory: &Directory| matcher.matches(agent, directory);
    let selection = Selection { name: matcher.name(), selects: &selects };
    let gone = |_: Rejection| unknown_workstream();
    let (mut found, behind) = match Cursor::read(page.after())? {
        Cursor::Start => (door.agents.eligible(&id, &selection, None, page.wants()).await.map_err(gone)?, None),
        Cursor::Eligible(rank) => {
            (door.agents.eligible(&id, &selection, Some(&rank), page.wants()).await.map_err(gone)?, None)
        }
        Cursor::Others(behind) => (Vec::new(), Some(behind)),
    };
    if which.explain == Some(true) && found.len() < page.wants() {
        let room = page.wants() - found.len();
        found.extend(door.agents.ineligible(&id, &selection, behind.as_deref(), room).await.map_err(gone)?);
    }
    Ok(page.cut(&door, &found, Cursor::behind, item).await)
}

fn item(one: &Eligibility) -> EligibleAgent {
    explain::eligible_agent(one.known.seq, &one.known.agent, &one.capacity, &one.reasons)
}
