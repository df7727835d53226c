//! Clients of the hub that are no people: the simulated floor, and what the load bench shares with
//! it. They use the public API alone, so whatever they can do, anybody's client can.

mod agent;
mod back_off;
mod cast;
pub mod client;
mod closing;
mod day;
mod dice;
pub mod http;
mod provision;
mod run;
mod simulate;
#[cfg(test)]
mod stub;
mod tally;
mod work;

pub use client::Tokens;
pub use run::Options;
pub use simulate::{SimulateError, run};
