//! Revocations: tokens that are no longer believed, by an administrator's word or their owner's.

#[cfg(test)]
use serde_json::Value;

use super::answer::{ListOf, New, NoContent};
use super::body::Json;
use super::listing::Page;
use super::path::InPath;
#[cfg(test)]
use super::path::described;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::domain::audit::{About, Deed, Note};
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::revocations::{Record, Refused, Which};
use crate::identity::Action;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{Revocation, RevokeTokens};
use crate::wire::{parse, show};

/// The longest reason.
const MAX_REASON_CHARS: usize = 1_024;

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/revocations", Action::Revoke, list)
            .called("listRevocations", "revocations", "List what is revoked")
            .says("In the order of their making, until they mean nothing any more: a day after the token's end."),
        Route::new(Verb::Post, "/api/v1/revocations", Action::Revoke, revoke)
            .called("revokeTokens", "revocations", "Revoke tokens")
            .says(
                "Of a `subject` everything that it was issued up to now (sign out everywhere), by `iat`; a token \
                 without `iat` is then refused in any case. Or one token by its `jti`. It is kept when it is \
                 answered; live sockets are closed with 4401 within a second.",
            )
            .refuses(&[TooLarge, Unavailable]),
        Route::new(Verb::Delete, "/api/v1/revocations/{revocationId}", Action::Revoke, take_back)
            .called("takeRevocationBack", "revocations", "Take a revocation back")
            .says("What it was about is believed again, until it expires.")
            .refuses(&[Unavailable]),
    ]
}

/// A revocation that a path names.
pub struct NamedRevocation(String);

impl InPath<Signed> for NamedRevocation {
    const REFUSALS: &'static [ErrorCode] = &[NotFound];

    fn find(named: &str, door: &Door, _: &Signed, _: Action) -> Result<Self, Problem> {
        let found = door.revocations.find(named).map(|_| Self(named.to_owned()));
        found.ok_or_else(|| problem(&Refused::Unknown))
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described(schemas, "revocationId", "The revocation's id."))
    }
}

async fn list(asked: Asked<(), Parameters<super::listing::PageQuery>>) -> Result<ListOf<Revocation>, Problem> {
    let Asked { door, caller, query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor)?;
    caller.spend(&door, page.weight())?;
    let found = door.revocations.beyond(page.after(), page.wants());
    Ok(page.cut(&door, &found, |(id, _)| id.clone(), |(id, record)| shape(id, record)).await)
}

async fn revoke(asked: Asked<(), (), Json<RevokeTokens>>) -> Result<New<Revocation>, Problem> {
    let Asked { door, caller, body: Json(RevokeTokens { subject, token_id, expires_at, reason }), .. } = asked;
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON_CHARS) {
        return Err(Problem::invalid("reason", format_args!("is longer than {MAX_REASON_CHARS} characters")));
    }
    let is_id = |field: &'static str, text: &str| AgentId::new(text).map_err(|error| Problem::invalid(field, error));
    let which = match (subject, token_id) {
        (Some(subject), None) => {
            is_id("subject", &subject)?;
            if expires_at.is_some() {
                return Err(Problem::invalid("expiresAt", "is said of a token, and this is about a subject"));
            }
            Which::Subject(subject)
        }
        (None, Some(id)) => {
            is_id("tokenId", &id)?;
            let until = expires_at.as_deref().map(|at| parse::time("expiresAt", at)).transpose()?;
            let until = until.map(|until: Timestamp| until.plus(door.identity.settings().jwt.leeway));
            Which::Token { id, of: None, until }
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::invalid("subject", "either this or `tokenId` is right, and not both"));
        }
    };
    let about = match &which {
        Which::Subject(subject) => About::person(subject),
        Which::Token { id, .. } => About::of("token", id),
    };
    let token = match &which {
        Which::Token { id, .. } => Some(id.clone()),
        Which::Subject(_) => None,
    };
    let after = reason.as_ref().map(|reason| serde_json::json!({ "reason": reason }).to_string());
    let note = Note::done(caller.1, Deed::Revoke, Some(about)).differing((None, after));
    let now = door.agents.clock().wall();
    let (id, record) = door.revocations.revoke(which, reason, note, now).await.map_err(|refused| problem(&refused))?;
    if let Some(token) = token {
        door.page_sessions.end_of_token(&token).await;
    }
    Ok(New(shape(&id, &record)))
}

async fn take_back(asked: Asked<NamedRevocation>) -> Result<NoContent, Problem> {
    let Asked { door, caller, path: NamedRevocation(id), .. } = asked;
    let note = Note::done(caller.1, Deed::Delete, Some(About::of("revocation", &id)));
    door.revocations.take_back(id, note).await.map_err(|refused| problem(&refused))?;
    Ok(NoContent::default())
}

pub fn problem(refused: &Refused) -> Problem {
    let code = match refused {
        Refused::Unknown => NotFound,
        Refused::TooMany => TooLarge,
        Refused::NotKept(_) => Unavailable,
    };
    Problem::new(code, refused.to_string())
}

fn shape(id: &str, record: &Record) -> Revocation {
    let at = show::time(Timestamp(record.at));
    Revocation {
        revocation_id: id.to_owned(),
        subject: record.subject.clone(),
        token_id: record.token_id.clone(),
        issued_before: record.token_id.is_none().then(|| at.clone()),
        reason: record.reason.clone(),
        revoked_by: record.revoked_by.clone(),
        at,
        until: record.until.map(|until| show::time(Timestamp(until))),
    }
}
