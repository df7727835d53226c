//! Following the changes: from memory at the head, from the log behind it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::position::Position;
use super::recent::Recent;
use super::told::{Told, Wanted};
use crate::domain::change::Change;
use crate::engine::{LogFailed, LogReader, Seq};
use crate::wire::changed::Teller;

/// Followers are woken at once after quiet, and otherwise no more often than this: a thousand of them, woken for each
/// of a thousand changes a second, would take more than a core.
const GATHER: Duration = Duration::from_millis(25);

/// All changes of agents. Clones share them.
#[derive(Clone, Debug)]
pub struct Changes {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    recent: Mutex<Recent>,
    /// Something was published since followers were woken.
    published: Notify,
    /// The newest position, as followers were told last.
    newest: watch::Sender<Seq>,
    log: Option<LogReader>,
    teller: Teller,
}

/// Some changes.
#[derive(Debug)]
pub struct Bite {
    /// In the order of the log.
    pub changes: Vec<Arc<Told>>,
    /// The position up to which these are all.
    pub reached: Seq,
}

/// Why nothing can be told from a position on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowed {
    /// Something beyond it is not kept any more.
    #[error("changes beyond this position are not kept any more")]
    Older {
        /// The oldest position that can be gone on from.
        oldest: Seq,
    },
    /// It is one of another log.
    #[error("this position is one of another log: the hub's data was replaced, for example by a backup")]
    OtherEpoch,
    /// The log has not come so far.
    #[error("this position is beyond the newest")]
    Beyond,
    /// The log cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

impl From<LogFailed> for NotFollowed {
    fn from(failed: LogFailed) -> Self {
        match failed {
            LogFailed::Gone { first } => Self::Older { oldest: first - 1 },
            LogFailed::Unreadable(_) => Self::Unreadable(failed.to_string()),
        }
    }
}

impl Changes {
    /// The changes of a log that has come to `head`.
    #[must_use]
    pub fn new(head: Seq, teller: Teller, log: Option<LogReader>) -> Self {
        let (recent, newest) = (Mutex::new(Recent::after(head)), watch::Sender::new(head));
        Self { shared: Arc::new(Shared { recent, published: Notify::new(), newest, log, teller }) }
    }

    /// A change was kept at `seq`. Called in the order of the log.
    pub fn publish(&self, seq: Seq, change: &Change) {
        if self.recent().is_followed(Instant::now()) {
            let told = Told::of(seq, change, &self.shared.teller);
            self.recent().push(told);
        } else {
            self.recent().forget(seq);
        }
        self.shared.published.notify_one();
    }

    /// Something was kept at `seq` that is no change of an agent. Called in the order of the log.
    pub fn pass(&self, seq: Seq) {
        self.recent().pass(seq);
        self.shared.published.notify_one();
    }

    /// What is in memory is told no more: followers read the log, which may say it otherwise by now.
    pub fn reread(&self) {
        let mut recent = self.recent();
        let head = recent.head();
        recent.forget(head);
    }

    /// Wakes followers, for ever.
    pub async fn run(self) {
        loop {
            self.shared.published.notified().await;
            let head = self.head();
            self.shared.newest.send_replace(head);
            tokio::time::sleep(GATHER).await;
        }
    }

    /// The newest position.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.recent().head()
    }

    /// A position as it is given out.
    #[must_use]
    pub fn position(&self, seq: Seq) -> String {
        self.shared.teller.position(seq)
    }

    /// The oldest position that can be gone on from.
    ///
    /// # Errors
    /// The log cannot be read.
    pub async fn oldest(&self) -> Result<Seq, NotFollowed> {
        Ok(self.log()?.first_kept().await?.saturating_sub(1))
    }

    /// Follows from now on.
    #[must_use]
    pub fn follow(&self) -> Follow {
        self.recent().enters();
        Follow { newest: self.shared.newest.subscribe(), changes: self.clone() }
    }

    /// The position, if it is one of this log.
    ///
    /// # Errors
    /// [`NotFollowed::OtherEpoch`], [`NotFollowed::Beyond`]
    pub fn check(&self, position: &Position) -> Result<Seq, NotFollowed> {
        if position.epoch.as_ref().is_some_and(|epoch| *epoch != self.shared.teller.epoch) {
            return Err(NotFollowed::OtherEpoch);
        }
        if position.seq > self.head() { Err(NotFollowed::Beyond) } else { Ok(position.seq) }
    }

    fn log(&self) -> Result<&LogReader, NotFollowed> {
        self.shared.log.as_ref().ok_or_else(|| NotFollowed::Unreadable("the engine keeps no log to read".to_owned()))
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.shared.recent.lock()
    }
}

/// Follows the changes. While there is one, new changes are kept in memory.
#[derive(Debug)]
pub struct Follow {
    changes: Changes,
    newest: watch::Receiver<Seq>,
}

impl Follow {
    /// What is wanted of so many changes beyond a position: from memory, or from the log. Waits for no change.
    ///
    /// # Errors
    /// [`NotFollowed`]
    pub async fn beyond(&self, after: Seq, most: usize, wanted: &Wanted) -> Result<Bite, NotFollowed> {
        let (in_memory, head) = {
            let recent = self.changes.recent();
            (recent.beyond(after, most, wanted), recent.head())
        };
        if let Some((changes, reached)) = in_memory {
            return Ok(Bite { changes, reached });
        }
        let teller = self.changes.shared.teller.clone();
        let told = move |seq, change: &Change| Arc::new(Told::of(seq, change, &teller));
        let (mut changes, reached) = self.changes.log()?.beyond(after, head, most, told).await?;
        changes.retain(|told| told.to(wanted).is_some());
        Ok(Bite { changes, reached })
    }

    /// Returns once there may be something beyond a position.
    pub async fn wait_beyond(&mut self, after: Seq) {
        // The sender lives as long as the changes, which this holds.
        drop(self.newest.wait_for(|newest| *newest > after).await);
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.changes.recent().leaves(Instant::now());
    }
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
