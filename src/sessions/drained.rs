//! Who was blocked and no longer is.

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::domain::ids::SessionId;

/// Names the outlets that were blocked and have drained, and wakes whoever waits for that. Holds at
/// most one name for each time a connection drained since it was last taken.
#[derive(Debug, Default)]
pub struct Drained {
    sessions: Mutex<Vec<SessionId>>,
    wake: Notify,
}

impl Drained {
    /// The sessions that drained or ended since the last call.
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

    /// Names a session, and wakes whoever waits.
    pub fn note(&self, session: SessionId) {
        self.sessions.lock().push(session);
        self.wake();
    }
}
