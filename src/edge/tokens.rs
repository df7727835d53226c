//! Tokens of live sockets: told in time that they end, closed when they have, or when they were revoked.

use std::sync::Arc;
use std::time::Duration;

use super::Door;
use crate::domain::time::Timestamp;
use crate::identity::{Caller, TokenMark};
use crate::sessions::{EndCause, Session, Token, frame};
use crate::wire::close::CloseCode;
use crate::wire::shapes::HubFrame;
use crate::wire::show;

/// How long before its end a client is told.
const TOLD_BEFORE: Duration = Duration::from_secs(60);
/// How often it is asked whether something was revoked, or a session ended. Then all sockets are looked at, so that those of
/// it are closed within a second, however many there are.
const ASK: Duration = Duration::from_millis(250);
/// After so many times all sockets are looked at in any case, for tokens that end by themselves.
const LAP: u32 = 4;

/// The token that a caller showed, as its session knows it.
pub(super) fn token_of(caller: &Caller) -> Token {
    let Caller { issued, opaque, expires, valid_until, .. } = *caller;
    Token { id: caller.token_id.clone(), issued, opaque, expires, valid_until }
}

fn is_revoked(door: &Door, subject: &str, token: &Token) -> bool {
    let Token { id, issued, opaque, .. } = token;
    door.identity.is_revoked(subject, TokenMark { id, issued: *issued, opaque: *opaque })
}

/// Looks after the tokens of all live sockets and streams, for ever. What was revoked ends here and nowhere else, so
/// that a socket that is just opening does not slip through.
pub async fn watch_tokens(door: Arc<Door>) {
    let mut asks = tokio::time::interval(ASK);
    asks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut ended, mut since) = (0, 0);
    loop {
        asks.tick().await;
        let now_ended = door.identity.times_something_ended();
        since += 1;
        if now_ended == ended && since < LAP {
            continue;
        }
        (ended, since) = (now_ended, 0);
        let now = door.agents.clock().wall();
        door.followers.end_those(|subject, token| is_revoked(&door, subject, token));
        let mut behind = 0;
        loop {
            let bite = door.sessions.bite(behind);
            let Some(last) = bite.last() else { break };
            behind = last.id().number;
            for session in bite {
                look_at(&door, &session, now);
            }
            tokio::task::yield_now().await;
        }
    }
}

fn look_at(door: &Door, session: &Session, now: Timestamp) {
    if session.is_distrusted(now) {
        session.ends_as(EndCause::Revoked);
        session.outlet().close(CloseCode::Unauthenticated, "the token has expired");
    } else if session.token().is_some_and(|token| is_revoked(door, &session.who().subject, &token)) {
        session.ends_as(EndCause::Revoked);
        session.outlet().close(CloseCode::Unauthenticated, "the token was revoked");
    } else if let Some(expires) = session.take_expiring(now.plus(TOLD_BEFORE)) {
        session.outlet().send(frame::saying(&HubFrame::TokenExpiring { expires_at: show::time(expires) }));
    }
}
