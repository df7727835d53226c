//! Three hubs over one log, each in a runtime of its own. They are killed, stopped, suspended and cut off from the log, in
//! one way or both; what they send and hear is late or lost; and agents, supervisors, work systems and administrators use
//! now the one and now the other, at the same time. What they promise together is held after every moment, and in full
//! whenever all is calm.
//!
//! ```sh
//! SEEDS=10000 cargo test --release --test simulation several::seeds -- --nocapture
//! ```

mod found;
mod listening;
mod people;
mod place;
mod promises;
mod step;
mod world;

use presence_hub::domain::time::Timestamp;

use super::{caught, drawn, seeds, shorten};
use step::Step;
use world::World;

/// When the first hubs begin: half a minute before the end of the day.
const BEGINNING: Timestamp = Timestamp(1_790_000_070_000);
/// How many seeds `cargo test` plays.
const USUAL_SEEDS: u64 = 30;
/// The steps of a plan.
const STEPS: usize = 140;

/// Plays a plan, with the chance of a seed. What is returned is the promise that it broke.
fn play(seed: u64, plan: &[Step]) -> Result<(), String> {
    caught(|| World::new(seed).play(plan))
}

fn plan_of(seed: u64) -> Vec<Step> {
    drawn(seed, &step::plan(STEPS))
}

/// Plays the plan of a seed and, if it breaks a promise, says so with a shorter plan that does too.
fn play_seed(seed: u64) -> Result<(), String> {
    let plan = plan_of(seed);
    let Err(broken) = play(seed, &plan) else { return Ok(()) };
    println!("seed {seed}: {broken}");
    if std::env::var("LONG").is_ok() {
        return Err(String::new());
    }
    let (plan, broken) = shorten(plan, broken, |plan| play(seed, plan));
    let steps: Vec<String> = plan.iter().map(|step| format!("    {step:?},")).collect();
    Err(format!(
        "seed {seed}: {broken}\n\nSEED={seed} cargo test --test simulation several::seeds -- --nocapture\n\n\
         {} steps are enough:\n{}",
        plan.len(),
        steps.join("\n")
    ))
}

#[test]
fn the_same_seed_is_the_same_run() {
    let log = |seed| {
        let mut world = World::new(seed);
        world.play(&plan_of(seed)).unwrap();
        world.disk.beyond(0).into_iter().map(|entry| entry.text).collect::<Vec<_>>()
    };
    for seed in 0..3 {
        let (once, again) = (log(seed), log(seed));
        let differs = once.iter().zip(&again).position(|(once, again)| once != again);
        let of = |log: &[String]| differs.and_then(|place| log.get(place).cloned());
        assert_eq!(of(&once), of(&again), "seed {seed}, entry {differs:?}");
        assert_eq!(once.len(), again.len(), "seed {seed}");
    }
}

#[test]
fn seeds_break_no_promise() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut broken = Vec::new();
    for seed in seeds(USUAL_SEEDS) {
        if let Err(how) = play_seed(seed) {
            println!("{how}\n");
            broken.push(seed);
        }
    }
    assert!(broken.is_empty(), "seeds that break a promise: {broken:?}");
}
