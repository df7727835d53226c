//! Presences.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved};
use crate::domain::cause::Actor;
use crate::domain::ids::PresenceId;
use crate::domain::presence::Presence;
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::{accept, present, records};

/// Presences; the product's well-known ids are understood.
pub struct Presences;

impl Kind for Presences {
    type Record = records::PresenceRecord;

    fn unknown() -> Problem {
        Problem::not_found("unknown_presence", "no presence has this id")
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        let id = PresenceId::new(present::presence_id_of(id)).ok()?;
        door.agents.directory().directory.catalog.find(&id).map(|presence| json!(present::presence(presence)))
    }

    fn id(record: &mut records::PresenceRecord) -> &mut String {
        &mut record.presence_id
    }

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<Value>) -> Result<records::PresenceRecord, Problem> + Send,
    ) -> Result<Saved, Problem> {
        let id = accept::id("presenceId", present::presence_id_of(id), PresenceId::new)?;
        let made = |known: Option<&Presence>| {
            let record = make(known.map(|known| json!(present::presence(known))))?;
            Ok::<_, Problem>(accept::presence(&record)?)
        };
        let kept = door.agents.put_presence(&id, actor, made).await?;
        Ok(Saved { record: json!(present::presence(&kept)), warnings: kept.contradiction().into_iter().collect() })
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(Value) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = PresenceId::new(present::presence_id_of(id)).map_err(|_| Self::unknown())?;
        door.agents.remove_presence(&id, actor, |known| check(json!(present::presence(known)))).await
    }
}

impl Listed for Presences {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let records = view.directory.catalog.behind(after).take(most);
        records.map(|one| (one.id.as_str().to_owned(), json!(present::presence(one)))).collect()
    }
}
