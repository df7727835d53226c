//! Presences.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved};
use crate::domain::cause::Actor;
use crate::domain::ids::PresenceId;
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

    async fn save(door: &Door, actor: Actor, record: records::PresenceRecord) -> Result<Saved, Problem> {
        let id = PresenceId::new(present::presence_id_of(&record.presence_id));
        let view = door.agents.directory();
        if id.is_ok_and(|id| view.directory.catalog.find(&id).is_some_and(|known| known.built_in)) {
            return Err(crate::agents::directory::DirectoryRefusal::BuiltInPresence.into());
        }
        let presence = accept::presence(&record)?;
        let warnings = presence.contradiction().into_iter().collect();
        let record = json!(present::presence(&presence));
        door.agents.put_presence(presence, actor).await?;
        Ok(Saved { record, warnings })
    }

    async fn remove(door: &Door, actor: Actor, id: &str) -> Result<(), Problem> {
        let id = PresenceId::new(present::presence_id_of(id)).map_err(|_| Self::unknown())?;
        Ok(door.agents.remove_presence(&id, actor).await?)
    }
}

impl Listed for Presences {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let records = view.directory.catalog.behind(after).take(most);
        records.map(|one| (one.id.as_str().to_owned(), json!(present::presence(one)))).collect()
    }
}
