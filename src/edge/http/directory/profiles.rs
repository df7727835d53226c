//! Capacity profiles.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved, behind};
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

impl Listed for Profiles {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let records = view.directory.profiles.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), json!(shape::capacity_profile(one)))).collect()
    }
}
