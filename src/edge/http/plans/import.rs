//! What many agents are planned to do, from a table or as JSON: all is checked before any of it is kept, and what is
//! wrong is named by its line, or by its place in the list.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::Value;

use super::plan::{TimeQuery, is_known, noted};
use crate::domain::ids::AgentId;
use crate::domain::plan::{MAX_PLANNED, Misplanned, Plan, Planned};
use crate::domain::time::Timestamp;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::csv::{NoRecord, Records};
use crate::edge::http::answer::Ok200;
use crate::edge::http::body::{Body, Pieces, bytes, is_unpacked, is_utf8, media_type, of_another_type};
use crate::edge::http::path::agent;
use crate::edge::http::query::Parameters;
use crate::edge::http::route::{Asked, Route, Verb};
use crate::edge::items::Items;
use crate::identity::Action;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{AgentsPlannedActivity, MAX_IMPORTED, PlanResult, PlansToImport, ResultStatus, Results};
use crate::wire::{json, parse, plan};

/// The largest import.
pub const MAX_IMPORT_BYTES: usize = 8 * 1024 * 1024;
/// Planned activities that are understood before others are served.
const BITE_ITEMS: usize = 64;
/// Planned activities that cost as much of an allowance as a request.
const ITEMS_FOR_ONE_REQUEST: usize = 100;
/// The columns of a table, in any order.
const COLUMNS: [&str; 4] = ["agentId", "start", "end", "activityId"];

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Post, "/api/v1/plans", Action::Plan, import)
            .called("importPlans", "adherence", "Say what many agents are planned to do")
            .says(
                "As JSON, or with `Content-Type: text/csv` as a table (RFC 4180) whose first line names the columns \
                 `agentId,start,end,activityId`. Of every agent that it names it takes the place of what was planned \
                 between `from` and `to`; agents that it does not name keep what they have. At most 100,000 planned \
                 activities, 500 of each agent. All is checked before any is kept, and what is wrong is named by its \
                 line or its place; then each agent's plan is kept for itself, and its result says so. Every 100 \
                 planned activities count as a request.",
            )
            .refuses(&[UnknownAgent, UnknownActivity, Unavailable])
            .takes_at_most(|_| MAX_IMPORT_BYTES),
    ]
}

/// Plans, in the form that the request names.
enum Plans {
    Json(Bytes),
    Table(Bytes),
}

impl Body for Plans {
    const REFUSALS: &'static [ErrorCode] = Pieces::<PlansToImport>::REFUSALS;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        match media_type(headers).as_deref() {
            Some("text/csv") => {
                is_unpacked(headers)?;
                is_utf8(headers)?;
                Ok(Self::Table(bytes(body, most).await?))
            }
            Some(other) if other != "application/json" && !other.ends_with("+json") => {
                Err(of_another_type(other, "application/json and text/csv are"))
            }
            Some(_) | None => {
                Pieces::<PlansToImport>::read(body, headers, most).await.map(|pieces| Self::Json(pieces.bytes))
            }
        }
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        // A table says nothing else, and stands in words, as the media types of events do.
        Pieces::<PlansToImport>::describe(schemas)
    }
}

async fn import(asked: Asked<(), Parameters<TimeQuery>, Plans>) -> Result<Ok200<Results<PlanResult>>, Problem> {
    let Asked { door, caller, query: Parameters(time), body, .. } = asked;
    let time = time.read()?;
    let turn = door.large.lock().await;
    let mut gathered = Gathered { door: &door, caller: &caller, count: 0, places: HashMap::new(), agents: Vec::new() };
    match &body {
        Plans::Json(text) => gathered.json(text).await?,
        Plans::Table(text) => gathered.table(text).await?,
    }
    let requests = u32::try_from(gathered.count / ITEMS_FOR_ONE_REQUEST).unwrap_or(u32::MAX);
    let plans = gathered.plans(time).await?;
    drop((turn, body));
    caller.spend(&door, requests)?;
    let whose: Vec<(AgentId, usize)> = plans.iter().map(|plan| (plan.agent().clone(), plan.items().len())).collect();
    let kept = door.plans.plan(plans, |plan| noted(&caller, plan)).await;
    let result = |((agent, planned), kept): ((AgentId, usize), Result<(), crate::plans::Refused>)| {
        let problem = kept.err().map(Problem::from);
        PlanResult {
            agent_id: agent.as_str().to_owned(),
            status: if problem.is_none() { ResultStatus::Applied } else { ResultStatus::Rejected },
            planned: problem.is_none().then_some(planned),
            code: problem.as_ref().map(|problem| problem.code),
            message: problem.map(|problem| problem.detail),
        }
    };
    Ok(Ok200(Results { results: whose.into_iter().zip(kept).map(result).collect() }))
}

/// Where something stands in an import: its place, and in a table its line.
#[derive(Clone, Copy)]
struct At {
    index: usize,
    line: Option<usize>,
}

impl At {
    fn wrong(self, problem: Problem) -> Problem {
        match self.line {
            Some(line) => problem.of_line(line, self.index),
            None => problem.of_item(self.index),
        }
    }
}

/// What was understood of an import.
struct Gathered<'a> {
    door: &'a Door,
    caller: &'a Signed,
    count: usize,
    /// The place of each agent among `agents`.
    places: HashMap<String, usize>,
    agents: Vec<(AgentId, Vec<(At, Planned)>)>,
}

impl Gathered<'_> {
    async fn json(&mut self, text: &[u8]) -> Result<(), Problem> {
        let items = Items::of_object(text);
        let mut items = items.ok_or_else(|| Problem::malformed("{\"items\": […]} is right, and nothing beside"))?;
        while let Some(item) = items.next::<Value>().await? {
            let at = At { index: self.count, line: None };
            let item: AgentsPlannedActivity = json::read(&item).map_err(|problem| at.wrong(problem))?;
            let AgentsPlannedActivity { agent_id, start, end, activity_id } = &item;
            self.add(at, [agent_id, start, end, activity_id]).await?;
        }
        Ok(())
    }

    async fn table(&mut self, text: &[u8]) -> Result<(), Problem> {
        let text = std::str::from_utf8(text).map_err(|_| Problem::malformed("the table is no UTF-8"))?;
        let mut records = Records::of(text);
        let unread = |wrong: NoRecord| Problem::malformed(wrong.to_string());
        let head = records.next().map_err(unread)?.map(|head| head.cells).unwrap_or_default();
        let place = |column: &&str| head.iter().position(|cell| cell.trim() == *column);
        let places: Vec<usize> = COLUMNS.iter().filter_map(place).collect();
        if places.len() != COLUMNS.len() || head.len() != COLUMNS.len() {
            return Err(Problem::malformed(format!("line 1: the columns {} are right", COLUMNS.join(", "))));
        }
        while let Some(record) = records.next().map_err(unread)? {
            let (line, cells) = (record.line, record.cells);
            if cells.len() != COLUMNS.len() {
                let problem = format!("line {line}: has {} cells; {} are right", cells.len(), COLUMNS.len());
                return Err(Problem::malformed(problem));
            }
            let cell = |column: usize| cells.get(places[column]).map_or("", Cow::as_ref);
            let at = At { index: self.count, line: Some(line) };
            self.add(at, [cell(0), cell(1), cell(2), cell(3)]).await?;
        }
        Ok(())
    }

    /// Adds a planned activity, if it could be one.
    async fn add(&mut self, at: At, [id, start, end, activity]: [&str; 4]) -> Result<(), Problem> {
        self.count += 1;
        if self.count > MAX_IMPORTED {
            return Err(Problem::too_large(format!("at most {MAX_IMPORTED} planned activities are right")));
        }
        if self.count.is_multiple_of(BITE_ITEMS) {
            tokio::task::yield_now().await;
        }
        let wrong = |problem: Problem| at.wrong(problem.of_agent(id));
        let place = match self.places.get(id) {
            Some(place) => *place,
            None => {
                let known = parse::agent_id(id).map_err(|invalid| wrong(invalid.into()))?;
                let there = agent(self.door, id).ok_or_else(|| wrong(self.caller.nobody()))?;
                self.caller.may_concerning(Action::Plan, &there).map_err(wrong)?;
                self.agents.push((known, Vec::new()));
                self.places.insert(id.to_owned(), self.agents.len() - 1);
                self.agents.len() - 1
            }
        };
        let planned = plan::planned(start, end, activity).map_err(|invalid| wrong(invalid.into()))?;
        is_known(self.door, &planned).map_err(wrong)?;
        self.agents[place].1.push((at, planned));
        if self.agents[place].1.len() > MAX_PLANNED {
            let detail = format!("an agent has at most {MAX_PLANNED} planned activities in an import");
            return Err(wrong(Problem::too_large(detail)));
        }
        Ok(())
    }

    /// The plan of each agent, in the order in which they were named first.
    async fn plans(self, (from, to): (Timestamp, Timestamp)) -> Result<Vec<Plan>, Problem> {
        let mut plans = Vec::with_capacity(self.agents.len());
        for (agent, items) in self.agents {
            tokio::task::yield_now().await;
            let (places, items): (Vec<At>, Vec<Planned>) = items.into_iter().unzip();
            let plan = Plan::new(agent.clone(), from, to, items);
            plans.push(plan.map_err(|Misplanned { index, invalid }| {
                places[index].wrong(Problem::from(invalid).of_agent(agent.as_str()))
            })?);
        }
        Ok(plans)
    }
}
