//! Many agents' records at once: all are checked before any is kept, and what is wrong is named by its
//! place in the list, its agent and its field.

use std::collections::HashSet;
use std::sync::Arc;

use futures::StreamExt;
use serde_json::Value;

use super::agents::Agents;
use super::kind::Kind;
use super::requests::patched;
use crate::agents::{Applied, Bite, Known};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::edge::Door;
use crate::edge::caller::{Signed, scope};
use crate::edge::growth;
use crate::edge::http::answer::Ok200;
use crate::edge::http::body::{Pieces, USUAL_BODY_BYTES};
use crate::edge::http::path::agent;
use crate::edge::http::route::{Asked, Route, Verb};
use crate::edge::items::Items;
use crate::feed::Matcher;
use crate::identity::Action;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
use crate::wire::shapes::{self, AgentChanges, AgentRecords, AgentResult, ChangeForAll, MAX_AGENT_RECORDS, Results};
use crate::wire::{directory as shape, json, parse};

/// How many of them are under way at once: half of what a commit takes, so that others find room in it.
const AT_ONCE: usize = 256;
/// Items that are understood before others are served. Small ones cost more than their bytes tell: each is
/// laid over its agent's record and checked.
const BITE_ITEMS: usize = 16;
/// The largest bulk.
pub const MAX_BULK_BYTES: usize = 8 * 1024 * 1024;

const REFUSALS: &[ErrorCode] = &[
    ErrorCode::UnknownAgent,
    ErrorCode::UnknownPresence,
    ErrorCode::UnknownProfile,
    ErrorCode::UnknownWorkstream,
    ErrorCode::RateLimited,
    ErrorCode::LimitReached,
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Put, "/api/v1/agents", Action::Administer, put_all)
            .called("putAgents", "agents", "Create or replace many agents")
            .says(
                "At most 10,000, as a list or as `{\"items\": […]}`. All records are checked before any is kept; then \
                 each is kept for itself, and its result says so. Agents that are not named stay as they are. What a \
                 record leaves out gets its default: to change a few fields of many agents, use PATCH.",
            )
            .refuses(REFUSALS)
            .waits_in_line()
            .takes_at_most(|_| MAX_BULK_BYTES),
        Route::new(Verb::Patch, "/api/v1/agents", Action::Administer, patch_all)
            .called("patchAgents", "agents", "Change parts of many agents")
            .says(
                "Either a list of at most 10,000 merge patches, each with its `agentId`, or `{\"filter\": …, \
                 \"change\": {…}}`: one merge patch for all agents that the filter names. What is not named stays. All \
                 are checked before any is kept; then each is kept for itself, and its result says so.",
            )
            .refuses(REFUSALS)
            .waits_in_line()
            .takes_at_most(|_| MAX_BULK_BYTES),
    ]
}

async fn put_all(asked: Asked<(), (), Pieces<AgentRecords>>) -> Result<Ok200<Results<AgentResult>>, Problem> {
    let Asked { door, caller, body, .. } = asked;
    let items = Items::of_array(&body.bytes).or_else(|| Items::of_object(&body.bytes));
    let items = items.ok_or_else(|| Problem::malformed("a list of agents or {\"items\": […]} is right"))?;
    let records = gathered(items, |value| {
        let record = parse::agent_record(&json::read(&value)?)?;
        let known = door.agents.existing(&record.agent);
        Agents::may_change(&caller.0, known.as_ref().and_then(Known::record), Some(&record))?;
        checked(&door, &record)?;
        Ok((record.agent.clone(), record))
    });
    let records = records.await?;
    keep_all(&door, &caller, records, |record, _| Ok(record.clone())).await
}

async fn patch_all(asked: Asked<(), (), Pieces<AgentChanges>>) -> Result<Ok200<Results<AgentResult>>, Problem> {
    let Asked { door, caller, body, .. } = asked;
    let changes = match Items::of_array(&body.bytes) {
        Some(items) => {
            let named = gathered(items, |mut change| {
                let id = change.as_object_mut().and_then(|fields| fields.remove("agentId"));
                let id: String = json::read(&id.ok_or_else(|| Problem::invalid("agentId", "is missing"))?)
                    .map_err(|problem| problem.in_field("agentId"))?;
                let known = agent(&door, &id).ok_or_else(|| caller.nobody())?;
                let before = &known.agent.record;
                Agents::may_change(&caller.0, Some(before), None)?;
                let record = changed(before, &change)?;
                Agents::may_change(&caller.0, Some(before), Some(&record))?;
                checked(&door, &record)?;
                Ok((before.agent.clone(), Arc::new(change)))
            });
            named.await?
        }
        None => for_all(&door, &caller, &body.bytes).await?,
    };
    keep_all(&door, &caller, changes, |change, before| changed(before.ok_or_else(|| caller.nobody())?, change)).await
}

/// The items of a list, each understood and about an agent of its own.
async fn gathered<T>(
    mut items: Items<'_>,
    understood: impl Fn(Value) -> Result<(AgentId, T), Problem>,
) -> Result<Vec<(AgentId, T)>, Problem> {
    let (mut all, mut named) = (Vec::new(), HashSet::new());
    while let Some(item) = items.next::<Value>().await? {
        let index = all.len();
        if index > 0 && index.is_multiple_of(BITE_ITEMS) {
            tokio::task::yield_now().await;
        }
        if index == MAX_AGENT_RECORDS {
            return Err(Problem::too_large(format!("at most {MAX_AGENT_RECORDS} agents are right")));
        }
        let about = item["agentId"].as_str().map(str::to_owned);
        let wrong = |problem: Problem| match &about {
            Some(agent) => problem.of_agent(agent).of_item(index),
            None => problem.of_item(index),
        };
        let (agent, understood) = understood(item).map_err(wrong)?;
        if !named.insert(agent.clone()) {
            return Err(wrong(Problem::invalid("agentId", "is there twice")));
        }
        all.push((agent, understood));
    }
    Ok(all)
}

/// The same change for all agents that a filter names.
async fn for_all(door: &Door, caller: &Signed, body: &[u8]) -> Result<Vec<(AgentId, Arc<Value>)>, Problem> {
    if body.len() > USUAL_BODY_BYTES {
        return Err(Problem::too_large(format!("one change for many has at most {USUAL_BODY_BYTES} bytes")));
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| Problem::malformed(format!("no JSON: {error}")))?;
    let ChangeForAll { filter, change } = json::read(&body)?;
    let change = Arc::new(Value::Object(change));
    could_be_right(&change)?;
    let matcher = Matcher::of(filter, scope(&caller.0), &door.agents.directory().directory)?;
    let mut changes = Vec::new();
    let mut after: Option<AgentId> = None;
    loop {
        let Bite { agents, last } = door.agents.bite(after.as_ref().map(AgentId::as_str));
        let view = door.agents.directory();
        let matching = agents.into_iter().filter(|known| matcher.matches(&known.agent, &view.directory));
        for Known { agent, .. } in matching {
            // A change may be large, and it is laid over every record.
            tokio::task::yield_now().await;
            let wrong = |problem: Problem| problem.of_agent(agent.record.agent.as_str());
            let record = changed(&agent.record, &change).map_err(wrong)?;
            Agents::may_change(&caller.0, Some(&agent.record), Some(&record)).map_err(wrong)?;
            checked(door, &record).map_err(wrong)?;
            changes.push((record.agent, change.clone()));
            if changes.len() > MAX_AGENT_RECORDS {
                return Err(Problem::too_large(format!("the filter names more than {MAX_AGENT_RECORDS} agents")));
            }
        }
        let Some(last) = last else { return Ok(changes) };
        after = Some(last);
        tokio::task::yield_now().await;
    }
}

/// Whether the change could be right for anybody, so that a wrong one is refused of which nobody is the target.
fn could_be_right(change: &Value) -> Result<(), Problem> {
    let id = change["agentId"].as_str().unwrap_or("anybody");
    let anybody = AgentRecord::new(parse::agent_id(id)?, id);
    changed(&anybody, change).map(drop)
}

/// The record with a merge patch over it.
fn changed(before: &AgentRecord, change: &Value) -> Result<AgentRecord, Problem> {
    let record: shapes::AgentRecord = patched(shape::agent_record(before), change)?;
    if record.agent_id != before.agent.as_str() {
        return Err(Problem::invalid("agentId", "cannot change"));
    }
    Ok(parse::agent_record(&record)?)
}

/// Whether the record could be kept as things are.
fn checked(door: &Door, record: &AgentRecord) -> Result<(), Problem> {
    let known = door.agents.existing(&record.agent);
    Ok(door.agents.directory().check_record(record, known.as_ref().and_then(Known::record))?)
}

/// Keeps what `make` says of each agent's record, in the agent's turn, and says what became of each.
async fn keep_all<T>(
    door: &Door,
    caller: &Signed,
    all: Vec<(AgentId, T)>,
    make: impl Fn(&T, Option<&AgentRecord>) -> Result<AgentRecord, Problem> + Send + Sync,
) -> Result<Ok200<Results<AgentResult>>, Problem> {
    let subject = Arc::from(caller.0.subject.as_str());
    door.batches.admit(&subject)?;
    let each = all.into_iter().map(|(agent, about)| {
        let (subject, make) = (&subject, &make);
        async move {
            let _place = door.batches.enter(subject, &agent).pass().await;
            let make = |before: Option<&AgentRecord>| {
                let record = make(&about, before)?;
                Agents::may_change(&caller.0, before, Some(&record))?;
                Ok(record)
            };
            let kept = match Agents::may_make(door, caller, agent.as_str()).await {
                Ok(()) => growth::configure(door, &agent, caller.admin(), make).await,
                Err(forbidden) => Err(forbidden),
            };
            result(&agent, kept)
        }
    });
    let results = futures::stream::iter(each).buffered(AT_ONCE).collect().await;
    Ok(Ok200(Results { results }))
}

fn result(agent: &AgentId, kept: Result<Applied, Problem>) -> AgentResult {
    match kept {
        Ok(Applied { known, .. }) => AgentResult::applied(agent.as_str(), known.agent.version),
        Err(problem) => AgentResult::rejected(agent.as_str(), problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn others_are_served_while_many_small_records_are_understood() {
        let small: Vec<Value> = (0..1_000).map(|number| serde_json::json!({ "agentId": number.to_string() })).collect();
        let text = serde_json::to_vec(&small).unwrap();
        let others = std::cell::Cell::new(0);
        let count = async {
            loop {
                tokio::task::yield_now().await;
                others.set(others.get() + 1);
            }
        };
        let understood = |item: Value| Ok((id_of(&item), ()));
        tokio::select! {
            biased;
            all = gathered(Items::of_array(&text).unwrap(), understood) => assert_eq!(all.unwrap().len(), 1_000),
            () = count => {}
        }
        assert!(others.get() >= 1_000 / BITE_ITEMS - 1, "{} turns", others.get());
    }

    fn id_of(item: &Value) -> AgentId {
        AgentId::new(item["agentId"].as_str().unwrap()).unwrap()
    }
}
