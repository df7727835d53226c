//! Who is signed in to the hub's own pages, for administrators.

use serde::Deserialize;
#[cfg(test)]
use serde_json::Value;

use super::answer::{ListOf, NoContent};
use super::listing::Page;
use super::path::InPath;
#[cfg(test)]
use super::path::described;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use super::sign_in::problem;
use crate::domain::audit::{About, Deed, Note};
use crate::domain::time::Timestamp;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::page_sessions::{Came, PageSession, Refused};
use crate::identity::Action;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{self, SignedInBy};
use crate::wire::{show, words};

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/sessions", Action::Revoke, list)
            .called("listSessions", "session", "List who is signed in to the hub's own pages")
            .says("One for each browser, in the order of the sign-ins, until they end. What the cookies hold is not kept."),
        Route::new(Verb::Delete, "/api/v1/sessions/{sessionId}", Action::Revoke, end)
            .called("revokeSession", "session", "End somebody's session")
            .says(
                "It is kept when it is answered. Requests with its cookie are refused at once; live sockets that it opened \
                 are closed with 4401 within a second. Whoever is still signed in at the identity provider can sign in \
                 again: take the account from there as well, or revoke all of the `subject`.",
            )
            .refuses(&[Unavailable]),
    ]
}

/// Which sessions.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Which {
    /// Those of this subject; everyone's if left out.
    subject: Option<String>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = super::listing::MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
}

/// A session that a path names.
pub struct NamedSession(String, PageSession);

impl InPath<Signed> for NamedSession {
    const REFUSALS: &'static [ErrorCode] = &[NotFound];

    fn find(named: &str, door: &Door, _: &Signed, _: Action) -> Result<Self, Problem> {
        let found = door.page_sessions.find(named, door.agents.clock().wall());
        found.map(|session| Self(named.to_owned(), session)).ok_or_else(|| problem(&Refused::Unknown))
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described(schemas, "sessionId", "The session's id, which is not what the cookie holds."))
    }
}

async fn list(asked: Asked<(), Parameters<Which>>) -> Result<ListOf<shapes::PageSession>, Problem> {
    let Asked { door, caller, query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor)?;
    caller.spend(&door, page.weight())?;
    let now = door.agents.clock().wall();
    let found = door.page_sessions.beyond(page.after(), page.wants(), which.subject, now).await;
    Ok(page.cut(&door, &found, |(id, _)| id.clone(), |(id, session)| shape(&door, id, session)).await)
}

async fn end(asked: Asked<NamedSession>) -> Result<NoContent, Problem> {
    let Asked { door, caller, path: NamedSession(id, session), .. } = asked;
    let said = serde_json::json!({ "subject": session.subject }).to_string();
    let note = Note::done(caller.1, Deed::Revoke, Some(About::of("session", &id))).differing((Some(said), None));
    door.page_sessions.end(vec![id], Some(note)).await.map_err(|refused| problem(&refused))?;
    Ok(NoContent::default())
}

fn shape(door: &Door, id: &str, session: &PageSession) -> shapes::PageSession {
    shapes::PageSession {
        session_id: id.to_owned(),
        subject: session.subject.clone(),
        name: session.name.clone(),
        roles: session.roles().each().map(words::role).collect(),
        teams: session.teams.as_ref().map(|teams| teams.iter().cloned().collect()),
        by: match session.came {
            Came::Provider { .. } => SignedInBy::Provider,
            Came::Token { .. } => SignedInBy::Token,
        },
        address: session.address.clone(),
        begun_at: show::time(Timestamp(session.begun_at)),
        expires_at: show::time(Timestamp(session.expires_at)),
        ends_at: show::time(Timestamp(session.ends_at)),
        used_at: door.identity.opaque_was_used(id).map(show::time),
    }
}
