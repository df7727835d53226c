//! What a kind of directory record is.

use std::ops::Bound;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::presence::InvalidField;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::identity::{Action, Caller};
use crate::wire::code::ErrorCode;
use crate::wire::documents::Shape;
use crate::wire::problem::Problem;
use crate::wire::shapes::Record;

/// A kind of directory record.
pub trait Kind: Send + Sync + 'static {
    /// A record as an administrator writes and reads it.
    type Record: Record + Shape + Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// A record as it is kept.
    type Kept: Send + Sync + 'static;

    /// The group of its operations, such as `capacity`.
    const TAG: &'static str;
    /// The last word of its operations' names, such as `CapacityProfile`.
    const NAME: &'static str;
    /// One of them in words, with its article, such as `a capacity profile`.
    const ONE: &'static str;
    /// Answered where nothing has the id.
    const UNKNOWN: ErrorCode;
    /// Why one may be refused, besides what every kind may be refused for.
    const REFUSALS: &'static [ErrorCode];
    /// What there is to know about deleting one.
    const DELETING: &'static str;

    /// What reading one is.
    const READ: Action = Action::ReadDirectory;

    /// Goes on only if there is a record of the id that a path names, and the caller may do this to it.
    ///
    /// # Errors
    /// It is unknown, or not the caller's.
    fn may_find(named: &str, door: &Door, _caller: &Signed, action: Action) -> Result<(), Problem> {
        // Another node may have just made it, which is heard in the turn of whoever changes it.
        if action == Action::Administer && door.agents.members().are_several() {
            return Ok(());
        }
        Self::find(door, named).map(drop).ok_or_else(Self::unknown)
    }

    /// Goes on only if the caller may make a record of this id, whose past is then read with it.
    ///
    /// # Errors
    /// `forbidden`, `unavailable`
    fn may_make(_: &Door, _: &Signed, _id: &str) -> impl Future<Output = Result<(), Problem>> + Send {
        std::future::ready(Ok(()))
    }

    /// Goes on only if the caller may make this of what there is, none being no record.
    ///
    /// # Errors
    /// `forbidden`
    fn may_change(_caller: &Caller, _before: Option<&Self::Kept>, _after: Option<&Self::Kept>) -> Result<(), Problem> {
        Ok(())
    }

    /// Goes on only if there may be one more. Asked in the turn of whoever makes it.
    ///
    /// # Errors
    /// `limit_reached`
    fn may_be_one_more(_: &Door) -> Result<(), Problem> {
        Ok(())
    }

    /// The answer where nothing has the id that the path names.
    fn unknown() -> Problem {
        let one = Self::ONE.split_once(' ').map_or(Self::ONE, |(_, one)| one);
        Problem::new(Self::UNKNOWN, format!("no {one} has this id")).in_path()
    }

    /// What is kept, as it is read.
    fn shape(kept: &Self::Kept) -> Self::Record;

    /// What an administrator wrote, as it is kept.
    ///
    /// # Errors
    /// Names the field that is wrong.
    fn parse(record: &Self::Record) -> Result<Self::Kept, InvalidField>;

    /// The record of this id, if there is one.
    fn find(door: &Door, id: &str) -> Option<Self::Record>;

    /// Keeps what `make` makes of the record of this id, none if there is none. It is asked in the record's
    /// turn, and again if another change of it was kept first.
    fn put(
        door: &Door,
        caller: &Signed,
        id: &str,
        make: impl FnMut(Option<&Self::Kept>) -> Result<Self::Kept, Problem> + Send,
    ) -> impl Future<Output = Result<Self::Record, Problem>> + Send;

    /// Deletes the record of this id if `check` agrees, which is asked in the record's turn.
    fn remove(
        door: &Door,
        caller: &Signed,
        id: &str,
        check: impl FnMut(&Self::Kept) -> Result<(), Problem> + Send,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// A kind of which there are lists here; that of agents is beside their presences.
pub trait Listed: Kind {
    /// At most `most` records, each with its id, in the order of the ids behind `after`.
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Self::Record)>;
}

/// A bound that leaves out the record of this id and all before it.
pub fn behind(after: Option<&str>) -> (Bound<&str>, Bound<&str>) {
    (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}
