//! The live sessions of this node: who is here, the one way out to each, and how each ended.
//!
//! A session is a socket whose task lives. [`registry`] is all of them; [`Registration`] keeps one
//! in it and takes it out whatever happens to its task. [`Outlet`] is the bounded way to one of
//! them; [`Socket`] is the other end of the same stream, over which the WebSocket protocol runs.
//! [`sweep`] is the one timer of all sessions. [`ending`] says how a session may end; the end of an
//! agent's session is handed on to whoever the registry was given, and kept there.

mod drained;
pub mod ending;
pub mod frame;
pub mod outlet;
mod queue;
pub mod registry;
pub mod sending;
mod shared_writer;
pub mod socket;
pub mod stream;
pub mod sweep;
#[cfg(test)]
mod test_world;
pub mod who;

pub use drained::Drained;
pub use ending::{EndCause, SessionEnd};
pub use outlet::Outlet;
pub use registry::{Registration, Registry, Session, Token};
pub use sending::{Limits, Sent};
#[cfg(test)]
pub use socket::IN_PIECES;
pub use socket::{Messages, Reading, Socket, websocket};
pub use stream::{Peer, Stream};
pub use who::Who;
