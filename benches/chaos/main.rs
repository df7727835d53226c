//! The chaos bench: three hubs over three NATS servers, of which something is killed, stopped or cut off while agents,
//! boards and work systems go on; then a checker that stands outside judges what all of them saw.
//!
//! Each hub and each server is in a network namespace of its own, joined by a bridge in a further one, so that any two
//! of them can be cut off from each other, in one direction too. A hub and a server of the same number are a machine.
//! Whoever is not root gets loopback, and the scenarios that need no cut. Where servers are far from each other, the bench
//! itself takes the connections to them and passes them on later.
//!
//! `cargo bench --bench chaos --profile dev -- --scenario hub-killed --runs 20`; without `--scenario` all of them.
//! A run that violates a promise keeps its folder, with the logs of all processes and the three databases.

#![allow(clippy::print_stdout, reason = "figures for people")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]

mod agents;
mod boards;
mod check;
mod client;
mod cluster;
mod delays;
mod faults;
mod logs;
mod network;
mod process;
mod programs;
mod record;
mod report;
mod routers;
mod run;
mod scenario;
mod stores;
mod way_back;
mod work;

use std::process::ExitCode;

use clap::Parser;

use network::Network;
use scenario::Scenario;

/// Kills, stops and cuts hubs and servers of a cluster under load, and checks what it promises.
#[derive(Parser)]
#[command(after_help = "A run takes some 30 seconds. It ends with 1 if any promise was broken.")]
struct Options {
    /// What is done to the cluster; may be said several times, all if it is not.
    #[arg(long)]
    scenario: Vec<Scenario>,
    /// How often each is run.
    #[arg(long, default_value_t = 1)]
    runs: u32,
    /// What chance begins with; each run has the next one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keeps the folders of all runs.
    #[arg(long)]
    keep: bool,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    // `cargo test --all-targets` runs this too; only `cargo bench` is to run it.
    if !options.bench {
        return Ok(ExitCode::SUCCESS);
    }
    presence_hub::server::raise_file_limit();
    let network = Network::make()?;
    println!("{}", network.says());
    let scenarios = if options.scenario.is_empty() { Scenario::ALL.to_vec() } else { options.scenario };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = report::Report::default();
    for scenario in scenarios {
        if let Some(why) = scenario.cannot(&network) {
            println!("{scenario}: skipped: {why}");
            continue;
        }
        for run in 1..=options.runs {
            let seed = options.seed + u64::from(run) - 1;
            let played = async {
                tokio::select! {
                    outcome = run::run(&network, scenario, seed, options.keep) => outcome.map(Some),
                    told = is_told_to_end() => told.map(|()| None),
                }
            };
            let Some(outcome) = runtime.block_on(played)? else { return Ok(ExitCode::FAILURE) };
            outcome.print(scenario, run);
            report.add(scenario, outcome);
        }
    }
    report.print();
    // The network goes only if it is dropped.
    drop(network);
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns on SIGINT and SIGTERM, so that processes and namespaces do not stay.
async fn is_told_to_end() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        told = tokio::signal::ctrl_c() => Ok(told?),
    }
}
