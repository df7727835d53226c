//! How long the hot paths take.
//!
//! `cargo bench --bench hot`, or with a part of a path's name behind `--`. What frames take deflated, what is asked of all
//! agents, and what tokens take, comes at the end; for those alone, `-- everyone`. For a comparison on one
//! machine; what must not become slower unseen is held by `instructions`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement ends where it stands, and prints")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock itself")]

mod cases;
#[path = "hot/deflating.rs"]
mod deflating;
#[path = "hot/everyone.rs"]
mod everyone;
#[path = "hot/tokens.rs"]
mod tokens;

use criterion::{BatchSize, Criterion};

/// What is timed.
struct Timing(Criterion);

impl cases::Measure for Timing {
    fn path<I, O>(&mut self, name: &'static str, mut prepare: impl FnMut() -> I, mut path: impl FnMut(I) -> O) {
        // Paths of the feed leave a trace, so each run is prepared by itself.
        self.0.bench_function(name, |bencher| bencher.iter_batched(&mut prepare, &mut path, BatchSize::PerIteration));
    }
}

fn main() {
    // `cargo test --all-targets` runs it too; only `cargo bench` is to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut timing = Timing(Criterion::default().configure_from_args());
    cases::all(&mut timing);
    timing.0.final_summary();
    deflating::print();
    everyone::print();
    tokens::print();
}
