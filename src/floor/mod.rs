//! A simulated contact centre (`presence-hub simulate`): agents at work, and their work system. They use
//! the public API alone, so whatever they can do, anybody's client can.

mod agent;
mod back_off;
pub mod cast;
mod client;
mod closing;
mod day;
pub mod dice;
mod http;
mod provision;
mod run;
mod simulate;
#[cfg(test)]
mod stub;
mod tally;
mod work;

pub use client::Tokens;
pub use day::Channel;
pub use run::Options;
pub use simulate::{SimulateError, run};
