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
use super::{Asked, Body};
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
    type Record: DeserializeOwned + Send;

    /// What is said of an id that nothing has.
    fn unknown() -> Problem;

    /// The record of this id as it is read, if there is one.
    fn find(door: &Door, id: &str) -> Option<Value>;

    /// The id within a record, empty if it was left out.
    fn id(record: &mut Self::Record) -> &mut String;

    /// The parts of a record that are read and never written.
    const READ_ONLY: &'static [&'static str] = &[];

    /// Checks a record and keeps it.
    fn save(door: &Door, actor: Actor, record: Self::Record) -> impl Future<Output = Result<Saved, Problem>> + Send;

    /// Deletes the record of this id, which exists.
    fn remove(door: &Door, actor: Actor, id: &str) -> impl Future<Output = Result<(), Problem>> + Send;
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
    let records = K::behind(&door, page.after(), page.wants());
    Ok(page.cut(&records, |(id, _)| id, |(_, record)| record.clone()).into_response())
}

async fn read<K: Kind>(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::ReadDirectory)?;
    K::find(&door, &id).map(|record| Json(record).into_response()).ok_or_else(K::unknown)
}

async fn create<K: Kind>(State(door): State<Arc<Door>>, signed: Signed, Body(mut record): Body<K::Record>) -> Answer {
    signed.may(Action::Administer)?;
    if K::find(&door, K::id(&mut record)).is_some() {
        return Err(Problem::new(StatusCode::CONFLICT, "in_use", "this id is taken; PUT replaces a record"));
    }
    save::<K>(&door, &signed, StatusCode::CREATED, record).await
}

async fn put<K: Kind>(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(mut record): Body<K::Record>,
) -> Answer {
    signed.may(Action::Administer)?;
    let status = if K::find(&door, &id).is_some() { StatusCode::OK } else { StatusCode::CREATED };
    settle_id(K::id(&mut record), id)?;
    save::<K>(&door, &signed, status, record).await
}

async fn patch<K: Kind>(
    State(door): State<Arc<Door>>,
    signed: Signed,
    Path(id): Path<String>,
    Body(patch): Body<Value>,
) -> Answer {
    signed.may(Action::Administer)?;
    let mut whole = K::find(&door, &id).ok_or_else(K::unknown)?;
    if let Some(fields) = whole.as_object_mut() {
        fields.retain(|name, _| !K::READ_ONLY.contains(&name.as_str()));
    }
    merge(&mut whole, patch);
    let mut record: K::Record = serde_json::from_value(whole)
        .map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string()))?;
    settle_id(K::id(&mut record), id)?;
    save::<K>(&door, &signed, StatusCode::OK, record).await
}

async fn delete<K: Kind>(State(door): State<Arc<Door>>, signed: Signed, Path(id): Path<String>) -> Answer {
    signed.may(Action::Administer)?;
    K::find(&door, &id).ok_or_else(K::unknown)?;
    K::remove(&door, signed.admin(), &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn save<K: Kind>(door: &Door, signed: &Signed, status: StatusCode, record: K::Record) -> Answer {
    let Saved { mut record, warnings } = K::save(door, signed.admin(), record).await?;
    if !warnings.is_empty() {
        record["warnings"] = json!(warnings);
    }
    Ok((status, Json(record)).into_response())
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
fn settle_id(body: &mut String, path: String) -> Result<(), Problem> {
    if !body.is_empty() && *body != path {
        return Err(Problem::malformed(format!("the body is about `{body}`, the path about `{path}`")));
    }
    *body = path;
    Ok(())
}
