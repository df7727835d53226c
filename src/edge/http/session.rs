//! `/session`: the hub's own cookie, for its pages.

use axum::http::{HeaderMap, HeaderValue, header};

use super::answer::{NoContent, Ok200};
use super::body::Json;
use super::revocations;
use super::route::{Asked, Route, Verb};
use super::sign_in::{asker, first_page, problem};
use crate::agents::Refusal;
use crate::domain::audit::{About, Deed, Note};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::time::Timestamp;
use crate::edge::caller::{Anyone, Signed, origin};
use crate::edge::doubts;
use crate::edge::page_sessions::{Begun, Came, Key, PageSession};
use crate::edge::requests::close_if_signed_out;
use crate::edge::revocations::Which;
use crate::identity::{self, Action, AuthMode, Caller, KeyMark, Somebody, demo};
use crate::sessions::EndCause;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{DemoPeople, Person, SessionInfo, SignIn, SignInMode, SignInProvider};
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
            .says(
                "Sets an `HttpOnly` cookie, by which the hub knows the session that ends with the token. A request that \
                 carries a cookie needs an `Origin`. Where people sign in at an identity provider, see `GET /sign-in`.",
            )
            .refuses(&[Unauthenticated, Forbidden, RateLimited, LimitReached, Unavailable])
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
    if let Some(caller) = &caller {
        door.page_sessions.is_used(caller, door.agents.clock().wall());
    }
    let session = caller.as_ref().map(person);
    let provider = door.provider.as_ref().map(|provider| SignInProvider {
        name: provider.name(),
        sign_out_url: provider.end_session(&first_page(&door, &headers)),
    });
    let (mode, demo) = match door.identity.mode() {
        AuthMode::Jwt => (SignInMode::Jwt, None),
        AuthMode::Oidc => (SignInMode::Oidc, None),
        AuthMode::Demo => {
            let people = demo::people().iter().map(demo_person).collect();
            (SignInMode::Demo, Some(DemoPeople { people }))
        }
    };
    let contact = door.server.contact.clone();
    Ok(Ok200(SessionInfo { mode, session, demo, provider, contact }))
}

fn person(caller: &Caller) -> Person {
    Person {
        subject: caller.subject.clone(),
        name: caller.name.as_deref().unwrap_or(&caller.subject).to_owned(),
        roles: caller.roles.each().map(words::role).collect(),
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
    if caller.opaque {
        return Err(Problem::unauthenticated("programs show this token themselves; it begins no session for a page"));
    }
    let Caller { subject, roles, teams, name, expires, valid_until, issued, token_id, key, .. } = caller;
    let begun = Begun {
        somebody: Somebody { subject, roles, teams, name: name.map(Into::into) },
        came: Came::Token {
            token_id,
            issued: issued.map(|issued| issued.0),
            valid_until: valid_until.0,
            key: key.map(|KeyMark(mark)| mark),
        },
        address: address.map(|address| address.to_string()),
        expires,
        ends: expires,
    };
    let asker = asker(&begun.somebody, address);
    let note = Note::done(asker, Deed::SignIn, Some(About::person(&begun.somebody.subject)));
    let started = door.page_sessions.start(begun, Some(note), now).await.map_err(|refused| problem(&refused))?;
    let cookie = door.cookie.set(&started.secret, expires, now);
    let cookie = cookie.map_err(|error| Problem::new(Unavailable, error.to_string()))?;
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
    let now = door.agents.clock().wall();
    let Caller { subject, token_id, valid_until, .. } = caller;
    let note = Note::done(asker, Deed::SignOut, Some(About::person(&subject)));
    let session = door.page_sessions.find(&token_id, now);
    // With a session ends the token that it came from, and with a token all sessions that came from it.
    let (token, until) = match &session {
        Some(PageSession { came: Came::Provider { .. }, .. }) => (None, valid_until),
        Some(PageSession { came: Came::Token { token_id, valid_until, .. }, .. }) => {
            (Some(token_id.clone()), Timestamp(*valid_until))
        }
        None => (Some(token_id.clone()), valid_until),
    };
    let mut ended = vec![token_id.clone()];
    match token {
        None => door.page_sessions.end(vec![token_id], Some(note)).await.map_err(|refused| problem(&refused))?,
        Some(token) => {
            ended.extend(door.page_sessions.of(&Key::Token(token.clone())));
            let revoked = Which::Token { id: token.clone(), of: Some(subject.clone()), until: Some(until) };
            let kept = door.revocations.revoke(revoked, None, note, now).await;
            kept.map_err(|refused| revocations::problem(&refused))?;
            door.page_sessions.end_of_token(&token).await;
            ended.push(token);
        }
    }
    door.followers.end_those(|_, token| ended.contains(&token.id));
    for token in &ended {
        door.sessions.close_token(&subject, token, CloseCode::SignedOut, "signed out", EndCause::SignedOut);
    }
    Ok(with_cookie(door.cookie.clear()))
}

fn with_cookie(cookie: HeaderValue) -> NoContent {
    NoContent(HeaderMap::from_iter([(header::SET_COOKIE, cookie)]))
}
