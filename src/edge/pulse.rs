//! Heartbeats, and the goodbye of a planned stop.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::Door;
use crate::domain::ids::SessionId;
use crate::sessions::sweep::{Heartbeats, Shown};
use crate::sessions::{Session, frame};
use crate::wire::close::CloseCode;
use crate::wire::shapes::HubFrame;
use crate::wire::show;

/// Makes heartbeats for the sweep.
pub struct Pulse(pub Arc<Door>);

impl Heartbeats for Pulse {
    fn shown(&self) -> Shown {
        if self.0.agents.is_stale() { Shown::Stale } else { Shown::Current }
    }

    fn heartbeat(&self, session: SessionId, shown: Shown) -> Bytes {
        let door = &self.0;
        frame::saying(&HubFrame::Heartbeat {
            seq: door.feed.position(session),
            server_time: show::time(door.agents.clock().now()),
            stale: shown == Shown::Stale,
        })
    }
}

/// A planned stop: everyone is told when to come back, spread over `within` milliseconds, and
/// closed once what they asked for is answered. Who was closed already because it does not read, and
/// still does not, is not waited for. No end of a session is kept for it.
pub async fn say_goodbye(door: &Door, within: Range<u64>) {
    door.followers.restart(&within);
    let frame = frame::saying(&HubFrame::Restarting { reconnect_after_ms: [within.start, within.end] });
    let mut behind = 0;
    loop {
        let bite = door.sessions.bite(behind);
        let Some(last) = bite.last() else { return };
        behind = last.id().number;
        for session in bite {
            session.outlet().send(frame.clone());
            if session.outlet().was_too_slow() {
                session.outlet().abort();
            } else if session.requests_under_way() == 0 {
                close_for_restart(&session);
            }
        }
        tokio::task::yield_now().await;
    }
}

/// The session ends because the hub stops.
pub fn close_for_restart(session: &Session) {
    session.outlet().close(CloseCode::Restart, "the hub restarts");
}
