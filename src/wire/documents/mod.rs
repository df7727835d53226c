//! The documents, made from the types of this room: the schemas of OpenAPI and AsyncAPI, the browser's
//! types, the tables of `docs/`. Unit tests make them and hold the files to them; `ACCEPT=1 cargo test
//! --lib documents` writes the files anew, and the difference is a change of the contract.

#[cfg(test)]
mod accept;
#[cfg(test)]
mod schemas;
#[cfg(test)]
mod typescript;

#[cfg(test)]
pub use accept::{accept, accept_part};
#[cfg(test)]
pub use schemas::Schemas;
#[cfg(test)]
pub use typescript::typescript;

/// A type of the wire, of which the tests know the schema.
#[cfg(not(test))]
pub trait Shape {}

#[cfg(not(test))]
impl<T> Shape for T {}

/// A type of the wire, of which the tests know the schema.
#[cfg(test)]
pub trait Shape: schemars::JsonSchema {}

#[cfg(test)]
impl<T: schemars::JsonSchema> Shape for T {}
