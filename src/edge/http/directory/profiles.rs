//! Capacity profiles.

use super::kind::{Kind, Listed, behind};
use super::requests;
use crate::domain::ids::ProfileId;
use crate::domain::presence::InvalidField;
use crate::domain::record::CapacityProfile;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::growth;
use crate::edge::http::route::Route;
use crate::wire::code::ErrorCode;
use crate::wire::directory as shape;
use crate::wire::limit::Limit;
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
    type Record = shapes::CapacityProfile;
    type Kept = CapacityProfile;

    const TAG: &'static str = "capacity";
    const NAME: &'static str = "CapacityProfile";
    const ONE: &'static str = "a capacity profile";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownProfile;
    const REFUSALS: &'static [ErrorCode] = &[];
    const DELETING: &'static str = "One that an agent has, or that a workstream takes, is `in_use`.";

    fn may_be_one_more(door: &Door) -> Result<(), Problem> {
        let there_are = door.agents.directory().directory.profiles.len();
        growth::may_be_one_more(Limit::CapacityProfiles, there_are, door.bounds.capacity_profiles)
    }

    fn shape(kept: &CapacityProfile) -> shapes::CapacityProfile {
        shape::capacity_profile(kept)
    }

    fn parse(record: &shapes::CapacityProfile) -> Result<CapacityProfile, InvalidField> {
        parse::capacity_profile(record)
    }

    fn find(door: &Door, id: &str) -> Option<shapes::CapacityProfile> {
        door.agents.directory().directory.profiles.get(id).map(shape::capacity_profile)
    }

    async fn put(
        door: &Door,
        caller: &Signed,
        id: &str,
        make: impl FnMut(Option<&CapacityProfile>) -> Result<CapacityProfile, Problem> + Send,
    ) -> Result<shapes::CapacityProfile, Problem> {
        let id = parse::id("profileId", id, ProfileId::new)?;
        Ok(shape::capacity_profile(&door.agents.put_profile(&id, caller.admin(), make).await?))
    }

    async fn remove(
        door: &Door,
        caller: &Signed,
        id: &str,
        check: impl FnMut(&CapacityProfile) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = ProfileId::new(id).map_err(|_| Self::unknown())?;
        door.agents.remove_profile(&id, caller.admin(), check).await
    }
}

impl Listed for Profiles {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, shapes::CapacityProfile)> {
        let view = door.agents.directory();
        let records = view.directory.profiles.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), shape::capacity_profile(one))).collect()
    }
}
