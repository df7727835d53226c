//! Of which sockets the hub has said that nobody reads them.

use tokio::sync::watch;

use crate::harness::{Log, within};

/// What the hub says of a socket whose client takes nothing any more.
const SAID: &str = "stopped reading";

/// The sockets that nobody reads, as the hub's log tells of them.
pub struct Stalled(watch::Receiver<Vec<String>>);

impl Stalled {
    /// Listens to a log for as long as the hub lives.
    pub fn heard_in(mut log: Log) -> Self {
        let (told, lines) = watch::channel(Vec::new());
        tokio::spawn(async move {
            while let Some(line) = log.next().await {
                if line.contains(SAID) {
                    told.send_modify(|lines| lines.push(line));
                }
            }
        });
        Self(lines)
    }

    /// Waits until the hub has said it of this session.
    pub async fn tells_of(&self, session: &str) {
        let mut lines = self.0.clone();
        within(lines.wait_for(|lines| lines.iter().any(|line| line.contains(session)))).await.unwrap();
    }
}
