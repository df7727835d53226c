//! Capacity profiles.

use serde_json::{Value, json};

use super::{Kind, Listed, Saved, behind};
use crate::domain::cause::Actor;
use crate::domain::ids::ProfileId;
use crate::domain::record::CapacityProfile;
use crate::edge::Door;
use crate::edge::problem::Problem;
use crate::wire::{directory as shape, parse, shapes};

/// Capacity profiles.
pub struct Profiles;

impl Kind for Profiles {
    type Record = shapes::CapacityProfile;

    fn unknown() -> Problem {
        Problem::not_found("unknown_profile", "no capacity profile has this id")
    }

    fn find(door: &Door, id: &str) -> Option<Value> {
        door.agents.directory().directory.profiles.get(id).map(|profile| json!(shape::capacity_profile(profile)))
    }

    fn id(record: &mut shapes::CapacityProfile) -> &mut String {
        &mut record.profile_id
    }

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<Value>) -> Result<shapes::CapacityProfile, Problem> + Send,
    ) -> Result<Saved, Problem> {
        let id = parse::id("profileId", id, ProfileId::new)?;
        let made = |known: Option<&CapacityProfile>| {
            let record = make(known.map(|known| json!(shape::capacity_profile(known))))?;
            Ok::<_, Problem>(parse::capacity_profile(&record)?)
        };
        let kept = door.agents.put_profile(&id, actor, made).await?;
        Ok(Saved { record: json!(shape::capacity_profile(&kept)), warnings: Vec::new() })
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(Value) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = ProfileId::new(id).map_err(|_| Self::unknown())?;
        door.agents.remove_profile(&id, actor, |known| check(json!(shape::capacity_profile(known)))).await
    }
}

impl Listed for Profiles {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)> {
        let view = door.agents.directory();
        let records = view.directory.profiles.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), json!(shape::capacity_profile(one)))).collect()
    }
}
