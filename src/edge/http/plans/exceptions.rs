//! Times that are not held against an agent.

use serde_json::json;

use super::fresh_id;
use super::plan::TimeQuery;
use crate::domain::audit::{About, Deed, Note};
use crate::domain::plan::Exception;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::http::answer::{ListOf, New, NoContent};
use crate::edge::http::body::Json;
#[cfg(test)]
use crate::edge::http::path::described;
use crate::edge::http::path::{InPath, OnceAgent, agent};
use crate::edge::http::query::Parameters;
use crate::edge::http::route::{Asked, Route, Verb};
use crate::edge::past::{self, reader};
use crate::history::reader::{Failed, Takes};
use crate::history::told::read;
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{AdherenceException, ExcuseTime, List};
use crate::wire::{plan, show};

/// The most exceptions that are answered.
const MOST_ANSWERED: usize = 1_000;

const OF_AGENT: &str = "/api/v1/agents/{agentId}/adherence-exceptions";

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, OF_AGENT, Action::Excuse, list)
            .called("listAdherenceExceptions", "adherence", "Excused times of an agent")
            .says("Those that last within the time, each whole, in order; all on one page, of at most 1,000.")
            .refuses(&[TooLarge, Unavailable]),
        Route::new(Verb::Post, OF_AGENT, Action::Excuse, create)
            .called("createAdherenceException", "adherence", "Excuse a time of an agent")
            .says("What lies within it counts neither as in adherence nor as out. Its author is the caller.")
            .refuses(&[Unavailable]),
        Route::new(Verb::Delete, "/api/v1/adherence-exceptions/{exceptionId}", Action::Excuse, delete)
            .called("deleteAdherenceException", "adherence", "Excuse a time no more")
            .refuses(&[Forbidden, UnknownAgent, Unavailable]),
    ]
}

/// An exception that a path names. Whose it is has to be looked up.
struct NamedException(String);

impl InPath<Signed> for NamedException {
    const REFUSALS: &'static [ErrorCode] = &[NotFound];

    fn find(named: &str, _: &Door, _: &Signed, _: Action) -> Result<Self, Problem> {
        Ok(Self(named.to_owned()))
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        Some(described(schemas, "exceptionId", "The exception's id."))
    }
}

async fn list(asked: Asked<OnceAgent, Parameters<TimeQuery>>) -> Result<ListOf<AdherenceException>, Problem> {
    let Asked { door, caller, path: whose, query: Parameters(time), .. } = asked;
    let (from, to) = time.read()?;
    past::may_read(&door, &caller, Action::Excuse, &whose).await?;
    let agent = whose.id;
    let answer = reader(&door)?.ask(Takes::Moments, move |connection| {
        let found = read::exceptions(connection, &agent, from, to, MOST_ANSWERED + 1)?;
        if found.len() > MOST_ANSWERED {
            return Err(Failed::TooMuch { most: MOST_ANSWERED, what: "exceptions would be answered" });
        }
        let items: Vec<AdherenceException> = found.iter().map(plan::show_exception).collect();
        Ok(ListOf::written(wire::text(&List { items, next_cursor: None })))
    });
    answer.await.map_err(past::problem)
}

/// What the audit keeps of an exception. It is about the agent, so that it goes with the agent.
fn noted(caller: &Signed, exception: &Exception, deed: Deed) -> Note {
    let (start, end) = (show::time(exception.start), show::time(exception.end));
    let said = json!({ "exceptionId": exception.id, "start": start, "end": end, "reason": exception.reason });
    let said = Some(json!({ "adherenceException": said }).to_string());
    let note = Note::done(caller.1.clone(), deed, Some(About::agent(exception.agent.as_str())));
    if deed == Deed::Delete { Note { before: said, ..note } } else { Note { after: said, ..note } }
}

async fn create(asked: Asked<OnceAgent, (), Json<ExcuseTime>>) -> Result<New<AdherenceException>, Problem> {
    let Asked { door, caller, path: whose, body: Json(new), .. } = asked;
    let (start, end, reason) = plan::exception(&new)?;
    past::may_read(&door, &caller, Action::Excuse, &whose).await?;
    let exception = Exception {
        id: fresh_id()?,
        agent: whose.id,
        start,
        end,
        reason,
        author: caller.0.subject.clone(),
        at: door.agents.clock().now(),
    };
    door.plans.except(exception.clone(), noted(&caller, &exception, Deed::Create)).await?;
    Ok(New(plan::show_exception(&exception)))
}

async fn delete(asked: Asked<NamedException>) -> Result<NoContent, Problem> {
    let Asked { door, caller, path: NamedException(id), .. } = asked;
    let unknown = || Problem::new(NotFound, "no exception has this id");
    let named = id.clone();
    let found = reader(&door)?.ask(Takes::Moments, move |connection| Ok(read::find_exception(connection, &named)?));
    let exception = found.await.map_err(past::problem)?.ok_or_else(unknown)?;
    let whose = OnceAgent { known: agent(&door, exception.agent.as_str()), id: exception.agent.clone() };
    past::may_read(&door, &caller, Action::Excuse, &whose).await?;
    door.plans.remove_exception(&id, noted(&caller, &exception, Deed::Delete)).await?;
    Ok(NoContent::default())
}
