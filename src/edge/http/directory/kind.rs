//! What a kind of directory record is.

use std::ops::Bound;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::cause::Actor;
use crate::edge::Door;
use crate::wire::code::ErrorCode;
use crate::wire::documents::Shape;
use crate::wire::problem::Problem;

/// A kind of directory record.
pub trait Kind: Send + Sync + 'static {
    /// A record as an administrator writes it.
    type Written: Shape + Clone + DeserializeOwned + Send + Sync + 'static;
    /// A record as it is read.
    type Read: Shape + Clone + Serialize + Send + Sync + 'static;

    /// The group of its operations, such as `capacity`.
    const TAG: &'static str;
    /// The last word of its operations' names, such as `CapacityProfile`.
    const NAME: &'static str;
    /// One of them in words, with its article, such as `a capacity profile`.
    const ONE: &'static str;
    /// The name of its id in the path.
    const ID: &'static str;
    /// Answered where nothing has the id.
    const UNKNOWN: ErrorCode;
    /// Why a record may be refused.
    const REFUSALS: &'static [ErrorCode];
    /// Why one may not be deleted.
    const KEPT: &'static [ErrorCode];
    /// What there is to know about deleting one.
    const DELETING: &'static str;

    /// The answer where nothing has the id that the path names.
    fn unknown() -> Problem {
        let one = Self::ONE.split_once(' ').map_or(Self::ONE, |(_, one)| one);
        Problem::new(Self::UNKNOWN, format!("no {one} has this id")).in_path()
    }

    /// The record of this id, if there is one.
    fn find(door: &Door, id: &str) -> Option<Self::Read>;

    /// The id within a record, empty if it was left out.
    fn id(record: &mut Self::Written) -> &mut String;

    /// Leaves of a record what is written of it, without what is only read.
    fn leave_written(record: &mut Self::Read);

    /// Keeps what `make` says of the record of this id, none if there is none. It is asked in the record's
    /// turn, and again if another change of it was kept first.
    fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        make: impl FnMut(Option<Self::Read>) -> Result<Self::Written, Problem> + Send,
    ) -> impl Future<Output = Result<Self::Read, Problem>> + Send;

    /// Deletes the record of this id if `check` agrees, which is asked in the record's turn.
    fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        check: impl FnMut(Self::Read) -> Result<(), Problem> + Send,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// A kind of which there are lists here; that of agents is beside their presences.
pub trait Listed: Kind {
    /// At most `most` records, each with its id, in the order of the ids behind `after`.
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Self::Read)>;
}

/// A bound that leaves out the record of this id and all before it.
pub fn behind(after: Option<&str>) -> (Bound<&str>, Bound<&str>) {
    (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}
