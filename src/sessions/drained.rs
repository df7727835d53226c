//! Connections that were blocked and take frames again.

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::domain::ids::SessionId;

/// Collects the sessions whose outlet was blocked and has drained, and those that have asked for a watch, and wakes the
/// one task that waits for them. Holds at most one id for each time that happened since they were last taken.
#[derive(Debug, Default)]
pub struct Drained {
    sessions: Mutex<Vec<SessionId>>,
    wake: Notify,
}

impl Drained {
    /// The sessions that were noted since the last call.
    pub fn take(&self) -> Vec<SessionId> {
        std::mem::take(&mut self.sessions.lock())
    }

    /// Returns once something drained, or [`Drained::wake`] was called.
    pub async fn wait(&self) {
        self.wake.notified().await;
    }

    /// Wakes whoever waits.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// The session's outlet has drained or ended, or there is something for it alone.
    pub fn note(&self, session: SessionId) {
        self.sessions.lock().push(session);
        self.wake();
    }
}
