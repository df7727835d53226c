//! Three hubs over one log, each in a runtime of its own. They are killed, stopped, suspended and cut off from the log, in
//! one way or both; what they send and hear is late or lost; and agents, supervisors, work systems and administrators use
//! now the one and now the other, at the same time. What they promise together is held after every moment, and in full
//! whenever all is calm.
//!
//! ```sh
//! SEEDS=10000 cargo test --release --test simulation several::seeds -- --nocapture
//! ```

mod beside;
mod found;
mod letters;
mod listening;
mod people;
mod place;
mod promises;
mod step;
mod world;

use presence_hub::domain::time::Timestamp;

use super::seeds::{Simulation, caught, drawn};
use step::Step;
use world::World;

/// When the first hubs begin: half a minute before the end of the day.
const BEGINNING: Timestamp = Timestamp(1_790_000_070_000);
/// The steps of a plan.
const STEPS: usize = 140;

const SEVERAL_HUBS: Simulation<Step> = Simulation {
    test: "several::seeds",
    usual: 30,
    plan_of,
    play,
    log_of: |seed| {
        let mut world = World::new(seed);
        world.play(&plan_of(seed)).unwrap();
        world.disk.beyond(0).into_iter().map(|entry| entry.text).collect()
    },
};

/// Plays a plan, with the chance of a seed. What is returned is the promise that it broke.
fn play(seed: u64, plan: &[Step]) -> Result<(), String> {
    caught(|| World::new(seed).play(plan))
}

fn plan_of(seed: u64) -> Vec<Step> {
    drawn(seed, &step::plan(STEPS))
}

#[test]
fn the_same_seed_is_the_same_run() {
    SEVERAL_HUBS.the_same_seed_is_the_same_run(0..3);
}

#[test]
fn seeds_break_no_promise() {
    SEVERAL_HUBS.no_seed_breaks_a_promise();
}
