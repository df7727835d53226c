//! Seeds: the plan that each draws, how many are played, and what becomes of one that breaks a promise.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A simulation that plays plans of such steps.
pub struct Simulation<S> {
    /// The test that plays its seeds.
    pub test: &'static str,
    /// How many seeds `cargo test` plays.
    pub usual: u64,
    /// The plan of a seed.
    pub plan_of: fn(u64) -> Vec<S>,
    /// Plays a plan, with the chance of a seed. What is returned is the promise that it broke.
    pub play: fn(u64, &[S]) -> Result<(), String>,
    /// What the log says after the plan of a seed.
    pub log_of: fn(u64) -> Vec<String>,
}

impl<S: Clone + Debug> Simulation<S> {
    /// Plays the seeds that the environment names, or as many as usual.
    pub fn no_seed_breaks_a_promise(&self) {
        std::panic::set_hook(Box::new(|_| {}));
        let mut broken = Vec::new();
        for seed in seeds(self.usual) {
            if let Err(how) = self.play_seed(seed) {
                println!("{how}\n");
                broken.push(seed);
            }
        }
        assert!(broken.is_empty(), "seeds that break a promise: {broken:?}");
    }

    /// Plays the plan of a seed and, if it breaks a promise, says so with a shorter plan that does too.
    fn play_seed(&self, seed: u64) -> Result<(), String> {
        let plan = (self.plan_of)(seed);
        let Err(broken) = (self.play)(seed, &plan) else { return Ok(()) };
        println!("seed {seed}: {broken}");
        let (plan, broken) = self.shorten(seed, plan, broken);
        let steps: Vec<String> = plan.iter().map(|step| format!("    {step:?},")).collect();
        Err(format!(
            "seed {seed}: {broken}\n\nSEED={seed} cargo test --test simulation {} -- --nocapture\n\n\
             {} steps are enough:\n{}",
            self.test,
            plan.len(),
            steps.join("\n")
        ))
    }

    /// Leaves steps out of a plan, as long as it still breaks a promise: first many at a time, then few.
    fn shorten(&self, seed: u64, mut plan: Vec<S>, mut broken: String) -> (Vec<S>, String) {
        let mut many = plan.len() / 2;
        while many > 0 {
            let mut from = 0;
            while from < plan.len() {
                let mut shorter = plan.clone();
                shorter.drain(from..(from + many).min(plan.len()));
                match (self.play)(seed, &shorter) {
                    Err(how) => (plan, broken) = (shorter, how),
                    Ok(()) => from += many,
                }
            }
            many /= 2;
        }
        (plan, broken)
    }

    /// Plays each of the seeds twice.
    pub fn the_same_seed_is_the_same_run(&self, seeds: std::ops::Range<u64>) {
        for seed in seeds {
            let (once, again) = ((self.log_of)(seed), (self.log_of)(seed));
            let differs = once.iter().zip(&again).position(|(once, again)| once != again);
            let of = |log: &[String]| differs.and_then(|place| log.get(place).cloned());
            assert_eq!(of(&once), of(&again), "seed {seed}, entry {differs:?}");
            assert_eq!(once.len(), again.len(), "seed {seed}");
        }
    }
}

/// A panic breaks a promise too.
pub fn caught(play: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(play)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(format!("a panic: {}", text.unwrap_or_default()))
    })
}

/// What a seed draws.
pub fn drawn<T: Strategy>(seed: u64, strategy: &T) -> T::Value {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    strategy.new_tree(&mut runner).unwrap().current()
}

/// The seed `SEED`, or `SEEDS` of them, from `FROM` on.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let from = from_environment("FROM").unwrap_or(0);
    match from_environment("SEED") {
        Some(one) => one..one + 1,
        None => from..from + from_environment("SEEDS").unwrap_or(usual),
    }
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
