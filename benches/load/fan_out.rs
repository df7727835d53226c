//! *Fan-out*: members change at a fixed rate (open loop), and every watcher is told each change.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::admin::grow;
use super::house::{Form, House};
use super::open_loop::{self, Rate};
use super::report::Figures;
use super::server::Kind;
use super::usage;

/// How the watchers of the hub ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filters {
    /// All ask for the same.
    One,
    /// Each asks for something else, and all are told the same changes.
    Distinct,
}

/// What is asked of a server.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Agents that there are; only the hub knows more of them than are connected.
    pub agents: usize,
    /// Agents that are connected and change.
    pub members: usize,
    pub watchers: usize,
    /// Changes a second, of all members together.
    pub rate: u32,
    pub span: Duration,
    pub filters: Filters,
    pub form: Form,
}

/// After so long without a delivery nothing more is expected.
const DRIED_UP: Duration = Duration::from_secs(2);

/// Measures one server.
pub fn run(kind: Kind, folder: &Path, offer: Offer) -> anyhow::Result<Figures> {
    let mut house = House::open(kind, folder, &[])?;
    house.expect_members(offer.members);
    if kind.is_hub() && offer.agents > offer.members {
        let teams = |agent: usize| vec!["floor".to_owned(), format!("t{}", agent % offer.watchers)];
        grow(&house, offer.agents, teams)?;
    }
    house.connect_members(offer.members)?;
    house.form = offer.form;
    house.connect_watchers(offer.watchers, |number| filter(offer.filters, number))?;
    house.warm_up(offer.members)?;
    house.pass(Duration::from_millis(300))?;

    let own = usage::cpu_nanos(std::process::id())?;
    let (cpu, beside) = (house.cpu()?, house.cpu_beside()?);
    let wire = usage::loopback_bytes()?;
    let began = Instant::now();
    let rate = Rate { members: offer.members, changes: offer.rate, span: offer.span };
    let latest = open_loop::offer(&mut house, rate, |_, _| Ok(()))?;
    let expected = rate.total() * offer.watchers as u64;
    while house.ears.deliveries < expected && house.ears.last_heard.elapsed() < DRIED_UP {
        house.crowd.turn(Instant::now() + Duration::from_millis(5), &mut house.ears)?;
    }
    let took = house.ears.last_heard.saturating_duration_since(began);
    let cpu = house.cpu()?.saturating_sub(cpu);
    let beside = house.cpu_beside()?.saturating_sub(beside);
    let own = usage::cpu_nanos(std::process::id())?.saturating_sub(own);
    let wire = usage::loopback_bytes()?.saturating_sub(wire);
    let (ears, delivered) = (&house.ears, house.ears.deliveries as f64);
    anyhow::ensure!(ears.errors.is_empty(), "{kind:?}: {:?}", ears.errors.iter().take(3).collect::<Vec<_>>());
    let latency = |quantile| ears.latency.value_at_quantile(quantile) as f64 / 1e6;
    let figures = Figures::default()
        .with("deliveries/s", delivered / took.as_secs_f64())
        .with("share", delivered / expected as f64)
        .with("p50 ms", latency(0.5))
        .with("p99 ms", latency(0.99))
        .with("max ms", latency(1.0))
        .with("answer p99 ms", ears.answers.value_at_quantile(0.99) as f64 / 1e6)
        .with("server core", cpu.as_secs_f64() / took.as_secs_f64())
        .with("µs/delivery", cpu.as_secs_f64() * 1e6 / delivered)
        .with("wire bytes/delivery", wire as f64 / delivered)
        .with("client core", own as f64 / 1e9 / took.as_secs_f64())
        .with("sent late ms", latest.as_secs_f64() * 1e3)
        .with("server MB", house.resident()? as f64 / 1e6);
    let at = |latency: &hdrhistogram::Histogram<u64>| latency.value_at_quantile(0.99) as f64 / 1e6;
    let figures = figures
        .with("elsewhere p99 ms", at(&ears.elsewhere))
        .with("behind its answer p99 ms", at(&ears.behind))
        .with("NATS core", beside.as_secs_f64() / took.as_secs_f64());
    Ok(figures)
}

fn filter(filters: Filters, number: usize) -> Value {
    match filters {
        Filters::One => json!({}),
        Filters::Distinct => json!({ "teams": ["floor", format!("t{number}")] }),
    }
}
