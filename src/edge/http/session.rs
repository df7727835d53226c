//! `/session`: the hub's own cookie, for its pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Unread;
use crate::agents::Refusal;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::edge::Door;
use crate::edge::caller::{Signed, origin};
use crate::edge::conversation::CloseCode;
use crate::edge::problem::Problem;
use crate::edge::requests::close_if_signed_out;
use crate::identity::{self, AuthMode, Caller, demo};
use crate::sessions::EndCause;

/// The largest body of a sign-in: whoever sends it is not known yet, and a token is smaller.
const MAX_SIGN_IN_BYTES: usize = 16 * 1024;

/// `GET /session`: who is signed in, and in demo mode who could be.
pub async fn read(State(door): State<Arc<Door>>, headers: HeaderMap) -> Json<Value> {
    let now = door.agents.clock().wall();
    let caller = identity::credentials(&headers, door.cookie).ok();
    let caller = caller.and_then(|credentials| door.identity.verify(&credentials.token, now).ok());
    let session = caller.as_ref().map(|caller| {
        json!({
            "subject": caller.subject,
            "roles": roles(caller),
            "name": caller.name.as_deref().unwrap_or(&caller.subject),
            "teams": caller.teams,
        })
    });
    match door.identity.mode() {
        AuthMode::Jwt => Json(json!({ "mode": "jwt", "session": session })),
        AuthMode::Demo => {
            let person = |person: &demo::Person| {
                let roles: Vec<_> = person.roles.iter().map(|role| role.as_str()).collect();
                json!({
                    "subject": person.id, "name": person.name, "roles": roles,
                    "teams": person.teams, "about": person.about,
                })
            };
            let people: Vec<Value> = demo::people().iter().map(person).collect();
            Json(json!({ "mode": "demo", "session": session, "demo": { "people": people } }))
        }
    }
}

fn roles(caller: &Caller) -> Vec<&'static str> {
    caller.roles.iter().map(|role| role.as_str()).collect()
}

/// A token, or in demo mode the name of a demo person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    demo: Option<String>,
}

/// `POST /session`: sets the cookie.
pub async fn begin(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    body: Unread<Begin>,
) -> Result<Response, Problem> {
    // Else another site could sign a person in as someone else.
    if origin(&headers).is_none() && headers.contains_key(header::COOKIE) {
        return Err(Problem::forbidden("a sign-in needs an Origin header, which browsers send"));
    }
    let begin = body.read_at_most(MAX_SIGN_IN_BYTES).await?;
    let now = door.agents.clock().wall();
    let token = match (begin.token, begin.demo) {
        (Some(token), None) => token,
        (None, Some(person)) => door.identity.demo_token(&person, now).ok_or_else(|| {
            Problem::unauthenticated("nobody of that name can sign in without a token; only demo mode has demo people")
        })?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(Problem::malformed("{\"token\": …} is right, or in demo mode {\"demo\": …}"));
        }
    };
    let caller = door.identity.verify(&token, now).map_err(|error| Problem::unauthenticated(error.to_string()))?;
    let cookie = door.cookie.set(&token, caller.expires, now);
    let cookie = cookie.map_err(|_| Problem::unauthenticated("this is no token"))?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// `DELETE /session`: ends the token, its sockets and the cookie.
pub async fn end(State(door): State<Arc<Door>>, signed: Signed) -> Result<Response, Problem> {
    let Signed(caller) = signed;
    if let Some(agent) = caller.agent() {
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
    door.identity.revoke(&caller, door.agents.clock().wall());
    let code = CloseCode::SignedOut.number();
    door.sessions.close_subject(&caller.subject, code, "signed out", EndCause::SignedOut);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, door.cookie.clear())]).into_response())
}
