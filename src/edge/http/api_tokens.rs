//! API tokens: what machines show, made by an administrator.

use std::time::Duration;

#[cfg(test)]
use serde_json::Value;

use super::answer::{ListOf, New, NoContent};
use super::body::Json;
use super::listing::{Page, PageQuery};
use super::path::InPath;
#[cfg(test)]
use super::path::described;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::domain::field::line;
use crate::domain::ids::AgentId;
use crate::domain::role::{Role, Roles};
use crate::domain::time::Timestamp;
use crate::edge::Door;
use crate::edge::api_tokens::{ApiToken, Refused, Wanted};
use crate::edge::caller::Signed;
use crate::identity::Action;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::problem::Problem;
use crate::wire::shapes::{self, MakeApiToken};
use crate::wire::{parse, show, words};

/// How long a token lasts unless its maker says otherwise.
const USUAL_LIFE: Duration = Duration::from_hours(90 * 24);
/// The longest that one may last: a secret that nobody changes for longer is forgotten in too many places.
const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/tokens", Action::ApiTokens, list)
            .called("listApiTokens", "tokens", "List the API tokens")
            .says("In the order of their making, until they end. The tokens themselves are not kept."),
        Route::new(Verb::Post, "/api/v1/tokens", Action::ApiTokens, make)
            .called("makeApiToken", "tokens", "Make an API token")
            .says(
                "For a work system, a router, a wallboard: it is shown like any other token, and needs no identity \
                 provider. The answer has the `token`, which is told here and never again. To change it without an \
                 interruption make another of the same `subject`, and delete the old one when nobody shows it any more.",
            )
            .refuses(&[TooLarge, Unavailable]),
        Route::new(Verb::Delete, "/api/v1/tokens/{tokenId}", Action::ApiTokens, delete)
            .called("deleteApiToken", "tokens", "Delete an API token")
            .says("It is refused at once; live sockets that it opened are closed with 4401 within a second.")
            .refuses(&[Unavailable]),
    ]
}

/// An API token that a path names.
pub struct NamedToken(String);

impl InPath<Signed> for NamedToken {
    const REFUSALS: &'static [ErrorCode] = &[NotFound];

    fn find(named: &str, door: &Door, _: &Signed, _: Action) -> Result<Self, Problem> {
        let found = door.api_tokens.find(named, door.agents.clock().wall()).map(|_| Self(named.to_owned()));
        found.ok_or_else(|| problem(&Refused::Unknown))
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described(schemas, "tokenId", "The token's id, which is not the token."))
    }
}

async fn list(asked: Asked<(), Parameters<PageQuery>>) -> Result<ListOf<shapes::ApiToken>, Problem> {
    let Asked { door, caller, query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor)?;
    caller.spend(&door, page.weight())?;
    let found = door.api_tokens.beyond(page.after(), page.wants(), door.agents.clock().wall()).await;
    Ok(page.cut(&door, &found, |(id, _)| id.clone(), |(id, token)| shape(&door, id, token)).await)
}

async fn make(asked: Asked<(), (), Json<MakeApiToken>>) -> Result<New<shapes::ApiToken>, Problem> {
    let Asked { door, caller, body: Json(wanted), .. } = asked;
    let now = door.agents.clock().wall();
    let wanted = wanted_of(wanted, now)?;
    let (id, token, secret) = door.api_tokens.make(wanted, caller.1, now).await.map_err(|refused| problem(&refused))?;
    Ok(New(shapes::ApiToken { token: Some(secret), ..shape(&door, &id, &token) }))
}

async fn delete(asked: Asked<NamedToken>) -> Result<NoContent, Problem> {
    let Asked { door, caller, path: NamedToken(id), .. } = asked;
    door.api_tokens.delete(id, caller.1).await.map_err(|refused| problem(&refused))?;
    Ok(NoContent::default())
}

fn wanted_of(wanted: MakeApiToken, now: Timestamp) -> Result<Wanted, Problem> {
    let MakeApiToken { subject, name, roles, teams, expires_at } = wanted;
    parse::record_id("subject", &subject, AgentId::new)?;
    line("name", &name, 1, shapes::MAX_NAME)?;
    let roles: Roles = roles.into_iter().map(words::role_of).collect();
    if roles.is_empty() {
        return Err(Problem::invalid("roles", "names none; a token that allows nothing is of no use"));
    }
    let teams = teams.map(|teams| parse::labels("teams", &teams)).transpose()?;
    if teams.is_some() && !roles.each().any(Role::is_limited_by_teams) {
        let problem = "limit a supervisor, an observer or an analyst, and `roles` names none of them";
        return Err(Problem::invalid("teams", problem));
    }
    let expires = match expires_at {
        Some(at) => parse::time("expiresAt", &at)?,
        None => now.plus(USUAL_LIFE),
    };
    if expires <= now {
        return Err(Problem::invalid("expiresAt", "is past"));
    }
    if expires > now.plus(LONGEST_LIFE) {
        let days = LONGEST_LIFE.as_secs() / 86_400;
        return Err(Problem::invalid("expiresAt", format_args!("is more than {days} days from now")));
    }
    Ok(Wanted { subject, name, roles, teams, expires })
}

fn problem(refused: &Refused) -> Problem {
    let code = match refused {
        Refused::Unknown => NotFound,
        Refused::TooMany => TooLarge,
        Refused::NotKept(_) => Unavailable,
    };
    Problem::new(code, refused.to_string())
}

fn shape(door: &Door, id: &str, token: &ApiToken) -> shapes::ApiToken {
    shapes::ApiToken {
        token_id: id.to_owned(),
        token: None,
        subject: token.subject.clone(),
        name: token.name.clone(),
        roles: token.roles().each().map(words::role).collect(),
        teams: token.teams.as_ref().map(|teams| teams.iter().cloned().collect()),
        made_by: token.made_by.clone(),
        made_at: show::time(Timestamp(token.made_at)),
        expires_at: show::time(Timestamp(token.expires_at)),
        used_at: door.identity.opaque_was_used(id).map(show::time),
    }
}
