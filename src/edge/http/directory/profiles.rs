//! Capacity profiles.

use serde_json::{Value, json};

use super::{Kind, Saved};
use crate::domain::cause::Actor;
use crate::domain::ids::ProfileId;
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::{accept, directory as shape, records};

/// Capacity profiles.
pub struct Profiles;

impl Kind for Profiles {
    type Record = records::CapacityProfile;

    fn unknown() -> Problem {
        Problem::not_found("unknown_profile", "no capacity profile has this id")
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        door.agents.directory().directory.profiles.get(id).map(|profile| json!(shape::capacity_profile(profile)))
    }

    fn all(door: &Door) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let profiles = view.directory.profiles.values();
        profiles.map(|one| (one.id.as_str().to_owned(), json!(shape::capacity_profile(one)))).collect()
    }

    fn id(record: &mut records::CapacityProfile) -> &mut String {
        &mut record.profile_id
    }

    async fn save(door: &Door, actor: Actor, record: records::CapacityProfile) -> Result<Saved, Problem> {
        let profile = accept::capacity_profile(&record)?;
        let record = json!(shape::capacity_profile(&profile));
        door.agents.put_profile(profile, actor).await?;
        Ok(Saved { record, warnings: Vec::new() })
    }

    async fn remove(door: &Door, actor: Actor, id: &str) -> Result<(), Problem> {
        let id = ProfileId::new(id).map_err(|_| Self::unknown())?;
        Ok(door.agents.remove_profile(&id, actor).await?)
    }
}
