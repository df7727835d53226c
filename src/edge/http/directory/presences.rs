//! Presences.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved};
use crate::domain::cause::Actor;
use crate::domain::ids::PresenceId;
use crate::domain::presence::Presence;
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::{parse, shapes, show};

/// Presences; the product's well-known ids are understood.
pub struct Presences;

impl Kind for Presences {
    type Record = shapes::PresenceRecord;

    fn unknown() -> Problem {
        Problem::not_found("unknown_presence", "no presence has this id")
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        let id = PresenceId::new(show::presence_id_of(id)).ok()?;
        door.agents.directory().directory.catalog.find(&id).map(|presence| json!(show::presence(presence)))
    }

    fn id(record: &mut shapes::PresenceRecord) -> &mut String {
        &mut record.presence_id
    }

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<Value>) -> Result<shapes::PresenceRecord, Problem> + Send,
    ) -> Result<Saved, Problem> {
        let id = parse::id("presenceId", show::presence_id_of(id), PresenceId::new)?;
        let made = |known: Option<&Presence>| {
            let record = make(known.map(|known| json!(show::presence(known))))?;
            Ok::<_, Problem>(parse::presence(&record)?)
        };
        let kept = door.agents.put_presence(&id, actor, made).await?;
        Ok(Saved { record: json!(show::presence(&kept)), warnings: kept.contradiction().into_iter().collect() })
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(Value) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = PresenceId::new(show::presence_id_of(id)).map_err(|_| Self::unknown())?;
        door.agents.remove_presence(&id, actor, |known| check(json!(show::presence(known)))).await
    }
}

impl Listed for Presences {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let records = view.directory.catalog.behind(after).take(most);
        records.map(|one| (one.id.as_str().to_owned(), json!(show::presence(one)))).collect()
    }
}
