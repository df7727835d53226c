//! One run of the simulation: the hub it plays against, and what all its agents share.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::client::{Hub, Tokens};
use super::tally::Tally;
use super::work::WorkSystem;
use crate::clock::Clock;

/// How to play the floor.
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

/// One run of the simulation: what all its agents share.
pub struct Run {
    pub hub: Hub,
    pub tokens: Tokens,
    pub tally: Arc<Tally>,
    pub work: WorkSystem,
    /// One socket a tick, so that a floor arriving at once is no attack.
    door: Mutex<Interval>,
    pub seed: u64,
    /// Tells this run's work items from those of others.
    pub name: String,
    pace: f64,
    clock: Clock,
    opened: Duration,
}

impl Run {
    pub fn new(options: &Options, hub: Hub, tokens: Tokens, tally: Arc<Tally>, work: WorkSystem, clock: Clock) -> Self {
        Self {
            hub,
            tokens,
            tally,
            work,
            door: Mutex::new(door(options.agents)),
            seed: options.seed,
            name: options.run.clone(),
            pace: options.pace,
            opened: clock.running(),
            clock,
        }
    }

    /// Returns when it is one more agent's turn to connect.
    pub async fn turn_to_connect(&self) {
        self.door.lock().await.tick().await;
    }

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

/// A floor arrives within some twenty seconds, but no faster than 500 a second.
fn door(agents: u32) -> Interval {
    let per_second = (agents / 20).clamp(50, 500);
    let mut door = interval(Duration::from_secs(1) / per_second);
    door.set_missed_tick_behavior(MissedTickBehavior::Delay);
    door
}
