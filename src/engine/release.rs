//! The wait of whoever appended, and its end.

use tokio::sync::oneshot;

use super::{Append, Outcome};

/// Ends the wait of whoever appended. Dropped unused it answers [`Outcome::Unknown`], so that nobody
/// waits for ever, whatever happened on the way.
#[derive(Debug)]
pub struct Release(Option<oneshot::Sender<Outcome>>);

impl Release {
    /// A release and the wait that it ends.
    #[must_use]
    pub fn pair() -> (Self, oneshot::Receiver<Outcome>) {
        let (tx, rx) = oneshot::channel();
        (Self(Some(tx)), rx)
    }

    /// Ends the wait. A caller that no longer waits has gone away; the entry stays kept.
    pub fn with(mut self, outcome: Outcome) {
        self.end(outcome);
    }

    fn end(&mut self, outcome: Outcome) {
        if let Some(waiting) = self.0.take() {
            drop(waiting.send(outcome));
        }
    }
}

impl Drop for Release {
    fn drop(&mut self) {
        self.end(Outcome::Unknown);
    }
}

/// An append that was handed over, and the wait for its outcome.
#[derive(Debug)]
pub struct Submitted {
    /// What is to be kept.
    pub append: Append,
    /// Ends the wait.
    pub release: Release,
}

impl Submitted {
    /// Ends the wait without having kept anything.
    pub fn refuse(self) {
        self.release.with(Outcome::Unavailable);
    }
}
