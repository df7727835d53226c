//! What a path names.

use std::marker::PhantomData;

use super::directory::kind::Kind;
use crate::agents::Known;
use crate::domain::ids::{AgentId, WorkstreamId};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::identity::Action;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
#[cfg(test)]
use crate::wire::shapes::{NewId, Record};

/// Something that a path names by its one parameter.
pub trait InPath<W>: Sized + Send {
    /// Why it may be refused.
    const REFUSALS: &'static [ErrorCode];

    /// What the path names, if this caller may do this to it.
    ///
    /// # Errors
    /// It is unknown, or not the caller's.
    fn find(named: &str, door: &Door, caller: &W, action: Action) -> Result<Self, Problem>;

    /// The parameter, as OpenAPI describes it.
    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value>;
}

/// The path names nothing.
impl<W> InPath<W> for () {
    const REFUSALS: &'static [ErrorCode] = &[];

    fn find(_: &str, _: &Door, _: &W, _: Action) -> Result<Self, Problem> {
        Ok(())
    }

    #[cfg(test)]
    fn parameter(_: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        None
    }
}

/// The agent that a path names. The caller may do to it what the route is for.
pub struct NamedAgent(pub Known);

impl InPath<Signed> for NamedAgent {
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::UnknownAgent];

    fn find(named: &str, door: &Door, caller: &Signed, action: Action) -> Result<Self, Problem> {
        caller.may_name(action, named)?;
        let known = agent(door, named).ok_or_else(|| caller.nobody_in_path())?;
        caller.may_concerning(action, &known)?;
        Ok(Self(known))
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        Some(described(schemas, "agentId", "The agent's id."))
    }
}

/// The agent that a path names, or one that was: whether the caller may do it is decided by the teams that it has, or
/// had last, which [the past](crate::edge::past::may_read) knows. Until then nobody is told whether it is there.
pub struct OnceAgent {
    /// The id.
    pub id: AgentId,
    /// The agent, if it is there.
    pub known: Option<Known>,
}

impl InPath<Signed> for OnceAgent {
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::UnknownAgent];

    fn find(named: &str, door: &Door, caller: &Signed, action: Action) -> Result<Self, Problem> {
        caller.may_name(action, named)?;
        let id = AgentId::new(named).map_err(|_| caller.nobody_in_path())?;
        let known = door.agents.existing(&id);
        Ok(Self { id, known })
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        NamedAgent::parameter(schemas)
    }
}

/// The agent of this id.
pub fn agent(door: &Door, id: &str) -> Option<Known> {
    door.agents.existing(&AgentId::new(id).ok()?)
}

/// The id of a directory record that a path names; it may not be there.
pub struct RecordId<K> {
    /// The id.
    pub id: String,
    of: PhantomData<fn() -> K>,
}

impl<K: Kind> InPath<Signed> for RecordId<K> {
    const REFUSALS: &'static [ErrorCode] = &[];

    fn find(named: &str, _: &Door, _: &Signed, _: Action) -> Result<Self, Problem> {
        Ok(Self { id: named.to_owned(), of: PhantomData })
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        Some(described(schemas, <K::Record as Record>::ID, "The record's id."))
    }
}

/// The id of a directory record that a path names and that is there.
pub struct Existing<K>(pub RecordId<K>);

impl<K: Kind> InPath<Signed> for Existing<K> {
    const REFUSALS: &'static [ErrorCode] = &[K::UNKNOWN];

    fn find(named: &str, door: &Door, caller: &Signed, action: Action) -> Result<Self, Problem> {
        K::may_find(named, door, caller, action)?;
        RecordId::find(named, door, caller, action).map(Self)
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        RecordId::<K>::parameter(schemas)
    }
}

/// The workstream that a path names; it may not be there.
pub struct NamedWorkstream(pub WorkstreamId);

impl<W> InPath<W> for NamedWorkstream {
    const REFUSALS: &'static [ErrorCode] = &[ErrorCode::UnknownWorkstream];

    fn find(named: &str, _: &Door, _: &W, _: Action) -> Result<Self, Problem> {
        WorkstreamId::new(named).map(Self).map_err(|_| unknown_workstream())
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<serde_json::Value> {
        Some(described(schemas, "workstreamId", "The workstream's id."))
    }
}

/// The answer where the path names no workstream.
pub fn unknown_workstream() -> Problem {
    Problem::new(ErrorCode::UnknownWorkstream, "no workstream has this id").in_path()
}

/// A parameter of a path, as OpenAPI describes it.
#[cfg(test)]
pub fn described(schemas: &mut crate::wire::documents::Schemas, name: &str, description: &str) -> serde_json::Value {
    serde_json::json!({
        "name": name, "in": "path", "required": true, "description": description,
        "schema": schemas.written::<NewId>(),
    })
}
