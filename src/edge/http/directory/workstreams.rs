//! Workstreams.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved, behind};
use crate::domain::cause::Actor;
use crate::domain::ids::WorkstreamId;
use crate::domain::record::{Workstream, WrapUpBlock};
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::{directory as shape, parse, shapes};

/// Workstreams.
pub struct Workstreams;

impl Kind for Workstreams {
    type Record = shapes::Workstream;

    fn unknown() -> Problem {
        Problem::not_found("unknown_workstream", "no workstream has this id")
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        door.agents.directory().directory.workstreams.get(id).map(|stream| json!(shape::workstream(stream)))
    }

    fn id(record: &mut shapes::Workstream) -> &mut String {
        &mut record.workstream_id
    }

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<Value>) -> Result<shapes::Workstream, Problem> + Send,
    ) -> Result<Saved, Problem> {
        let id = parse::id("workstreamId", id, WorkstreamId::new)?;
        let made = |known: Option<&Workstream>| {
            let record = make(known.map(|known| json!(shape::workstream(known))))?;
            Ok::<_, Problem>(parse::workstream(&record)?)
        };
        let kept = door.agents.put_workstream(&id, actor, made).await?;
        Ok(Saved { record: json!(shape::workstream(&kept)), warnings: warnings(&kept) })
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(Value) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = WorkstreamId::new(id).map_err(|_| Self::unknown())?;
        door.agents.remove_workstream(&id, actor, |known| check(json!(shape::workstream(known)))).await
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
        && lasts.as_secs() < parse::USUAL_WRAP_UP_SECONDS
    {
        warnings.push(format!("wrapUpSeconds: {} is below the usual 30 seconds", lasts.as_secs()));
    }
    if stream.allowed.is_empty() {
        warnings.push("allowedPresences: names none, so nobody is ever eligible (R-67)".to_owned());
    }
    warnings
}
