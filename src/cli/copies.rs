//! `presence-hub backup`, `restore` and `check`

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::{Exit, Loaded, Output, load};
use crate::clock::Clock;
use crate::engine::embedded::AuditChecked;
use crate::engine::embedded::copies::{self, Checked, Copied, CopyError, Replaces};

/// `presence-hub backup`
#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// The file to make.
    pub file: PathBuf,
    /// How many megabytes are copied in a second, so that the hub keeps its disk.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub rate: u64,
}

/// `presence-hub restore`
#[derive(Args, Clone, Debug)]
pub struct RestoreArgs {
    /// The copy that `presence-hub backup` made.
    pub file: PathBuf,
    /// Put a database that is in the data folder aside.
    #[arg(long)]
    pub replace: bool,
}

/// `presence-hub check`
#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    /// A copy, or a data folder; without it, the data folder of the settings.
    pub of: Option<PathBuf>,
}

/// `presence-hub backup`
///
/// # Errors
/// The output cannot be written.
pub fn backup(args: &BackupArgs, settings: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(settings, output)? else { return Ok(Exit::Refused) };
    let clock = Clock::system(None);
    let pace = |Copied { bytes, .. }| {
        let due = Duration::from_secs_f64(bytes as f64 / (args.rate as f64 * 1e6));
        std::thread::sleep(due.saturating_sub(clock.running()));
    };
    match copies::backup(&config.storage.path, &args.file, pace) {
        Ok(bytes) => {
            let seconds = clock.running().as_secs_f64();
            writeln!(output.out, "ok: {}, {bytes} bytes in {seconds:.1} s", args.file.display())?;
            Ok(Exit::Done)
        }
        Err(error) => failed(error, output),
    }
}

/// `presence-hub restore`
///
/// # Errors
/// The output cannot be written.
pub fn restore(args: &RestoreArgs, settings: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(settings, output)? else { return Ok(Exit::Refused) };
    let folder = &config.storage.path;
    let replaces = if args.replace { Replaces::PutAside } else { Replaces::Nothing };
    match copies::restore(&args.file, folder, replaces) {
        Ok(aside) => {
            writeln!(output.out, "ok: {} holds what {} does", folder.display(), args.file.display())?;
            if let Some(aside) = aside {
                writeln!(output.out, "what was there is {}", aside.display())?;
            }
            Ok(Exit::Done)
        }
        Err(error) => failed(error, output),
    }
}

/// `presence-hub check`
///
/// # Errors
/// The output cannot be written.
pub fn check(args: &CheckArgs, settings: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let of = match &args.of {
        Some(of) => of.clone(),
        None => match load(settings, output)? {
            Some(Loaded { config, .. }) => config.storage.path,
            None => return Ok(Exit::Refused),
        },
    };
    match copies::check(&of) {
        Ok(Checked { file, entries, agents, position, audit, mistakes }) if mistakes.is_empty() => {
            let file = file.display();
            let log = match (entries, agents) {
                (0, 1..) => "no entry of the log, as none is younger than [history] log".to_owned(),
                (entries, _) => format!("{entries} entries of the log"),
            };
            writeln!(output.out, "ok: {file}, {log}, the history of {agents} agents")?;
            if let Some(position) = position {
                writeln!(output.out, "cluster: its log was followed up to position {position}")?;
            }
            if let Some(AuditChecked { entries, blanked, position, hash }) = audit {
                let blanked = if blanked > 0 { format!(", {blanked} of them without a person") } else { String::new() };
                writeln!(output.out, "audit: {entries} entries{blanked}; the newest is {position}, its hash {hash}")?;
            }
            Ok(Exit::Done)
        }
        Ok(Checked { file, mistakes, .. }) => {
            for mistake in mistakes {
                writeln!(output.err, "{}: {mistake}", file.display())?;
            }
            Ok(Exit::Failed)
        }
        Err(error) => failed(error, output),
    }
}

fn failed(error: CopyError, output: &mut Output<'_>) -> io::Result<Exit> {
    // With its causes.
    writeln!(output.err, "{:#}", anyhow::Error::from(error)).map(|()| Exit::Failed)
}
