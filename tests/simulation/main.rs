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
mod intervals;
mod listening;
mod people;
mod plan;
mod promises;
mod several;
mod shown;
mod step;
mod work;
mod world;
mod writes;

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use step::Step;
use world::World;

/// How many seeds `cargo test` plays.
const USUAL_SEEDS: u64 = 200;
/// The steps of a plan.
const STEPS: usize = 160;

/// Plays a plan. What is returned is the promise that it broke.
fn play(plan: &[Step]) -> Result<(), String> {
    caught(|| {
        let mut world = World::new();
        world.play(plan)?;
        intervals::are_those_of_the_log(&world.disk)
    })
}

/// A panic breaks a promise too.
fn caught(play: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(format!("a panic: {}", text.unwrap_or_default()))
    })
}

/// The plan of a seed.
fn plan_of(seed: u64) -> Vec<Step> {
    drawn(seed, &plan::plan(STEPS))
}

/// What a seed draws.
fn drawn<T: Strategy>(seed: u64, strategy: &T) -> T::Value {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    strategy.new_tree(&mut runner).unwrap().current()
}

/// Leaves steps out of a plan, as long as it still breaks a promise: first many at a time, then few.
fn shorten<S: Clone>(
    mut plan: Vec<S>,
    mut broken: String,
    play: impl Fn(&[S]) -> Result<(), String>,
) -> (Vec<S>, String) {
    let mut many = plan.len() / 2;
    while many > 0 {
        let mut from = 0;
        while from < plan.len() {
            let mut shorter = plan.clone();
            shorter.drain(from..(from + many).min(plan.len()));
            match play(&shorter) {
                Err(how) => (plan, broken) = (shorter, how),
                Ok(()) => from += many,
            }
        }
        many /= 2;
    }
    (plan, broken)
}

/// Plays the plan of a seed and, if it breaks a promise, says so with a shorter plan that does too.
fn play_seed(seed: u64) -> Result<(), String> {
    let plan = plan_of(seed);
    let Err(broken) = play(&plan) else { return Ok(()) };
    println!("seed {seed}: {broken}");
    let (plan, broken) = shorten(plan, broken, play);
    let steps: Vec<String> = plan.iter().map(|step| format!("    {step:?},")).collect();
    Err(format!(
        "seed {seed}: {broken}\n\nSEED={seed} cargo test --test simulation no_seed -- --nocapture\n\n\
         {} steps are enough:\n{}",
        plan.len(),
        steps.join("\n")
    ))
}

/// The seeds to play: those that the environment names, or as many as usual.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    match from_environment("SEED") {
        Some(one) => one..one + 1,
        None => 0..from_environment("SEEDS").unwrap_or(usual),
    }
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn the_same_seed_is_the_same_run() {
    let log = |seed| {
        let mut world = World::new();
        world.play(&plan_of(seed)).unwrap();
        world.disk.beyond(0).into_iter().map(|entry| entry.text).collect::<Vec<_>>()
    };
    for seed in 0..10 {
        let (once, again) = (log(seed), log(seed));
        let differs = once.iter().zip(&again).position(|(once, again)| once != again);
        let of = |log: &[String]| differs.and_then(|place| log.get(place).cloned());
        assert_eq!(of(&once), of(&again), "seed {seed}, entry {differs:?}");
        assert_eq!(once.len(), again.len(), "seed {seed}");
    }
}

#[test]
fn no_seed_breaks_a_promise() {
    let seeds = seeds(USUAL_SEEDS);
    std::panic::set_hook(Box::new(|_| {}));
    let mut broken = Vec::new();
    for seed in seeds {
        if let Err(how) = play_seed(seed) {
            println!("{how}\n");
            broken.push(seed);
        }
    }
    assert!(broken.is_empty(), "seeds that break a promise: {broken:?}");
}
