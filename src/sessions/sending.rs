//! How much may be sent to a connection, and what becomes of a frame.

/// The bounds of one connection.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that may wait for a socket that does not take them, beyond one frame.
    pub queued_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // Two of the feed's largest frames.
        Self { queued_bytes: 256 * 1024 }
    }
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The socket has it.
    Written,
    /// It waits; send nothing that can be made later until the outlet has drained.
    Queued,
    /// The connection is closing or gone; the frame is dropped.
    Closed,
}
