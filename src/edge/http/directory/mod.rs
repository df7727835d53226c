//! Administration of presences, agents, capacity profiles and workstreams. What the requests about
//! them have in common is here; what is particular to a kind of record is in a file of its own.

mod agents;
mod presences;
mod profiles;
mod workstreams;

use std::ops::Bound;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::listing::Page;
use super::precondition::{self, Precondition, tagged};
use super::{Asked, Unread};
use crate::domain::cause::Actor;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;
use agents::Agents;
use presences::Presences;
use profiles::Profiles;
use workstreams::Workstreams;

type Answer = Result<Response, Problem>;

/// The routes of administration.
pub fn routes() -> Router<Arc<Door>> {
    Router::new()
        .route("/presences", get(list::<Presences>).post(create::<Presences>))
        .route(
            "/presences/{id}",
            get(read::<Presences>).put(put::<Presences>).patch(patch::<Presences>).delete(delete::<Presences>),
        )
        .route("/capacity-profiles", get(list::<Profiles>).post(create::<Profiles>))
        .route(
            "/capacity-profiles/{id}",
            get(read::<Profiles>).put(put::<Profiles>).patch(patch::<Profiles>).delete(delete::<Profiles>),
        )
        .route("/workstreams", get(list::<Workstreams>).post(create::<Workstreams>))
        .route(
            "/workstreams/{id}",
            get(read::<Workstreams>).put(put::<Workstreams>).patch(patch::<Workstreams>).delete(delete::<Workstreams>),
        )
        .route("/agents", post(create::<Agents>).put(agents::put_all))
        .route("/agents/{id}", get(read::<Agents>).put(put::<Agents>).patch(patch::<Agents>).delete(delete::<Agents>))
}

/// A kind of directory record.
trait Kind: 'static {
    /// A record as an administrator writes it.
    type Record: Clone + DeserializeOwned + Send + Sync;

    /// What is said of an id that nothing has.
    fn unknown() -> Problem;

    /// The record of this id as it is read, if there is one.
    fn find(door: &Door, id: &str) -> Option<Value>;

    /// The id within a record, empty if it was left out.
    fn id(record: &mut Self::Record) -> &mut String;

    /// The parts of a record that are read and never written.
    const READ_ONLY: &'static [&'static str] = &[];

    /// Keeps what `make` says of the record of this id as it is read, none if there is none. It is asked
    /// in the record's turn, and again if another change of it was kept first.
    fn save(
        door: &Door,
        actor: Actor,
        id: &str,
        make: impl FnMut(Option<Value>) -> Result<Self::Record, Problem> + Send,
    ) -> impl Future<Output = Result<Saved, Problem>> + Send;

    /// Deletes the record of this id if `check` agrees, which is asked in the record's turn.
    fn remove(
        door: &Door,
        actor: Actor,
        id: &str,
        check: impl FnMut(Value) -> Result<(), Problem> + Send,
    ) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// A kind of which there are lists here; that of agents is beside their presences.
trait Listed: Kind {
    /// At most `most` records as they are read, each with its id, in the order of the ids behind `after`.
    fn behind(door: &Door, after: Option<&str>, most: usize) -> Vec<(String, Value)>;
}

/// A bound that leaves out the record of this id and all before it.
fn behind(after: Option<&str>) -> (Bound<&str>, Bound<&str>) {
    (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}

/// What was kept.
struct Saved {
    /// The record as it is read.
    record: Value,
    /// What the product advises against.
    warnings: Vec<String>,
}

/// The query of a list.
#[derive(Deserialize)]
struct Wanted {
    limit: Option<String>,
    cursor: Option<String>,
}

async fn list<K: Listed>(State(door): State<Arc<Door>>, signed: Signed, Asked(wanted): Asked<Wanted>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let page = Page::of(wanted.limit.as_deref(), wanted.cursor)?;
    signed.spend(&door, page.weight())?;
    let records = K::behind(&door, page.after(), page.wants());
    Ok(page.cut(&door, &records, |(id, _)| id, |(_, record)| record.clone()).await)
}

async fn read<K: Kind>(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    let record = K::find(&door, &id).ok_or_else(K::unknown)?;
    Ok(tagged(&tag_of::<K>(&record), Json(record)))
}

async fn create<K: Kind>(State(door): State<Arc<Door>>, signed: Signed, body: Unread<K::Record>) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = body.read().await?;
    let id = K::id(&mut record).clone();
    let make = |current: Option<Value>| match current {
        Some(_) => Err(Problem::new(StatusCode::CONFLICT, "in_use", "this id is taken; PUT replaces a record")),
        None => Ok(record.clone()),
    };
    let saved = K::save(&door, signed.admin(), &id, make).await?;
    Ok(answer::<K>(StatusCode::CREATED, saved))
}

async fn put<K: Kind>(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    expected: Precondition,
    body: Unread<K::Record>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut record = body.read().await?;
    settle_id(K::id(&mut record), &id)?;
    let mut status = StatusCode::OK;
    let make = |current: Option<Value>| {
        expected.check(current.as_ref().map(tag_of::<K>).as_deref())?;
        status = if current.is_some() { StatusCode::OK } else { StatusCode::CREATED };
        Ok(record.clone())
    };
    let saved = K::save(&door, signed.admin(), &id, make).await?;
    Ok(answer::<K>(status, saved))
}

async fn patch<K: Kind>(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    expected: Precondition,
    body: Unread<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let patch = body.read().await?;
    K::find(&door, &id).ok_or_else(K::unknown)?;
    let make = |current: Option<Value>| {
        let mut whole = current.ok_or_else(K::unknown)?;
        expected.check(Some(&tag_of::<K>(&whole)))?;
        written::<K>(&mut whole);
        merge(&mut whole, patch.clone());
        let mut record: K::Record = serde_json::from_value(whole)
            .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string()))?;
        settle_id(K::id(&mut record), &id)?;
        Ok(record)
    };
    let saved = K::save(&door, signed.admin(), &id, make).await?;
    Ok(answer::<K>(StatusCode::OK, saved))
}

async fn delete<K: Kind>(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    expected: Precondition,
) -> Answer {
    signed.may(Action::Administer)?;
    K::find(&door, &id).ok_or_else(K::unknown)?;
    let check = |record: Value| expected.check(Some(&tag_of::<K>(&record)));
    let removed = K::remove(&door, signed.admin(), &id, check).await;
    // Somebody else may have been first.
    removed.map_err(|problem| if K::find(&door, &id).is_none() { K::unknown() } else { problem })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn answer<K: Kind>(status: StatusCode, saved: Saved) -> Response {
    let Saved { mut record, warnings } = saved;
    let tag = tag_of::<K>(&record);
    if !warnings.is_empty() {
        record["warnings"] = json!(warnings);
    }
    tagged(&tag, (status, Json(record)))
}

/// Leaves of a record what is written of it.
fn written<K: Kind>(record: &mut Value) {
    if let Some(fields) = record.as_object_mut() {
        fields.retain(|name, _| !K::READ_ONLY.contains(&name.as_str()));
    }
}

fn tag_of<K: Kind>(record: &Value) -> String {
    let mut record = record.clone();
    written::<K>(&mut record);
    precondition::tag(&record)
}

/// Puts a patch over a value (RFC 7396).
fn merge(whole: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *whole = patch;
        return;
    };
    if !whole.is_object() {
        *whole = json!({});
    }
    let Value::Object(fields) = whole else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The id of the path, which the body may repeat but not contradict.
fn settle_id(body: &mut String, path: &str) -> Result<(), Problem> {
    if !body.is_empty() && body != path {
        return Err(Problem::malformed(format!("the body is about `{body}`, the path about `{path}`")));
    }
    path.clone_into(body);
    Ok(())
}
