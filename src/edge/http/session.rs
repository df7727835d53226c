//! `/session`: the hub's own cookie, for its pages.

use axum::http::{HeaderMap, HeaderValue, header};

use super::answer::{NoContent, Ok200};
use super::body::Json;
use super::route::{Asked, Route, Verb};
use crate::agents::Refusal;
use crate::domain::audit::{About, Deed, Note};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::edge::caller::{Anyone, origin};
use crate::edge::requests::close_if_signed_out;
use crate::identity::{self, Action, AuthMode, Caller, demo};
use crate::sessions::EndCause;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{DemoPeople, Person, SessionInfo, SignIn, SignInMode};
use crate::wire::words;

/// The largest body of a sign-in: whoever sends it is not known yet, and a token is smaller.
const MAX_SIGN_IN_BYTES: usize = 16 * 1024;

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/session", Action::AskOpenly, read).called(
            "readSession",
            "session",
            "Who is signed in, and how one signs in",
        ),
        Route::new(Verb::Post, "/session", Action::AskOpenly, begin)
            .called("beginSession", "session", "Sign in to the hub's own pages")
            .says("Sets an `HttpOnly` cookie with the token. A request that carries a cookie needs an `Origin`.")
            .refuses(&[Unauthenticated, Forbidden])
            .takes_at_most(|_| MAX_SIGN_IN_BYTES),
        Route::new(Verb::Delete, "/session", Action::SignOut, end)
            .called("endSession", "session", "Sign out")
            .says("Signs the agent out if the caller is one, revokes the token, ends its sockets and its cookie.")
            .refuses(&[TooLarge, Unavailable, OutcomeUnknown]),
    ]
}

async fn read(asked: Asked<(), (), (), Anyone>) -> Result<Ok200<SessionInfo>, Problem> {
    let Asked { door, headers, .. } = asked;
    let now = door.agents.clock().wall();
    let caller = identity::credentials(&headers, &door.cookie).ok();
    let caller = caller.and_then(|credentials| door.identity.verify(&credentials.token, now).ok());
    let session = caller.as_ref().map(person);
    Ok(Ok200(match door.identity.mode() {
        AuthMode::Jwt => SessionInfo { mode: SignInMode::Jwt, session, demo: None },
        AuthMode::Demo => {
            let people = demo::people().iter().map(demo_person).collect();
            SessionInfo { mode: SignInMode::Demo, session, demo: Some(DemoPeople { people }) }
        }
    }))
}

fn person(caller: &Caller) -> Person {
    Person {
        subject: caller.subject.clone(),
        name: caller.name.clone().unwrap_or_else(|| caller.subject.clone()),
        roles: caller.roles.iter().copied().map(words::role).collect(),
        teams: caller.teams.as_ref().map(|teams| teams.iter().cloned().collect()),
        about: None,
    }
}

fn demo_person(person: &demo::Person) -> Person {
    Person {
        subject: person.id.to_owned(),
        name: person.name.to_owned(),
        roles: person.roles.iter().copied().map(words::role).collect(),
        teams: Some(person.teams.iter().map(|team| (*team).to_owned()).collect()),
        about: Some(person.about.to_owned()),
    }
}

async fn begin(asked: Asked<(), (), Json<SignIn>, Anyone>) -> Result<NoContent, Problem> {
    let Asked { door, headers, body: Json(sign_in), .. } = asked;
    // Else another site could sign a person in as someone else.
    if origin(&headers).is_none() && headers.contains_key(header::COOKIE) {
        return Err(Problem::forbidden("a sign-in needs an Origin header, which browsers send"));
    }
    let now = door.agents.clock().wall();
    let token = match sign_in {
        SignIn::Token(token) => token,
        SignIn::Demo(person) => door.identity.demo_token(&person, now).ok_or_else(|| {
            Problem::unauthenticated("nobody of that name can sign in without a token; only demo mode has demo people")
        })?,
    };
    let caller = door.identity.verify(&token, now)?;
    let cookie = door.cookie.set(&token, caller.expires, now);
    let cookie = cookie.map_err(|_| Problem::unauthenticated("this is no token"))?;
    Ok(with_cookie(cookie))
}

async fn end(asked: Asked) -> Result<NoContent, Problem> {
    let Asked { door, caller, .. } = asked;
    if let Some(agent) = caller.0.agent() {
        let sign_out = Command::new(Ask::SignOut, Actor::Agent(agent.clone()));
        match door.agents.decide(&agent, sign_out).await {
            // Without a session there is nothing to end but the token.
            Ok(_) | Err(Refusal::Rejected(_)) => {}
            Err(refusal @ (Refusal::TooLarge | Refusal::Unavailable | Refusal::OutcomeUnknown)) => {
                if refusal == Refusal::OutcomeUnknown {
                    tokio::spawn(close_if_signed_out(door.clone(), agent));
                }
                return Err(refusal.into());
            }
        }
    }
    let about = About::person(&caller.0.subject);
    door.audit.keep(Note::done(caller.1.clone(), Deed::SignOut, Some(about)));
    door.identity.revoke(&caller.0, door.agents.clock().wall());
    door.followers.end_subject(&caller.0.subject);
    let code = CloseCode::SignedOut;
    door.sessions.close_subject(&caller.0.subject, code, "signed out", EndCause::SignedOut);
    Ok(with_cookie(door.cookie.clear()))
}

fn with_cookie(cookie: HeaderValue) -> NoContent {
    NoContent(HeaderMap::from_iter([(header::SET_COOKIE, cookie)]))
}
