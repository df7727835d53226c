//! What agents are planned to do, and what they did of it.

mod activities;
mod adherence;
mod disputes;
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
    [
        activities::routes(),
        plan::routes(),
        import::routes(),
        exceptions::routes(),
        adherence::routes(),
        disputes::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::Unknown | Refused::UnknownEntry => ErrorCode::NotFound,
            Refused::UnknownAgent => ErrorCode::UnknownAgent,
            Refused::UnknownActivity(_) => ErrorCode::UnknownActivity,
            Refused::InUse => ErrorCode::InUse,
            Refused::TooMany | Refused::TooManyDisputes | Refused::TooMuch => ErrorCode::TooLarge,
            Refused::NotKept(_) => ErrorCode::Unavailable,
        };
        Self::new(code, refused.to_string())
    }
}

/// Bytes of an id that the hub makes.
const ID_BYTES: usize = 12;

/// An id for what is told.
///
/// # Errors
/// `unavailable`
fn fresh_id() -> Result<String, Problem> {
    let mut id = [0; ID_BYTES];
    let made = getrandom::fill(&mut id);
    made.map_err(|error| Problem::new(ErrorCode::Unavailable, format!("it was not kept: {error}")))?;
    Ok(id.iter().map(|byte| format!("{byte:02x}")).collect())
}
