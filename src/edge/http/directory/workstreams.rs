//! Workstreams.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved, behind};
use crate::domain::cause::Actor;
use crate::domain::ids::WorkstreamId;
use crate::domain::record::{Workstream, WrapUpBlock};
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::{accept, directory as shape, records};

/// Workstreams.
pub struct Workstreams;

impl Kind for Workstreams {
    type Record = records::Workstream;

    fn unknown() -> Problem {
        Problem::not_found("unknown_workstream", "no workstream has this id")
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        door.agents.directory().directory.workstreams.get(id).map(|stream| json!(shape::workstream(stream)))
    }

    fn id(record: &mut records::Workstream) -> &mut String {
        &mut record.workstream_id
    }

    async fn save(door: &Door, actor: Actor, record: records::Workstream) -> Result<Saved, Problem> {
        let stream = accept::workstream(&record)?;
        let saved = Saved { record: json!(shape::workstream(&stream)), warnings: warnings(&stream) };
        door.agents.put_workstream(stream, actor).await?;
        Ok(saved)
    }

    async fn remove(door: &Door, actor: Actor, id: &str) -> Result<(), Problem> {
        let id = WorkstreamId::new(id).map_err(|_| Self::unknown())?;
        Ok(door.agents.remove_workstream(&id, actor).await?)
    }
}

impl Listed for Workstreams {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let records = view.directory.workstreams.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), json!(shape::workstream(one)))).collect()
    }
}

/// What the product advises against.
fn warnings(stream: &Workstream) -> Vec<String> {
    let mut warnings = Vec::new();
    if let WrapUpBlock::Custom(lasts) = stream.wrap_up
        && lasts.as_secs() < accept::USUAL_WRAP_UP_SECONDS
    {
        warnings.push(format!("wrapUpSeconds: {} is below the usual 30 seconds", lasts.as_secs()));
    }
    if stream.allowed.is_empty() {
        warnings.push("allowedPresences: names none, so nobody is ever eligible (R-67)".to_owned());
    }
    warnings
}
