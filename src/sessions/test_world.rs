//! A registry whose ends a test takes in.

use tokio::sync::mpsc;

use super::{Registry, SessionEnd};
use crate::clock::Clock;

/// The ends that a registry handed on, in order.
pub type Ends = mpsc::Receiver<SessionEnd>;

/// An empty registry and its ends.
pub fn registry(boot: u32, clock: Clock) -> (Registry, Ends) {
    let (owe, ends) = mpsc::channel(1_000);
    (Registry::new(0, boot, clock, move |end| owe.try_send(end).unwrap()), ends)
}
