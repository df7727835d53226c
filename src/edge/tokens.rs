//! Tokens of live sockets: told in time that they end, closed when they have.

use std::sync::Arc;
use std::time::Duration;

use super::Door;
use crate::domain::time::Timestamp;
use crate::sessions::{EndCause, Session, frame};
use crate::wire::close::CloseCode;
use crate::wire::shapes::HubFrame;
use crate::wire::show;

/// How long before its end a client is told.
const TOLD_BEFORE: Duration = Duration::from_secs(60);
/// How often all sockets are looked at.
const LAP: Duration = Duration::from_secs(1);

/// Looks after the tokens of all live sockets, for ever.
pub async fn watch_tokens(door: Arc<Door>) {
    let mut laps = tokio::time::interval(LAP);
    laps.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        laps.tick().await;
        let now = door.agents.clock().wall();
        let mut behind = 0;
        loop {
            let bite = door.sessions.bite(behind);
            let Some(last) = bite.last() else { break };
            behind = last.id().number;
            for session in bite {
                look_at(&session, now);
            }
            tokio::task::yield_now().await;
        }
    }
}

fn look_at(session: &Session, now: Timestamp) {
    if session.is_distrusted(now) {
        session.ends_as(EndCause::Revoked);
        session.outlet().close(CloseCode::Unauthenticated, "the token has expired");
    } else if let Some(expires) = session.take_expiring(now.plus(TOLD_BEFORE)) {
        session.outlet().send(frame::saying(&HubFrame::TokenExpiring { expires_at: show::time(expires) }));
    }
}
