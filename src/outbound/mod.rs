//! What leaves the hub for programs of others: every change of an agent, in the order of the log, from any position
//! that is kept.
//!
//! Whoever follows at the head is served from memory: the newest changes stand in one bounded [list](recent),
//! encoded once. Whoever is further behind reads the log, in bites. Nothing waits for a follower, and a slow one
//! costs no memory: it is only behind.

mod changes;
mod position;
mod recent;
#[cfg(test)]
mod test_world;
mod told;
mod way_out;
pub mod webhooks;

pub use changes::{Bite, Changes, Follow, NotFollowed};
pub use position::Position;
pub use told::{Encoded, Told, Wanted};
pub use way_out::WayOut;
#[cfg(test)]
pub use webhooks::MOST_WEBHOOKS;
pub use webhooks::{Limits, Post, Refused, Webhooks};
