//! `presence-hub cluster`

use std::io;
use std::path::Path;

use clap::{Args, Subcommand};

use super::cluster_copy::{ClusterCopyArgs, copy};
use super::{Exit, Loaded, Output, load};
use crate::config::LogEngine;
use crate::engine::embedded::copies;
use crate::engine::nats::{self, NodeStatus, ServerStatus};
use crate::telemetry::WithCauses;

/// `presence-hub cluster`
#[derive(Args, Clone, Debug)]
pub struct ClusterArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ClusterCommand,
}

/// What can be done with a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum ClusterCommand {
    /// Say how the log is, which servers keep it, and which nodes there are.
    Status,
    /// Fetch the database of a node that serves into the data folder, while no hub uses it: for a node that is new, or was
    /// away for longer than the log goes back. The token of an administrator stands in PRESENCE_HUB_TOKEN.
    Copy(ClusterCopyArgs),
    /// Let the database in the data folder be the beginning of a new log, while no hub uses the folder: after the log
    /// itself was lost, or an older one was put in its place. The hub that starts next makes the log; the others begin
    /// with a copy of its database. Also lets a node's database go on as that of one machine.
    NewEpoch,
}

/// `presence-hub cluster`
///
/// # Errors
/// The output cannot be written.
pub fn cluster(args: &ClusterArgs, settings: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(settings, output)? else { return Ok(Exit::Refused) };
    match &args.command {
        ClusterCommand::Copy(_) | ClusterCommand::Status if config.storage.engine != LogEngine::Nats => {
            writeln!(output.err, "this hub is none of a cluster: storage.engine is \"embedded\"")?;
            Ok(Exit::Refused)
        }
        ClusterCommand::Copy(args) => copy(args, &config, output),
        ClusterCommand::NewEpoch => match copies::new_epoch(&config.storage.path) {
            Ok(epoch) => {
                writeln!(
                    output.out,
                    "ok: the database begins the epoch {epoch}; take the stream away before a hub starts"
                )?;
                Ok(Exit::Done)
            }
            Err(error) => writeln!(output.err, "{}", WithCauses(&error)).map(|()| Exit::Failed),
        },
        ClusterCommand::Status => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            match runtime.block_on(nats::status(&config.cluster.engine())) {
                Ok(status) => tell(&status, output).map(|()| Exit::Done),
                Err(error) => writeln!(output.err, "{}", WithCauses(&error)).map(|()| Exit::Failed),
            }
        }
    }
}

fn tell(status: &nats::ClusterStatus, output: &mut Output<'_>) -> io::Result<()> {
    let nats::ClusterStatus { stream, epoch, first, last, bytes, leader, servers, nodes } = status;
    let megabytes = *bytes as f64 / 1e6;
    writeln!(output.out, "log {stream}, epoch {epoch}: positions {first} to {last}, {megabytes:.1} MB")?;
    match leader {
        Some(leader) => writeln!(output.out, "  server {leader} leads")?,
        None => writeln!(output.out, "  no server leads: nothing can be kept")?,
    }
    for ServerStatus { name, current, offline, lag } in servers {
        let is = match (offline, current) {
            (true, _) => "is gone".to_owned(),
            (false, true) => "follows".to_owned(),
            (false, false) => format!("is {lag} messages behind"),
        };
        writeln!(output.out, "  server {name} {is}")?;
    }
    for NodeStatus { node, boot, word, before, address } in nodes {
        let seconds = before.as_secs_f64();
        let address = address.as_deref().unwrap_or("says no address");
        writeln!(output.out, "node {node}, boot {boot}: {word} {seconds:.1} s before the newest message; {address}")?;
    }
    Ok(())
}
