//! Agents' records, one by one and in bulk. The list of agents is beside their presences.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use futures::StreamExt;
use serde_json::{Value, json};

use super::{Answer, Kind, Saved};
use crate::agents::{Applied, Known, Refusal};
use crate::domain::cause::Actor;
use crate::domain::record::AgentRecord;
use crate::edge::Door;
use crate::edge::caller::Uncounted;
use crate::edge::http::{Unread, named, unknown_agent};
use crate::edge::items::Items;
use crate::edge::problem::Problem;
use crate::identity::Action;
use crate::wire::{directory as shape, parse, shapes};

/// The most agents of one bulk.
const MAX_BULK: usize = 10_000;
/// How many of them are under way at once: half of what a commit takes, so that others find room in it.
const AT_ONCE: usize = 256;
/// The largest bulk.
const MAX_BULK_BYTES: usize = 8 * 1024 * 1024;

/// Agents' records.
pub struct Agents;

impl Kind for Agents {
    type Record = shapes::AgentRecord;

    const READ_ONLY: &'static [&'static str] = &["version", "seq"];

    fn unknown() -> Problem {
        unknown_agent()
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        named(door, id).ok().map(|known| read(&known))
    }

    fn id(record: &mut shapes::AgentRecord) -> &mut String {
        &mut record.agent_id
    }

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<Value>) -> Result<shapes::AgentRecord, Problem> + Send,
    ) -> Result<Saved, Problem> {
        let agent = parse::agent_id(id)?;
        let made = |before: Option<&AgentRecord>| {
            let record = make(before.map(|before| json!(shape::agent_record(before))))?;
            Ok::<_, Problem>(parse::agent_record(&record)?)
        };
        let Applied { known, .. } = door.agents.configure(&agent, actor, made).await?;
        Ok(Saved { record: read(&known), warnings: warnings(&known.agent.record) })
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(Value) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let agent = parse::agent_id(id)?;
        door.agents.delete(&agent, actor, |record| check(json!(shape::agent_record(record)))).await?;
        Ok(())
    }
}

/// A record as it is read, with the version and position of the agent.
fn read(known: &Known) -> Value {
    let mut record = json!(shape::agent_record(&known.agent.record));
    record["version"] = json!(known.agent.version);
    record["seq"] = json!(known.seq);
    record
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

/// `PUT /api/v1/agents`: all records are checked before any is kept.
pub async fn put_all(State(door): State<Arc<Door>>, caller: Uncounted, bulk: Unread<()>) -> Answer {
    let Uncounted(signed) = caller;
    signed.may(Action::Administer)?;
    let bulk = bulk.bytes(MAX_BULK_BYTES).await?;
    let items = Items::of_array(&bulk).or_else(|| Items::of_object(&bulk));
    let mut items = items.ok_or_else(|| Problem::malformed("an array of agents or {\"items\": […]} is right"))?;
    let (mut records, mut named) = (Vec::new(), HashSet::new());
    while let Some(item) = items.next_record::<shapes::AgentRecord>().await? {
        if records.len() == MAX_BULK {
            return Err(Problem::too_large(format!("at most {MAX_BULK} agents are right")));
        }
        let number = records.len();
        let record = parse::agent_record(&item).map_err(|invalid| Problem::from(invalid).of_item(number))?;
        let known = door.agents.existing(&record.agent);
        let checked = door.agents.directory().check_record(&record, known.as_ref().and_then(Known::record));
        checked.map_err(|rejection| Problem::from(rejection).of_item(number))?;
        if !named.insert(record.agent.clone()) {
            let detail = format!("agentId: `{}` is there twice", record.agent);
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).of_item(number));
        }
        records.push(record);
    }
    let subject = Arc::from(signed.0.subject.as_str());
    door.batches.admit(&subject)?;
    let each = records.into_iter().map(|record| {
        let (door, subject) = (&door, &subject);
        let actor = signed.admin();
        async move {
            let agent = record.agent.as_str();
            let _place = door.batches.enter(subject, &record.agent).pass().await;
            match door.agents.configure(&record.agent, actor, |_| Ok::<_, Refusal>(record.clone())).await {
                Ok(Applied { known, .. }) => {
                    json!({ "agentId": agent, "status": "applied", "version": known.agent.version })
                }
                Err(refusal) => json!({ "agentId": agent, "status": "rejected", "code": refusal.code() }),
            }
        }
    });
    let results: Vec<Value> = futures::stream::iter(each).buffered(AT_ONCE).collect().await;
    Ok(Json(json!({ "results": results })).into_response())
}
