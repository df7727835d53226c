//! `presence-hub simulate`: a floor of agents against a running hub.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::agent::{Agent, DayEnd};
use super::client::{ConnectError, Hub, NotAnAddress};
use super::dice::Dice;
use super::provision::{ProvisionError, clear_desks, provision};
use super::tally::Tally;
use super::work::WorkSystem;
use crate::clock::Clock;
use crate::wire::shapes::Role;

/// How often the counts are told.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// How long the floor may take to close.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Makes a token for a subject in a role; each connection gets a fresh one.
pub type Tokens = Arc<dyn Fn(&str, Role) -> String + Send + Sync>;

/// What floor to play.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The address of the hub.
    pub hub: String,
    /// How many agents.
    pub agents: u32,
    /// The same seed plays the same days; the hub's answers decide the rest.
    pub seed: u64,
    /// How much faster than life.
    pub pace: f64,
    /// When to stop by itself.
    pub span: Option<Duration>,
    /// Tells this run's work items from those of others.
    pub run: String,
}

/// Why the floor cannot be played.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum SimulateError {
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    #[error("{hub}: {error}")]
    Provision { hub: String, error: ProvisionError },
    #[error("{hub}: {error}")]
    Refused { hub: String, error: ConnectError },
    #[error("the floor cannot be told about: {0}")]
    Telling(#[from] std::io::Error),
}

/// What all agents of the floor share.
pub struct Floor {
    pub hub: Hub,
    pub tokens: Tokens,
    pub tally: Arc<Tally>,
    pub work: WorkSystem,
    /// One socket a tick, so that a floor arriving at once is no attack.
    pub door: Mutex<Interval>,
    pub seed: u64,
    pub run: String,
    pace: f64,
    clock: Clock,
    opened: Duration,
}

impl Floor {
    /// Since the floor opened.
    pub fn running(&self) -> Duration {
        self.clock.running().saturating_sub(self.opened)
    }

    /// How long a span of somebody's day takes in this run.
    pub fn in_run(&self, span: Duration) -> Duration {
        span.div_f64(self.pace)
    }

    /// Returns at that time of the run.
    pub async fn until(&self, time: Duration) {
        tokio::time::sleep(time.saturating_sub(self.running())).await;
    }
}

/// How long to wait before connecting again: longer each time, and never all at once.
pub struct BackOff {
    dice: Dice,
    tries: u32,
    announced: Option<[u64; 2]>,
}

impl BackOff {
    /// The longest wait, in seconds.
    const MOST: f64 = 15.0;

    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, u32::MAX), tries: 0, announced: None }
    }

    /// The hub said welcome: it is well again.
    pub fn welcomed(&mut self) {
        self.tries = 0;
        self.announced = None;
    }

    /// The hub said when to come back.
    pub fn announced(&mut self, range: Option<[u64; 2]>) {
        self.announced = range;
    }

    pub fn next(&mut self) -> Duration {
        if let Some([from, to]) = self.announced.take() {
            let seconds = |millis: u64| Duration::from_millis(millis).as_secs_f64();
            return self.dice.seconds(seconds(from), seconds(to.max(from)));
        }
        let most = (0.5 * 2_f64.powi(i32::try_from(self.tries.min(10)).unwrap_or(10))).min(Self::MOST);
        self.tries += 1;
        self.dice.seconds(most / 2.0, most)
    }
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
    let failed = |error| SimulateError::Provision { hub: options.hub.clone(), error };
    provision(&hub, &tokens("floor-admin", Role::Admin), options.seed, options.agents).await.map_err(failed)?;
    clear_desks(&hub, &tokens("floor-work-system", Role::Integration), options.agents).await.map_err(failed)?;
    writeln!(tell, "floor: {} agents begin their day at {}", options.agents, options.hub)?;

    let (closing, closed) = watch::channel(false);
    let (work, connection) = WorkSystem::new(&options.run);
    let tally = Arc::new(Tally::default());
    let mut tasks: JoinSet<DayEnd> = JoinSet::new();
    let (to, with, counts, until) = (hub.clone(), tokens.clone(), tally.clone(), closed.clone());
    tasks.spawn(async move {
        match connection.run(to, with, counts, until).await {
            Ok(()) => DayEnd::Over,
            Err(error) => DayEnd::Refused(error),
        }
    });
    let floor = Arc::new(Floor {
        hub,
        tokens,
        tally: tally.clone(),
        work,
        door: Mutex::new(door(options.agents)),
        seed: options.seed,
        run: options.run.clone(),
        pace: options.pace,
        opened: clock.running(),
        clock,
    });
    for index in 0..options.agents {
        tasks.spawn(Agent::new(floor.clone(), index).live(closed.clone()));
    }
    let over = watch_over(&mut tasks, &tally, options, stop, tell).await;
    let _ = closing.send(true);
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
                    return Err(SimulateError::Refused { hub: options.hub.clone(), error });
                }
                if tasks.is_empty() {
                    return Ok(());
                }
            }
        }
    }
}

/// Returns when the floor closes.
pub async fn closes(closing: &mut watch::Receiver<bool>) {
    // Without a sender the floor is closed already.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// A floor arrives within some twenty seconds, but no faster than 500 a second.
fn door(agents: u32) -> Interval {
    let per_second = (agents / 20).clamp(50, 500);
    let mut door = interval(Duration::from_secs(1) / per_second);
    door.set_missed_tick_behavior(MissedTickBehavior::Delay);
    door
}

#[cfg(test)]
mod tests;
