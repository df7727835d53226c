//! Who may get work of a workstream: page by page, the first at the cost of what it holds.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::agents::{bases, none_left, parameters, single};
use super::listing::Page;
use crate::agents::eligible::{Eligibility, Rank, Selection};
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::ids::WorkstreamId;
use crate::domain::rejection::Rejection;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::feed::Matcher;
use crate::identity::Action;
use crate::wire::shapes::Filter;
use crate::wire::show;

/// Begins the cursor of a page that ended among those who are not eligible.
const OTHERS: &str = "others.";

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
        rank.ok_or_else(|| Problem::malformed(format!("cursor: `{text}` is not from a page before")))
    }

    /// The cursor of a page that ends with this one.
    fn behind(last: &Eligibility) -> String {
        if last.reasons.is_empty() { last.rank().write() } else { format!("{OTHERS}{}", last.known.agent.record.agent) }
    }
}

/// `GET /api/v1/workstreams/{id}/eligible-agents`
pub async fn list(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    signed.may(Action::FindEligible)?;
    let unknown = || Problem::not_found("unknown_workstream", "no workstream has this id");
    let mut asked = parameters(query.as_deref())?;
    let explain = match single(&mut asked, "explain").as_deref() {
        Some("true") => true,
        Some("false") | None => false,
        Some(other) => return Err(Problem::malformed(format!("explain: `{other}` is neither true nor false"))),
    };
    let page = Page::of(single(&mut asked, "limit").as_deref(), single(&mut asked, "cursor"))?;
    signed.spend(&door, page.weight())?;
    let filter = Filter {
        teams: asked.remove("teams"),
        queues: asked.remove("queues"),
        skills: asked.remove("skills"),
        base_statuses: asked.remove("baseStatuses").map(bases).transpose()?,
        presence_ids: asked.remove("presenceIds"),
        ..Filter::default()
    };
    none_left(&asked)?;
    let id = WorkstreamId::new(id).map_err(|_| unknown())?;
    // Conditions narrow further, and a supervisor sees the own teams only.
    let matcher = Matcher::of(filter, signed.scope());
    let selects = |agent: &Agent, directory: &Directory| matcher.matches(agent, directory);
    let selection = Selection { name: matcher.name(), selects: &selects };
    let gone = |_: Rejection| unknown();
    let (mut found, behind) = match Cursor::read(page.after())? {
        Cursor::Start => (door.agents.eligible(&id, &selection, None, page.wants()).await.map_err(gone)?, None),
        Cursor::Eligible(place) => {
            (door.agents.eligible(&id, &selection, Some(&place), page.wants()).await.map_err(gone)?, None)
        }
        Cursor::Others(behind) => (Vec::new(), Some(behind)),
    };
    if explain && found.len() < page.wants() {
        let room = page.wants() - found.len();
        found.extend(door.agents.ineligible(&id, &selection, behind.as_deref(), room).await.map_err(gone)?);
    }
    Ok(page.cut(&door, &found, Cursor::behind, item).await)
}

fn item(one: &Eligibility) -> Value {
    let agent = &one.known.agent;
    json!({
        "agentId": agent.record.agent.as_str(),
        "eligible": one.reasons.is_empty(),
        "reasons": one.reasons.iter().map(|reason| reason.as_str()).collect::<Vec<_>>(),
        "version": agent.version,
        "seq": one.known.seq,
        "presenceId": agent.shown_presence(),
        "capacity": show::capacity(agent, &one.capacity),
    })
}
