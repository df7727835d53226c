//! Administration of presences, agents, capacity profiles and workstreams. What the requests about
//! them have in common is here; what is particular to a kind of record is in a file of its own.

mod agents;
mod bulk;
pub mod kind;
mod presences;
mod profiles;
pub mod requests;
mod workstreams;

#[cfg(test)]
pub use bulk::MAX_BULK_BYTES;

use super::route::Route;

/// The routes of administration.
pub fn routes() -> Vec<Route> {
    [agents::routes(), bulk::routes(), presences::routes(), profiles::routes(), workstreams::routes()]
        .into_iter()
        .flatten()
        .collect()
}
