//! What agents are planned to do, and what they did of it.

mod activities;
mod adherence;
mod exceptions;
mod import;
mod plan;

#[cfg(test)]
pub use import::MAX_IMPORT_BYTES;

use super::route::Route;
use crate::plans::Refused;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

pub fn routes() -> Vec<Route> {
    [activities::routes(), plan::routes(), import::routes(), exceptions::routes(), adherence::routes()]
        .into_iter()
        .flatten()
        .collect()
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::Unknown => ErrorCode::NotFound,
            Refused::UnknownAgent => ErrorCode::UnknownAgent,
            Refused::UnknownActivity(_) => ErrorCode::UnknownActivity,
            Refused::InUse => ErrorCode::InUse,
            Refused::TooMany | Refused::TooMuch => ErrorCode::TooLarge,
            Refused::NotKept(_) => ErrorCode::Unavailable,
        };
        Self::new(code, refused.to_string())
    }
}
