//! Capacity profiles.

use super::kind::{Kind, Listed, behind};
use super::requests;
use crate::domain::cause::Actor;
use crate::domain::ids::ProfileId;
use crate::domain::record::CapacityProfile;
use crate::edge::Door;
use crate::edge::http::route::Route;
use crate::wire::code::ErrorCode;
use crate::wire::directory as shape;
use crate::wire::parse;
use crate::wire::problem::Problem;
use crate::wire::shapes;

/// Capacity profiles.
pub struct Profiles;

pub fn routes() -> Vec<Route> {
    let mut routes = vec![requests::list_route::<Profiles>("/api/v1/capacity-profiles")];
    let one = "/api/v1/capacity-profiles/{profileId}";
    routes.extend(requests::routes::<Profiles>("/api/v1/capacity-profiles", one));
    routes
}

impl Kind for Profiles {
    type Written = shapes::CapacityProfile;
    type Read = shapes::CapacityProfile;

    const TAG: &'static str = "capacity";
    const NAME: &'static str = "CapacityProfile";
    const ONE: &'static str = "a capacity profile";
    const ID: &'static str = "profileId";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownProfile;
    const REFUSALS: &'static [ErrorCode] = &[
        ErrorCode::UnknownProfile,
        ErrorCode::InUse,
        ErrorCode::TooLarge,
        ErrorCode::Unavailable,
        ErrorCode::OutcomeUnknown,
    ];
    const KEPT: &'static [ErrorCode] = Self::REFUSALS;
    const DELETING: &'static str = "One that an agent has, or that a workstream takes, is `in_use`.";

    fn find(door: &Door, id: &str) -> Option<shapes::CapacityProfile> {
        door.agents.directory().directory.profiles.get(id).map(shape::capacity_profile)
    }

    fn id(record: &mut shapes::CapacityProfile) -> &mut String {
        &mut record.profile_id
    }

    fn leave_written(_: &mut shapes::CapacityProfile) {}

    async fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        mut make: impl FnMut(Option<shapes::CapacityProfile>) -> Result<shapes::CapacityProfile, Problem> + Send,
    ) -> Result<shapes::CapacityProfile, Problem> {
        let id = parse::id("profileId", id, ProfileId::new)?;
        let made = |known: Option<&CapacityProfile>| {
            let record = make(known.map(shape::capacity_profile))?;
            Ok::<_, Problem>(parse::capacity_profile(&record)?)
        };
        Ok(shape::capacity_profile(&door.agents.put_profile(&id, actor, made).await?))
    }

    async fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        mut check: impl FnMut(shapes::CapacityProfile) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = ProfileId::new(id).map_err(|_| Self::unknown())?;
        door.agents.remove_profile(&id, actor, |known| check(shape::capacity_profile(known))).await
    }
}

impl Listed for Profiles {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, shapes::CapacityProfile)> {
        let view = door.agents.directory();
        let records = view.directory.profiles.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), shape::capacity_profile(one))).collect()
    }
}
