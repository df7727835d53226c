//! `presence-hub cluster`

use std::io;
use std::path::Path;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::cluster_copy::{ClusterCopyArgs, copy};
use super::{Exit, Loaded, Output, load};
use crate::config::LogEngine;
use crate::engine::embedded::copies;
use crate::engine::nats::{self, NodeStatus, ServerState, ServerStatus};
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
    /// Say how the log is, which servers keep it, and which nodes there are. Fails if nothing is kept.
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
            match runtime.block_on(nats::status(&config.node())) {
                Ok(status) => tell(&status, output),
                Err(error) => writeln!(output.err, "{}", WithCauses(&error)).map(|()| Exit::Failed),
            }
        }
    }
}

/// Fails if nothing is kept.
fn tell(status: &nats::ClusterStatus, output: &mut Output<'_>) -> io::Result<Exit> {
    let nats::ClusterStatus { stream, epoch, first, last, bytes, newest, leader, servers, .. } = status;
    let megabytes = *bytes as f64 / 1e6;
    let newest = newest.map(|newest| format!("; the newest message is {:.1} s old", newest.as_secs_f64()));
    let newest = newest.unwrap_or_default();
    writeln!(output.out, "log {stream}, epoch {epoch}: positions {first} to {last}, {megabytes:.1} MB{newest}")?;
    match leader {
        Some(leader) => writeln!(output.out, "  server {leader} leads")?,
        None => writeln!(output.out, "  no server leads")?,
    }
    for ServerStatus { name, state } in servers {
        let is = match state {
            ServerState::Follows => "follows".to_owned(),
            ServerState::Behind(messages) => format!("is {messages} messages behind"),
            ServerState::Unheard(Duration::ZERO) => "was not heard yet".to_owned(),
            ServerState::Unheard(since) => format!("was not heard for {:.1} s", since.as_secs_f64()),
            ServerState::Offline => "is offline".to_owned(),
        };
        writeln!(output.out, "  server {name} {is}")?;
    }
    for (address, error) in &status.unanswered {
        writeln!(output.out, "  no server answers at {address}: {error}")?;
    }
    for NodeStatus { node, boot, word, ago, is_over, address, differs_in } in &status.nodes {
        // While nothing is kept, nobody can mark the log.
        let is_silent = !is_over && ago.saturating_sub(status.newest.unwrap_or_default()) >= status.silent_after;
        let silent = if is_silent { ", and is silent" } else { "" };
        let seconds = ago.as_secs_f64();
        let address = address.as_deref().unwrap_or("says no address");
        writeln!(output.out, "node {node}, boot {boot}: {word} {seconds:.1} s ago{silent}; {address}")?;
        if !differs_in.is_empty() {
            writeln!(output.out, "  its settings differ from these in [{}]", differs_in.join("], ["))?;
        }
    }
    match status.trouble() {
        None => Ok(Exit::Done),
        Some(trouble) => writeln!(output.err, "nothing is kept: {trouble}").map(|()| Exit::Failed),
    }
}
