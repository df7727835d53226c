//! Clients of the hub that are no people: the simulated floor, and what the load bench shares with
//! it. They use the public API alone, so whatever they can do, anybody's client can.

mod agent;
mod cast;
pub mod client;
mod day;
mod dice;
pub mod http;
mod provision;
mod simulate;
#[cfg(test)]
mod stub;
mod tally;
mod work;

pub use simulate::{Options, SimulateError, Tokens, run};
