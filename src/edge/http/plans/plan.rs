//! What one agent is planned to do.

use serde::Deserialize;
use serde_json::json;

use crate::domain::audit::{About, Deed, Note};
use crate::domain::plan::{MAX_PLANNED, Misplanned, Plan, Planned};
use crate::domain::presence::InvalidField;
use crate::domain::time::Timestamp;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::answer::{ListOf, Ok200};
use crate::edge::http::body::Json;
use crate::edge::http::path::{NamedAgent, OnceAgent};
use crate::edge::http::query::Parameters;
use crate::edge::http::route::{Asked, Route, Verb};
use crate::edge::past::{self, reader};
use crate::history::reader::Takes;
use crate::history::told::read;
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{List, PlannedActivities, PlannedActivity};
use crate::wire::{parse, plan, show};

/// The most planned activities that are answered.
const MOST_ANSWERED: usize = 5_000;
/// The largest plan of one agent: ids may be long.
const MAX_PLAN_BYTES: usize = 256 * 1024;

const PATH: &str = "/api/v1/agents/{agentId}/plan";

/// Of which time.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimeQuery {
    /// From this instant on.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: String,
    /// Up to this instant. It may be in the future.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: String,
}

impl TimeQuery {
    /// The instants.
    ///
    /// # Errors
    /// `invalid` from, to
    pub fn read(&self) -> Result<(Timestamp, Timestamp), Problem> {
        let (from, to) = (parse::time("from", &self.from)?, parse::time("to", &self.to)?);
        if to <= from {
            return Err(Problem::invalid("to", "is not behind `from`"));
        }
        Ok((from, to))
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, PATH, Action::ReadPlan, read_plan)
            .called("readPlan", "adherence", "What an agent is planned to do")
            .says(
                "In order, cut to the time, so that what is read can be sent back; all on one page, of at most 5,000.",
            )
            .refuses(&[TooLarge, Unavailable]),
        Route::new(Verb::Put, PATH, Action::Plan, put_plan)
            .called("putPlan", "adherence", "Say what an agent is planned to do")
            .says(
                "Takes the place of what was planned in the time, at most 600, and of nothing else: what began before goes on until \
                 `from`, what ends after goes on from `to`. Past times too: adherence is computed when it is asked for.",
            )
            .refuses(&[UnknownActivity, TooLarge, Unavailable])
            .takes_at_most(|_| MAX_PLAN_BYTES),
    ]
}

async fn read_plan(asked: Asked<OnceAgent, Parameters<TimeQuery>>) -> Result<ListOf<PlannedActivity>, Problem> {
    let Asked { door, caller, path: whose, query: Parameters(time), .. } = asked;
    let (from, to) = time.read()?;
    past::may_read(&door, &caller, Action::ReadPlan, &whose).await?;
    let agent = whose.id;
    let answer = reader(&door)?.ask(Takes::Moments, move |connection| {
        let planned = read::planned(connection, &agent, from, to, MOST_ANSWERED)?;
        let items: Vec<PlannedActivity> = planned.iter().map(plan::show_planned).collect();
        Ok(ListOf::written(wire::text(&List { items, next_cursor: None })))
    });
    answer.await.map_err(past::problem)
}

async fn put_plan(
    asked: Asked<NamedAgent, Parameters<TimeQuery>, Json<PlannedActivities>>,
) -> Result<Ok200<PlannedActivities>, Problem> {
    let Asked { door, caller, path: NamedAgent(known), query: Parameters(time), body: Json(body), .. } = asked;
    let (from, to) = time.read()?;
    if body.items.len() > MAX_PLANNED {
        let problem = format!("has {}; at most {MAX_PLANNED} are right", body.items.len());
        return Err(Problem::invalid("items", problem));
    }
    let of_item =
        |index, invalid: InvalidField| Problem::invalid(format!("items[{index}].{}", invalid.field), invalid.problem);
    let mut items = Vec::with_capacity(body.items.len());
    for (index, item) in body.items.iter().enumerate() {
        let planned = plan::planned(&item.start, &item.end, &item.activity_id);
        let planned = planned.map_err(|invalid| of_item(index, invalid))?;
        is_known(&door, &planned).map_err(|problem| problem.in_field(format!("items[{index}].activityId")))?;
        items.push(planned);
    }
    let wrong = |Misplanned { index, invalid }| of_item(index, invalid);
    let plan = Plan::new(known.agent.record.agent.clone(), from, to, items).map_err(wrong)?;
    let items = plan.items().iter().map(plan::show_planned).collect();
    for result in door.plans.plan(vec![plan], |plan| noted(&caller, plan)).await {
        result?;
    }
    Ok(Ok200(PlannedActivities { items }))
}

/// What the audit keeps of a plan: its time, and how much stands in it now.
pub fn noted(caller: &Signed, plan: &Plan) -> Note {
    let (from, to) = plan.time();
    let after = json!({ "from": show::time(from), "to": show::time(to), "planned": plan.items().len() });
    let about = About::agent(plan.agent().as_str());
    Note { after: Some(after.to_string()), ..Note::done(caller.1.clone(), Deed::Plan, Some(about)) }
}

/// Goes on only if there is the activity.
///
/// # Errors
/// `unknown_activity`
pub fn is_known(door: &Door, planned: &Planned) -> Result<(), Problem> {
    if door.plans.activities().contains_key(&planned.activity) {
        return Ok(());
    }
    Err(Problem::new(UnknownActivity, format!("no activity has the id `{}`", planned.activity)))
}
