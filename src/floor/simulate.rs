//! `presence-hub simulate`: a floor of agents against a running hub.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::interval;

use super::agent::{Agent, DayEnd};
use super::client::{ConnectError, Hub, NotAnAddress, Tokens};
use super::closing;
use super::provision::{ProvisionError, clear_desks, provision};
use super::run::{Options, Run};
use super::tally::Tally;
use super::work::WorkSystem;
use crate::clock::Clock;
use crate::wire::shapes::Role;

/// How often the counts are told.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// How long the floor may take to close.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Why the floor cannot be played.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum SimulateError {
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    #[error("{hub}")]
    Provision { hub: String, source: ProvisionError },
    #[error("{hub}")]
    Refused { hub: String, source: ConnectError },
    #[error("the floor cannot be told about")]
    Telling(#[from] std::io::Error),
}

/// Plays the floor until `stop`, or for `options.span`. Counts are told to `tell` now and then.
///
/// # Errors
/// The hub cannot be reached at the start, or refuses the floor.
pub async fn run(
    options: &Options,
    tokens: Tokens,
    clock: Clock,
    stop: impl Future<Output = ()>,
    tell: &mut dyn Write,
) -> Result<(), SimulateError> {
    let hub = Hub::at(&options.hub)?;
    let failed = |source| SimulateError::Provision { hub: options.hub.clone(), source };
    provision(&hub, &tokens("floor-admin", Role::Admin), options.seed, options.agents).await.map_err(failed)?;
    clear_desks(&hub, &tokens("floor-work-system", Role::Integration), options.agents).await.map_err(failed)?;
    writeln!(tell, "floor: {} agents begin their day at {}", options.agents, options.hub)?;

    let (closes, closing) = closing::open();
    let (work, connection) = WorkSystem::new(&options.run);
    let tally = Arc::new(Tally::default());
    let mut tasks: JoinSet<DayEnd> = JoinSet::new();
    let (to, with, counts, until) = (hub.clone(), tokens.clone(), tally.clone(), closing.clone());
    tasks.spawn(async move {
        match connection.run(to, with, counts, until).await {
            Ok(()) => DayEnd::Over,
            Err(error) => DayEnd::Refused(error),
        }
    });
    let run = Arc::new(Run::new(options, hub, tokens, tally.clone(), work, clock));
    for index in 0..options.agents {
        tasks.spawn(Agent::new(run.clone(), index).live(closing.clone()));
    }
    let over = watch_over(&mut tasks, &tally, options, stop, tell).await;
    closes.now();
    // Whoever has not said good-bye by then is cut off.
    let _ = tokio::time::timeout(CLOSE_WITHIN, async { while tasks.join_next().await.is_some() {} }).await;
    writeln!(tell, "floor: closed; {tally}")?;
    over
}

/// Until it is time to close, or the hub does not want the floor.
async fn watch_over(
    tasks: &mut JoinSet<DayEnd>,
    tally: &Tally,
    options: &Options,
    stop: impl Future<Output = ()>,
    tell: &mut dyn Write,
) -> Result<(), SimulateError> {
    let mut ticks = interval(TELL_EVERY);
    ticks.tick().await;
    let span = async {
        match options.span {
            Some(span) => tokio::time::sleep(span).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(stop, span);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = &mut span => return Ok(()),
            _ = ticks.tick() => writeln!(tell, "floor: {tally}")?,
            Some(ended) = tasks.join_next() => {
                if let Ok(DayEnd::Refused(error)) = ended {
                    return Err(SimulateError::Refused { hub: options.hub.clone(), source: error });
                }
                if tasks.is_empty() {
                    return Ok(());
                }
            }
        }
    }
}
