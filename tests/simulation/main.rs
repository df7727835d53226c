//! The whole hub on one thread: its real rooms over connections in memory, an engine that fails on
//! demand and a clock that is moved, used at random by agents, supervisors, work systems and
//! administrators. After every step, and in full whenever the world is calm, what they see is held
//! against what the hub [promises].
//!
//! A run is its seed: the same seed is the same run. `cargo test` plays some hundred seeds; more are
//! played by
//!
//! ```sh
//! SEEDS=10000 cargo test --release --test simulation no_seed -- --nocapture
//! ```
//!
//! and one of them by `SEED=17`. A plan that breaks a promise is made shorter as long as it still
//! breaks one, and printed. It is then kept in `found.rs`, under the name of what was wrong.
#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "a test that meets the unexpected fails")]
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a test prints the plan that breaks a promise")]

mod administrators;
mod board;
mod book;
mod bulk;
mod client;
mod found;
mod house;
#[path = "../inflaters/mod.rs"]
mod inflaters;
mod intervals;
mod listening;
mod people;
mod plan;
mod promises;
mod records;
mod seeds;
mod several;
mod shown;
mod step;
mod work;
mod world;
mod writes;

use seeds::{Simulation, caught, drawn};
use step::Step;
use world::World;

/// The steps of a plan.
const STEPS: usize = 160;

const ONE_HUB: Simulation<Step> = Simulation {
    test: "no_seed",
    usual: 200,
    plan_of,
    play: |_, plan| play(plan),
    log_of: |seed| {
        let mut world = World::new();
        world.play(&plan_of(seed)).unwrap();
        world.disk.beyond(0).into_iter().map(|entry| entry.text).collect()
    },
};

/// Plays a plan. What is returned is the promise that it broke.
fn play(plan: &[Step]) -> Result<(), String> {
    caught(|| {
        let mut world = World::new();
        world.play(plan)?;
        intervals::are_those_of_the_log(&world.disk)
    })
}

/// The plan of a seed.
fn plan_of(seed: u64) -> Vec<Step> {
    drawn(seed, &plan::plan(STEPS))
}

#[test]
fn the_same_seed_is_the_same_run() {
    ONE_HUB.the_same_seed_is_the_same_run(0..10);
}

#[test]
fn no_seed_breaks_a_promise() {
    ONE_HUB.no_seed_breaks_a_promise();
}
