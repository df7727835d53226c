//! The query of a request. A parameter that the route does not have is refused, so that nobody believes a
//! list to be filtered that is not.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::wire::code::ErrorCode;
use crate::wire::json;
use crate::wire::problem::Problem;

/// What a query says.
pub trait Query: Sized + Send {
    /// Why it may be refused.
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::Malformed, ErrorCode::Invalid];

    /// Understands it.
    ///
    /// # Errors
    /// `invalid`, naming the parameter
    fn read(query: &str) -> Result<Self, Problem>;

    /// The parameters, as OpenAPI describes them.
    #[cfg(test)]
    fn parameters(schemas: &mut crate::wire::documents::Schemas) -> Vec<serde_json::Value>;
}

/// The route has no parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Query for () {
    fn read(query: &str) -> Result<Self, Problem> {
        if query.is_empty() {
            return Ok(());
        }
        json::read_query::<Nothing>(query).map(|Nothing {}| ())
    }

    #[cfg(test)]
    fn parameters(_: &mut crate::wire::documents::Schemas) -> Vec<serde_json::Value> {
        Vec::new()
    }
}

/// The parameters are the fields of `T`.
pub struct Parameters<T>(pub T);

#[cfg(not(test))]
impl<T: DeserializeOwned + Send> Query for Parameters<T> {
    fn read(query: &str) -> Result<Self, Problem> {
        json::read_query(query).map(Self)
    }
}

#[cfg(test)]
impl<T: DeserializeOwned + Send + schemars::JsonSchema> Query for Parameters<T> {
    fn read(query: &str) -> Result<Self, Problem> {
        json::read_query(query).map(Self)
    }

    fn parameters(schemas: &mut crate::wire::documents::Schemas) -> Vec<serde_json::Value> {
        schemas.parameters::<T>()
    }
}
