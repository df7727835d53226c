//! What people are called who acted.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::answer::ListOf;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::identity::Action;
use crate::wire;
use crate::wire::problem::Problem;
use crate::wire::shapes::{List, NamedPerson};

/// The most people that are asked for at once.
const MOST_ASKED: usize = 100;

/// Of whom.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PeopleQuery {
    /// Their subjects, such as `modifiedBy.id` and `author`: at most 100. The parameter is repeated to name several.
    #[cfg_attr(test, schemars(length(min = 1, max = MOST_ASKED)))]
    ids: Vec<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/people", Action::ReadNames, read)
            .called("readPeople", "people", "What people are called who acted")
            .says(
                "Of everyone with another role than agent the hub keeps the name that their token said last. Whoever is \
                 not known, or was erased, is left out. Agents' names are told with their presence.",
            ),
    ]
}

async fn read(asked: Asked<(), Parameters<PeopleQuery>>) -> Result<ListOf<NamedPerson>, Problem> {
    let Asked { door, query: Parameters(PeopleQuery { ids }), .. } = asked;
    let ids: BTreeSet<String> = ids.into_iter().collect();
    if ids.is_empty() || ids.len() > MOST_ASKED {
        return Err(Problem::invalid("ids", format_args!("names {}; 1 to {MOST_ASKED} are right", ids.len())));
    }
    let named = |id: String| door.people.name(&id).map(|name| NamedPerson { id, name });
    Ok(ListOf::written(wire::text(&List { items: ids.into_iter().filter_map(named).collect(), next_cursor: None })))
}
