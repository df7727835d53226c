//! `presence-hub simulate --history`

use std::io;
use std::path::Path;
use std::time::Duration;

use super::{Exit, Loaded, Output, SimulateArgs, load};
use crate::annals::{self, Wanted};
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::engine::embedded::{self, FillError, Filled};
use crate::wire::show;

/// How many agents a past has if nothing is said.
const AGENTS: u32 = 1_000;
/// How often it is told how far it is.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// `presence-hub simulate --history`
///
/// # Errors
/// The output cannot be written.
pub fn simulate_history(args: &SimulateArgs, file: Option<&Path>, output: &mut Output<'_>) -> io::Result<Exit> {
    let Some(Loaded { config, .. }) = load(file, output)? else { return Ok(Exit::Refused) };
    let (folder, retention) = (&config.storage.path, config.history);
    if embedded::is_there(folder) {
        let error = FillError::NotNew { path: folder.clone() };
        return writeln!(output.err, "{error}").map(|()| Exit::Refused);
    }
    let clock = Clock::system(None);
    let now = clock.now();
    let asked = args.history.unwrap_or_default();
    let span = retention.keep.map_or(asked, |keep| asked.min(keep));
    if span < asked {
        writeln!(output.err, "[history] keep is shorter: what was before would be gone by now, and is not written")?;
    }
    let whole_from = retention.log.map_or(Timestamp(i64::MIN), |log| now.minus(log));
    let wanted = Wanted { agents: args.agents.unwrap_or(AGENTS), changes: args.changes, span, seed: args.seed };
    let (mut said, mut told) = (Ok(()), Duration::ZERO);
    let written = embedded::open(folder).map_err(anyhow::Error::from).and_then(|opening| {
        let filling = opening.fill(whole_from)?;
        let tell = |day: Timestamp, seq| {
            if said.is_ok() && clock.running() >= told + TELL_EVERY {
                told = clock.running();
                said = writeln!(output.err, "{seq} changes, up to {}", &show::time(day)[..10]);
            }
        };
        Ok(annals::write(&wanted, &config.presence, filling, now, tell)?)
    });
    said?;
    match written {
        Ok(Filled { seq, first_whole }) => {
            let (took, gone) = (clock.running(), first_whole.saturating_sub(1));
            let each_second = seq as f64 / took.as_secs_f64();
            writeln!(output.out, "ok: {seq} changes in {:.1} s, {each_second:.0} a second", took.as_secs_f64())?;
            if gone > 0 {
                writeln!(
                    output.out,
                    "the first {gone} are older than [history] log: they stand in the history alone, as if they had been dropped"
                )?;
            }
            Ok(Exit::Done)
        }
        // With its causes.
        Err(error) => writeln!(output.err, "{error:#}").map(|()| Exit::Failed),
    }
}
