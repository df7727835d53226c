//! The load bench: the hub beside a floor that keeps nothing and beside peers, with the same work.
//!
//! A release hub runs as a process of its own on one core; the client has another. Everyone is
//! connected over real sockets on loopback, from several source addresses. The same client measures
//! each server in turn, round after round; the tables hold the medians. A delivery is one distinct
//! watcher, agent and version received; its latency is counted from when the change was due.
//!
//! `cargo bench --bench load` runs all scenarios for three rounds, which takes some twenty-five minutes;
//! `cargo bench --bench load -- storm events --rounds 1` fewer. `--help` lists what there is.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement ends where it stands, and prints"
)]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures for people")]

mod admin;
#[path = "../commit/ids.rs"]
mod ids;
#[path = "../../tests/nats_server/mod.rs"]
mod nats_server;

mod anew;
mod attacked;
mod attackers;
mod commits;
mod cores;
mod crowd;
mod crowded;
mod ears;
mod events;
mod fan_out;
mod herd;
mod house;
mod idle;
mod inflating;
mod link;
mod memo;
mod open_loop;
mod plan;
mod report;
mod restart;
mod resumption;
mod roll;
mod server;
mod sign_ins;
mod slow;
mod storm;
mod tick;
mod unshared;
mod usage;

use clap::Parser;

use plan::{Rounds, Scenario};

/// Measures the hub beside a floor and peers.
#[derive(Parser)]
struct Options {
    /// What to measure; all if none is named.
    scenarios: Vec<Scenario>,
    /// Rounds, of which the tables hold the medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only rows whose name, or whose table's, has this in it.
    #[arg(long)]
    only: Option<String>,
    /// Which servers are measured; without `ws` and `socket-io`, Node is not needed.
    #[arg(long, value_delimiter = ',', default_values = ["hub", "floor", "floor-at-once", "ws", "socket-io"])]
    servers: Vec<server::Kind>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some(server::TICK_FLOOR) => match tick::serve(Some(tick::TICK))? {},
        Some(server::FLOOR_AT_ONCE) => match tick::serve(None)? {},
        Some(_) | None => {}
    }
    let options = Options::parse();
    // `cargo test --all-targets` runs this too; only `cargo bench` is to measure.
    if !options.bench {
        return Ok(());
    }
    presence_hub::server::raise_file_limit();
    let scenarios = if options.scenarios.is_empty() { Scenario::ALL.to_vec() } else { options.scenarios };
    let rounds = Rounds { many: options.rounds, only: options.only };
    for scenario in scenarios {
        plan::run(scenario, &rounds, &options.servers)?;
    }
    Ok(())
}
