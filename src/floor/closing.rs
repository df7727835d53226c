//! How a run ends: whoever plays it is told that the floor closes.

use tokio::sync::watch;

/// Tells everyone who waits for it that the floor closes, also by being dropped.
pub struct Closes(watch::Sender<bool>);

/// Whether the floor closes. Clones hear the same.
#[derive(Clone)]
pub struct Closing(watch::Receiver<bool>);

/// An open floor.
pub fn open() -> (Closes, Closing) {
    let (closes, closing) = watch::channel(false);
    (Closes(closes), Closing(closing))
}

impl Closes {
    /// The floor closes.
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Closing {
    /// Returns when the floor closes.
    pub async fn comes(&mut self) {
        // Without a sender the floor is closed already.
        let _ = self.0.wait_for(|closes| *closes).await;
    }
}
