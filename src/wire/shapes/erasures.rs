//! Erasing a person, as administrators ask for it and read it.

use serde::{Deserialize, Serialize};

/// Who is to be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasePerson {
    /// The id of an agent that was deleted, or the `sub` of anybody who acted.
    #[cfg_attr(test, schemars(length(min = 1, max = 256)))]
    pub id: String,
}

/// The erasure of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    /// What stands in the place of the id, in reports and elsewhere.
    pub pseudonym: String,
    /// Who asked for it first.
    pub erased_by: String,
    /// When.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// How far it has come.
    pub state: ErasureState,
}

/// How far an erasure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErasureState {
    /// Nobody is told the id and the name any more, and they are being taken from what is kept.
    UnderWay,
    /// They are nowhere in the database.
    Done,
}
