//! The requests that every kind of directory record has in common.

use axum::http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kind::{Kind, Listed};
use crate::edge::http::answer::{Created, ListOf, NoContent, Put, Tagged};
#[cfg(test)]
use crate::edge::http::body;
use crate::edge::http::body::{Body, Json, Patch};
use crate::edge::http::listing::{Page, PageQuery};
use crate::edge::http::path::{Existing, RecordId};
use crate::edge::http::precondition::{self, Precondition};
use crate::edge::http::query::Parameters;
use crate::edge::http::route::{Asked, Route, Verb};
use crate::identity::Action;
use crate::wire::code::ErrorCode;
use crate::wire::documents::Shape;
use crate::wire::json;
use crate::wire::problem::Problem;
use crate::wire::shapes::Record;

/// Why a record of any kind may be refused.
const KEEPING: &[ErrorCode] = &[
    ErrorCode::InUse,
    ErrorCode::LimitReached,
    ErrorCode::TooLarge,
    ErrorCode::Unavailable,
    ErrorCode::OutcomeUnknown,
];

/// Creates, reads, replaces, changes and deletes records of a kind.
pub fn routes<K: Kind>(all: &'static str, one: &'static str) -> Vec<Route> {
    let named = |verb: &str| format!("{verb}{}", K::NAME);
    vec![
        Route::new(Verb::Post, all, Action::Administer, create::<K>)
            .called(named("create"), K::TAG, format!("Create {}", K::ONE))
            .says("An id that is taken is `in_use`: PUT replaces a record.")
            .refuses(K::REFUSALS)
            .refuses(KEEPING),
        Route::new(Verb::Get, one, K::READ, read::<K>)
            .called(named("read"), K::TAG, format!("Read {}", K::ONE)),
        Route::new(Verb::Put, one, Action::Administer, put::<K>)
            .called(named("put"), K::TAG, format!("Create or replace {}", K::ONE))
            .says("What is left out gets its default. A record that was read can be sent back: what is only read is ignored.")
            .refuses(K::REFUSALS)
            .refuses(KEEPING)
            .refuses(&[ErrorCode::PreconditionFailed]),
        Route::new(Verb::Patch, one, Action::Administer, patch::<K>)
            .called(named("patch"), K::TAG, format!("Change parts of {}", K::ONE))
            .says("A JSON merge patch (RFC 7396): what is named changes, null takes a field away, the rest stays.")
            .refuses(K::REFUSALS)
            .refuses(KEEPING)
            .refuses(&[ErrorCode::PreconditionFailed]),
        Route::new(Verb::Delete, one, Action::Administer, delete::<K>)
            .called(named("delete"), K::TAG, format!("Delete {}", K::ONE))
            .says(K::DELETING)
            .refuses(&[K::UNKNOWN])
            .refuses(K::REFUSALS)
            .refuses(KEEPING)
            .refuses(&[ErrorCode::PreconditionFailed]),
    ]
}

/// Lists records of a kind.
pub fn list_route<K: Listed>(all: &'static str) -> Route {
    let (article, one) = K::ONE.split_once(' ').unwrap_or(("", K::ONE));
    debug_assert!(matches!(article, "a" | "an"), "the words of a kind have an article");
    let many = K::NAME.strip_suffix('y').map_or_else(|| format!("{}s", K::NAME), |stem| format!("{stem}ies"));
    Route::new(Verb::Get, all, Action::ReadDirectory, list::<K>)
        .called(format!("list{many}"), K::TAG, format!("List every {one}"))
        .says("In the order of their ids.")
}

async fn list<K: Listed>(asked: Asked<(), Parameters<PageQuery>>) -> Result<ListOf<K::Record>, Problem> {
    let Asked { door, caller, query: Parameters(of), .. } = asked;
    let page = Page::of(of.limit, of.cursor)?;
    caller.spend(&door, page.weight())?;
    let records = K::behind(&door, page.after(), page.wants());
    Ok(page.cut(&door, &records, |(id, _)| id, |(_, record)| record.clone()).await)
}

fn tag_of<R: Record + Clone + Serialize>(record: &R) -> String {
    let mut written = record.clone();
    written.leave_written();
    precondition::tag(&written)
}

fn tagged<K: Kind>(record: K::Record) -> Tagged<K::Record> {
    Tagged { tag: tag_of(&record), record }
}

async fn read<K: Kind>(asked: Asked<Existing<K>>) -> Result<Tagged<K::Record>, Problem> {
    let Existing(RecordId { id, .. }) = &asked.path;
    let record = K::find(&asked.door, id).ok_or_else(K::unknown)?;
    Ok(tagged::<K>(record))
}

/// A record that says its own id.
struct New<R>(R);

impl<R: Record + Shape + DeserializeOwned + Send> Body for New<R> {
    const REFUSALS: &'static [ErrorCode] = Json::<R>::REFUSALS;

    async fn read(body: axum::body::Body, headers: &HeaderMap, most: usize) -> Result<Self, Problem> {
        let Json(mut record) = Json::<R>::read(body, headers, most).await?;
        if record.id().is_empty() {
            return Err(Problem::invalid(R::ID, "is missing"));
        }
        Ok(Self(record))
    }

    #[cfg(test)]
    fn describe(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(body::described("application/json", &schemas.written::<crate::wire::shapes::New<R>>()))
    }
}

async fn create<K: Kind>(asked: Asked<(), (), New<K::Record>>) -> Result<Created<K::Record>, Problem> {
    let Asked { door, caller, body: New(mut record), .. } = asked;
    let id = record.id().clone();
    let make = |current: Option<&K::Kept>| match current {
        Some(current) => {
            K::may_change(&caller.0, Some(current), None)?;
            Err(Problem::new(ErrorCode::InUse, "this id is taken; PUT replaces a record"))
        }
        None => {
            let kept = K::parse(&record)?;
            K::may_change(&caller.0, None, Some(&kept))?;
            K::may_be_one_more(&door)?;
            Ok(kept)
        }
    };
    K::may_make(&door, &caller, &id).await?;
    Ok(Created(tagged::<K>(K::put(&door, &caller, &id, make).await?)))
}

async fn put<K: Kind>(asked: Asked<RecordId<K>, (), Json<K::Record>>) -> Result<Put<K::Record>, Problem> {
    let Asked { door, caller, path: RecordId { id, .. }, body: Json(mut record), headers, .. } = asked;
    let expected = Precondition::of(&headers);
    settle_id(&mut record, &id)?;
    let mut was_there = false;
    let make = |current: Option<&K::Kept>| {
        // What is wrong by itself is so whatever was expected (RFC 9110, 13.2.1).
        let kept = K::parse(&record)?;
        K::may_change(&caller.0, current, Some(&kept))?;
        expected.check(current.map(K::shape).as_ref().map(tag_of).as_deref())?;
        was_there = current.is_some();
        if !was_there {
            K::may_be_one_more(&door)?;
        }
        Ok(kept)
    };
    K::may_make(&door, &caller, &id).await?;
    let saved = tagged::<K>(K::put(&door, &caller, &id, make).await?);
    Ok(if was_there { Put::Replaced(saved) } else { Put::Created(saved) })
}

async fn patch<K: Kind>(asked: Asked<Existing<K>, (), Patch<K::Record>>) -> Result<Tagged<K::Record>, Problem> {
    let Asked { door, caller, path: Existing(RecordId { id, .. }), body: Patch { merge, .. }, headers, .. } = asked;
    let expected = Precondition::of(&headers);
    let make = |current: Option<&K::Kept>| {
        let before = current.ok_or_else(K::unknown)?;
        let current = K::shape(before);
        let tag = tag_of(&current);
        let mut record = patched(current, &merge)?;
        settle_id(&mut record, &id)?;
        let kept = K::parse(&record)?;
        K::may_change(&caller.0, Some(before), Some(&kept))?;
        expected.check(Some(&tag))?;
        Ok(kept)
    };
    Ok(tagged::<K>(K::put(&door, &caller, &id, make).await?))
}

/// The record with a merge patch over it.
///
/// # Errors
/// `invalid`
pub fn patched<R: Record + Serialize + DeserializeOwned>(mut current: R, merge: &Value) -> Result<R, Problem> {
    current.leave_written();
    let mut whole = json::value(&current);
    json_patch::merge(&mut whole, merge);
    json::read(&whole)
}

async fn delete<K: Kind>(asked: Asked<Existing<K>>) -> Result<NoContent, Problem> {
    let Asked { door, caller, path: Existing(RecordId { id, .. }), headers, .. } = asked;
    let expected = Precondition::of(&headers);
    let check = |kept: &K::Kept| {
        K::may_change(&caller.0, Some(kept), None)?;
        expected.check(Some(&tag_of(&K::shape(kept))))
    };
    let removed = K::remove(&door, &caller, &id, check).await;
    removed.map_err(|problem| {
        // Somebody else may have been first.
        if K::find(&door, &id).is_none() {
            return K::unknown();
        }
        if problem.code == ErrorCode::InUse && caller.0.limit().is_some() {
            return Problem::new(
                ErrorCode::InUse,
                "an agent has it; only a caller without a limit to teams is told which",
            );
        }
        problem
    })?;
    Ok(NoContent::default())
}

/// The id of the path, which the body may repeat but not contradict.
fn settle_id<R: Record>(record: &mut R, path: &str) -> Result<(), Problem> {
    let id = record.id();
    if !id.is_empty() && id != path {
        return Err(Problem::invalid(R::ID, format_args!("the body is about `{id}`, the path about `{path}`")));
    }
    path.clone_into(id);
    Ok(())
}
