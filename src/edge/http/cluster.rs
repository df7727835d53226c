//! What nodes of a cluster ask each other.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::answer::Answer;
#[cfg(test)]
use super::answer::Described;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::edge::Door;
use crate::edge::audit::NotedExport;
use crate::edge::caller::{Signed, Who};
use crate::edge::copying::Copying;
use crate::edge::exporting::GoesOn;
use crate::edge::terms::Terms;
use crate::identity::{self, Action, Carrier};
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// What a copy takes off the caller's allowance besides the request itself: as much as an export.
const WEIGHT: u32 = 20;
/// What a database of SQLite is called.
const KIND: &str = "application/vnd.sqlite3";

/// They are asked by address, and need no name and no origin.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/cluster/database", Action::CopyDatabase, copy)
            .called("copyDatabase", "cluster", "The database of this node, for another one of its cluster")
            .says(
                "A copy of the SQLite database as it is now, made before the answer begins, which takes a second for \
                 every 100 MB. It holds all that the hub knows, the secrets of webhooks too. `Repr-Digest` has its \
                 SHA-256 (RFC 9530). One that breaks off ends before its length. `presence-hub cluster copy` asks for \
                 it. The credentials must stand in `Authorization`, and a hub that is no node of a cluster has none \
                 (404).",
            )
            .refuses(&[NotFound, RateLimited, Unavailable]),
    ]
}

/// Which log.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CopyQuery {
    /// The epoch of the cluster's log, as `presence-hub cluster status` says it. A node of another cluster refuses.
    epoch: String,
}

/// Somebody who shows a token in the request itself: no page can make a browser ask, whoever is signed in there.
struct Shown(Signed);

impl Who for Shown {
    const REFUSALS: &'static [ErrorCode] = Signed::REFUSALS;

    fn of(parts: &Parts, door: &Door, terms: &Terms) -> Result<Self, Problem> {
        match identity::credentials(&parts.headers, &door.cookie) {
            Ok(credentials) if credentials.carrier == Carrier::Cookie => {
                Err(Problem::unauthenticated("a copy needs `Authorization: Bearer`; a cookie is not enough"))
            }
            Ok(_) | Err(_) => Signed::of(parts, door, terms).map(Self),
        }
    }

    fn asker(&self) -> Option<std::sync::Arc<crate::domain::audit::Asker>> {
        self.0.asker()
    }
}

async fn copy(asked: Asked<(), Parameters<CopyQuery>, (), Shown>) -> Result<DatabaseCopy, Problem> {
    let Asked { door, caller: Shown(caller), query: Parameters(CopyQuery { epoch }), .. } = asked;
    let Some(copies) = &door.copies else {
        return Err(Problem::new(
            NotFound,
            "this hub is no node of a cluster; `presence-hub backup` copies its database",
        ));
    };
    if epoch != door.epoch {
        return Err(Problem::invalid("epoch", "is that of another log: this hub is no node of that cluster"));
    }
    let follower = door.followers.enter(&caller.0)?;
    let making = copies.begin().ok_or_else(|| {
        Problem::limited(Limit::DatabaseCopies, "another copy of the database is under way; come back later")
    })?;
    caller.spend(&door, WEIGHT - 1)?;
    let noted = NotedExport::begin(door.audit.clone(), caller.1.clone(), json!({ "export": "database" })).await?;
    let until = caller.0.valid_until;
    let copying = Copying::begin(door, follower, until, (making, noted)).await?;
    let (bytes, sha256) = (copying.outgoing().bytes(), STANDARD.encode(copying.outgoing().sha256()));
    Ok(DatabaseCopy { bytes, sha256, body: copying.body() })
}

/// A copy of the database.
struct DatabaseCopy {
    bytes: u64,
    /// In base 64.
    sha256: String,
    body: Body,
}

impl Answer for DatabaseCopy {
    fn respond(self) -> Response {
        let mut response = (
            StatusCode::OK,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(KIND)),
                (header::CONTENT_LENGTH, HeaderValue::from(self.bytes)),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"hub.db\"")),
            ],
            [("repr-digest", format!("sha-256=:{}:", self.sha256))],
            self.body,
        )
            .into_response();
        response.extensions_mut().insert(GoesOn);
        response
    }

    #[cfg(test)]
    fn describe(_: &mut crate::wire::documents::Schemas) -> Vec<Described> {
        vec![Described { status: 200, description: "The database.", schema: None, is_tagged: false, texts: &[KIND] }]
    }
}
