//! Activities that agents can be planned to do.

use crate::domain::audit::{About, Note};
use crate::domain::ids::{ActivityId, PresenceId};
use crate::domain::plan::Activity;
use crate::domain::presence::InvalidField;
use crate::edge::Door;
use crate::edge::audit::Noted;
use crate::edge::caller::Signed;
use crate::edge::http::directory::kind::{Kind, Listed, behind};
use crate::edge::http::directory::requests;
use crate::edge::http::route::Route;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
use crate::wire::{parse, plan, shapes};

/// Activities.
pub struct Activities;

pub fn routes() -> Vec<Route> {
    let mut routes = vec![requests::list_route::<Activities>("/api/v1/activities")];
    routes.extend(requests::routes::<Activities>("/api/v1/activities", "/api/v1/activities/{activityId}"));
    routes
}

impl Kind for Activities {
    type Record = shapes::Activity;
    type Kept = Activity;

    const TAG: &'static str = "adherence";
    const NAME: &'static str = "Activity";
    const ONE: &'static str = "an activity";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownActivity;
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::UnknownPresence];
    const DELETING: &'static str = "One that an agent is or was planned to do is `in_use`.";

    fn shape(kept: &Activity) -> shapes::Activity {
        plan::show_activity(kept)
    }

    fn parse(record: &shapes::Activity) -> Result<Activity, InvalidField> {
        plan::activity(record)
    }

    fn find(door: &Door, id: &str) -> Option<shapes::Activity> {
        door.plans.activities().get(id).map(plan::show_activity)
    }

    async fn put(
        door: &Door,
        caller: &Signed,
        id: &str,
        mut make: impl FnMut(Option<&Activity>) -> Result<Activity, Problem> + Send,
    ) -> Result<shapes::Activity, Problem> {
        let id = parse::id("activityId", id, ActivityId::new)?;
        let view = door.agents.directory();
        let make = |current: Option<&Activity>| {
            let activity = make(current)?;
            // One that was named before may be there no more: it is right for the time when it was.
            let was_named = |id: &PresenceId| current.is_some_and(|current| current.presences.contains(id));
            let is_unknown = |id: &&PresenceId| view.directory.catalog.find(id).is_none() && !was_named(id);
            match activity.presences.iter().find(is_unknown) {
                Some(unknown) => {
                    let detail = format!("no presence has the id `{unknown}`");
                    Err(Problem::new(ErrorCode::UnknownPresence, detail).in_field("presenceIds"))
                }
                None => Ok(activity),
            }
        };
        let kept = door.plans.put(&id, make, |before, after| noted(caller, &id, before, Some(after)));
        Ok(plan::show_activity(&kept.await?))
    }

    async fn remove(
        door: &Door,
        caller: &Signed,
        id: &str,
        check: impl FnMut(&Activity) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = ActivityId::new(id).map_err(|_| Self::unknown())?;
        door.plans.remove(&id, check, |before| noted(caller, &id, Some(before), None)).await
    }
}

fn noted(caller: &Signed, id: &ActivityId, before: Option<&Activity>, after: Option<&Activity>) -> Option<Note> {
    let [before, after] = [before, after].map(|one| one.map(plan::show_activity));
    Noted(caller.1.clone()).record(About::of("activity", id.as_str()), before.as_ref(), after.as_ref())
}

impl Listed for Activities {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, shapes::Activity)> {
        let activities = door.plans.activities();
        let records = activities.range::<str, _>(behind(after)).take(most);
        records.map(|(id, one)| (id.as_str().to_owned(), plan::show_activity(one))).collect()
    }
}
