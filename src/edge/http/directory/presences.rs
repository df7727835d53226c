//! Presences.

use super::kind::{Kind, Listed};
use super::requests;
use crate::domain::ids::PresenceId;
use crate::domain::presence::{InvalidField, Presence};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::growth;
use crate::edge::http::route::Route;
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;
use crate::wire::shapes;
use crate::wire::{directory as shape, parse, show};

/// Presences; the product's well-known ids are understood.
pub struct Presences;

pub fn routes() -> Vec<Route> {
    let mut routes = vec![requests::list_route::<Presences>("/api/v1/presences")];
    routes.extend(requests::routes::<Presences>("/api/v1/presences", "/api/v1/presences/{presenceId}"));
    routes
}

impl Kind for Presences {
    type Record = shapes::PresenceRecord;
    type Kept = Presence;

    const TAG: &'static str = "presences";
    const NAME: &'static str = "Presence";
    const ONE: &'static str = "a presence";
    const UNKNOWN: ErrorCode = ErrorCode::UnknownPresence;
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::BuiltInPresence];
    const DELETING: &'static str = "A presence in use is retired: those who have it move to the built-in one of the \
                                    same base, its origin kept, and are told. A built-in one is `built_in_presence`.";

    fn may_be_one_more(door: &Door) -> Result<(), Problem> {
        let there_are = door.agents.directory().directory.catalog.iter().count();
        growth::may_be_one_more(Limit::Presences, there_are, door.bounds.presences)
    }

    fn shape(kept: &Presence) -> shapes::PresenceRecord {
        shape::presence(kept)
    }

    fn parse(record: &shapes::PresenceRecord) -> Result<Presence, InvalidField> {
        parse::presence(record)
    }

    fn find(door: &Door, id: &str) -> Option<shapes::PresenceRecord> {
        let id = PresenceId::new(show::presence_id_of(id)).ok()?;
        door.agents.directory().directory.catalog.find(&id).map(shape::presence)
    }

    async fn put(
        door: &Door,
        caller: &Signed,
        id: &str,
        make: impl FnMut(Option<&Presence>) -> Result<Presence, Problem> + Send,
    ) -> Result<shapes::PresenceRecord, Problem> {
        let id = parse::id("presenceId", show::presence_id_of(id), PresenceId::new)?;
        let kept = door.agents.put_presence(&id, caller.admin(), make).await?;
        let warnings = kept.contradiction().into_iter().collect();
        Ok(shapes::PresenceRecord { warnings, ..shape::presence(&kept) })
    }

    async fn remove(
        door: &Door,
        caller: &Signed,
        id: &str,
        check: impl FnMut(&Presence) -> Result<(), Problem> + Send,
    ) -> Result<(), Problem> {
        let id = PresenceId::new(show::presence_id_of(id)).map_err(|_| Self::unknown())?;
        door.agents.remove_presence(&id, caller.admin(), check).await
    }
}

impl Listed for Presences {
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, shapes::PresenceRecord)> {
        let view = door.agents.directory();
        let records = view.directory.catalog.behind(after).take(most);
        records.map(|one| (one.id.as_str().to_owned(), shape::presence(one))).collect()
    }
}
