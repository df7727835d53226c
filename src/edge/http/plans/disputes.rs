//! What agents say of entries of their history.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::fresh_id;
use crate::domain::dispute::Dispute;
use crate::domain::time::Timestamp;
use crate::edge::http::answer::{ListOf, New};
use crate::edge::http::body::Json;
#[cfg(test)]
use crate::edge::http::listing::MAX_LIMIT;
use crate::edge::http::listing::Page;
use crate::edge::http::path::{NamedAgent, OnceAgent};
use crate::edge::http::query::Parameters;
use crate::edge::http::route::{Asked, Route, Verb};
use crate::edge::past::{self, reader};
use crate::history::reader::Takes;
use crate::history::told::disputes::{Place, Wanted, of_agent, page};
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{DisputeEntry, List};
use crate::wire::{parse, plan, shapes};

const OF_AGENT: &str = "/api/v1/agents/{agentId}/disputes";

/// Which disputes. What is given must all hold; `teams` is repeated to name several.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DisputesQuery {
    /// Those that were said from this instant on. All of them if left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: Option<String>,
    /// Those that were said before this instant. All of them if left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
    /// Of agents who are of any of these teams now.
    teams: Option<Vec<String>>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Post, OF_AGENT, Action::Dispute, create)
            .called("disputeEntry", "history", "Dispute an entry of one's history")
            .says(
                "The entry stays as it is, and the note stands beside it: nobody changes or deletes it. An agent has \
                 at most 500.",
            )
            .refuses(&[NotFound, TooLarge, Unavailable]),
        Route::new(Verb::Get, OF_AGENT, Action::ReadHistory, list_of_agent)
            .called("listAgentDisputes", "history", "The entries that an agent disputes")
            .says("Newest first, all on one page. They go when they are older than the history that is kept.")
            .refuses(&[Unavailable]),
        Route::new(Verb::Get, "/api/v1/disputes", Action::ReadReports, list)
            .called("listDisputes", "history", "The entries that agents dispute")
            .says(
                "Newest first, of agents of the caller's teams now, or whose last teams they were. New ones do not \
                 move the pages. A page that looks at much and finds little is shorter than it may be: there is more \
                 while there is a `nextCursor`.",
            )
            .refuses(&[Unavailable]),
    ]
}

async fn create(asked: Asked<NamedAgent, (), Json<DisputeEntry>>) -> Result<New<shapes::Dispute>, Problem> {
    let Asked { door, path: NamedAgent(known), body: Json(new), .. } = asked;
    let (start, note) = plan::dispute(&new)?;
    let agent = known.agent.record.agent.clone();
    let dispute = Dispute { id: fresh_id()?, agent, start, seq: new.seq, note, at: door.agents.clock().now() };
    door.plans.dispute(dispute.clone()).await?;
    Ok(New(plan::show_dispute(&dispute)))
}

async fn list_of_agent(asked: Asked<OnceAgent>) -> Result<ListOf<shapes::Dispute>, Problem> {
    let Asked { door, caller, path: whose, .. } = asked;
    past::may_read(&door, &caller, Action::ReadHistory, &whose).await?;
    let answer = reader(&door)?.ask(Takes::Moments, move |connection| {
        let items = of_agent(connection, &whose.id)?.iter().map(plan::show_dispute).collect();
        Ok(ListOf::written(wire::text(&List { items, next_cursor: None })))
    });
    answer.await.map_err(past::problem)
}

async fn list(asked: Asked<(), Parameters<DisputesQuery>>) -> Result<ListOf<shapes::Dispute>, Problem> {
    let Asked { door, caller, query: Parameters(which), .. } = asked;
    let asked_for = Page::of(which.limit, which.cursor)?;
    let instant = |field, text: &Option<String>| text.as_ref().map(|text| parse::time(field, text)).transpose();
    let (from, to) = (instant("from", &which.from)?, instant("to", &which.to)?);
    past::in_order(from, to)?;
    let teams: Option<BTreeSet<String>> = past::scope(&caller, which.teams, None).teams;
    let wanted = Wanted {
        teams,
        from: from.unwrap_or(Timestamp(i64::MIN)),
        to: to.unwrap_or(Timestamp(i64::MAX)),
        below: asked_for.after().map(place).transpose()?,
        most: asked_for.wants() - 1,
    };
    caller.spend(&door, asked_for.weight())?;
    let answer = reader(&door)?.ask(Takes::Moments, move |connection| {
        let (found, below) = page(connection, &wanted)?;
        let next_cursor = below.map(|Place { at, id }| format!("{}-{id}", at.0));
        let items: Vec<shapes::Dispute> = found.iter().map(plan::show_dispute).collect();
        Ok(ListOf::written(wire::text(&List { items, next_cursor })))
    });
    answer.await.map_err(past::problem)
}

fn place(cursor: &str) -> Result<Place, Problem> {
    let parts = cursor.split_once('-').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let (at, id) = parts.ok_or_else(|| Problem::invalid("cursor", "is none of this list"))?;
    Ok(Place { at: Timestamp(at), id })
}
