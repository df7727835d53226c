//! `/session`: the hub's own cookie, for its pages.

use axum::http::{HeaderMap, HeaderValue, header};

use super::answer::{NoContent, Ok200};
use super::body::Json;
use super::revocations;
use super::route::{Asked, Route, Verb};
use crate::agents::Refusal;
use crate::domain::audit::{About, Deed, Note};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::edge::caller::{Anyone, Signed, origin};
use crate::edge::doubts;
use crate::edge::requests::close_if_signed_out;
use crate::edge::revocations::Which;
use crate::identity::{self, Action, AuthMode, Caller, demo};
use crate::sessions::EndCause;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{DemoPeople, Person, SessionInfo, SignIn, SignInMode};
use crate::wire::words;

/// The largest body of a sign-in: whoever sends it is not known yet, and a token is smaller.
pub const MAX_SIGN_IN_BYTES: usize = 16 * 1024;

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
            .refuses(&[Unauthenticated, Forbidden, RateLimited, Unavailable])
            .takes_at_most(|_| MAX_SIGN_IN_BYTES),
        Route::new(Verb::Delete, "/session", Action::SignOut, end)
            .called("endSession", "session", "Sign out")
            .says(
                "Revokes the token that was shown, which is kept when it is answered, and ends its sockets and the \
                 cookie. An agent who has no socket with another token is signed out.",
            )
            .refuses(&[TooLarge, Unavailable, OutcomeUnknown]),
    ]
}

async fn read(asked: Asked<(), (), (), Anyone>) -> Result<Ok200<SessionInfo>, Problem> {
    let Asked { door, caller: Anyone { address }, headers, .. } = asked;
    let caller = identity::credentials(&headers, &door.cookie).ok();
    let caller = caller.and_then(|credentials| doubts::verify(&door, &credentials.token, address).ok());
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
    let Asked { door, caller: Anyone { address }, headers, body: Json(sign_in), .. } = asked;
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
    let caller = doubts::verify(&door, &token, address)?;
    let cookie = door.cookie.set(&token, caller.expires, now);
    let cookie = cookie.map_err(|_| Problem::unauthenticated("this is no token"))?;
    Ok(with_cookie(cookie))
}

async fn end(asked: Asked) -> Result<NoContent, Problem> {
    let Asked { door, caller: Signed(caller, asker), .. } = asked;
    // Whoever is here with another token as well stays signed in by it.
    let is_last = !door.sessions.has_another_token(&caller.subject, &caller.token_id);
    if let Some(agent) = caller.agent().filter(|_| is_last) {
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
    let Caller { subject, token_id, valid_until, .. } = caller;
    let note = Note::done(asker, Deed::SignOut, Some(About::person(&subject)));
    let token = Which::Token { id: token_id.clone(), of: Some(subject.clone()), until: Some(valid_until) };
    let kept = door.revocations.revoke(token, None, note, door.agents.clock().wall()).await;
    kept.map_err(|refused| revocations::problem(&refused))?;
    door.followers.end_those(|_, token| token.id == token_id);
    let code = CloseCode::SignedOut;
    door.sessions.close_token(&subject, &token_id, code, "signed out", EndCause::SignedOut);
    Ok(with_cookie(door.cookie.clear()))
}

fn with_cookie(cookie: HeaderValue) -> NoContent {
    NoContent(HeaderMap::from_iter([(header::SET_COOKIE, cookie)]))
}
