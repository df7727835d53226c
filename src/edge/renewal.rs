//! New credentials for a socket that is open.

use std::sync::Arc;

use serde_json::Value;

use super::Door;
use super::doubts;
use super::frames::reply;
use super::speaker::Speaker;
use super::tokens::token_of;
use crate::domain::time::Timestamp;
use crate::identity::Caller;
use crate::sessions::Token;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;
use crate::wire::shapes::{Answer, TokenRenewed};
use crate::wire::show;

/// Goes on with these credentials. Where they allow something else than those before, the socket is closed once that
/// is answered, and the client comes back to what counts now; the presence of an agent goes on meanwhile, as over a
/// reload.
pub fn renew(door: &Door, speaker: &Speaker, id: Value, token: &str) {
    let session = &speaker.session;
    let caller = match verified(door, speaker, token) {
        Ok(caller) => caller,
        Err(problem) => {
            if problem.code == ErrorCode::Forbidden {
                door.audit.refused(&speaker.asker(), "authenticate", None);
            }
            return reply(door, session, id, Err(problem));
        }
    };
    let renewed = TokenRenewed { token_expires_at: show::time(caller.expires) };
    reply(door, session, id, Ok(Answer::Token(renewed)));
    session.trust(token_of(&caller));
    if !allows_the_same(speaker, caller) {
        session.announce_refresh(door.agents.clock().now());
        session.outlet().close(CloseCode::RolesChanged, "roles or teams have changed");
    }
}

/// Goes on with the session of the cookie that the socket was opened with, which lasts for longer if it may.
pub fn prolong(door: &Arc<Door>, speaker: &Arc<Speaker>, id: Value) {
    let (door, speaker) = (door.clone(), speaker.clone());
    // The engine keeps it first.
    tokio::spawn(async move {
        let answer = prolonged(&door, &speaker).await;
        reply(&door, &speaker.session, id, answer.map(Answer::Token));
    });
}

async fn prolonged(door: &Door, speaker: &Speaker) -> Result<TokenRenewed, Problem> {
    let now = door.agents.clock().wall();
    let token = speaker.session.token().filter(|token| token.opaque);
    let none =
        || Problem::invalid("token", "is missing; only a socket that a session's cookie opened goes on without one");
    let session = token.as_ref().and_then(|token| door.page_sessions.find(&token.id, now).map(|_| token));
    let Token { id, issued, opaque, expires: token_expires, .. } = &**session.ok_or_else(none)?;
    let renewed = door.page_sessions.renew(id, now).await;
    let renewed = renewed.map_err(|refused| Problem::new(ErrorCode::Unavailable, refused.to_string()))?;
    let (expires, valid_until) = (Timestamp(renewed.expires_at), renewed.valid_until());
    // One that lasts no longer was told already that it ends.
    if expires > *token_expires {
        speaker.session.trust(Token { id: id.clone(), issued: *issued, opaque: *opaque, expires, valid_until });
    }
    Ok(TokenRenewed { token_expires_at: show::time(expires) })
}

fn verified(door: &Door, speaker: &Speaker, token: &str) -> Result<Caller, Problem> {
    let caller = doubts::verify(door, token, speaker.address)?;
    if caller.subject != speaker.caller.subject {
        return Err(Problem::forbidden("the subject must stay the same; open a new socket for someone else"));
    }
    Ok(caller)
}

fn allows_the_same(speaker: &Speaker, caller: Caller) -> bool {
    let caller = match &speaker.roles {
        Some(roles) => caller.narrowed(roles),
        None => Ok(caller),
    };
    caller.is_ok_and(|caller| caller.roles == speaker.caller.roles && caller.limit() == speaker.caller.limit())
}
