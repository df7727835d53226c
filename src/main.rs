//! The command line of the presence hub.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use presence_hub::cli::{self, Cli, Command, Exit, Output, SimulateArgs};
use presence_hub::{config, server, telemetry};

/// The allocator: `Cargo.toml` says why not the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// After so many tasks the sockets are looked at. Beside batches a task takes up to a millisecond, so with
/// the runtime's 61 a click waits in its socket; measured (*crowded*), these show it a quarter sooner.
const TASKS_IN_A_ROW: u32 = 6;

/// How much the threads that answer questions about the past give way: beside a busy thread they get a tenth of a core.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

fn main() -> ExitCode {
    let Cli { command, config: file } = Cli::parse();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut output = Output { out: &mut out, err: &mut err };
    let ended = match command.unwrap_or(Command::Serve) {
        Command::Serve => serve(file.as_deref()),
        Command::CheckConfig => cli::check_config(file.as_deref(), &mut output).map_err(Into::into),
        Command::Token(args) => cli::token(&args, file.as_deref(), &mut output).map_err(Into::into),
        Command::RebuildHistory => cli::rebuild_history(file.as_deref(), &mut output).map_err(Into::into),
        Command::Backup(args) => cli::backup(&args, file.as_deref(), &mut output).map_err(Into::into),
        Command::Restore(args) => cli::restore(&args, file.as_deref(), &mut output).map_err(Into::into),
        Command::Check(args) => cli::check(&args, file.as_deref(), &mut output).map_err(Into::into),
        Command::Cluster(args) => cli::cluster(&args, file.as_deref(), &mut output).map_err(Into::into),
        Command::Export(args) => cli::export(&args, file.as_deref(), &mut output).map_err(Into::into),
        Command::Simulate(args) if args.history.is_some() => {
            cli::simulate_history(&args, file.as_deref(), &mut output).map_err(Into::into)
        }
        Command::Simulate(args) => simulate(&args, file.as_deref()),
    };
    match ended {
        Ok(exit) => exit.into(),
        // Whoever reads has enough, as `head` does.
        Err(error) if is_an_ended_reader(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // The log may not have begun.
            drop(std::io::Write::write_fmt(&mut err, format_args!("presence-hub: {error:#}\n")));
            ExitCode::FAILURE
        }
    }
}

fn is_an_ended_reader(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn simulate(args: &SimulateArgs, file: Option<&std::path::Path>) -> anyhow::Result<Exit> {
    server::raise_file_limit();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stop = async {
        // Without Ctrl-C, the floor ends with its process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok(runtime.block_on(cli::simulate(args, file, stop, &mut std::io::stderr()))?)
}

/// A thread of the runtime's pool, which reads the history or writes an export, lets the one that serves and the
/// engine's go first.
fn give_way() {
    // Elsewhere than on Linux it would be the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "a thread that reads the history does not give way to others");
    }
}

fn serve(file: Option<&std::path::Path>) -> anyhow::Result<Exit> {
    let loaded = match config::load(file) {
        Ok(loaded) => loaded,
        Err(errors) => {
            drop(std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{errors}\n")));
            return Ok(Exit::Refused);
        }
    };
    let log = telemetry::begin(&loaded.config.log).context("the log cannot begin")?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    // One thread for everything but the engine's writer: measured, a second one doubles the cost of
    // a delivery.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().event_interval(TASKS_IN_A_ROW).on_thread_start(give_way).build()?;
    let served = runtime.block_on(server::run(loaded.config, std::io::stdout()));
    // Whatever still runs, or hangs, ends with the process.
    runtime.shutdown_background();
    let Err(error) = served else { return Ok(Exit::Done) };
    log.say(&format!("presence-hub: {error:#}"));
    Ok(Exit::Failed)
}
